// What each kind of delivery does its own way; claims, leases, waits, tries and dead letters are the same for all of them.

using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

/// <summary>Hung into <see cref="Catalog.Parts"/> by the feature whose deliveries they are. How one try is made says the edge.</summary>
public interface IDeliveryKind
{
    DeliveryKind Kind { get; }

    /// <summary>Tries that one node makes at once of what has the same <see cref="Delivery.Lane"/>.</summary>
    int MostInFlight => 5;

    /// <summary>How long one node waits at least between the beginnings of two tries in a lane.</summary>
    TimeSpan Pause => TimeSpan.Zero;

    /// <summary>When it is tried again, and how long a try may take.</summary>
    DeliveryPlan Plan(DeliveryPlan usual) => usual;

    /// <summary>Why what is due is not to be sent any more; null: it is sent. Asked at each try, of what is kept in memory.</summary>
    string? Obsolete(WorkspaceSettings settings, Delivery delivery);

    /// <summary>Until when it waits for another one, which has to arrive before it; null: for none.</summary>
    ValueTask<DateTimeOffset?> WaitsUntil(WorkspaceSettings settings, Delivery delivery, CancellationToken cancel) =>
        new(default(DateTimeOffset?));

    /// <summary>Throws the problem when it cannot be tried again by hand: whose it is must be there, and active.</summary>
    ValueTask CheckRetry(UnitOfWork work, Delivery delivery, CancellationToken cancel);

    /// <summary>What else follows from a try, in the commit that says what came of it.</summary>
    /// <param name="settled">As it is after the try: delivered, failed or dead.</param>
    ValueTask Settled(UnitOfWork work, Delivery settled, CancellationToken cancel);
}

public static class DeliveryKinds
{
    extension(Catalog catalog)
    {
        /// <summary>Null: a newer version's kind, which this one leaves to others.</summary>
        public IDeliveryKind? DeliveryKind(DeliveryKind kind) => catalog.PartsOf<IDeliveryKind>().FirstOrDefault(one => one.Kind == kind);
    }
}
