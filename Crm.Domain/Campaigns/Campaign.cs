// A campaign: what links belong together, what it cost, and what it was for.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Campaigns;

[Resource("campaign", "campaigns", "camp", "Links that belong together, and what they cost.", TakesCustomFields = true)]
public sealed record Campaign : Resource, ICosts
{
    [Field("What people call it.", Max = 150, Is = Is.Required | Is.Searchable | Is.Sortable | Is.NoPerson, Example = "Spring fair")]
    public string? Name { get; init; }

    [Field("First day.")]
    public DateOnly? StartsOn { get; init; }

    [Field("Last day.")]
    public DateOnly? EndsOn { get; init; }

    [Field("What may be spent.")]
    public Money? Budget { get; init; }

    [Field("What was spent, entry by entry, besides the costs of its links.", Max = 500)]
    public ImmutableArray<CostEntry> Costs { get; init; } = [];

    [Field("What it shall reach.", Max = 500, Is = Is.NoPerson)]
    public string? Goal { get; init; }

    Subject ICosts.CostsOf => Subject.Of(new Credit(null, Id, null, null));
}
