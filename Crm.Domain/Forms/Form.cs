// A form: what a website may post, who may post it, and what becomes of it.

using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Forms;

public enum FormStatus
{
    Published,
    Draft,
    Closed,
}

/// <summary>What to do with a post of a person who is already a lead.</summary>
public enum DuplicatePolicy
{
    Merge,
    Quarantine,
    Reject,
}

/// <summary>What to do with a post whose phone number is another lead's and which nothing else says to be that person's.</summary>
public enum SharedPhonePolicy
{
    NewLead,
    Quarantine,
}

[Resource("form", "forms", "form", "What a website may post and what becomes of it.")]
public sealed record Form : Resource
{
    [Field("What people call it.", Max = 100, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Contact")]
    public string? Name { get; init; }

    [Field("Names the form in its public address; random.", Max = 40, Is = Is.ReadOnly | Is.UniqueEverywhere)]
    public string Key { get; init; } = "";

    [Field("Only a published form accepts posts; the others keep them as rejected, and they can be processed again.", Is = Is.Filterable)]
    public FormStatus Status { get; init; }

    [Field("The website it stands on; its allowed origins count too.", Refers = typeof(Site), Is = Is.Filterable)]
    public Stores.Id? Site { get; init; }

    [Field("The fields, in order.", Max = 64)]
    public ImmutableArray<FormField> Fields { get; init; } = [];

    [Field(
        "Origins whose pages may post it. Empty here and at the site: any page may.",
        Kind = TextKind.Origin,
        Max = 50,
        Example = "https://www.silva.example.org"
    )]
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];

    [Field("Take www.example.org and example.org for two origins; without it, an allowed one allows the other.")]
    public bool ExactOrigins { get; init; }

    [Field(
        "The charset of the form's pages (a label as in HTML), for posts that say none and are not UTF-8; windows-1252 when empty.",
        Max = 40,
        Example = "windows-1251"
    )]
    public string? PageCharset { get; init; }

    [Field("Hosts that _next may lead to besides those of the allowed origins.", Max = 50, Example = "www.silva.example.org")]
    public ImmutableArray<string> AllowedRedirectHosts { get; init; } = [];

    [Field("What to do when the person is already a lead.")]
    public DuplicatePolicy DuplicatePolicy { get; init; }

    [Field(
        "What to do when only the phone number is a known lead's and it may be another person: a lead of its own, or quarantine until a member says whose it is."
    )]
    public SharedPhonePolicy OnSharedPhone { get; init; }

    [Field("What a post may do to a known lead.")]
    public MergePolicy MergePolicy { get; init; }

    [Field("What the visitor sees afterwards.")]
    public ThankYou ThankYou { get; init; } = new();

    [Field("The member who gets new leads of the form.", Refers = typeof(Member), Is = Is.Filterable)]
    public Stores.Id? Owner { get; init; }

    [Field("Tags for its leads.", Max = 20)]
    public ImmutableArray<string> Tags { get; init; } = [];

    [Field("A field that people do not see; a post that fills it is put into quarantine.", Max = 60)]
    public string Honeypot { get; init; } = "_gotcha";

    [Field(
        "Posts that come sooner after the page was served are put into quarantine. Counts only where a page carries our signed time.",
        Min = 0,
        Max = 60
    )]
    public long MinimumFillSeconds { get; init; } = 2;

    [Field("Keep the visitor's whole IP address instead of its network (/24, /48).")]
    public bool KeepFullIp { get; init; }

    [Field(
        "Language of the hosted page (BCP 47): English, Portuguese, Spanish, French, German, Italian or Dutch; one that is written from right to left is laid out so.",
        Kind = TextKind.Language,
        Example = "en"
    )]
    public string Language { get; init; } = "en";

    [Field("Who of the team hears of its posts by mail; null: nobody.")]
    public FormNotification? Notify { get; init; }

    [Field("What whoever posted is answered by mail; null: nothing.")]
    public FormAnswer? AutoAnswer { get; init; }

    [Field("Whether its posts lead to mails.", Is = Is.Secret | Is.Indexed)]
    public bool Mails => Notify is { Active: true } || AutoAnswer is { Active: true };

    public override void Check(FieldErrors errors)
    {
        if (Notify is { Members.Length: 0, Addresses.Length: 0 })
            errors.Add("notify.addresses", "required", "Name at least one member or address.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Fields.Length; i++)
        {
            var field = Fields[i];
            if (!seen.Add(field.Name!))
                errors.Add($"fields.{i}.name", "duplicate", "Another field has this name.");
            if (field.Kind is FormFieldKind.Choice or FormFieldKind.Choices && field.Choices.Length == 0)
                errors.Add($"fields.{i}.choices", "required", "A choice needs at least one allowed word.");
            if (field.Kind is FormFieldKind.Choices && field.Choices.Any(c => c.Contains(';')))
                errors.Add(
                    $"fields.{i}.choices",
                    "invalid_choice",
                    "A choice must not contain a semicolon: lists of choices are separated by it."
                );
            if (field.Minimum > field.Maximum)
                errors.Add($"fields.{i}.maximum", "out_of_range", "Must not be smaller than minimum.");
        }
        if (PageCharset is { Length: > 0 } && !Charset.TryFind(PageCharset, out _))
            errors.Add("pageCharset", "not_a_choice", "Must be a charset's label as in HTML, for example windows-1251 or shift_jis.");
        if (!FormLanguages.IsKnown(Language))
            errors.Add(
                "language",
                "not_a_choice",
                $"The hosted page does not speak it. Allowed are {string.Join(", ", FormLanguages.Spoken)}, with or without a region, and languages that are written from right to left ({string.Join(", ", FormLanguages.RightToLeft)})."
            );
        if (seen.Contains(Honeypot))
            errors.Add("honeypot", "duplicate", "A visible field has this name.");
        if (Honeypot.Length == 0)
            errors.Add("honeypot", "required", "A value is needed.");
    }
}

public enum FormFieldKind
{
    Text,
    LongText,
    Email,
    Phone,
    Url,
    Integer,
    Number,
    Boolean,
    Date,
    Choice,
    Choices,
    Consent,
    Hidden,
}

public sealed record FormField
{
    [Field("As in the page's name attribute.", Max = 256, Is = Is.Required, Example = "email")]
    public string? Name { get; init; }

    [Field("What people see; the name when empty.", Max = 200, Example = "E-mail")]
    public string? Label { get; init; }

    [Field("What kind of value it takes.")]
    public FormFieldKind Kind { get; init; }

    [Field("Whether it must have a value.")]
    public bool Required { get; init; }

    [Field("The allowed words of a choice.", Max = 200)]
    public ImmutableArray<string> Choices { get; init; } = [];

    [Field("The longest text in characters; 8,192 when empty (32,768 for long text).", Min = 1, Max = 32768)]
    public long? MaxLength { get; init; }

    [Field("The smallest number.")]
    public long? Minimum { get; init; }

    [Field("The largest number.")]
    public long? Maximum { get; init; }

    [Field(
        "The lead's field that takes the value: email, phone, name, firstName, company, message, address.city, custom.budget, ... Empty: it stays in the submission only.",
        Max = 120,
        Example = "email"
    )]
    public string? MapsTo { get; init; }

    [Field("For consent: what for.", Max = 60, Example = "email-marketing")]
    public string? Purpose { get; init; }

    [Field("Help below the field; for consent the exact text that is agreed to.", Kind = TextKind.Long, Max = 4000)]
    public string? Help { get; init; }

    [Field("What the browser may fill in (the autocomplete attribute).", Max = 60, Example = "email")]
    public string? Autocomplete { get; init; }
}

public sealed record ThankYou
{
    /// <summary>As long as a form says nothing of its own; the page says it in its language.</summary>
    public const string Usual = "Thank you. We have received your message.";

    [Field("Shown on our thank-you page.", Kind = TextKind.Long, Max = 2000, Example = "Thank you. We will be in touch.")]
    public string Message { get; init; } = Usual;

    [Field("Where the visitor goes instead of our thank-you page.", Kind = TextKind.Url)]
    public string? Redirect { get; init; }
}
