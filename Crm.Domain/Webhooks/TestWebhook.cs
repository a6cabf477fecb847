// POST /v1/webhooks/{id}/test: sends what an event of a type looks like, with the newest record there is.

using System.Collections.Immutable;
using Crm.Domain.Deliveries;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <summary>What is tried.</summary>
public sealed record WebhookTest
{
    [Field("The type of the event; the webhook's first one without it.", Max = 100, Example = "lead.created")]
    public string? Type { get; init; }
}

/// <summary>Where what came of it can be read.</summary>
public sealed record WebhookTested
{
    [Field("The delivery, which says what the receiver answered.", Refers = typeof(Delivery), Is = Is.ReadOnly)]
    public Id? Delivery { get; init; }
}

public static class TestWebhook
{
    public static readonly ResourceAction Action = ResourceAction
        .On<Webhook, WebhookTest>(
            "test",
            "Sends an example of an event, with the newest record of its kind and marked as a test, whatever the webhook is called for.",
            Run,
            Effect.Sends
        )
        .Answering<WebhookTested>();

    static async ValueTask<ActionResult> Run(UnitOfWork work, Webhook hook, WebhookTest test, CancellationToken cancel)
    {
        if (!hook.Active)
            throw new ProblemException(ProblemCodes.WrongState, "The webhook is not active. Make it active first.");
        var catalog = work.Installation.Catalog;
        var type =
            string.IsNullOrEmpty(test.Type) ? EventPatterns.TypesOf(catalog, hook.Events[0]).FirstOrDefault()
            : catalog.EventTypes.Contains(test.Type) ? test.Type
            : null;
        if (type is null)
        {
            var errors = new FieldErrors();
            errors.Add("type", "unknown", "No event is called so.");
            throw ProblemException.Invalid(errors);
        }
        var subject = await Example(work, hook, type, cancel);
        var id = work.NextId();
        var happened = new Event
        {
            Id = id,
            Version = 1,
            Type = type,
            Subject = subject.Id,
            By = work.By,
        };
        var kind = subject.Type is null || hook.Payload == WebhookPayload.Thin ? BodyKind.Thin : BodyKind.Full;
        var name = WebhookBody.NameOf(happened.Id.Text<Event>(), hook.ApiVersion!, kind);
        work.Insert(
            new WebhookBody
            {
                Made = name,
                Subject = subject.Id,
                Json = RenderBody.Run(happened, hook.ApiVersion!, kind, subject, "test"),
            },
            null
        );
        var delivery = SendWebhooks.DeliveryTo(work, hook, type, subject.Id) with { Id = id, Body = name, Ordered = false };
        Outbox.Add(work, delivery);
        return ActionResult.Of(new WebhookTested { Delivery = id });
    }

    /// <summary>The newest record that the webhook may send and whoever asks may read; else an id that nothing has.</summary>
    static async ValueTask<EventSubject> Example(UnitOfWork work, Webhook hook, string type, CancellationToken cancel)
    {
        var name = type.Split('.')[0];
        if (work.Installation.Catalog.Public.FirstOrDefault(entry => entry.Type.Name == name)?.Type is not { } of)
            return new("none_" + work.NextId().ToString(""), null, default, null);
        if (hook.Readable.Contains(of.Plural, StringComparer.Ordinal) && work.RightsTo(of) is { Rows: null, ReadsWhole: true })
        {
            using var page = await work.Store.Query(new(of.Collection, null, [], true, null, 1), cancel);
            if (page.Count > 0)
                return new(of.Text(page.VersionAt(0).Id), of, of.ToJson(of.FromRow(page[0]), withSecrets: false), null);
        }
        return new(of.Text(work.NextId()), null, default, null);
    }
}
