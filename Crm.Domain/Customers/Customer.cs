// A customer: a person or an organisation that bought, with what was known of the lead.

using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Customers;

public enum CustomerKind
{
    Person,
    Organisation,
}

[Resource(
    "customer",
    "customers",
    "cust",
    "A person or an organisation that bought. An e-mail address belongs to one customer; a phone number may be shared.",
    TakesCustomFields = true
)]
public sealed record Customer : Person
{
    [Field("A person, or an organisation whose contact the person is.", Is = Is.Indexed)]
    public CustomerKind Kind { get; init; }

    [Field(
        "The number that authorities or the shop know the customer by.",
        Max = 60,
        Is = Is.Filterable | Is.Searchable | Is.Opaque,
        Example = "12.345.678/0001-95"
    )]
    public string? TaxId { get; init; }

    [Field("The member who looks after the customer.", Refers = typeof(Member), Is = Is.Indexed)]
    public Stores.Id? Owner { get; init; }

    [Field("Words to group customers by.", Max = 50, Is = Is.Filterable | Is.Opaque)]
    public ImmutableArray<string> Tags { get; init; } = [];

    [Field("What the team should know.", Kind = TextKind.Long, Max = 16384, Is = Is.Personal)]
    public string? Notes { get; init; }

    [Field("Since when. The moment of the first conversion unless the team says otherwise.", Is = Is.Sortable)]
    public DateTimeOffset? Since { get; init; }

    [Field("The lead that became this customer.", Refers = typeof(Lead), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Stores.Id? Lead { get; init; }

    [Field("What the lead agreed to or refused, up to the moment it became a customer.", Max = 200, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<GivenConsent> Consent { get; init; } = [];

    [Field("What brought the lead here.", Is = Is.ReadOnly)]
    public LeadSource? Source { get; init; }

    [Field("The first contact that is known.", Is = Is.ReadOnly | Is.Opaque)]
    public LeadTouch? FirstTouch { get; init; }

    [Field("The last contact before it became a customer.", Is = Is.ReadOnly | Is.Opaque)]
    public LeadTouch? LastTouch { get; init; }

    [Field("Where the lead's values came from and when.", Max = 500, Is = Is.ReadOnly)]
    public ImmutableArray<Provenance> Provenance { get; init; } = [];

    public override Resource Tidy() => (Customer)base.Tidy() with { Tags = [.. Tags.Distinct()] };

    public override void Check(FieldErrors errors)
    {
        if (Emails.Length == 0 && Phones.Length == 0 && FirstName is null && LastName is null && Company is null)
            errors.Add("email", "required", "A customer needs an e-mail address, a phone number, a name or a company.");
    }
}
