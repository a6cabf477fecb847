// A purchase: what a customer bought, line by line.

using System.Collections.Immutable;
using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Customers;

[Resource(
    "purchase",
    "purchases",
    "pur",
    "What a customer bought. An order is one purchase, however often a shop sends it.",
    TakesCustomFields = true
)]
public sealed record Purchase : Resource
{
    [Field("Who bought.", Refers = typeof(Customer), Is = Is.WriteOnce | Is.Indexed)]
    public Stores.Id? Customer { get; init; }

    [Field(
        "The shop's own number. Placeholders (null, 0, {order}) are no number.",
        Max = 120,
        Is = Is.WriteOnce | Is.Unique | Is.Searchable | Is.NoPerson,
        Example = "A-1001"
    )]
    public string? OrderId
    {
        get;
        init => field = OrderNumber.Read(value);
    }

    [Field("When. Now unless it is said.", Is = Is.Sortable)]
    public DateTimeOffset? PurchasedAt { get; init; }

    [Field("What was bought.", Max = 500)]
    public ImmutableArray<PurchaseLine> Lines { get; init; } = [];

    [Field("What was paid. The sum of the lines unless it is said, as with a discount or postage.")]
    public Money? Total { get; init; }

    [Field("The member who sold it.", Refers = typeof(Member), Is = Is.Indexed)]
    public Stores.Id? Representative { get; init; }

    [Field("What the customer asked for.", Kind = TextKind.Long, Max = 4000, Is = Is.Personal)]
    public string? SpecialInstructions { get; init; }

    [Field("What the team says about it.", Kind = TextKind.Long, Max = 4000, Is = Is.Opaque)]
    public string? Comments { get; init; }

    [Field("What refunds and corrections of its conversion come to: below zero for what was given back.", Is = Is.ReadOnly)]
    public Money? Adjustment { get; init; }

    [Field("What is left of the total after refunds and corrections.", Is = Is.ReadOnly)]
    public Money? NetTotal
    {
        // Follows from the two: what is stored is only for readers.
        get =>
            Total is null ? Adjustment
            : Adjustment is { } by && by.Currency == Total.Currency ? Total with { Amount = Total.Amount + by.Amount }
            : Total;
        init { }
    }

    [Field("The conversion that told of it.", Refers = typeof(Conversion), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Stores.Id? Conversion { get; init; }
}

public sealed record PurchaseLine
{
    [Field(
        "Name of the product.",
        Max = 200,
        Is = Is.Required | Is.Filterable | Is.Searchable | Is.NoPerson,
        Example = "Solar panel 400 W"
    )]
    public string? Product { get; init; }

    [Field("The shop's number of the product.", Max = 80, Is = Is.Filterable | Is.Searchable | Is.NoPerson, Example = "SP-400")]
    public string? Sku { get; init; }

    [Field("How many.", Min = 1, Max = 1_000_000)]
    public long Quantity { get; init; } = 1;

    [Field("Price of one.")]
    public Money? Price { get; init; }
}
