// The firm that a workspace is of: who stands at the foot of its mails and documents.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Workspaces;

public sealed record Seller
{
    [Field("The firm's name in the register.", Max = 200, Example = "Silva Energia, Lda.")]
    public string? LegalName { get; init; }

    [Field("Where it has its seat and its offices; the first stands at the foot of mails.", Max = 10)]
    public ImmutableArray<SellerAddress> Addresses { get; init; } = [];

    [Field("Its number in the register.", Max = 100, Example = "NIPC 500000000")]
    public string? Registration { get; init; }

    [Field("Its number for taxes.", Max = 40, Example = "PT500000000")]
    public string? TaxId { get; init; }

    [Field("Where it is written to.", Kind = TextKind.Email, Example = "geral@silva.example.org")]
    public string? Email { get; init; }

    [Field("Its phone number.", Kind = TextKind.Phone, Example = "+351210000000")]
    public string? Phone { get; init; }

    [Field("Its website.", Kind = TextKind.Url, Example = "https://www.silva.example.org")]
    public string? Website { get; init; }
}

public sealed record SellerAddress
{
    [Field("What is there.", Max = 100, Example = "Head office")]
    public string? Name { get; init; }

    [Field("Street and number.", Max = 200, Example = "Rua do Sol 1")]
    public string? Line1 { get; init; }

    [Field("Flat, building.", Max = 200)]
    public string? Line2 { get; init; }

    [Field("Postal code.", Max = 20, Example = "1000-001")]
    public string? PostalCode { get; init; }

    [Field("City.", Max = 100, Example = "Lisboa")]
    public string? City { get; init; }

    [Field("State or region.", Max = 100)]
    public string? Region { get; init; }

    [Field("ISO 3166 country code.", Kind = TextKind.Country, Example = "PT")]
    public string? Country { get; init; }
}
