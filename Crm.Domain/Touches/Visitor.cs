// A visitor: one browser on a site, from its first page on; a lead's once a form was sent from it.

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Touches;

[Resource(
    "visitor",
    "visitors",
    "visitor",
    "A browser that came to a site and may be recognised.",
    Can = Operations.Read,
    RecordsEvents = false
)]
public sealed record Visitor : Resource, ICounted
{
    [Field("The site it came to first.", Refers = typeof(Site), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Site { get; init; }

    [Field("The lead who sent a form from it.", Refers = typeof(Lead), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Lead { get; init; }

    [Field("The channel it came by first.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string? Channel { get; init; }

    [Field("The click it came by first.", Refers = typeof(Click), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Id? Click { get; init; }

    [Field("The first page.", Max = 2048, Is = Is.ReadOnly | Is.Opaque)]
    public string? LandingPage { get; init; }

    [Field("Host of the page before the first.", Max = 255, Is = Is.ReadOnly | Is.Opaque)]
    public string? Referrer { get; init; }

    [Field("UTM parameters of the first page.", Is = Is.ReadOnly | Is.Opaque)]
    public Utm Utm { get; init; } = new();

    [Field("Click ids of the first page.", Max = 20, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<string> ClickIds { get; init; } = [];

    [Field("Whether its first touch counts as a person's.", Is = Is.ReadOnly | Is.Filterable)]
    public bool Human { get; init; }

    [Field("Another tracker's id of it.", Max = 64, Is = Is.Secret | Is.Unique | Is.Opaque)]
    public string? Alias { get; init; }

    /// <summary>What a visitor is found by that another tracker made. Who knows such an id is the browser it was made in, so it is kept as
    /// its hash.</summary>
    /// <param name="kind">What made it: no id of one kind passes for another's.</param>
    public static string AliasOf(string kind, string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {id}")));

    /// <summary>One that came by a click was counted with it.</summary>
    void ICounted.Count(Counts to)
    {
        if (Human && Click is null)
            to.Add(Subject.Of(new Credit(null, null, null, Channel)), Measures.Visitors);
    }
}
