// Does the erasures that workspaces ask for.

using Crm.Api.Http;
using Crm.Domain.Erasures;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Erasing(Installation installation, StoreOutage outage, ILogger<Erasing> log)
    : JobWorker<Erasure>(installation, outage, log)
{
    protected override string Name => "erasing";
    protected override string Counters => PrepareErasure.Counters;
    protected override Filter Open => PrepareErasure.Open;

    protected override bool IsDone(Erasure job) => job.Status == ErasureStatus.Done;

    protected override ValueTask<Erasure?> Step(WorkspaceSettings settings, Erasure job, CancellationToken stop) =>
        ErasePerson.Step(Installation, settings, job, stop);
}
