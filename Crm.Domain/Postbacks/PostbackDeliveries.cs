// Deliveries that are calls of postbacks: which of them are still sent, and what becomes of a network that does not answer.

using Crm.Domain.Deliveries;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Postbacks;

public sealed class PostbackDeliveries : IDeliveryKind
{
    public DeliveryKind Kind => DeliveryKind.Postback;

    public string? Obsolete(WorkspaceSettings settings, Delivery delivery) =>
        settings.Postbacks.Any(postback => postback.Id == delivery.Postback) ? null : "endpoint_inactive";

    public async ValueTask CheckRetry(UnitOfWork work, Delivery delivery, CancellationToken cancel)
    {
        if (delivery.Postback is not { } id || await work.Find<OutgoingPostback>(id, cancel) is not { Active: true })
            throw new ProblemException(ProblemCodes.WrongState, "The postback is not active, or gone. Make it active first.");
    }

    public async ValueTask Settled(UnitOfWork work, Delivery settled, CancellationToken cancel)
    {
        if (settled is not { Status: DeliveryStatus.Dead, Postback: { } id })
            return;
        work.RecordEvent(
            "postback.deliveryDied",
            id.Text<OutgoingPostback>(),
            writer => writer.WriteString("reason", settled.Reason),
            settled.Id.Text<Delivery>()
        );
        if (settled.Reason == "not_allowed" || await work.Find<OutgoingPostback>(id, cancel) is not { Active: true } postback)
            return;
        if (settled.Reason == "gone" || await NothingArrivedSince(work, id, settled.CreatedAt, cancel))
            work.Replace(postback, postback with { Active = false, DisabledAt = work.Now, DisabledBecause = settled.Reason }, "disabled");
    }

    /// <summary>Whether all the time that a delivery was tried none of the postback's arrived.</summary>
    static async ValueTask<bool> NothingArrivedSince(UnitOfWork work, Id postback, DateTimeOffset since, CancellationToken cancel)
    {
        try
        {
            return await work.Store.Count(
                    ResourceType.Of<Delivery>().Collection,
                    new Filter.And([
                        new Filter.Compare("postback", Comparison.Eq, Key.Of(postback.Text<OutgoingPostback>())),
                        new Filter.Compare("deliveredAt", Comparison.Gte, Key.Of(since.ToUnixTimeMilliseconds())),
                    ]),
                    1,
                    cancel
                ) == 0;
        }
        catch (QueryTooCostlyException)
        {
            return false; // So many deliveries: some arrived.
        }
    }
}
