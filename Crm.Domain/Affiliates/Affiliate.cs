// An affiliate: a partner whose site sends people here.

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
}

public enum AffiliateStatus { Active, Paused, Ended }
