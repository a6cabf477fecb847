// A delivery: one message to somebody else's system, stored in the commit of the fact it tells of, and tried until it arrives or is given
// up.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Deliveries;

/// <summary>How it is sent: a GET to a network, a signed POST, a mail by SMTP, a request of a workflow.</summary>
public enum DeliveryKind
{
    Postback,
    Webhook,
    Mail,
    Call,
}

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
    public const int MostLogged = 20,
        LongestAddress = 8000;

    public static readonly StateTable States = StateTable
        .Of<Delivery, DeliveryStatus>("status", delivery => delivery.Status)
        .Product(DeliveryStatus.Delivered, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Product(DeliveryStatus.Failed, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Product(DeliveryStatus.Dead, DeliveryStatus.Waiting, DeliveryStatus.Failed)
        .Verb("retry", DeliveryStatus.Failed, DeliveryStatus.Waiting, DeliveryStatus.Failed, DeliveryStatus.Dead);

    [Field("How it is sent.", Is = Is.ReadOnly | Is.Filterable)]
    public DeliveryKind Kind { get; init; }

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

    [Field("The address, complete.", Max = LongestAddress, Is = Is.ReadOnly)]
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
        "Why it was given up: attempts_used, gone, refused, not_allowed, endpoint_inactive or address_too_long.",
        Max = 40,
        Is = Is.ReadOnly | Is.Filterable
    )]
    public string? Reason { get; init; }

    [Field("The latest tries, the last one last.", Max = MostLogged, Is = Is.ReadOnly)]
    public ImmutableArray<Attempt> Log { get; init; } = [];

    /// <summary>One delivery for one fact and postback, whatever happens twice.</summary>
    [Field("Whose it is, event and record together.", Max = 160, Is = Is.Secret | Is.Unique)]
    public string? Fact => Kind == DeliveryKind.Postback ? $"{Postback?.Text<OutgoingPostback>()}|{Event}|{Subject}" : null;

    /// <summary>What waits for one another: only so many of a lane are tried at once. Of one kind each, so that a lane has one
    /// pace.</summary>
    public string Lane => Kind == DeliveryKind.Postback ? Host : $"{Names.Camel(Kind.ToString())}/{Host}";

    /// <summary>Open deliveries in the order of their lanes and, within one, of their times: one range of one index is what a lane may be
    /// sent now.</summary>
    [Field("Lane and due time.", Kind = TextKind.Name, Max = 300, Is = Is.Secret | Is.Indexed)]
    public string? Queue => DueAt is { } due && Status is DeliveryStatus.Waiting or DeliveryStatus.Failed ? QueueKey(Lane, due) : null;

    /// <summary>The bar is behind every character of a lane, so that no lane's range reaches into another's.</summary>
    public static string QueueKey(string lane, DateTimeOffset due) =>
        string.Create(CultureInfo.InvariantCulture, $"{lane}|{due.ToUnixTimeMilliseconds():D15}");

    /// <summary>As <see cref="Host"/> has it.</summary>
    public static string HostOf(Uri address) =>
        address.IsDefaultPort
            ? address.IdnHost.ToLowerInvariant()
            : string.Create(CultureInfo.InvariantCulture, $"{address.IdnHost.ToLowerInvariant()}:{address.Port}");

    /// <summary>It will not be tried again, unless somebody wants it.</summary>
    public Delivery GivenUp(string reason) => this with { Status = DeliveryStatus.Dead, DueAt = null, Reason = reason };
}

/// <summary>One try.</summary>
public sealed record Attempt
{
    [Field("When it began.", Is = Is.ReadOnly)]
    public DateTimeOffset At { get; init; }

    [Field("What came of it. What the other side answered besides its status is not kept.", Is = Is.ReadOnly)]
    public AttemptResult Result { get; init; }

    [Field("The answer's status: of HTTP, or of SMTP for a mail.", Is = Is.ReadOnly)]
    public long? Status { get; init; }

    [Field("How long it took, in milliseconds.", Is = Is.ReadOnly)]
    public long? Milliseconds { get; init; }
}
