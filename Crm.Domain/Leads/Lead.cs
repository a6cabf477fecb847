// A lead: a person who is not yet a customer, with everything known of him and where each value came from.

using System.Collections.Immutable;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.People;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Leads;

public enum LeadStatus { New, Working, Qualified, Unqualified, Converted }

[Resource("lead", "leads", "lead", "A person who is not yet a customer. One person is one lead: e-mail addresses and phone numbers belong to one lead each.", TakesCustomFields = true)]
public sealed record Lead : Resource, ICounted
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

    [Field("Where the person works.", Max = 150, Is = Is.Sortable | Is.Searchable | Is.FromForms, Example = "Silva Ltda")]
    public string? Company { get; init; }

    [Field("What the person does there.", Max = 100, Is = Is.Filterable | Is.Searchable | Is.FromForms, Example = "Buyer")]
    public string? JobTitle { get; init; }

    [Field("Postal address.", Is = Is.Personal)]
    public Address? Address { get; init; }

    [Field("Preferred language (BCP 47).", Kind = TextKind.Language, Is = Is.Filterable | Is.FromForms, Example = "pt-BR")]
    public string? Language { get; init; }

    [Field("IANA time zone.", Kind = TextKind.TimeZone, Is = Is.FromForms, Example = "America/Sao_Paulo")]
    public string? TimeZone { get; init; }

    [Field("When a call is welcome, in the person's words.", Max = 200, Is = Is.FromForms, Example = "weekdays after 18:00")]
    public string? BestTimeToCall { get; init; }

    [Field("What the person is interested in.", Max = 500, Is = Is.Filterable | Is.Searchable | Is.FromForms, Example = "Solar panels")]
    public string? Interest { get; init; }

    [Field("The person's first message.", Kind = TextKind.Long, Max = 16384, Is = Is.Personal | Is.FromForms)]
    public string? Message { get; init; }

    [Field("How far it got.", Is = Is.Indexed)]
    public LeadStatus Status { get; init; }

    [Field("How promising it is.", Min = -1_000_000, Max = 1_000_000, Is = Is.Sortable)]
    public long Score { get; init; }

    [Field("The member who looks after the lead.", Refers = typeof(Member), Is = Is.Indexed)]
    public Stores.Id? Owner { get; init; }

    [Field("Words to group leads by.", Max = 50, Is = Is.Filterable | Is.FromForms, Example = "fair")]
    public ImmutableArray<string> Tags { get; init; } = [];

    [Field("What the person agreed to or refused, and when; only grows.", Max = 200, Is = Is.ReadOnly)]
    public ImmutableArray<Consent> Consent { get; init; } = [];

    [Field("What brought the lead here.", Is = Is.ReadOnly)]
    public LeadSource? Source { get; init; }

    [Field("The first contact that is known.", Is = Is.ReadOnly)]
    public LeadTouch? FirstTouch { get; init; }

    [Field("The last contact.", Is = Is.ReadOnly)]
    public LeadTouch? LastTouch { get; init; }

    [Field("Values that somebody sent and that differ from what is known; a member accepts or dismisses them.", Max = 200, Is = Is.ReadOnly)]
    public ImmutableArray<ProposedChange> ProposedChanges { get; init; } = [];

    [Field("Where each value came from and when.", Max = 500, Is = Is.ReadOnly)]
    public ImmutableArray<Provenance> Provenance { get; init; } = [];

    [Field("Leads that were merged into this one.", Max = 100, Refers = typeof(Lead), Is = Is.ReadOnly)]
    public ImmutableArray<Stores.Id> MergedFrom { get; init; } = [];

    void ICounted.Count(Counts to)
    {
        var of = Subject.Of(Source?.Link, Source?.Campaign, Source?.Affiliate, Source?.Channel);
        to.Add(of, Tally.Leads);
        if (Status == LeadStatus.Converted)
            to.Add(of, Tally.Customers);
    }

    // ---- Short forms

    public string? Email => Primary(Emails)?.Address;
    public string? Phone => Primary(Phones)?.Number;

    static T? Primary<T>(ImmutableArray<T> entries) where T : class, IEntry => entries.FirstOrDefault(e => e.Primary) ?? entries.FirstOrDefault();

    public override IReadOnlyList<(string Name, string Description)> ShortForms => Short;

    static readonly IReadOnlyList<(string, string)> Short =
    [
        ("email", "The primary e-mail address."), ("phone", "The primary phone number."), ("name", "The full name, split into first and last."),
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
                return this with { Phones = [new() { Number = number, Primary = true }, .. Phones.Where(e => !e.Primary)] };
            case "name":
                var (first, last) = PersonName.Split(value);
                if (first?.Length > 80 || last?.Length > 80)
                    errors.Add("name", "too_long", "Each part of the name must have at most 80 characters.");
                return this with { FirstName = first, LastName = last };
            default:
                return null;
        }
    }

    /// <summary>Each address and number once, exactly one of each primary (the first), tags distinct.</summary>
    public override Resource Tidy() => this with
    {
        Emails = OnePrimary([.. Emails.DistinctBy(e => EmailAddress.Canonical(e.Address!))], (entry, primary) => entry with { Primary = primary }),
        Phones = OnePrimary([.. Phones.DistinctBy(e => e.Number)], (entry, primary) => entry with { Primary = primary }),
        Tags = [.. Tags.Distinct()],
    };

    static ImmutableArray<T> OnePrimary<T>(ImmutableArray<T> entries, Func<T, bool, T> with) where T : class, IEntry
    {
        if (entries.Length == 0 || entries.Count(e => e.Primary) == 1)
            return entries;
        var primary = Primary(entries);
        return [.. entries.Select(e => with(e, ReferenceEquals(e, primary)))];
    }

    public override void Check(FieldErrors errors)
    {
        if (Emails.Length == 0 && Phones.Length == 0 && FirstName is null && LastName is null && Company is null)
            errors.Add("email", "required", "A lead needs an e-mail address, a phone number, a name or a company.");
    }
}

interface IEntry
{
    bool Primary { get; }
}

public enum EmailKind { Work, Home, Other }

public sealed record EmailEntry : IEntry
{
    [Field("The address as written by its owner.", Kind = TextKind.Email, Key = "email", Is = Is.Required | Is.Unique | Is.Searchable | Is.Personal, Example = "ana@silva.example.org")]
    public string? Address { get; init; }

    [Field("Where it is used.")]
    public EmailKind Kind { get; init; }

    [Field("Whether it is the one to write to.")]
    public bool Primary { get; init; }
}

public enum PhoneKind { Mobile, Work, Home, Other }

public sealed record PhoneEntry : IEntry
{
    [Field("The number in E.164 form.", Kind = TextKind.Phone, Key = "phone", Is = Is.Required | Is.Unique | Is.Searchable | Is.Personal, Example = "+5511912345678")]
    public string? Number { get; init; }

    [Field("Where it rings.")]
    public PhoneKind Kind { get; init; }

    [Field("Whether it is the one to call.")]
    public bool Primary { get; init; }
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

/// <summary>One answer to one question about consent. Current state is the last entry of a purpose.</summary>
public sealed record Consent
{
    [Field("What for: email-marketing, analytics, ads, ...", Max = 60)]
    public string Purpose { get; init; } = "";

    [Field("Agreed or refused.")]
    public bool Granted { get; init; }

    [Field("Lawful basis: consent, legitimate-interest, contract, legal-obligation.", Max = 40)]
    public string Basis { get; init; } = "consent";

    [Field("The exact text that was shown.", Kind = TextKind.Long, Max = 4000)]
    public string? Text { get; init; }

    [Field("When.")]
    public DateTimeOffset At { get; init; }

    [Field("The submission that holds the proof.", Refers = typeof(Submission))]
    public Stores.Id? Submission { get; init; }

    [Field("The page it was given on.", Max = 2048)]
    public string? Page { get; init; }
}

/// <summary>UTM parameters as they came.</summary>
public sealed record Utm
{
    [Field("utm_source", Max = 200)]
    public string? Source { get; init; }

    [Field("utm_medium", Max = 200)]
    public string? Medium { get; init; }

    [Field("utm_campaign", Max = 200)]
    public string? Campaign { get; init; }

    [Field("utm_term", Max = 200)]
    public string? Term { get; init; }

    [Field("utm_content", Max = 200)]
    public string? Content { get; init; }
}

/// <summary>What brought a lead here.</summary>
public sealed record LeadSource
{
    [Field("The form.", Refers = typeof(Form), Is = Is.Indexed)]
    public Stores.Id? Form { get; init; }

    [Field("The tracked link.", Max = 64)]
    public string? Link { get; init; }

    [Field("The campaign.", Max = 64)]
    public string? Campaign { get; init; }

    [Field("The affiliate.", Max = 64)]
    public string? Affiliate { get; init; }

    [Field("The marketing channel, by the rules of GA4's default channel group.", Max = 40, Is = Is.Filterable, Example = "organic-search")]
    public string? Channel { get; init; }

    [Field("UTM parameters.")]
    public Utm Utm { get; init; } = new();

    [Field("Host of the page that led here.", Max = 255)]
    public string? Referrer { get; init; }

    [Field("The page of the form.", Max = 2048)]
    public string? Page { get; init; }
}

/// <summary>One contact: how and when the person came.</summary>
public sealed record LeadTouch
{
    [Field("When.")]
    public DateTimeOffset At { get; init; }

    [Field("What kind of contact: form, click, view, call, visit.", Max = 20)]
    public string Kind { get; init; } = "form";

    [Field("The submission, when it was a form.", Refers = typeof(Submission))]
    public Stores.Id? Submission { get; init; }

    [Field("The click that led to it, when it came by a tracked link.", Refers = typeof(Click))]
    public Stores.Id? Click { get; init; }

    [Field("The marketing channel.", Max = 40)]
    public string? Channel { get; init; }

    [Field("UTM parameters.")]
    public Utm Utm { get; init; } = new();

    [Field("Click ids of advertising networks, exactly as they came: name=value.", Max = 20)]
    public ImmutableArray<string> ClickIds { get; init; } = [];

    [Field("Host of the page that led here.", Max = 255)]
    public string? Referrer { get; init; }

    [Field("The page.", Max = 2048)]
    public string? Page { get; init; }
}

/// <summary>A value that was sent for a field that already had another.</summary>
public sealed record ProposedChange
{
    [Field("Names the proposal in accept and dismiss.", Max = 40)]
    public string Id { get; init; } = "";

    [Field("The field, by its path.", Max = 120)]
    public string Field { get; init; } = "";

    [Field("The proposed value.")]
    public JsonData Value { get; init; } = JsonData.EmptyObject;

    [Field("Who sent it: a submission or a merged lead.", Max = 64)]
    public string By { get; init; } = "";

    [Field("When.")]
    public DateTimeOffset At { get; init; }
}

/// <summary>Which values came from where: one entry for each source and moment.</summary>
public sealed record Provenance
{
    [Field("A submission, an api key, a member or an import.", Max = 64)]
    public string By { get; init; } = "";

    [Field("When.")]
    public DateTimeOffset At { get; init; }

    [Field("The fields it set, by their paths.", Max = 100)]
    public ImmutableArray<string> Fields { get; init; } = [];
}
