// One step of a replay: some of its events, the deliveries of them that are due again, and the place to go on from, in one commit.

using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public static class RunReplay
{
    /// <summary>Deliveries that a step makes due: the steps are a second apart.</summary>
    public const int MostSent = 20;

    const int MostSeen = 500;

    static readonly ResourceType Events = ResourceType.Of<Event>();

    /// <summary>The replay behind the step; null when somebody else has changed it: it is read anew then.</summary>
    public static ValueTask<WebhookReplay?> Step(
        Installation installation,
        WorkspaceSettings settings,
        WebhookReplay run,
        CancellationToken cancel
    ) =>
        CommitLoop.Batch(
            MostSent,
            async most =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                if (await work.Find<Webhook>(run.Webhook!.Value, cancel) is not { Active: true } hook)
                    return (work, work.Replace(run, run with { Status = ReplayStatus.Paused }, null));
                var (again, next) = await Found(work, hook, run, most, cancel);
                next = work.Replace(run, next, null);
                foreach (var (before, after) in again)
                    if (before is null)
                        Outbox.Add(work, after);
                    else
                    {
                        work.Replace(before, after, null);
                        Outbox.Notify(work);
                    }
                return (work, next);
            },
            cancel
        );

    static async ValueTask<(List<(Delivery? Before, Delivery After)> Again, WebhookReplay Next)> Found(
        UnitOfWork work,
        Webhook hook,
        WebhookReplay run,
        int most,
        CancellationToken cancel
    )
    {
        var (again, called) = (new List<(Delivery?, Delivery)>(), new CalledWebhook(hook));
        var only = new EventPatterns(run.Types.IsEmpty ? ["*"] : run.Types);
        var after = Id.TryParse(run.Place, Events.Prefix, out var place) ? new Position([], place) : null;
        var range = new Filter.Ids(Id.FirstAt(run.From), Id.FirstAt(run.To));
        using var page = await work.Store.Query(new(Events.Collection, range, [], false, after, MostSeen), cancel);
        var next = run;
        for (var i = 0; i < page.Count && again.Count < most; i++)
        {
            var happened = Events.FromRow<Event>(page[i]);
            next = next with { Seen = next.Seen + 1, Place = Events.Text(happened.Id) };
            if (
                happened.Subject != called.Text
                && happened.Also.Prepend(happened.Type).Any(type => called.Patterns.Match(type) && only.Match(type))
                && await Again(work, called, run.Only, happened, cancel) is { } one
            )
                again.Add(one);
        }
        next = next with { Sent = next.Sent + again.Count };
        return (
            again,
            page.Next is null && next.Seen - run.Seen == page.Count ? next with { Status = ReplayStatus.Done, FinishedAt = work.Now } : next
        );
    }

    /// <summary>What is on its way comes by itself.</summary>
    static async ValueTask<(Delivery? Before, Delivery After)?> Again(
        UnitOfWork work,
        CalledWebhook called,
        ReplayOnly only,
        Event happened,
        CancellationToken cancel
    )
    {
        var (hook, id) = (called.Hook, happened.Id.Text<Event>());
        if (await work.FindBy<Delivery>("fact", Delivery.FactOf(hook.Id, id), cancel) is { } delivery)
            return delivery.Status == DeliveryStatus.Dead || only == ReplayOnly.All && delivery.Status == DeliveryStatus.Delivered
                ? (
                    delivery,
                    delivery with
                    {
                        Status = DeliveryStatus.Waiting,
                        Attempts = 0,
                        DueAt = work.Now,
                        DeliveredAt = null,
                        Reason = null,
                        Replayed = true,
                    }
                )
                : null;
        // What the record was then nobody knows, so what a filter would have said neither.
        if (only == ReplayOnly.Failed || !called.Filter.IsAbout(happened) || called.Filter.Terms.Length > 0)
            return null;
        return (
            null,
            SendWebhooks.DeliveryTo(work, hook, happened.Type, happened.Subject) with
            {
                Happened = id,
                Body = WebhookBody.NameOf(
                    id,
                    hook.ApiVersion!,
                    SendWebhooks.KindFor(
                        work.Installation.Catalog,
                        hook,
                        happened,
                        SendWebhooks.TypeOf(work.Installation.Catalog, happened.Subject)
                    )
                ),
                Replayed = true,
            }
        );
    }
}
