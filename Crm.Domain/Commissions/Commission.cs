// A commission: what an affiliate earned by one lead or conversion, and every fact it was computed from.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Commissions;

public enum CommissionStatus
{
    Pending,
    Approved,
    Paid,
    Reversed,
}

public enum CommissionReversal
{
    /// <summary>With all of its conversion.</summary>
    Whole,

    /// <summary>With a part of its conversion's value.</summary>
    Part,

    /// <summary>By the team itself: it stays so, whatever becomes of the conversion.</summary>
    Team,
}

[Resource(
    "commission",
    "commissions",
    "comm",
    "What an affiliate earned by one lead or conversion, with the rule and the facts it was computed from.",
    Can = Operations.Read
)]
public sealed record Commission : Resource, ICounted
{
    public static readonly StateTable States = StateTable
        .Of<Commission, CommissionStatus>("status", commission => commission.Status)
        .Verb("approve", CommissionStatus.Approved, CommissionStatus.Pending)
        .Verb("pay", CommissionStatus.Paid, CommissionStatus.Approved)
        .Verb(PayAffiliate.UndoVerb, CommissionStatus.Approved, CommissionStatus.Paid)
        .Verb("reverse", CommissionStatus.Reversed, CommissionStatus.Pending, CommissionStatus.Approved)
        // Its conversion counts again, or for more.
        .Product(CommissionStatus.Pending, CommissionStatus.Reversed, CommissionStatus.Approved);

    [Field("Who earned it.", Refers = typeof(Affiliate), Is = Is.ReadOnly | Is.Indexed)]
    public Id? Affiliate { get; init; }

    [Field("Pending until the team approves it; then paid. Reversed when what it rewards was taken back.", Is = Is.ReadOnly | Is.Indexed)]
    public CommissionStatus Status { get; init; }

    [Field("How much. Negative for what is set off against a paid one.", Is = Is.ReadOnly)]
    public Money? Amount { get; init; }

    [Field("The conversion it rewards.", Refers = typeof(Conversion), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Conversion { get; init; }

    [Field(
        "The lead it rewards, or whose conversion it was.",
        Refers = typeof(Lead),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Lead { get; init; }

    [Field("The click that brought the person.", Refers = typeof(Click), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Id? Click { get; init; }

    [Field("What was rewarded: lead, or the conversion's type.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string On { get; init; } = "";

    [Field("The conversion's value that it was computed from: after refunds and corrections what was left.", Is = Is.ReadOnly)]
    public Money? Value { get; init; }

    [Field("When it was clicked, or when the first contact was.", Is = Is.ReadOnly)]
    public DateTimeOffset? Since { get; init; }

    [Field("The how manieth of its kind in that month.", Is = Is.ReadOnly)]
    public long Position { get; init; }

    [Field("Whether it was the person's first.", Is = Is.ReadOnly)]
    public bool First { get; init; }

    [Field("The how manieth of its kind of this person; 1 when the person is not known.", Is = Is.ReadOnly)]
    public long Nth { get; init; } = 1;

    [Field("When the person's first of its kind was.", Is = Is.ReadOnly)]
    public DateTimeOffset? FirstAt { get; init; }

    [Field("Whether it is owed for having brought the customer: something else led to this very conversion.", Is = Is.ReadOnly)]
    public bool ByCustomer { get; init; }

    [Field("The rule as it was when the amount was computed.", Is = Is.ReadOnly)]
    public CommissionRule? Rule { get; init; }

    [Field("In a sentence, what it was computed from.", Max = 400, Is = Is.ReadOnly | Is.NoPerson)]
    public string? Why { get; init; }

    [Field("When it was paid.", Is = Is.ReadOnly)]
    public DateTimeOffset? PaidAt { get; init; }

    [Field("What the payment is known by.", Max = Commissions.Payment.Longest, Is = Is.ReadOnly | Is.Indexed | Is.NoPerson)]
    public string? Payment { get; init; }

    [Field("Payments that it was in and that were undone.", Is = Is.ReadOnly | Is.Indexed | Is.NoPerson)]
    public ImmutableArray<string> UndonePayments { get; init; } = [];

    [Field(
        "The paid commission that this one is set off against: with all set-offs it comes to what is owed now.",
        Refers = typeof(Commission),
        Is = Is.ReadOnly,
        OnDelete = OnDelete.Keep
    )]
    public Id? Reverses { get; init; }

    [Field("The how manieth set-off against that commission.", Is = Is.ReadOnly)]
    public long? SetOff { get; init; }

    [Field("Why it was taken back or set off: with all or a part of the conversion, or by the team.", Is = Is.ReadOnly)]
    public CommissionReversal? Reversal { get; init; }

    [Field("The link it is owed to.", Refers = typeof(Link), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Link { get; init; }

    [Field("The campaign.", Refers = typeof(Campaign), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Campaign { get; init; }

    [Field("The marketing channel.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string? Channel { get; init; }

    /// <summary>What it is owed to.</summary>
    public Credit Credit
    {
        get => new(Link, Campaign, Affiliate, Channel);
        init => (Link, Campaign, Affiliate, Channel) = value;
    }

    /// <summary>One commission for one fact, whatever happens twice.</summary>
    [Field("What it rewards or takes back.", Max = 80, Is = Is.Secret | Is.Unique)]
    public string? Fact =>
        Reverses is { } paid
            ? SetOff is > 1
                ? string.Create(CultureInfo.InvariantCulture, $"{paid.Text<Commission>()}/{SetOff}")
                : paid.Text<Commission>()
            : Conversion?.Text<Conversion>() ?? Lead?.Text<Lead>();

    void ICounted.Count(Counts to)
    {
        if (Amount is { } amount && Status != CommissionStatus.Reversed)
            to.Add(Subject.Of(Credit), Measures.Commission + amount.Currency, amount.Amount);
    }
}

/// <summary>How many of a kind an affiliate has brought in a month: what a tier goes by. Internal; two at once cannot take one
/// position.</summary>
[Resource(
    "affiliateMonth",
    "affiliate-months",
    "affm",
    "How much an affiliate has brought in a month.",
    Can = Operations.None,
    RecordsEvents = false
)]
public sealed record AffiliateMonth : Resource
{
    [Field("Affiliate, kind and month.", Max = 120, Is = Is.Unique | Is.NoPerson)]
    public string? Key { get; init; }

    [Field("How many.")]
    public long Count { get; init; }
}
