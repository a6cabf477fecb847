// A receipt of what a person agreed to or refused: the exact words, what for, where and when; each is chained to the one before.

using Crm.Domain.Customers;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Consents;

/// <summary>How it came.</summary>
public enum ConsentMethod
{
    /// <summary>Entered over the API: said on the phone, on paper, in another system.</summary>
    Entered,

    /// <summary>A box of a form.</summary>
    Form,

    /// <summary>The person themselves, by the receipt's link.</summary>
    Link,

    /// <summary>The entry that gave it was taken out of the lead, or put away.</summary>
    TakenBack,
}

/// <summary>Why the person's data may be used.</summary>
public enum ConsentBasis
{
    Consent,
    LegitimateInterest,
    Contract,
    LegalObligation,
    VitalInterest,
    PublicTask,
    CreditProtection,
}

/// <summary>
/// Never changed and never deleted: what ends it is a receipt of its own. What it says is hashed under a key of its own, and the chain
/// holds that hash only; erasing the person takes key and words away and breaks no link.
/// </summary>
[Resource(
    "consent",
    "consents",
    "cons",
    "A receipt of what a person agreed to or refused. Receipts are only added; what withdraws one is a receipt too. They are chained in their order: POST /v1/consents/verify finds one that was changed or is missing.",
    Can = Operations.Read | Operations.Create
)]
public sealed record ConsentReceipt : Resource
{
    [Field(
        "Whose it is: a lead, a customer, or both when they are one person.",
        Refers = typeof(Lead),
        Is = Is.WriteOnce | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Lead { get; init; }

    [Field("The customer.", Refers = typeof(Customer), Is = Is.WriteOnce | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Customer { get; init; }

    [Field(
        "What for, in letters, digits, hyphens, dots and underscores.",
        Max = 60,
        Is = Is.Required | Is.WriteOnce | Is.Indexed | Is.NoPerson,
        Example = "email-marketing"
    )]
    public string? Purpose { get; init; }

    [Field("Agreed, or refused or withdrawn.", Is = Is.WriteOnce | Is.Filterable)]
    public bool Granted { get; init; } = true;

    [Field("Lawful basis.", Is = Is.WriteOnce)]
    public ConsentBasis Basis { get; init; }

    [Field(
        "The exact text that was shown.",
        Kind = TextKind.Long,
        Max = 4000,
        Is = Is.WriteOnce | Is.Opaque,
        Example = "I agree to e-mails with offers."
    )]
    public string? Text { get; init; }

    [Field("Which version of the text; of a form's box the version of the form.", Max = 40, Is = Is.WriteOnce | Is.Opaque, Example = "7")]
    public string? TextVersion { get; init; }

    [Field("The language it was shown in.", Kind = TextKind.Language, Is = Is.WriteOnce)]
    public string? Language { get; init; }

    [Field("The page it was given on.", Max = 2048, Is = Is.WriteOnce | Is.Opaque)]
    public string? Page { get; init; }

    [Field("When it was given, refused or withdrawn; now unless it is said.", Is = Is.WriteOnce | Is.Sortable)]
    public DateTimeOffset? At { get; init; }

    [Field("How it came.", Is = Is.ReadOnly | Is.Filterable)]
    public ConsentMethod Method { get; init; }

    [Field("The form.", Refers = typeof(Form), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Id? Form { get; init; }

    [Field("The entry that holds the proof.", Refers = typeof(Submission), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Submission { get; init; }

    [Field("The receipt that this one ends.", Refers = typeof(ConsentReceipt), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Id? Withdraws { get; init; }

    [Field("When a later receipt ended it.", Is = Is.ReadOnly)]
    public DateTimeOffset? WithdrawnAt { get; init; }

    [Field(
        "The lead or customer as it was called when it was given: a merge may have made it another's since.",
        Max = 64,
        Is = Is.ReadOnly | Is.NoPerson
    )]
    public string GivenBy { get; init; } = "";

    [Field("Its place in the chain, from 1; null for the moment until it has one.", Is = Is.ReadOnly | Is.Sortable)]
    public long? Seq { get; init; }

    [Field("The keyed hash of what it says.", Max = 64, Is = Is.ReadOnly | Is.NoPerson)]
    public string Content { get; init; } = "";

    [Field("The hash of the receipt before; empty for the first.", Max = 64, Is = Is.ReadOnly | Is.NoPerson)]
    public string? Previous { get; init; }

    [Field("The keyed hash of its place, the receipt before, and its content.", Max = 64, Is = Is.ReadOnly | Is.NoPerson)]
    public string? Hash { get; init; }

    /// <summary>Base64; gone with the person.</summary>
    [Field("The key of its content's hash.", Max = 60, Is = Is.Secret | Is.Opaque)]
    public string? Key { get; init; }

    [Field("Whether it has its place in the chain.", Is = Is.Secret | Is.Indexed)]
    public bool Chained { get; init; }

    public bool CanBeWithdrawn => Granted && WithdrawnAt is null;

    public override void Check(FieldErrors errors)
    {
        if (Lead is null && Customer is null)
            errors.Add("lead", "required", "Say whose it is: a lead or a customer.");
        if (Purpose is { } purpose && purpose.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            errors.Add("purpose", "invalid_purpose", "Must hold only letters, digits, hyphens, dots and underscores.");
    }
}

/// <summary>Where the chain ends, so that receipts cut off its end are missed.</summary>
[Resource("consentChain", "consent-chains", "chain", "Where a chain of receipts ends.", Can = Operations.None, RecordsEvents = false)]
public sealed record ConsentChain : Resource
{
    [Field("Of which receipts.", Max = 40, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Name { get; init; } = OfConsents;

    [Field("The last place.", Is = Is.Secret)]
    public long Seq { get; init; }

    [Field("The last hash.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Hash { get; init; } = "";

    public const string OfConsents = "consents";
}
