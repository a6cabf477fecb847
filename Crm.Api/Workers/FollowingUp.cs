// Does what follows from commits that had too much to follow: one node for each workspace, part by part, the oldest first.

using Crm.Api.Http;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class FollowingUp(Installation installation, StoreOutage outage, ILogger<FollowingUp> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    protected override string Name => "following-up";
    protected override string Counters => FollowUpJob.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    /// <summary>The lease only spares nodes each other's conflicts: a part is done once because the job is changed in the same
    /// commit.</summary>
    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        do if (!await lease!.Hold(Length, stop))
            return AskAgain;
        while (await RunFollowUps.Step(Installation, await Installation.Settings.Workspace(workspace, stop), stop));
        return null;
    }
}
