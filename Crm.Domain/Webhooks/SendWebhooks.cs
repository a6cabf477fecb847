// Which webhooks an event calls: one delivery for each, in the commit of the event, with a body that says how things were then.

using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public static class SendWebhooks
{
    public static readonly FollowUp FollowUp = new("webhooks")
    {
        WantsEvent = (settings, happened) => settings.Webhooks.Want(happened),
        Run = Run,
    };

    static async ValueTask Run(FollowUpCall call, CancellationToken cancel)
    {
        if (call.Change.Event is not { } happened)
            return;
        var work = call.Work;
        var (subject, document) = await SubjectOf(call, happened, cancel);
        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var called in work.Settings.Webhooks.For(happened))
        {
            // That it was made or stopped is for the others.
            if (called.Text == happened.Subject)
                continue;
            if (!called.Filter.IsAbout(happened) || !called.Takes(work.Settings, subject.Type, () => document))
                continue;
            var hook = called.Hook;
            var kind = KindFor(work.Installation.Catalog, hook, happened, subject.Type);
            var (id, version) = (happened.Id.Text<Event>(), hook.ApiVersion!);
            var name = WebhookBody.NameOf(id, version, kind);
            if (bodies.Add(name))
                work.Insert(
                    new WebhookBody
                    {
                        Made = name,
                        Subject = happened.Subject,
                        Json = RenderBody.Run(happened, version, kind, subject),
                    },
                    null
                );
            Outbox.Add(work, DeliveryTo(work, hook, happened.Type, happened.Subject) with { Body = name, Happened = id });
        }
    }

    /// <summary>Of what whoever saved it may not read, only ids are sent.</summary>
    public static BodyKind KindFor(Catalog catalog, Webhook hook, Event happened, ResourceType? subject)
    {
        if (subject is null || !hook.Readable.Contains(subject.Plural, StringComparer.Ordinal))
            return BodyKind.Bare;
        foreach (var entry in catalog.Public)
            if (entry.AlsoRecordedAs.Contains(happened.Type) && !hook.Readable.Contains(entry.Type.Plural, StringComparer.Ordinal))
                return BodyKind.Bare;
        return hook.Payload == WebhookPayload.Full ? BodyKind.Full : BodyKind.Thin;
    }

    /// <summary>The resource of a record's id; null: of none that callers see.</summary>
    public static ResourceType? TypeOf(Catalog catalog, string subject) =>
        catalog.Public.FirstOrDefault(entry => Id.TryParse(subject, entry.Type.Prefix, out _))?.Type;

    public static Delivery DeliveryTo(UnitOfWork work, Webhook hook, string type, string subject) =>
        new()
        {
            Kind = DeliveryKind.Webhook,
            Webhook = hook.Id,
            Event = type,
            Subject = subject,
            Url = hook.Url!,
            Host = Delivery.HostOf(new(hook.Url!)),
            Ordered = hook.Ordered == WebhookOrder.Subject,
            DueAt = work.Now,
        };

    /// <summary>The record that the event happened to, as this commit leaves it.</summary>
    static async ValueTask<(EventSubject, Document?)> SubjectOf(FollowUpCall call, Event happened, CancellationToken cancel)
    {
        var (work, change) = (call.Work, call.Change);
        if (change.Type is { } changed && changed.Text(change.Record.Id) == happened.Subject)
        {
            var document = change.After is null ? null : change.Stored;
            document ??= changed.ToDocument(change.Record);
            return (Of(changed, document, change), document);
        }
        if (
            TypeOf(work.Installation.Catalog, happened.Subject) is { } type
            && Id.TryParse(happened.Subject, type.Prefix, out var id)
            && await Latest(call, type, id, cancel) is { } latest
        )
            return (Of(type, latest, null), latest);
        return (new(happened.Subject, null, default, null), null);

        EventSubject Of(ResourceType of, Document document, RecordChange? about) =>
            new(
                happened.Subject,
                of,
                of.HasSecrets
                    ? of.ToJson(of.FromRow(new(document.Id, document.Version, document.Json)), withSecrets: false)
                    : document.Json,
                about
            );
    }

    static async ValueTask<Document?> Latest(FollowUpCall call, ResourceType type, Id id, CancellationToken cancel)
    {
        var changes = call.Work.Changes;
        for (var i = changes.Count - 1; i >= 0; i--)
            if (
                changes[i] switch
                {
                    Change.Insert one => one.Document,
                    Change.Replace one => one.Document,
                    _ => null,
                }
                    is { } document
                && document.Id == id
                && document.Collection == type.Collection
            )
                return document;
        return await call.Work.Store.Get(type.Collection, id, cancel) is { } row ? type.Rekey(row.Id, row.Version, row.Own) : null;
    }
}
