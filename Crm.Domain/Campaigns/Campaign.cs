// A campaign: what links belong together, what it cost, and what it was for.

using System.Collections.Immutable;
using Crm.Domain.Reports;
using Crm.Domain.Resources;

namespace Crm.Domain.Campaigns;

[Resource("campaign", "campaigns", "camp", "Links that belong together, and what they cost.", TakesCustomFields = true)]
public sealed record Campaign : Resource, ICosts
{
    [Field("What people call it.", Max = 150, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Spring fair")]
    public string? Name { get; init; }

    [Field("First day.")]
    public DateOnly? StartsOn { get; init; }

    [Field("Last day.")]
    public DateOnly? EndsOn { get; init; }

    [Field("What may be spent.")]
    public Money? Budget { get; init; }

    [Field("What was spent, entry by entry, besides the costs of its links.", Max = 500)]
    public ImmutableArray<CostEntry> Costs { get; init; } = [];

    [Field("What it shall reach.", Max = 500)]
    public string? Goal { get; init; }

    Subject ICosts.CostsOf => Subject.Of(null, Id, null, null);
}

public sealed record CostEntry
{
    [Field("When it was spent.", Is = Is.Required)]
    public DateOnly? On { get; init; }

    [Field("How much.", Is = Is.Required)]
    public Money? Amount { get; init; }

    [Field("What for.", Max = 200)]
    public string? Note { get; init; }
}

/// <summary>An amount in whole minor units: cents, never fractions.</summary>
public sealed record Money
{
    public const long Most = 1_000_000_000_000;

    [Field("In minor units (cents).", Min = -Most, Max = Most, Is = Is.Required, Example = "1250")]
    public long Amount { get; init; }

    [Field("ISO 4217 code.", Kind = TextKind.Currency, Is = Is.Required, Example = "EUR")]
    public string Currency { get; init; } = "";
}

public static class PrepareCampaign
{
    public static ValueTask<Resource> Run(
        Work.UnitOfWork work,
        Resource? before,
        Resource after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        var campaign = (Campaign)after;
        if (campaign.EndsOn < campaign.StartsOn)
            errors.Add("endsOn", "out_of_range", "Must not be before startsOn.");
        return new(campaign);
    }
}
