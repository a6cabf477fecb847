// Finds what is stored about the people for whom workspaces ask.

using Crm.Api.Http;
using Crm.Domain.Erasures;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class AnsweringAccess(Installation installation, StoreOutage outage, ILogger<AnsweringAccess> log)
    : JobWorker<AccessRequest>(installation, outage, log)
{
    protected override string Name => "answering-access";
    protected override string Counters => FindRecords.Counters;
    protected override Filter Open => FindRecords.Open;

    protected override bool IsDone(AccessRequest job) => job.Status == AccessStatus.Done;

    protected override ValueTask<AccessRequest?> Step(WorkspaceSettings settings, AccessRequest job, CancellationToken stop) =>
        FindRecords.Step(Installation, settings, job, stop);
}
