// A postback that we send: an address of a partner's system with places to fill in, called when something counts.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Postbacks;

[Resource(
    "postback",
    "postbacks",
    "pback",
    "An address of a partner's system that is called when a lead, a conversion or a commission counts for it."
)]
public sealed record OutgoingPostback : Resource
{
    [Field("What people call it.", Max = 150, Is = Is.Searchable, Example = "Network, sales")]
    public string? Name { get; init; }

    [Field(
        "The address, http or https, with places such as {click_id} behind the host; [[click_id]] and #click_id# are the same. A place that is not known stays empty.",
        Max = 2048,
        Is = Is.Required,
        Example = "https://network.example.org/p?cid={click_id}&payout={payout}"
    )]
    public string? Url { get; init; }

    [Field(
        "What it is called for: lead, a conversion's type, conversion.reversed, commission.approved, commission.paid, commission.reversed.",
        Max = 20,
        Is = Is.Required,
        Example = "sale"
    )]
    public ImmutableArray<string> On { get; init; } = [];

    [Field("Only what counts for this affiliate.", Refers = typeof(Affiliate), Is = Is.Indexed)]
    public Id? Affiliate { get; init; }

    [Field("Only what counts for this campaign.", Refers = typeof(Campaign), Is = Is.Indexed)]
    public Id? Campaign { get; init; }

    [Field("Only what counts for this link.", Refers = typeof(Link), Is = Is.Indexed)]
    public Id? Link { get; init; }

    [Field("Whether it is called.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("When the product stopped calling it.", Is = Is.ReadOnly)]
    public DateTimeOffset? DisabledAt { get; init; }

    [Field("Why: gone (it answered 410) or attempts_used (nothing arrived for days).", Max = 40, Is = Is.ReadOnly)]
    public string? DisabledBecause { get; init; }
}
