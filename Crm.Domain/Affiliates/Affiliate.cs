// An affiliate: a partner whose site sends people here.

using System.Collections.Immutable;
using Crm.Domain.Commissions;
using Crm.Domain.Resources;

namespace Crm.Domain.Affiliates;

[Resource("affiliate", "affiliates", "aff", "A partner whose site sends people here.", TakesCustomFields = true)]
public sealed record Affiliate : Resource
{
    [Field("What people call it.", Max = 150, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Garden blog")]
    public string? Name { get; init; }

    [Field("Its site.", Kind = TextKind.Url, Example = "https://garden.example.org/")]
    public string? Url { get; init; }

    [Field("Whom to write to.", Kind = TextKind.Email, Is = Is.Personal | Is.Filterable)]
    public string? Email { get; init; }

    [Field("What was agreed.", Kind = TextKind.Long, Max = 4000)]
    public string? Terms { get; init; }

    [Field("Whether it sends people now.", Is = Is.Indexed)]
    public AffiliateStatus Status { get; init; }

    [Field(
        "Names the affiliate in the address of its postbacks, /postback/{postbackKey}; random. Who knows it can report conversions of this affiliate's clicks.",
        Max = 40,
        Is = Is.ReadOnly | Is.UniqueEverywhere
    )]
    public string? PostbackKey { get; init; }

    [Field("What its postbacks' amounts are in when they do not say so.", Kind = TextKind.Currency, Example = "EUR")]
    public string? Currency { get; init; }

    [Field("Whether a postback of a click that is not known is answered with 404, so that its sender tries again, instead of 200.")]
    public bool RefuseUnknownClicks { get; init; }

    [Field("Its own words for a conversion's status, beside those that everybody uses and before them. Case does not count.")]
    public StatusWords? StatusWords { get; init; }

    [Field("What it earns. Of the rules that fit, the one with the highest from counts.", Max = 20)]
    public ImmutableArray<CommissionRule> CommissionRules { get; init; } = [];

    [Field("What may not be meant as it is written: a share below 1 %, as of who took its hundredths for percents.", Is = Is.ReadOnly)]
    public ImmutableArray<string> Warnings
    {
        // Follows from the rules: what is stored is only for readers.
        get => [.. CommissionRules.Select((rule, i) => rule.Warning($"commissionRules.{i}")).OfType<string>()];
        init { }
    }
}

public enum AffiliateStatus
{
    Active,
    Paused,
    Ended,
}
