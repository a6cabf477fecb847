// Does the reclassifications that workspaces ask for.

using Crm.Api.Http;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Reclassifying(Installation installation, StoreOutage outage, ILogger<Reclassifying> log)
    : JobWorker<Reclassification>(installation, outage, log)
{
    /// <summary>Until then every node goes by the rules that the run was asked for with.</summary>
    static readonly TimeSpan UntilAllKnow = TimeSpan.FromSeconds(2);

    protected override string Name => "reclassifying";
    protected override string Counters => PrepareReclassification.Counters;
    protected override Filter Open => PrepareReclassification.Open;

    /// <summary>A clock that was set back makes it seem of the future: then it is old enough.</summary>
    protected override TimeSpan TooEarlyBy(Reclassification job) =>
        Installation.Store.IsShared && Installation.Now - job.Id.Time is var age && age >= TimeSpan.Zero
            ? UntilAllKnow - age
            : TimeSpan.Zero;

    protected override bool IsDone(Reclassification job) => job.Status == ReclassificationStatus.Done;

    protected override ValueTask<Reclassification?> Step(WorkspaceSettings settings, Reclassification job, CancellationToken stop) =>
        Reclassify.Step(Installation, settings, job, stop);
}
