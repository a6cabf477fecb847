// POST /v1/deliveries/{id}/retry: sends once more what was given up or waits for its next try.

using Crm.Domain.Postbacks;
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
            if (delivery.Postback is not { } id || await work.Find<OutgoingPostback>(id, cancel) is not { Active: true })
                throw new ProblemException(ProblemCodes.WrongState, "The postback is not active, or gone. Make it active first.");
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
        },
        Effect.Sends
    );
}
