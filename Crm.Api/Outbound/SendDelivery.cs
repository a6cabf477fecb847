// How a kind of delivery is tried once: by HTTP, by SMTP, or however else.

using Crm.Domain.Deliveries;
using Crm.Domain.Work;

namespace Crm.Api.Outbound;

/// <summary>One for each <see cref="IDeliveryKind"/>. What came of a try is stored by whoever asks for it.</summary>
public interface ISendDelivery
{
    DeliveryKind Kind { get; }

    /// <summary>Throws only when the store does: then the delivery's lease ends, and it is tried again. Ends within the kind's timeout, or
    /// soon after <paramref name="stop"/>.</summary>
    Task<TryOutcome> Run(WorkspaceSettings settings, Delivery delivery, CancellationToken stop);
}

/// <summary>Everything is in the address.</summary>
public sealed class SendPostback(SendHttp http) : ISendDelivery
{
    public DeliveryKind Kind => DeliveryKind.Postback;

    public Task<TryOutcome> Run(WorkspaceSettings settings, Delivery delivery, CancellationToken stop) => http.Get(delivery, stop);
}
