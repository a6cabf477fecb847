// A conversion: what a visitor or lead did that counts, with its value and what it is owed to.

using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

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

    [Field("What it was.", Max = 40, Is = Is.WriteOnce | Is.Indexed, Example = "sale")]
    public string Type { get; init; } = Sale;

    [Field(
        "The shop's own number of it. The same type and number are one conversion, however often they are sent.",
        Max = 120,
        Is = Is.WriteOnce | Is.Filterable,
        Example = "A-1001"
    )]
    public string? OrderId { get; init; }

    [Field("What it is worth.", Is = Is.WriteOnce)]
    public Money? Value { get; init; }

    [Field("The lead.", Refers = typeof(Lead), Is = Is.WriteOnce | Is.Indexed)]
    public Id? Lead { get; init; }

    [Field("The signed click that the destination got as crm_click. Kept as the click's id.", Max = 80, Is = Is.WriteOnce)]
    public string? Click { get; init; }

    [Field("The link it is owed to.", Refers = typeof(Link), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Link { get; init; }

    [Field("The campaign.", Refers = typeof(Campaign), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Campaign { get; init; }

    [Field("The affiliate.", Refers = typeof(Affiliate), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Affiliate { get; init; }

    [Field("The marketing channel.", Max = 40, Is = Is.ReadOnly | Is.Filterable)]
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

    [Field("When it was taken back: it counts no more.", Is = Is.ReadOnly | Is.Filterable)]
    public DateTimeOffset? ReversedAt { get; init; }

    [Field(
        "Whether a page told it, so that anybody may have said it: when the shop itself or a network tells the same order, that takes its place.",
        Is = Is.ReadOnly | Is.Filterable
    )]
    public bool ByPage { get; init; }

    [Field("The conversion that took its place.", Refers = typeof(Conversion), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? ReplacedBy { get; init; }

    /// <summary>The click that it names; null when it names none.</summary>
    public Id? ClickId => Id.TryParse<Click>(Click, out var id) ? id : null;

    /// <summary>One conversion for each type and order, however often a shop repeats itself.</summary>
    [Field("Type and order together.", Max = 200, Is = Is.Secret | Is.Unique)]
    public string? OrderKey => OrderId is null || ReplacedBy is not null ? null : $"{Type}|{OrderId}";

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
        if (Value is { } value)
            to.Add(of, Measures.Revenue + value.Currency, value.Amount);
    }
}
