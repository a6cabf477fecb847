// A click on a tracked link: stored before the visitor is sent on, robots' too.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Links;

[Resource("click", "clicks", "click", "Somebody followed a tracked link.", Can = Operations.Read, RecordsEvents = false)]
public sealed record Click : Resource, ICounted
{
    [Field("The link.", Refers = typeof(Link), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Stores.Id? Link { get; init; }

    [Field("The link's campaign then.", Refers = typeof(Campaign), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Stores.Id? Campaign { get; init; }

    [Field("The link's affiliate then.", Refers = typeof(Affiliate), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Stores.Id? Affiliate { get; init; }

    [Field(
        "The lead who clicked: named by his own link, or by the form that he sent afterwards.",
        Refers = typeof(Leads.Lead),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Stores.Id? Lead { get; init; }

    [Field("The marketing channel.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string? Channel { get; init; }

    /// <summary>What it is owed to.</summary>
    public Credit Credit
    {
        get => new(Link, Campaign, Affiliate, Channel);
        init => (Link, Campaign, Affiliate, Channel) = value;
    }

    [Field("Whether it counts as a person's.", Is = Is.ReadOnly | Is.Filterable)]
    public bool Human { get; init; }

    [Field("Whether the browser brought no earlier click of this workspace: a visitor who is new by links.", Is = Is.ReadOnly)]
    public bool First { get; init; }

    [Field("Why it does not count as a person's.", Max = 10, Is = Is.ReadOnly | Is.NoPerson)]
    public ImmutableArray<string> Signals { get; init; } = [];

    [Field("Host of the page the link was on.", Max = 255, Is = Is.ReadOnly | Is.Opaque)]
    public string? Referrer { get; init; }

    [Field("The browser's own description.", Max = 512, Is = Is.ReadOnly | Is.Opaque)]
    public string? UserAgent { get; init; }

    [Field("Network of the address: /24 or /48.", Max = 64, Is = Is.ReadOnly | Is.Opaque)]
    public string? Ip { get; init; }

    [Field(
        "Click ids of advertising networks, exactly as they came: name=value. None when the visitor asks not to be tracked.",
        Max = 20,
        Is = Is.ReadOnly | Is.Opaque
    )]
    public ImmutableArray<string> ClickIds { get; init; } = [];

    [Field("UTM parameters of the destination; none when it has none.", Is = Is.ReadOnly | Is.Opaque)]
    public Utm? Utm { get; init; }

    [Field(
        "What the affiliate's network said of the click in the link's parameters: name=value. None when the visitor asks not to be tracked.",
        Max = 12,
        Is = Is.ReadOnly | Is.Opaque
    )]
    public ImmutableArray<string> Network { get; init; } = [];

    void ICounted.Count(Counts to)
    {
        var of = Subject.Of(Credit);
        to.Add(of, Human ? Measures.Clicks : Measures.Robots);
        if (Human && First)
            to.Add(of, Measures.Visitors);
    }
}
