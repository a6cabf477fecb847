// Does the erasures that workspaces ask for: one node each, batch by batch, from where the last one stopped.

using Crm.Api.Http;
using Crm.Domain.Erasures;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Erasing(Installation installation, StoreOutage outage, ILogger<Erasing> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    static readonly ResourceType Type = ResourceType.Of<Erasure>();

    protected override string Name => "erasing";
    protected override string Counters => PrepareErasure.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        using var open = await Installation
            .Store.Open(workspace)
            .Query(new(Type.Collection, PrepareErasure.Open, [], false, null, 1), stop);
        if (open.Count == 0)
            return null;
        var run = Type.FromRow<Erasure>(open[0]);
        while (run is { Status: not ErasureStatus.Done })
        {
            stop.ThrowIfCancellationRequested();
            if (!await lease!.Hold(Length, stop))
                return AskAgain;
            run = await ErasePerson.Step(Installation, await Installation.Settings.Workspace(workspace, stop), run, stop);
        }
        return open.Next is null && run is not null ? null : TimeSpan.Zero;
    }
}
