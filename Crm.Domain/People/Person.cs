// A person as leads and customers both have him: names, addresses, numbers, and the short forms in which callers write them.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.People;

/// <summary>What is known of a person, whoever he is to the workspace. These fields come first in every resource that is a
/// person.</summary>
public abstract record Person : Resource
{
    [Field("Form of address.", Max = 40, Is = Is.Personal | Is.FromForms, Example = "Dr.")]
    public string? Salutation { get; init; }

    [Field("Given name.", Max = 80, Is = Is.Filterable | Is.Searchable | Is.Personal | Is.FromForms, Example = "Ana")]
    public string? FirstName { get; init; }

    [Field("Names between the first and the last.", Max = 80, Is = Is.Searchable | Is.Personal | Is.FromForms)]
    public string? MiddleName { get; init; }

    [Field("Family name.", Max = 80, Is = Is.Sortable | Is.Searchable | Is.Personal | Is.FromForms, Example = "Silva")]
    public string? LastName { get; init; }

    [Field("E-mail addresses; one is primary.", Max = 20)]
    public ImmutableArray<EmailEntry> Emails { get; init; } = [];

    [Field("Phone numbers in E.164 form; one is primary.", Max = 20)]
    public ImmutableArray<PhoneEntry> Phones { get; init; } = [];

    [Field("Where the person works.", Max = 150, Is = Is.Sortable | Is.Searchable | Is.FromForms | Is.Opaque, Example = "Silva Ltda")]
    public string? Company { get; init; }

    [Field("What the person does there.", Max = 100, Is = Is.Filterable | Is.Searchable | Is.FromForms | Is.Opaque, Example = "Buyer")]
    public string? JobTitle { get; init; }

    [Field("Postal address.", Is = Is.Personal)]
    public Address? Address { get; init; }

    [Field("Preferred language (BCP 47).", Kind = TextKind.Language, Is = Is.Filterable | Is.FromForms, Example = "pt-BR")]
    public string? Language { get; init; }

    [Field("IANA time zone.", Kind = TextKind.TimeZone, Is = Is.FromForms, Example = "America/Sao_Paulo")]
    public string? TimeZone { get; init; }

    [Field("When a call is welcome, in the person's words.", Max = 200, Is = Is.FromForms | Is.Opaque, Example = "weekdays after 18:00")]
    public string? BestTimeToCall { get; init; }

    /// <summary>A strong identity besides the e-mail addresses: an id that another system gave the person.</summary>
    public virtual string? OtherSystemsId => null;

    // ---- Short forms

    public string? Email => Primary(Emails)?.Address;
    public string? Phone => Primary(Phones)?.Number;

    static T? Primary<T>(ImmutableArray<T> entries)
        where T : class, IEntry => entries.FirstOrDefault(e => e.Primary) ?? entries.FirstOrDefault();

    public override IReadOnlyList<ShortForm> ShortForms => Short;

    static readonly IReadOnlyList<ShortForm> Short =
    [
        new("email", "The primary e-mail address.", "emails"),
        new("phone", "The primary phone number.", "phones"),
        new("name", "The full name, split into first and last.", "firstName", "lastName"),
    ];

    public override Resource? WithShortForm(string name, string? value, ReadContext context, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(value))
            return name switch
            {
                "email" => this with { Emails = Emails.RemoveAll(e => e.Primary) },
                "phone" => this with { Phones = Phones.RemoveAll(e => e.Primary) },
                "name" => this with { FirstName = null, LastName = null },
                _ => null,
            };
        switch (name)
        {
            case "email":
                if (!EmailAddress.TryNormalise(value, out var address, out _, out var reason))
                {
                    errors.Add("email", "invalid_email", reason);
                    return this;
                }
                return this with { Emails = [new() { Address = address, Primary = true }, .. Emails.Where(e => !e.Primary)] };
            case "phone":
                if (!PhoneNumber.TryNormalise(value, context.DefaultCountry, out var number, out reason))
                {
                    errors.Add("phone", "invalid_phone", reason);
                    return this;
                }
                var known = Phones.FirstOrDefault(e => e.Number == number);
                return this with
                {
                    Phones =
                    [
                        new()
                        {
                            Number = number,
                            Primary = true,
                            Shared = known?.Shared == true,
                        },
                        .. Phones.Where(e => !e.Primary),
                    ],
                };
            case "name":
                var (first, last) = PersonName.Split(value);
                if (first?.Length > 80 || last?.Length > 80)
                    errors.Add("name", "too_long", "Each part of the name must have at most 80 characters.");
                return this with { FirstName = first, LastName = last };
            default:
                return null;
        }
    }

    /// <summary>Each address and number once, exactly one of each primary (the first).</summary>
    public override Resource Tidy() =>
        this with
        {
            Emails = OnePrimary([.. Emails.DistinctBy(e => EmailAddress.Canonical(e.Address!))], (entry, primary) =>
                entry with
                {
                    Primary = primary,
                }
            ),
            Phones = OnePrimary([.. Phones.DistinctBy(e => e.Number)], (entry, primary) => entry with { Primary = primary }),
        };

    static ImmutableArray<T> OnePrimary<T>(ImmutableArray<T> entries, Func<T, bool, T> with)
        where T : class, IEntry
    {
        if (entries.Length == 0 || entries.Count(e => e.Primary) == 1)
            return entries;
        var primary = Primary(entries);
        return [.. entries.Select(e => with(e, ReferenceEquals(e, primary)))];
    }
}

interface IEntry
{
    bool Primary { get; }
}

public enum EmailKind
{
    Work,
    Home,
    Other,
}

public sealed record EmailEntry : IEntry
{
    [Field(
        "The address as written by its owner.",
        Kind = TextKind.Email,
        Key = "email",
        Is = Is.Required | Is.Unique | Is.Searchable | Is.Personal,
        Example = "ana@silva.example.org"
    )]
    public string? Address { get; init; }

    [Field("Where it is used.")]
    public EmailKind Kind { get; init; }

    [Field("Whether it is the one to write to.")]
    public bool Primary { get; init; }
}

public enum PhoneKind
{
    Mobile,
    Work,
    Home,
    Other,
}

public sealed record PhoneEntry : IEntry
{
    [Field(
        "The number in E.164 form.",
        Kind = TextKind.Phone,
        Key = "phone",
        Is = Is.Required | Is.Unique | Is.Searchable | Is.Personal,
        Example = "+5511912345678"
    )]
    public string? Number { get; init; }

    [Field("Where it rings.")]
    public PhoneKind Kind { get; init; }

    [Field("Whether it is the one to call.")]
    public bool Primary { get; init; }

    [Field(
        "Whether others have the number too and one of them stands for it, or it is a dummy and nobody's.",
        Is = Is.ReadOnly | Is.Shares
    )]
    public bool Shared { get; init; }
}

public sealed record Address
{
    [Field("Street and number.", Max = 200, Is = Is.Personal | Is.FromForms)]
    public string? Line1 { get; init; }

    [Field("Flat, building.", Max = 200, Is = Is.Personal | Is.FromForms)]
    public string? Line2 { get; init; }

    [Field("City.", Max = 100, Is = Is.Filterable | Is.Searchable | Is.FromForms)]
    public string? City { get; init; }

    [Field("State or region.", Max = 100, Is = Is.Filterable | Is.FromForms)]
    public string? Region { get; init; }

    [Field("Postal code.", Max = 20, Is = Is.Filterable | Is.Personal | Is.FromForms)]
    public string? PostalCode { get; init; }

    [Field("ISO 3166 country code.", Kind = TextKind.Country, Is = Is.Filterable | Is.FromForms, Example = "BR")]
    public string? Country { get; init; }
}
