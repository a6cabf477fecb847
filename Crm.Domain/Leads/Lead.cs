// A lead: a person who is not yet a customer, with everything known of him and where each value came from.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Customers;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Leads;

public enum LeadStatus
{
    New,
    Working,
    Qualified,
    Unqualified,
    Converted,
}

[Resource(
    "lead",
    "leads",
    "lead",
    "A person who is not yet a customer. One person is one lead: an e-mail address belongs to one lead; a phone number may be shared.",
    TakesCustomFields = true
)]
public sealed record Lead : Person, ICounted
{
    /// <summary>Characters of the team's notes.</summary>
    public const int MostNotes = 16384;

    /// <summary>Becoming a customer is more than a word: it makes one.</summary>
    public static readonly StateTable States = StateTable
        .Of<Lead, LeadStatus>("status", lead => lead.Status)
        .Patch(LeadStatus.New, LeadStatus.Working, LeadStatus.Qualified, LeadStatus.Unqualified)
        .Verb("convert", LeadStatus.Converted, LeadStatus.New, LeadStatus.Working, LeadStatus.Qualified, LeadStatus.Unqualified);

    [Field("The person's id in another system, such as a shop.", Max = 120, Is = Is.Unique | Is.Opaque, Example = "user_1001")]
    public string? ExternalId { get; init; }

    [Field(
        "What the person is interested in.",
        Max = 500,
        Is = Is.Filterable | Is.Searchable | Is.FromForms | Is.Opaque,
        Example = "Solar panels"
    )]
    public string? Interest { get; init; }

    [Field("The person's first message.", Kind = TextKind.Long, Max = 16384, Is = Is.Personal | Is.FromForms)]
    public string? Message { get; init; }

    [Field("How far it got.", Is = Is.Indexed)]
    public LeadStatus Status { get; init; }

    [Field("How promising it is.", Min = -1_000_000, Max = 1_000_000, Is = Is.Sortable)]
    public long Score { get; init; }

    [Field("The member who looks after the lead.", Refers = typeof(Member), Is = Is.Indexed)]
    public Stores.Id? Owner { get; init; }

    [Field("Words to group leads by.", Max = 50, Is = Is.Indexed | Is.FromForms | Is.Opaque, Example = "fair")]
    public ImmutableArray<string> Tags { get; init; } = [];

    [Field("What the team should know.", Kind = TextKind.Long, Max = MostNotes, Is = Is.Personal)]
    public string? Notes { get; init; }

    [Field("What the person agreed to or refused, and when; only grows.", Max = 200, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<GivenConsent> Consent { get; init; } = [];

    [Field("What brought the lead here.", Is = Is.ReadOnly)]
    public LeadSource? Source { get; init; }

    [Field("The first contact that is known.", Is = Is.ReadOnly | Is.Opaque)]
    public LeadTouch? FirstTouch { get; init; }

    [Field("The last contact.", Is = Is.ReadOnly | Is.Opaque)]
    public LeadTouch? LastTouch { get; init; }

    [Field("The customer that the lead became.", Refers = typeof(Customer), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Stores.Id? Customer { get; init; }

    [Field(
        "How many values somebody sent that differ from what is known: proposed changes that a member accepts or dismisses.",
        Is = Is.ReadOnly
    )]
    public long ProposedChangeCount { get; init; }

    [Field("What these proposed changes take of the lead's budget, in bytes.", Is = Is.ReadOnly)]
    public long ProposedChangeBytes { get; init; }

    [Field("How many more there would be, if there had been room: these are in the submissions only.", Is = Is.ReadOnly)]
    public long ProposedChangesNotKept { get; init; }

    [Field("Where each value came from and when.", Max = 500, Is = Is.ReadOnly)]
    public ImmutableArray<Provenance> Provenance { get; init; } = [];

    [Field("Leads that were merged into this one.", Max = 100, Refers = typeof(Lead), Is = Is.ReadOnly)]
    public ImmutableArray<Stores.Id> MergedFrom { get; init; } = [];

    /// <summary>Proposed changes as an older version kept them, in the lead itself. Only read: the first start moves them out
    /// (<see cref="MoveProposals"/>).</summary>
    public JsonData? InnerProposals { get; init; }

    [Field("Whether there are such.", Is = Is.Secret | Is.Indexed)]
    public bool? HoldsProposals => InnerProposals is null ? null : true;

    public override string? OtherSystemsId => ExternalId;

    public override Resource WithOlderMember(string name, System.Text.Json.JsonElement value) =>
        name == "proposedChanges" && value.ValueKind == System.Text.Json.JsonValueKind.Array && value.GetArrayLength() > 0
            ? this with
            {
                InnerProposals = JsonData.From(value),
            }
            : this;

    void ICounted.Count(Counts to)
    {
        var of = Subject.Of(Source?.Credit ?? default);
        to.Add(of, Measures.Leads);
        if (Status == LeadStatus.Converted)
            to.Add(of, Measures.Customers);
    }

    public override Resource Tidy() => (Lead)base.Tidy() with { Tags = [.. Tags.Distinct()] };

    public override void Check(FieldErrors errors)
    {
        if (Emails.Length == 0 && Phones.Length == 0 && FirstName is null && LastName is null && Company is null)
            errors.Add("email", "required", "A lead needs an e-mail address, a phone number, a name or a company.");
    }
}

/// <summary>One answer to one question about consent. Current state is the last entry of a purpose.</summary>
public sealed record GivenConsent
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

/// <summary>What brought a lead here.</summary>
public sealed record LeadSource
{
    [Field("The form.", Refers = typeof(Form), Is = Is.Indexed)]
    public Stores.Id? Form { get; init; }

    [Field("The tracked link.", Refers = typeof(Link))]
    public Stores.Id? Link { get; init; }

    [Field("The campaign.", Refers = typeof(Campaign))]
    public Stores.Id? Campaign { get; init; }

    [Field("The affiliate.", Refers = typeof(Affiliate))]
    public Stores.Id? Affiliate { get; init; }

    [Field(
        "The marketing channel, by the rules of GA4's default channel group.",
        Max = 40,
        Is = Is.Indexed | Is.NoPerson,
        Example = "organic-search"
    )]
    public string? Channel { get; init; }

    /// <summary>What the lead is owed to.</summary>
    public Credit Credit
    {
        get => new(Link, Campaign, Affiliate, Channel);
        init => (Link, Campaign, Affiliate, Channel) = value;
    }

    [Field("UTM parameters.", Is = Is.Opaque)]
    public Utm Utm { get; init; } = new();

    [Field("Host of the page that led here.", Max = 255, Is = Is.Opaque)]
    public string? Referrer { get; init; }

    [Field("The page of the form.", Max = 2048, Is = Is.Opaque)]
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

/// <summary>Which values came from where: one entry for each source and moment.</summary>
public sealed record Provenance
{
    [Field("A submission, an api key, a member or an import.", Max = 64, Is = Is.NoPerson)]
    public string By { get; init; } = "";

    [Field("When.")]
    public DateTimeOffset At { get; init; }

    [Field("The fields it set, by their paths.", Max = 100, Is = Is.NoPerson)]
    public ImmutableArray<string> Fields { get; init; } = [];
}
