// Does the reclassifications that workspaces ask for: one node each, batch by batch, from where the last one stopped.

using Crm.Api.Http;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Reclassifying(Installation installation, StoreOutage outage, ILogger<Reclassifying> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    /// <summary>Until then every node goes by the rules that the run was asked for with.</summary>
    static readonly TimeSpan UntilAllKnow = TimeSpan.FromSeconds(2);

    static readonly ResourceType Type = ResourceType.Of<Reclassification>();

    protected override string Name => "reclassifying";
    protected override string Counters => PrepareReclassification.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        using var open = await Installation
            .Store.Open(workspace)
            .Query(new(Type.Collection, PrepareReclassification.Open, [], false, null, 1), stop);
        if (open.Count == 0)
            return null;
        // A clock that was set back makes it seem of the future: then it is old enough.
        if (
            Installation.Store.IsShared
            && Installation.Now - open[0].Id.Time is var age
            && age >= TimeSpan.Zero
            && UntilAllKnow - age is var early
            && early > TimeSpan.Zero
        )
            return early;
        var run = Type.FromRow<Reclassification>(open[0]);
        while (run is { Status: not ReclassificationStatus.Done })
        {
            stop.ThrowIfCancellationRequested();
            if (!await lease!.Hold(Length, stop))
                return AskAgain;
            run = await Reclassify.Step(Installation, await Installation.Settings.Workspace(workspace, stop), run, stop);
        }
        return open.Next is null && run is not null ? null : TimeSpan.Zero;
    }
}
