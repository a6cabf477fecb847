// Runs the retention policies of workspaces: one node each, batch by batch, from where the last one stopped.

using Crm.Api.Http;
using Crm.Domain.Resources;
using Crm.Domain.Retention;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Expiring(Installation installation, StoreOutage outage, ILogger<Expiring> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    static readonly ResourceType Type = ResourceType.Of<RetentionPolicy>();

    protected override string Name => "expiring";
    protected override string Counters => PrepareRetentionPolicy.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        var policies = new List<RetentionPolicy>();
        await foreach (var page in Installation.Store.Open(workspace).Pages(new(Type.Collection, null, [], false, null, 100), stop))
            for (var i = 0; i < page.Count; i++)
                policies.Add(Type.FromRow<RetentionPolicy>(page[i]));
        DateTimeOffset? next = null;
        foreach (var policy in policies.Where(policy => policy.Active))
        {
            for (var run = policy; ; )
            {
                if (run.Status != RetentionStatus.Running && !(run.NextRunAt <= Installation.Now))
                {
                    if (next is null || run.NextRunAt < next)
                        next = run.NextRunAt;
                    break;
                }
                stop.ThrowIfCancellationRequested();
                if (!await lease!.Hold(Length, stop))
                    return AskAgain;
                var settings = await Installation.Settings.Workspace(workspace, stop);
                if (await RunRetention.PacedStep(Installation, settings, run, stop) is not { } behind)
                    return TimeSpan.Zero; // somebody changed it: read anew
                run = behind;
            }
        }
        return next is { } time ? (time > Installation.Now ? time - Installation.Now : TimeSpan.Zero) : null;
    }
}
