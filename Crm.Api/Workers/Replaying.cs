// Does the replays of webhooks, a few deliveries a second: what happens now goes first.

using Crm.Api.Http;
using Crm.Domain.Stores;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Replaying(Installation installation, StoreOutage outage, ILogger<Replaying> log)
    : JobWorker<WebhookReplay>(installation, outage, log)
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    protected override string Name => "replaying";
    protected override string Counters => ReplayWebhook.Counters;
    protected override Filter Open => ReplayWebhook.Running;

    protected override bool IsDone(WebhookReplay job) => job.Status != ReplayStatus.Running;

    protected override async ValueTask<WebhookReplay?> Step(WorkspaceSettings settings, WebhookReplay job, CancellationToken stop)
    {
        var next = await RunReplay.Step(Installation, settings, job, stop);
        if (next is { Status: ReplayStatus.Running } && next.Sent > job.Sent)
            await Task.Delay(Second * (next.Sent - job.Sent) / RunReplay.MostSent, Installation.Clock, stop);
        return next;
    }
}
