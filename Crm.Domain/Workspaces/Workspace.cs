// A workspace: whose data it is. Everything else belongs to exactly one.

using System.Collections.Immutable;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Workspaces;

[Resource(
    "workspace",
    "workspaces",
    "ws",
    "Whose data it is. A key sees its own workspace only.",
    Can = Operations.Read | Operations.Create | Operations.Update
)]
public sealed record Workspace : Resource
{
    [Field("What people call it.", Max = 100, Is = Is.Required, Example = "Silva Ltda")]
    public string? Name { get; init; }

    [Field("The country of phone numbers that come without a country code.", Kind = TextKind.Country, Example = "BR")]
    public string? DefaultCountry { get; init; }

    [Field("In which days and hours are counted.", Kind = TextKind.TimeZone, Example = "America/Sao_Paulo")]
    public string TimeZone { get; init; } = "UTC";

    [Field("Whether GraphQL runs trusted documents only.")]
    public bool TrustedDocumentsOnly { get; init; }

    [Field(
        "Schemes of apps that tracked links may lead to, besides http and https: myapp for myapp://offer/7.",
        Max = 20,
        Example = "myapp"
    )]
    public ImmutableArray<string> LinkSchemes { get; init; } = [];

    [Field("The firm, for the foot of mails and documents.")]
    public Seller Seller { get; init; } = new();

    [Field("When the firm is there; null: at any time.")]
    public Hours? Hours { get; init; }

    public override void Check(FieldErrors errors)
    {
        Hours?.Check(errors, "hours.");
        for (var i = 0; i < LinkSchemes.Length; i++)
            if (!LinkDestination.MayBeScheme(LinkSchemes[i]))
                errors.Add($"linkSchemes.{i}", "invalid", "Must be the scheme of an app in lower case, such as myapp.");
    }

    /// <summary>The store's key of this workspace (see <see cref="Stores.WorkspaceKey"/>).</summary>
    [Field("The store's number of this workspace.", Is = Is.Secret)]
    public long Number { get; init; }

    /// <summary>Keeps two workspaces that are made at once from sharing a number.</summary>
    [Field("The number as a unique key.", Is = Is.Secret | Is.UniqueEverywhere)]
    public string NumberClaim => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
