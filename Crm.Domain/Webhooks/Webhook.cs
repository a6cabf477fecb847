// A webhook: an address of another system that gets a signed POST for each event that it asked for.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Webhooks;

/// <summary>Full: the record as it was then, and what it was before. Thin: its id; the receiver asks for the rest.</summary>
public enum WebhookPayload
{
    Full,
    Thin,
}

/// <summary>Subject: what happened to one record arrives one after another.</summary>
public enum WebhookOrder
{
    None,
    Subject,
}

[Resource("webhook", "webhooks", "hook", "An address of another system that gets a signed POST for each event that it asked for.")]
public sealed record Webhook : Resource
{
    /// <summary>What bodies look like, by the day on which that was decided. A webhook keeps its version until it is changed.</summary>
    public static readonly ImmutableArray<string> Versions = ["2026-12-01"];

    public const int MostEvents = 50,
        MostHeaders = 10;

    [Field("What people call it.", Max = 150, Is = Is.Searchable, Example = "Sales chat")]
    public string? Name { get; init; }

    [Field(
        "The address, http or https, without a user name.",
        Max = 2048,
        Is = Is.Required,
        Example = "https://automation.example.org/hooks/crm"
    )]
    public string? Url { get; init; }

    [Field(
        "What it is called for: types such as lead.created, lead.* for all of one kind, * for everything.",
        Max = MostEvents,
        Is = Is.Required,
        Example = "lead.*"
    )]
    public ImmutableArray<string> Events { get; init; } = [];

    [Field(
        "Only records that meet it, as in a list's address: status=new&tags=vip. changed=status,owner: only when one of these fields changed. Each resource of its events must have the fields; none of them may say something of a person.",
        Max = 2000,
        Example = "status=qualified"
    )]
    public string? Filter { get; init; }

    [Field("Full: the whole record, and what was changed as it was before. Thin: the record's id.")]
    public WebhookPayload Payload { get; init; }

    [Field("The version of its bodies; the newest when nothing is said.", Max = 10, Example = "2026-12-01")]
    public string? ApiVersion { get; init; }

    [Field("Subject: what happened to one record is sent when what happened to it before has arrived, or was given up.")]
    public WebhookOrder Ordered { get; init; }

    [Field("Headers of its requests, besides ours.", Max = MostHeaders)]
    public ImmutableArray<WebhookHeader> Headers { get; init; } = [];

    [Field("Whether it is called.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("Since when it is active without a break.", Is = Is.ReadOnly)]
    public DateTimeOffset? ActiveSince { get; init; }

    [Field("When the product stopped calling it.", Is = Is.ReadOnly)]
    public DateTimeOffset? DisabledAt { get; init; }

    [Field("Why: gone (it answered 410) or failing (nothing arrived for five days).", Max = 40, Is = Is.ReadOnly)]
    public string? DisabledBecause { get; init; }

    [Field("Until when requests are signed with the secret of before as well.", Is = Is.ReadOnly)]
    public DateTimeOffset? OldSecretUntil { get; init; }

    [Field("What its requests are signed with.", Is = Is.Secret)]
    public SealedText? Secret { get; init; }

    [Field("What they were signed with before.", Is = Is.Secret)]
    public SealedText? OldSecret { get; init; }

    /// <summary>Of which resources whole records are sent: those that whoever saved it last may read.</summary>
    [Field("Plurals of resources.", Max = 500, Is = Is.Secret)]
    public ImmutableArray<string> Readable { get; init; } = [];
}

/// <summary>One header of a webhook's requests.</summary>
public sealed record WebhookHeader
{
    [Field("Its name.", Max = 100, Is = Is.Required, Example = "Authorization")]
    public string Name { get; init; } = "";

    [Field(
        "Its value: visible characters of ASCII. Whoever may read webhooks reads it.",
        Max = 1000,
        Is = Is.Required,
        Example = "Bearer abc123"
    )]
    public string Value { get; init; } = "";
}
