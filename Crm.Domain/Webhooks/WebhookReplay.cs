// A replay: what a webhook was called for in a time, sent once more, slowly, and seen while it goes on.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Webhooks;

public enum ReplayStatus
{
    Running,
    Paused,
    Done,
    Cancelled,
}

/// <summary>Failed: what was given up. All: what arrived too, and what happened before there was the webhook.</summary>
public enum ReplayOnly
{
    Failed,
    All,
}

[Resource(
    "webhookReplay",
    "webhook-replays",
    "replay",
    "Sends once more what a webhook was called for in a time.",
    Can = Operations.Read,
    RecordsEvents = false
)]
public sealed record WebhookReplay : Resource
{
    public static readonly StateTable States = StateTable
        .Of<WebhookReplay, ReplayStatus>("status", replay => replay.Status)
        .Product(ReplayStatus.Done, ReplayStatus.Running)
        .Product(ReplayStatus.Paused, ReplayStatus.Running)
        .Verb("pause", ReplayStatus.Paused, ReplayStatus.Running)
        .Verb("resume", ReplayStatus.Running, ReplayStatus.Paused)
        .Verb("cancel", ReplayStatus.Cancelled, ReplayStatus.Running, ReplayStatus.Paused);

    [Field("Whose.", Refers = typeof(Webhook), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Delete)]
    public Id? Webhook { get; init; }

    [Field("What happened from then on.", Is = Is.ReadOnly)]
    public DateTimeOffset From { get; init; }

    [Field("What happened before then.", Is = Is.ReadOnly)]
    public DateTimeOffset To { get; init; }

    [Field("Only these types or patterns of the webhook's; empty: all of them.", Max = Webhooks.Webhook.MostEvents, Is = Is.ReadOnly)]
    public ImmutableArray<string> Types { get; init; } = [];

    [Field("Failed: what was given up. All: what arrived too, and what happened before there was the webhook.", Is = Is.ReadOnly)]
    public ReplayOnly Only { get; init; }

    [Field("How far it is. Paused also by the product, when the webhook is not active.", Is = Is.ReadOnly | Is.Indexed)]
    public ReplayStatus Status { get; init; }

    [Field("Events that were looked at.", Is = Is.ReadOnly)]
    public long Seen { get; init; }

    [Field("Deliveries that were made anew or made due again.", Is = Is.ReadOnly)]
    public long Sent { get; init; }

    [Field("When it was done.", Is = Is.ReadOnly)]
    public DateTimeOffset? FinishedAt { get; init; }

    [Field("The last event that was looked at.", Max = 40, Is = Is.Secret | Is.NoPerson)]
    public string? Place { get; init; }
}
