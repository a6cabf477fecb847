// A site: a website of the workspace and the origins its pages are served from.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Text;

namespace Crm.Domain.Sites;

public enum LinkDomainStatus
{
    Proved,

    /// <summary>Until its DNS says that this workspace may have it.</summary>
    Waiting,
}

[Resource("site", "sites", "site", "A website and the origins that may post its forms.")]
public sealed record Site : Resource
{
    [Field("What people call it.", Max = 100, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Silva shop")]
    public string? Name { get; init; }

    [Field("Its home page.", Kind = TextKind.Url, Example = "https://www.silva.example.org/")]
    public string? Url { get; init; }

    [Field(
        "Origins whose pages may post the site's forms and call the API from a browser.",
        Kind = TextKind.Origin,
        Max = 50,
        Is = Is.Filterable,
        Example = "https://www.silva.example.org"
    )]
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];

    [Field(
        "A host of its own for tracked links, without scheme: https://go.example.org/spring leads where /l/spring does, once it is proved. Its DNS must point here.",
        Max = 253,
        Is = Is.Filterable,
        Example = "go.silva.example.org"
    )]
    public string? LinkDomain { get; init; }

    [Field("Whether linkDomain is served: not while it waits for its proof. null without one.", Is = Is.ReadOnly)]
    public LinkDomainStatus? LinkDomainStatus { get; init; }

    [Field("What a TXT record of _crm.<linkDomain> has to say before prove; none once it is proved.", Max = 60, Is = Is.ReadOnly)]
    public string? LinkDomainProof { get; init; }

    /// <summary>The domain that serves links: one workspace of the installation has it. A claim without proof keeps nobody from
    /// theirs. Those that were stored before there was a proof have no status, and go on.</summary>
    [Field("The domain once it is proved.", Max = 253, Is = Is.Secret | Is.UniqueEverywhere)]
    public string? ServedDomain => LinkDomainStatus == Sites.LinkDomainStatus.Waiting ? null : LinkDomain;

    [Field("Names the site in /t.js, /t/events and /t/pixel.gif. Public.", Max = 40, Is = Is.ReadOnly | Is.UniqueEverywhere)]
    public string? Key { get; init; }

    [Field("Whether a visitor must have agreed before his browser keeps an id: crm('consent', true).", Is = Is.Filterable)]
    public bool TrackingNeedsConsent { get; init; }

    [Field(
        "Its number in Matomo's parameters (idsite). Made when it is not given.",
        Max = 10,
        Is = Is.UniqueEverywhere,
        Example = "104729381"
    )]
    public string? MatomoId { get; init; }

    [Field("What amounts are in that are told without a currency, as by Matomo.", Kind = TextKind.Currency, Example = "EUR")]
    public string? Currency { get; init; }

    [Field(
        "Whether its pages may report leads and sales of people by name, with the publishable key crm_pk_ and the site's key, and sales by a tracking pixel. A page can be made to say anything."
    )]
    public bool ClientConversions { get; init; }

    [Field(
        "The logo on its visitors' pages: a picture as data:image/png;base64,... (PNG, JPEG or WebP, at most 65,536 bytes), or the address of one on the site's own hosts. Without one its initials stand there.",
        Max = SiteLogo.MostText,
        Example = "https://www.silva.example.org/logo.svg"
    )]
    public string? Logo { get; init; }

    [Field("The firm's colour on its visitors' pages, as #rrggbb.", Max = 7, Example = "#1b6e5a")]
    public string? Color { get; init; }

    [Field(
        "What its forms' pages say below their title.",
        Kind = TextKind.Long,
        Max = 500,
        Example = "Ask us. We answer within one working day."
    )]
    public string? Intro { get; init; }

    [Field("What its visitors' pages say about what becomes of their data.", Max = 300, Example = "We use what you send to answer you.")]
    public string? PrivacyText { get; init; }

    [Field("Where the whole of that stands.", Kind = TextKind.Url, Example = "https://www.silva.example.org/privacy")]
    public string? PrivacyUrl { get; init; }

    public override void Check(FieldErrors errors)
    {
        if (SiteLogo.Fault(this) is { } fault)
            errors.Add("logo", "invalid", fault);
        if (Color is { } color && !(color is ['#', .. { Length: 6 } digits] && digits.All(char.IsAsciiHexDigit)))
            errors.Add("color", "invalid", "Must be a colour as #rrggbb, such as #1b6e5a.");
        if (
            MatomoId is { } number
            && (number is not [>= '1' and <= '9', ..] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        )
            errors.Add("matomoId", "invalid", "Must be a whole number from 1 to 2147483647, in digits only.");
        if (LinkDomain is { } domain && (!DomainName.TryToAscii(domain, out var ascii, out _) || ascii != domain))
            errors.Add(
                "linkDomain",
                "invalid",
                "Must be a host name in lower case and ASCII, without scheme, port and path: go.example.org."
            );
    }
}
