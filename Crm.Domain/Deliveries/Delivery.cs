// A delivery: one message to somebody else's system, stored in the commit of the fact it tells of, and tried until it arrives or is given
// up.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Deliveries;

/// <summary>Waiting: not tried yet. Failed: tried, and will be again. Dead: given up; a retry by hand brings it back.</summary>
public enum DeliveryStatus
{
    Waiting,
    Delivered,
    Failed,
    Dead,
}

/// <summary>Started stays when the node that tried it ended in the middle: whether it arrived is not known, and it is sent again under the
/// same id.</summary>
public enum AttemptResult
{
    Started,
    Delivered,
    Refused,
    Timeout,
    Unreachable,
    NotAllowed,
    Interrupted,
}

[Resource(
    "delivery",
    "deliveries",
    "dlv",
    "A message to another system: what it tells, whether it arrived, and every try.",
    Can = Operations.Read,
    RecordsEvents = false,
    HoldsCopies = true
)]
public sealed record Delivery : Resource
{
    public const int MostLogged = 20;

    public static readonly StateTable States = StateTable
        .Of<Delivery, DeliveryStatus>("status", delivery => delivery.Status)
        .Product(DeliveryStatus.Delivered, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Product(DeliveryStatus.Failed, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Product(DeliveryStatus.Dead, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Verb("retry", DeliveryStatus.Failed, DeliveryStatus.Waiting, DeliveryStatus.Failed, DeliveryStatus.Dead);

    [Field(
        "The postback that it is a call of.",
        Refers = typeof(OutgoingPostback),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Postback { get; init; }

    [Field(
        "What it tells of: lead, a conversion's type, conversion.reversed, commission.approved, ...",
        Max = 60,
        Is = Is.ReadOnly | Is.Filterable,
        Example = "sale"
    )]
    public string Event { get; init; } = "";

    [Field("The id of the record it tells of.", Max = 64, Is = Is.ReadOnly | Is.Indexed)]
    public string Subject { get; init; } = "";

    [Field("The address, complete.", Max = SendPostbacks.LongestAddress, Is = Is.ReadOnly)]
    public string Url { get; init; } = "";

    [Field("The address's host, with its port unless that is the usual one.", Max = 262, Is = Is.ReadOnly | Is.Filterable)]
    public string Host { get; init; } = "";

    [Field("Waiting, delivered, failed (will be tried again) or dead (given up).", Is = Is.ReadOnly | Is.Indexed)]
    public DeliveryStatus Status { get; init; }

    [Field(
        "When it is tried next; while it is being tried, when another node may take it over. None when it is delivered or dead.",
        Is = Is.ReadOnly | Is.Filterable
    )]
    public DateTimeOffset? DueAt { get; init; }

    [Field("Tries since it was made, or retried by hand.", Is = Is.ReadOnly)]
    public long Attempts { get; init; }

    [Field("When it arrived.", Is = Is.ReadOnly | Is.Filterable)]
    public DateTimeOffset? DeliveredAt { get; init; }

    [Field(
        "Why it was given up: attempts_used, gone, not_allowed, endpoint_inactive or address_too_long.",
        Max = 40,
        Is = Is.ReadOnly | Is.Filterable
    )]
    public string? Reason { get; init; }

    [Field("The latest tries, the last one last.", Max = MostLogged, Is = Is.ReadOnly)]
    public ImmutableArray<Attempt> Log { get; init; } = [];

    /// <summary>One delivery for one fact and postback, whatever happens twice.</summary>
    [Field("Postback, event and record together.", Max = 160, Is = Is.Secret | Is.Unique)]
    public string? Fact => $"{Postback?.Text<OutgoingPostback>()}|{Event}|{Subject}";

    /// <summary>Open deliveries in the order of their hosts and, within one, of their times: one range of one index is what a host may be
    /// sent now.</summary>
    [Field("Host and due time.", Kind = TextKind.Name, Max = 300, Is = Is.Secret | Is.Indexed)]
    public string? Queue =>
        DueAt is { } due && Status is DeliveryStatus.Waiting or DeliveryStatus.Failed ? QueueKey(Host, DueAt!.Value) : null;

    /// <summary>The bar is behind every character of a host, so that no host's range reaches into another's.</summary>
    public static string QueueKey(string host, DateTimeOffset due) =>
        string.Create(CultureInfo.InvariantCulture, $"{host}|{due.ToUnixTimeMilliseconds():D15}");
}

/// <summary>One try.</summary>
public sealed record Attempt
{
    [Field("When it began.", Is = Is.ReadOnly)]
    public DateTimeOffset At { get; init; }

    [Field("What came of it. What the other side answered besides its status is not kept.", Is = Is.ReadOnly)]
    public AttemptResult Result { get; init; }

    [Field("The answer's HTTP status.", Is = Is.ReadOnly)]
    public long? Status { get; init; }

    [Field("How long it took, in milliseconds.", Is = Is.ReadOnly)]
    public long? Milliseconds { get; init; }
}
