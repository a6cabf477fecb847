// A touch: one thing that a visitor or a lead did, or that was done with him. The ledger that paths and attribution are read from.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Touches;

/// <summary>The last three are human contact, entered by hand; the others come from pages and e-mails.</summary>
public enum TouchKind
{
    PageView,
    FormView,
    FormStart,
    Outbound,
    Download,
    Open,
    View,
    Conversion,
    Event,

    /// <summary>An advertisement or a banner of a link was shown.</summary>
    Impression,
    Call,
    Visit,
    Meeting,
}

[Resource(
    "touch",
    "touches",
    "touch",
    "One contact with a visitor or a lead: a page seen, a form begun, an e-mail opened, a call.",
    Can = Operations.Read | Operations.Create,
    RecordsEvents = false
)]
public sealed record Touch : Resource, ICounted
{
    [Field("What kind of contact. By hand: call, visit, meeting.", Is = Is.Required | Is.WriteOnce | Is.Indexed, Example = "call")]
    public TouchKind Kind { get; init; } = TouchKind.Event;

    [Field(
        "The lead, when the contact was with a known one. A visitor's touches are found by visitor.",
        Refers = typeof(Lead),
        Is = Is.WriteOnce | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Lead { get; init; }

    [Field(
        "The visitor; none for who asks not to be tracked.",
        Refers = typeof(Visitor),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Visitor { get; init; }

    [Field("When it happened. Of a browser's clock at most a day before it was told, and never later.", Is = Is.WriteOnce | Is.Filterable)]
    public DateTimeOffset? At { get; init; }

    [Field("What was wrong with the browser's clock: past or future.", Max = 10, Is = Is.ReadOnly | Is.NoPerson)]
    public string? Clock { get; init; }

    [Field("What was talked about, or the name of the event.", Max = 1000, Is = Is.WriteOnce | Is.Opaque)]
    public string? Note { get; init; }

    [Field("The site it was told for.", Refers = typeof(Site), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Site { get; init; }

    [Field("The form that was seen or begun.", Refers = typeof(Form), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Form { get; init; }

    [Field(
        "The click on a tracked link that led to the page.",
        Refers = typeof(Click),
        Is = Is.ReadOnly | Is.Filterable,
        OnDelete = OnDelete.Keep
    )]
    public Id? Click { get; init; }

    [Field(
        "That click's link, or the link that was shown.",
        Refers = typeof(Link),
        Is = Is.ReadOnly | Is.Filterable,
        OnDelete = OnDelete.Keep
    )]
    public Id? Link { get; init; }

    [Field("That link's campaign, or the e-mail's.", Refers = typeof(Campaign), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Campaign { get; init; }

    [Field("That link's affiliate.", Refers = typeof(Affiliate), Is = Is.ReadOnly | Is.Filterable, OnDelete = OnDelete.Keep)]
    public Id? Affiliate { get; init; }

    [Field(
        "Whether somebody came from elsewhere with it: by a link, an advertisement, another site, or directly.",
        Is = Is.ReadOnly | Is.Filterable
    )]
    public bool Arrival { get; init; }

    [Field("The marketing channel of an arrival.", Max = 40, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public string? Channel { get; init; }

    /// <summary>What its click is owed to, with the channel of the arrival.</summary>
    public Credit Credit
    {
        get => new(Link, Campaign, Affiliate, Channel);
        init => (Link, Campaign, Affiliate, Channel) = value;
    }

    [Field("The page.", Max = 2048, Is = Is.ReadOnly | Is.Opaque)]
    public string? Page { get; init; }

    [Field("Host of the page before it, when that is another site's.", Max = 255, Is = Is.ReadOnly | Is.Opaque)]
    public string? Referrer { get; init; }

    [Field("Where an outbound or download click led.", Max = 2048, Is = Is.ReadOnly | Is.Opaque)]
    public string? Target { get; init; }

    [Field("UTM parameters.", Is = Is.ReadOnly | Is.Opaque)]
    public Utm Utm { get; init; } = new();

    [Field("Click ids of advertising networks, exactly as they came: name=value.", Max = 20, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<string> ClickIds { get; init; } = [];

    [Field("Whether it counts as a person's.", Is = Is.ReadOnly | Is.Filterable)]
    public bool Human { get; init; }

    [Field("Why it does not count as a person's.", Max = 10, Is = Is.ReadOnly | Is.NoPerson)]
    public ImmutableArray<string> Signals { get; init; } = [];

    [Field("The browser's own description.", Max = 512, Is = Is.ReadOnly | Is.Opaque)]
    public string? UserAgent { get; init; }

    [Field("Network of the address: /24 or /48.", Max = 64, Is = Is.ReadOnly | Is.Opaque)]
    public string? Ip { get; init; }

    void ICounted.Count(Counts to)
    {
        if (Human && Form is { } form && Kind is TouchKind.FormView or TouchKind.FormStart)
            to.Add(Subject.OfForm(Form!.Value), Kind == TouchKind.FormView ? Measures.Views : Measures.Starts);
        else if (Kind == TouchKind.Impression && Human)
            to.Add(Subject.Of(Credit), Measures.Impressions);
        else if (Kind == TouchKind.Open)
            to.Add(Subject.Of(Credit), Human ? Measures.Opens : Measures.RobotOpens);
    }
}
