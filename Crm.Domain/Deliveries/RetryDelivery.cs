// POST /v1/deliveries/{id}/retry: sends once more what was given up or waits for its next try.

using Crm.Domain.Problems;
using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

public static class RetryDelivery
{
    public static readonly ResourceAction Action = ResourceAction.On<Delivery>(
        "retry",
        "Tries it now, and if need be by the whole schedule again. Its id stays.",
        async (work, delivery, cancel) =>
        {
            Delivery.States.Require("retry", delivery);
            if (work.Installation.Catalog.DeliveryKind(delivery.Kind) is not { } kind)
                throw new ProblemException(ProblemCodes.WrongState, "A newer version made it, and only that can send it.");
            await kind.CheckRetry(work, delivery, cancel);
            if (delivery.Status == DeliveryStatus.Waiting)
                return new(delivery);
            Outbox.Notify(work);
            return new(
                work.Replace(
                    delivery,
                    delivery with
                    {
                        Status = DeliveryStatus.Failed,
                        Attempts = 0,
                        DueAt = work.Now,
                        Reason = null,
                    },
                    null
                )
            );
        }
    );
}
