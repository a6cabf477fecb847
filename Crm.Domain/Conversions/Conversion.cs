// A conversion: what a visitor or lead did that counts, with its value and what it is owed to.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Conversions;

[Resource(
    "conversion",
    "conversions",
    "conv",
    "Something that counts: a sale, a booking, a call that was asked for.",
    Can = Operations.Read | Operations.Create
)]
public sealed record Conversion : Resource, ICounted
{
    /// <summary>The type that makes a lead a customer.</summary>
    public const string Sale = "sale";

    /// <summary>Adjustments of one conversion.</summary>
    public const int MostAdjustments = 100;

    [Field("What it was.", Max = 40, Is = Is.WriteOnce | Is.Indexed | Is.NoPerson, Example = "sale")]
    public string Type { get; init; } = Sale;

    [Field(
        "The shop's own number of it, or the network's. The same type and number are one conversion, however often they are sent; a network's numbers are its own. Placeholders (null, 0, {order}) are no number.",
        Max = 120,
        Is = Is.WriteOnce | Is.Indexed | Is.NoPerson,
        Example = "A-1001"
    )]
    public string? OrderId
    {
        get;
        init => field = OrderNumber.Read(value);
    }

    [Field("What it was worth when it was first reported.", Is = Is.WriteOnce)]
    public Money? Value { get; init; }

    [Field("What it is worth now: the value with all adjustments. Reports, commissions and attribution go by it.", Is = Is.ReadOnly)]
    public Money? NetValue
    {
        // Follows from the facts beside it: what is stored is only for readers.
        get =>
            (Value ?? Adjustments.Select(one => one.Amount).FirstOrDefault(amount => amount is not null)) is { } first
                ? first with
                {
                    Amount = ReversedAt is null ? (Value?.Amount ?? 0) + Adjustments.Sum(one => one.Amount?.Amount ?? 0) : 0,
                }
                : null;
        init { }
    }

    [Field("Refunds, corrections and what was given again, in the order in which they came.", Max = MostAdjustments, Is = Is.ReadOnly)]
    public ImmutableArray<Adjustment> Adjustments { get; init; } = [];

    [Field("The lead.", Refers = typeof(Lead), Is = Is.WriteOnce | Is.Indexed)]
    public Id? Lead { get; init; }

    [Field("The signed click that the destination got as crm_click. Kept as the click's id.", Max = 80, Is = Is.WriteOnce | Is.NoPerson)]
    public string? Click { get; init; }

    [Field("The link it is owed to.", Refers = typeof(Link), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Link { get; init; }

    [Field("The campaign.", Refers = typeof(Campaign), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Campaign { get; init; }

    [Field("The affiliate.", Refers = typeof(Affiliate), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Affiliate { get; init; }

    [Field("The marketing channel.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string? Channel { get; init; }

    /// <summary>What it is owed to.</summary>
    public Credit Credit
    {
        get => new(Link, Campaign, Affiliate, Channel);
        init => (Link, Campaign, Affiliate, Channel) = value;
    }

    [Field(
        "The customer, when it was a sale to a known lead.",
        Refers = typeof(Customer),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Customer { get; init; }

    [Field("When all of it was taken back: it counts no more.", Is = Is.ReadOnly | Is.Filterable)]
    public DateTimeOffset? ReversedAt { get; init; }

    [Field(
        "Whether a page told it, so that anybody may have said it: when the shop itself or a network tells the same order, that takes its place.",
        Is = Is.ReadOnly | Is.Filterable
    )]
    public bool ByPage { get; init; }

    [Field("The conversion that took its place.", Refers = typeof(Conversion), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? ReplacedBy { get; init; }

    [Field(
        "The affiliate whose network reported it: its order number is the network's own.",
        Refers = typeof(Affiliate),
        Is = Is.ReadOnly | Is.Filterable,
        OnDelete = OnDelete.Keep
    )]
    public Id? ReportedBy { get; init; }

    [Field("What was heard of it by postbacks, so that one that comes twice counts once.", Max = 200, Is = Is.Secret | Is.NoPerson)]
    public ImmutableArray<string> Heard { get; init; } = [];

    /// <summary>A commission without an amount.</summary>
    [Field("What its affiliate earns by it once it is worth something.", Is = Is.Secret | Is.NoPerson)]
    public JsonData? Unearned { get; init; }

    /// <summary>Whether it has as many adjustments as one can have.</summary>
    public bool IsFull => Adjustments.Length >= MostAdjustments;

    /// <summary>The click that it names; null when it names none.</summary>
    public Id? ClickId => Id.TryParse<Click>(Click, out var id) ? id : null;

    /// <summary>One conversion for each type and order, however often a shop repeats itself.</summary>
    [Field("Type and order together, with the network whose number it is.", Max = 200, Is = Is.Secret | Is.Unique)]
    public string? OrderKey =>
        OrderId is null || ReplacedBy is not null ? null
        : ReportedBy is { } network ? $"{Type}|{network.Text<Affiliate>()}|{OrderId}"
        : $"{Type}|{OrderId}";

    /// <summary>An order of one click is one conversion, whoever reports it.</summary>
    [Field("Type, order and click together.", Max = 200, Is = Is.Secret | Is.Unique)]
    public string? ClickKey =>
        OrderId is null || ReplacedBy is not null || ClickId is not { } click ? null : ClickKeyOf(Type, OrderId, click);

    internal static string ClickKeyOf(string type, string order, Id click) => $"{type}|{order}|{click.Text<Click>()}";

    /// <summary>Whether this is only a page's word for what the other one says better: a stranger who guesses order numbers must not keep
    /// the shop's own word out. One that was taken back stays so.</summary>
    public bool GivesWayTo(Conversion other) => ByPage && !other.ByPage && ReversedAt is null;

    void ICounted.Count(Counts to)
    {
        if (ReversedAt is not null)
            return;
        var of = Subject.Of(Credit);
        to.Add(of, Measures.Conversions);
        if (Type == Sale)
            to.Add(of, Measures.Sales);
        if (NetValue is { } value)
            to.Add(of, Measures.Revenue + value.Currency, value.Amount);
    }
}

/// <summary>A refund, a correction, or what was given again.</summary>
public sealed record Adjustment
{
    [Field("Its own id within the conversion.", Max = 40, Is = Is.NoPerson)]
    public string Id { get; init; } = "";

    [Field("When.")]
    public DateTimeOffset? At { get; init; }

    [Field("What it changed the conversion's value by: below zero for what was given back. null when the conversion has no value.")]
    public Money? Amount { get; init; }

    [Field("Why, as whoever did it said.", Max = 200, Is = Is.NoPerson)]
    public string? Reason { get; init; }

    [Field("Who did it: an API key, an affiliate's postback or the system.", Max = 64, Is = Is.NoPerson)]
    public string By { get; init; } = "";
}
