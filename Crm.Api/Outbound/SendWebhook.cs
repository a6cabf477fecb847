// One try of a webhook's delivery: a signed POST of the body that its event left.

using System.Globalization;
using System.Net.Http.Headers;
using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;

namespace Crm.Api.Outbound;

public sealed class SendWebhook(SendHttp http, Installation installation) : ISendDelivery
{
    /// <summary>By which a receiver says that it never wants this one.</summary>
    const string Says = "webhook-delivery",
        NeverAgain = "abort-message";

    static readonly MediaTypeHeaderValue Json = new("application/json");

    public DeliveryKind Kind => DeliveryKind.Webhook;

    public async Task<TryOutcome> Run(WorkspaceSettings settings, Delivery delivery, CancellationToken stop)
    {
        if (settings.Webhooks.Find(delivery.Webhook)?.Hook is not { } hook)
            return new(AttemptResult.Interrupted, null, null, TimeSpan.Zero); // it was stopped meanwhile: the next claim says so
        var (id, body) = (delivery.Id.Text<Delivery>(), (await BodyOf.Run(installation, settings, hook, delivery, stop)).ToArray());
        // Before the try, so that a server that cannot open the secret leaves it to others.
        var at = installation.Now;
        var signature = WebhookSecret.Sign(installation, settings, hook, id, at, body);
        return await http.Run(delivery, Request, stop, answer => Refuses(answer) ? "refused" : null);

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = Json;
            request.Headers.TryAddWithoutValidation("Webhook-Timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("Webhook-Signature", signature);
            foreach (var header in hook.Headers)
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            return request;
        }
    }

    static bool Refuses(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(Says, out var values)
        && values.Any(value => value.Trim().Equals(NeverAgain, StringComparison.OrdinalIgnoreCase));
}
