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
    /// <param name="Passed">What of the visitor's parameters goes on to the destination.</param>
    public sealed record Go(Click Click, LinkRoute Route, IReadOnlyList<KeyValuePair<string, string>> Passed) : LinkDecision
    {
        /// <param name="token">The sealed click.</param>
        public string Url(string token) => Route.Address(Passed, token);
    }

    /// <summary>Ask again when somebody really clicks.</summary>
    public sealed record NotYet : LinkDecision;

    /// <summary>The link leads nowhere any more.</summary>
    public sealed record Over : LinkDecision;
}

public sealed class FollowLink(Installation installation, CountUnstored unstored)
{
    /// <summary>Where the visitor goes. No look at the store, no clock but <paramref name="now"/>; the destination comes from the stored
    /// link only.</summary>
    public static LinkDecision Decide(KnownLink known, Visit visit, Id clickId, DateTimeOffset now)
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
        return new LinkDecision.Go(click, route, passed);
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
    /// <param name="over">It came over a limit: it is counted without being stored.</param>
    /// <returns>With the sealed click when the visitor is to go on; else with none.</returns>
    public async ValueTask<(LinkDecision Decision, string Token)> Run(KnownLink known, Visit visit, bool over, CancellationToken cancel)
    {
        var work = new UnitOfWork(installation, known.Settings, known.By);
        var decision = Decide(known, visit, work.NextId(), work.Now);
        if (decision is not LinkDecision.Go { Click: var click })
            return (decision, "");
        var token = ClickToken.Write(installation, known.Settings.Key, click.Id, known.Link.Id, click.Human);
        // A cookie that is not ours is none.
        if (!click.First)
            click = click with { First = ClickToken.Read(installation, known.Settings.Key, visit.EarlierClick) is null };
        if (unstored.IsInstead(over) || unstored.IsAway)
            await Count(known, click);
        else
            try
            {
                await Store(known, visit, work, click, cancel);
            }
            catch (StoreUnavailableException) when (unstored.MayWait)
            {
                await Count(known, click);
            }
        return (decision, token);
    }

    Task Count(KnownLink known, Click click) => unstored.Run(known.Settings, click, "click", click.Human, known.By);

    static async ValueTask Store(KnownLink known, Visit visit, UnitOfWork work, Click click, CancellationToken cancel)
    {
        if (await LeadOf(known, visit, work, cancel) is { } lead)
        {
            click = click with { Lead = lead };
            if (click.Human)
                work.RecordEvent("lead.clicked", lead.Text<Lead>(), writer => writer.WriteString("link", known.By), click.Id.Text<Click>());
        }
        work.Insert(click, null);
        await work.Commit(cancel);
    }

    /// <summary>The lead that the link was given to; null without its seal, when there is no such lead any more, and for who asks not to be
    /// tracked.</summary>
    static async ValueTask<Id?> LeadOf(KnownLink known, Visit visit, UnitOfWork work, CancellationToken cancel)
    {
        var token = visit.DoNotTrack ? null : visit.Query.FirstOrDefault(p => p.Key == LeadToken.Parameter).Value;
        return token is null ? null : await LeadToken.Find(work, known.Link.Id, token, cancel);
    }
}
