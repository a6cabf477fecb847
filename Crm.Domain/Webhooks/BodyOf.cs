// The body of a webhook's delivery: as its event left it, or thin when that is kept no more.

using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public static class BodyOf
{
    /// <summary>What was never rendered, or was erased, or is older than bodies are kept, is sent as the event's type and the record's
    /// id.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> Run(
        Installation installation,
        WorkspaceSettings settings,
        Webhook hook,
        Delivery delivery,
        CancellationToken cancel
    )
    {
        var type = ResourceType.Of<WebhookBody>();
        if (delivery.Body is { } name)
        {
            using var page = await settings.Store.Query(
                new(type.Collection, new Filter.Compare("made", Comparison.Eq, Key.Of(name)), [], false, null, 1),
                cancel
            );
            if (page.Count > 0)
                return type.FromRow<WebhookBody>(page[0]).Json.Utf8;
        }
        var happened =
            Id.TryParse(delivery.Happened ?? "", ResourceType.Of<Event>().Prefix, out var id)
            && await settings.Store.Get(ResourceType.Of<Event>().Collection, id, cancel) is { } row
                ? ResourceType.Of<Event>().FromRow<Event>(row)
                : new()
                {
                    Id = delivery.Id,
                    Type = delivery.Event,
                    Subject = delivery.Subject,
                };
        return RenderBody.Run(happened, hook.ApiVersion!, BodyKind.Bare, new(happened.Subject, null, default, null), "replayed").Utf8;
    }
}
