// Deliveries of webhooks: which of them are still sent, in which order, and what becomes of a receiver that does not answer.

using Crm.Domain.Deliveries;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public sealed class WebhookDeliveries : IDeliveryKind
{
    /// <summary>A receiver at which nothing arrived for so long is asked no more.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    /// <summary>Before so many tries of one it is not looked how long nothing arrived.</summary>
    const int FewTries = 6;

    static readonly ResourceType Deliveries = ResourceType.Of<Delivery>();

    public DeliveryKind Kind => DeliveryKind.Webhook;

    public string? Obsolete(WorkspaceSettings settings, Delivery delivery) =>
        settings.Webhooks.Find(delivery.Webhook) is null ? "endpoint_inactive" : null;

    public async ValueTask<DateTimeOffset?> WaitsUntil(WorkspaceSettings settings, Delivery delivery, CancellationToken cancel) =>
        delivery.Order is { } order && await First(settings.Store, order, null, cancel) is { } first && first.Id != delivery.Id
            ? first.DueAt
            : null;

    public async ValueTask CheckRetry(UnitOfWork work, Delivery delivery, CancellationToken cancel)
    {
        if (delivery.Webhook is not { } id || await work.Find<Webhook>(id, cancel) is not { Active: true })
            throw new ProblemException(ProblemCodes.WrongState, "The webhook is not active, or gone. Make it active first.");
    }

    public async ValueTask Settled(UnitOfWork work, Delivery settled, CancellationToken cancel)
    {
        if (settled.Ordered && settled.Status != DeliveryStatus.Failed)
            await LetNextGo(work, settled, cancel);
        if (settled.Status == DeliveryStatus.Delivered || settled.Webhook is not { } id)
            return;
        if (settled.Status == DeliveryStatus.Dead)
            work.RecordEvent(
                EventPatterns.DeliveryDied,
                id.Text<Webhook>(),
                writer => writer.WriteString("reason", settled.Reason),
                settled.Id.Text<Delivery>()
            );
        if (await work.Find<Webhook>(id, cancel) is not { Active: true } hook)
            return;
        var because =
            settled.Reason == "gone" ? "gone"
            : settled.Reason is null or "attempts_used" && await NothingArrives(work, hook, settled, cancel) ? "failing"
            : null;
        if (because is not null)
            work.Replace(hook, hook with { Active = false, DisabledAt = work.Now, DisabledBecause = because }, "disabled");
    }

    /// <summary>Whether for five days all failed that was tried.</summary>
    static async ValueTask<bool> NothingArrives(UnitOfWork work, Webhook hook, Delivery settled, CancellationToken cancel)
    {
        var since = work.Now - Patience;
        if (settled.Status == DeliveryStatus.Failed && settled.Attempts < FewTries || hook.ActiveSince > since)
            return false;
        var own = new Filter.Compare("webhook", Comparison.Eq, Key.Of(hook.Id.Text<Webhook>()));
        try
        {
            return await Count(new Filter.Compare("deliveredAt", Comparison.Gte, Key.Of(since.ToUnixTimeMilliseconds()))) == 0
                && (
                    settled.CreatedAt <= since
                    || await Count(
                        new Filter.In("status", [StatusKey(DeliveryStatus.Failed), StatusKey(DeliveryStatus.Dead)]),
                        new Filter.Ids(Id.FirstAt(hook.ActiveSince ?? hook.CreatedAt), Id.FirstAt(since))
                    ) > 0
                );
        }
        catch (QueryTooCostlyException)
        {
            return false; // So many deliveries: some arrived.
        }

        ValueTask<long> Count(params Filter[] terms) => work.Store.Count(Deliveries.Collection, new Filter.And([own, .. terms]), 1, cancel);
    }

    static Key StatusKey(DeliveryStatus status) => Key.Of(Names.Camel(status.ToString()));

    /// <summary>What waited for it is due, unless it is being tried: then it was let go already.</summary>
    static async ValueTask LetNextGo(UnitOfWork work, Delivery settled, CancellationToken cancel)
    {
        if (
            await First(work.Store, Delivery.OrderKey(settled), settled.Id, cancel) is { } next
            && next.DueAt > work.Now
            && next.Attempts == 0
            && next.Log.LastOrDefault()?.Result != AttemptResult.Started
        )
        {
            work.Replace(next, next with { DueAt = work.Now }, null);
            Outbox.Notify(work);
        }
    }

    /// <summary>The oldest open delivery of an order.</summary>
    /// <param name="but">Not this one.</param>
    static async ValueTask<Delivery?> First(IWorkspaceStore store, string order, Id? but, CancellationToken cancel)
    {
        using var page = await store.Query(
            new(Deliveries.Collection, new Filter.Compare("order", Comparison.Eq, Key.Of(order)), [], false, null, 2),
            cancel
        );
        for (var i = 0; i < page.Count; i++)
            if (Deliveries.FromRow<Delivery>(page[i]) is var delivery && delivery.Id != but)
                return delivery;
        return null;
    }
}
