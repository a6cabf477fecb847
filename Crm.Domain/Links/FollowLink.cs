// A link is followed: decides purely where the visitor goes, then stores the click before he is sent there.

using Crm.Domain.Leads;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Links;

/// <summary>What a request for a link says. Texts are tidy and within the click's limits.</summary>
/// <param name="Query">The parameters of the request, decoded, in order.</param>
/// <param name="Speculative">A browser fetches ahead: nobody has clicked yet.</param>
/// <param name="DoNotTrack">GPC or DNT: no cookie, no ids handed on.</param>
/// <param name="EarlierClick">The sealed click of an earlier visit that the browser brought as our cookie.</param>
/// <param name="Host">The host, with port, that the visitor came to.</param>
public sealed record Visit(
    IReadOnlyList<KeyValuePair<string, string>> Query,
    string? Referrer,
    string? UserAgent,
    string? Ip,
    Navigation Navigation,
    bool Speculative,
    bool DoNotTrack,
    string? EarlierClick = null,
    string Host = ""
);

/// <summary>A link with whose it is, ready to be followed.</summary>
public sealed class KnownLink(WorkspaceSettings settings, Link link)
{
    public WorkspaceSettings Settings => settings;
    public Link Link => link;

    /// <summary>Where it leads; null when that is nowhere.</summary>
    public LinkRoute? Route { get; } = LinkRoute.Of(link, settings.Traffic, settings.Workspace.LinkSchemes);

    /// <summary>By its slug.</summary>
    public static readonly RecordLookup<Link, KnownLink> BySlug = new("slug", (settings, link) => new(settings, link));

    /// <summary>The link as the cause of what is stored.</summary>
    public string By { get; } = link.Id.Text<Link>();
}

public abstract record LinkDecision
{
    /// <summary>Send him there; store the click first.</summary>
    public sealed record Go(string Url, Click Click) : LinkDecision;

    /// <summary>Ask again when somebody really clicks.</summary>
    public sealed record NotYet : LinkDecision;

    /// <summary>The link leads nowhere any more.</summary>
    public sealed record Over : LinkDecision;
}

public sealed class FollowLink(Installation installation, CountUnstored unstored)
{
    readonly SealedId tokens = ClickToken.Of(installation);

    /// <summary>Where the visitor goes. No look at the store, no clock but <paramref name="now"/>; the destination comes from the stored
    /// link only.</summary>
    public static LinkDecision Decide(KnownLink known, Visit visit, Id clickId, string token, DateTimeOffset now)
    {
        var link = known.Link;
        if (!link.Active || link.ExpiresAt <= now || known.Route is not { } route || route.LeadsBackTo(visit.Host))
            return new LinkDecision.Over();
        if (visit.Speculative)
            return new LinkDecision.NotYet();
        var signals = known.Settings.Traffic.SignalsOf(visit.UserAgent, visit.Ip, visit.Navigation);
        var passed = visit.Query.Count == 0 ? visit.Query : Passed(route, visit);
        var arrival = route.Arrive(passed, visit.Referrer);
        var click = new Click
        {
            Id = clickId,
            Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel ?? arrival.Channel),
            Human = signals.Length == 0,
            Signals = signals,
            Utm = arrival.Utm == Utm.None ? null : arrival.Utm,
            Referrer = arrival.ReferrerHost,
            UserAgent = visit.UserAgent,
            Ip = visit.Ip,
            ClickIds = visit.DoNotTrack ? [] : arrival.ClickIds,
            Network = visit.DoNotTrack || link.Affiliate is null ? [] : Postbacks.NetworkParameters.Of(visit.Query),
            First = visit.EarlierClick is null,
        };
        return new LinkDecision.Go(route.Address(passed, token), click);
    }

    const int MostPassed = 30;

    /// <summary>What of the visitor's parameters goes on to the destination.</summary>
    static List<KeyValuePair<string, string>> Passed(LinkRoute route, Visit visit) =>
        [
            .. visit
                .Query.Where(p =>
                    p.Value.Length is > 0 and <= 512
                    && (Arrival.IsClickId(p.Key) ? !visit.DoNotTrack : !route.Sets(p.Key) && (Arrival.IsUtm(p.Key) || route.Passes(p.Key)))
                )
                .DistinctBy(p => p.Key, StringComparer.OrdinalIgnoreCase)
                .Take(MostPassed),
        ];

    /// <summary>
    /// Decides, and when the visitor is to go on, has the click on disk with its counter. While a shared database is away the visitor goes
    /// on, too, and the click is counted later. Throws <see cref="StoreUnavailableException"/> when it could not be stored.
    /// </summary>
    /// <param name="over">It came over a limit: it is counted without being stored, and its seal says what else the click would.</param>
    public async ValueTask<(LinkDecision Decision, string Token)> Run(KnownLink known, Visit visit, bool over, CancellationToken cancel)
    {
        if (unstored.IsInstead(over) || unstored.IsAway)
            return await CountOnly(known, visit);
        try
        {
            return await Store(known, visit, cancel);
        }
        catch (StoreUnavailableException) when (unstored.MayWait)
        {
            return await CountOnly(known, visit);
        }
    }

    async ValueTask<(LinkDecision Decision, string Token)> Store(KnownLink known, Visit visit, CancellationToken cancel)
    {
        var work = new UnitOfWork(installation, known.Settings, known.By);
        var id = work.NextId();
        var token = tokens.Write(known.Settings.Key, id);
        var decision = Decide(known, visit, id, token, work.Now);
        if (decision is LinkDecision.Go go)
        {
            var click = go.Click;
            var lead = await LeadOf(known, visit, work, cancel);
            if (lead is not null || !click.First)
                // A cookie that is not ours is none.
                click = click with { Lead = lead, First = ClickToken.Read(installation, known.Settings.Key, visit.EarlierClick) is null };
            click = work.Insert(click, null);
            if (lead is { } named && click.Human)
                work.RecordEvent(
                    "lead.clicked",
                    named.Text<Lead>(),
                    writer => writer.WriteString("link", known.By),
                    click.Id.Text<Click>()
                );
            await work.Commit(cancel);
        }
        return (decision, token);
    }

    async ValueTask<(LinkDecision Decision, string Token)> CountOnly(KnownLink known, Visit visit)
    {
        var id = installation.Ids.Next();
        var human = known.Settings.Traffic.SignalsOf(visit.UserAgent, visit.Ip, visit.Navigation).Length == 0;
        var token = ClickToken.WriteUnstored(installation, known.Settings.Key, new(id, known.Link.Id, human));
        var decision = Decide(known, visit, id, token, installation.Now);
        if (decision is LinkDecision.Go { Click: var click })
            await unstored.Run(
                known.Settings,
                click.First ? click : click with { First = ClickToken.Read(installation, known.Settings.Key, visit.EarlierClick) is null },
                "click",
                human,
                known.By
            );
        return (decision, token);
    }

    /// <summary>The lead that the link was given to; null without its seal, when there is no such lead any more, and for who asks not to be
    /// tracked.</summary>
    async ValueTask<Id?> LeadOf(KnownLink known, Visit visit, UnitOfWork work, CancellationToken cancel)
    {
        var token = visit.DoNotTrack ? null : visit.Query.FirstOrDefault(p => p.Key == LeadToken.Parameter).Value;
        return token is null ? null : await LeadToken.Find(work, known.Link.Id, token, cancel);
    }
}
