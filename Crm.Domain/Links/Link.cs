// A tracked link: where it leads, and what its clicks count for.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Links;

[Resource("link", "links", "link", "A tracked link: /l/{slug} leads to its destination and counts.")]
public sealed record Link : Resource, ICosts
{
    [Field(
        "The last part of its address: letters, digits, - and _, kept in lower case. Made when it is not given.",
        Max = 60,
        Is = Is.UniqueEverywhere,
        Example = "spring"
    )]
    public string Slug { get; init; } = "";

    [Field(
        "Where it leads: a web address, or one of an app whose scheme is among the workspace's linkSchemes.",
        Max = 2048,
        Is = Is.Required | Is.Searchable,
        Example = "https://www.silva.example.org/offer"
    )]
    public string? Destination { get; init; }

    [Field("What people call it.", Max = 150, Is = Is.Searchable | Is.Sortable, Example = "Newsletter, top")]
    public string? Name { get; init; }

    [Field("The campaign it belongs to.", Refers = typeof(Campaign), Is = Is.Indexed)]
    public Stores.Id? Campaign { get; init; }

    [Field("The affiliate who shows it.", Refers = typeof(Affiliate), Is = Is.Indexed)]
    public Stores.Id? Affiliate { get; init; }

    [Field("The marketing channel; empty: told from what the visitor brings.", Max = 40, Is = Is.Filterable, Example = "email")]
    public string? Channel { get; init; }

    [Field("Parameters added to the destination: name=value.", Max = 20, Example = "utm_source=newsletter")]
    public ImmutableArray<string> Parameters { get; init; } = [];

    [Field(
        "Names of further parameters that go on from the link's address to the destination, in any case; * for all. UTM parameters and click ids of advertising networks always do.",
        Max = 30,
        Example = "coupon"
    )]
    public ImmutableArray<string> PassOn { get; init; } = [];

    [Field("When it stops leading anywhere.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Field("Whether it leads anywhere.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("What it cost by itself, as an advertisement does, entry by entry. It counts for its campaign too.", Max = 500)]
    public ImmutableArray<CostEntry> Costs { get; init; } = [];

    [Field(
        "Its address in full, as visitors are given it: on the linkDomain of the site that it leads to, or of the workspace's first site that has one, else /l/{slug} of the product.",
        Max = 400,
        MadeOf = nameof(Slug),
        Example = "https://go.silva.example.org/spring"
    )]
    public string? ShortUrl { get; init; }

    [Field(
        "Where that address is a QR code to print, as SVG; asked for with a key. scale=1 to 40 says how large.",
        Max = 400,
        MadeOf = nameof(Slug),
        Example = "https://crm.example.org/v1/links/link_01h455vb4pex5vsknk084sn02q/qr.svg"
    )]
    public string? QrUrl { get; init; }

    [Field(
        "The same as PNG.",
        Max = 400,
        MadeOf = nameof(Slug),
        Example = "https://crm.example.org/v1/links/link_01h455vb4pex5vsknk084sn02q/qr.png"
    )]
    public string? QrPngUrl { get; init; }

    Subject ICosts.CostsOf => Subject.Of(new Credit(Id, Campaign, Affiliate, Channel));
}
