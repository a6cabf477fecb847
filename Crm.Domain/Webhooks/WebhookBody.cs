// What webhooks say of an event: rendered in its commit, kept for a while, shared by all deliveries of it that say the same.

using Crm.Domain.Resources;

namespace Crm.Domain.Webhooks;

/// <summary>As a <see cref="WebhookPayload"/>; bare: of an event that speaks of what whoever saved the webhook may not read, the ids
/// alone.</summary>
public enum BodyKind
{
    Full,
    Thin,
    Bare,
}

[Resource(
    "webhookBody",
    "webhook-bodies",
    "body",
    "What deliveries of webhooks say.",
    Can = Operations.None,
    RecordsEvents = false,
    HoldsCopies = true
)]
public sealed record WebhookBody : Resource
{
    /// <summary>How long one is kept, and an event can be sent as it was.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    [Field("Event, version and kind of payload together.", Max = 120, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Made { get; init; } = "";

    [Field("The id of the record that it speaks of.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Subject { get; init; } = "";

    [Field("The body, as it is sent.", Is = Is.Secret | Is.Personal | Is.Opaque)]
    public JsonData Json { get; init; } = JsonData.EmptyObject;

    public static string NameOf(string @event, string version, BodyKind kind) => $"{@event}|{version}|{Names.Camel(kind.ToString())}";
}
