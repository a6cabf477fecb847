// Puts deliveries into the commit of what they tell of, and says to the nodes that there is something to send.

using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

public static class Outbox
{
    /// <summary>The installation counts for each workspace how often something became due at once there: who saw another number looks into
    /// that workspace.</summary>
    public const string Counters = "outbox/";

    public static void Add(UnitOfWork work, Delivery delivery)
    {
        work.Insert(delivery, null);
        if (delivery.DueAt is not null)
            Notify(work);
    }

    /// <summary>Something of this workspace is due when the unit is committed.</summary>
    public static void Notify(UnitOfWork work) => work.Notify(Counters);
}
