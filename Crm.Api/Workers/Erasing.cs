// Does the erasures that workspaces ask for.

using Crm.Api.Backups;
using Crm.Api.Http;
using Crm.Domain.Erasures;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Erasing(Installation installation, ErasureJournal journal, StoreOutage outage, ILogger<Erasing> log)
    : JobWorker<Erasure>(installation, outage, log)
{
    protected override string Name => "erasing";
    protected override string Counters => PrepareErasure.Counters;
    protected override Filter Open => PrepareErasure.Open;

    protected override bool IsDone(Erasure job) => job.Status == ErasureStatus.Done;

    protected override async ValueTask<Erasure?> Step(WorkspaceSettings settings, Erasure job, CancellationToken stop)
    {
        // Before it is said to be done: a backup of before must not bring the person back, whenever the process is killed.
        if (job is { Status: ErasureStatus.Cleaning, DryRun: false })
        {
            await journal.CatchUp(Installation, stop);
            await journal.Add(Installation, settings, job);
        }
        return await ErasePerson.Step(Installation, settings, job, stop);
    }
}
