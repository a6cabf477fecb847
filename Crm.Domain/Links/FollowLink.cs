// A link is followed: decides purely where the visitor goes, then stores the click before he is sent there.

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;
using Crm.Domain.Work;

namespace Crm.Domain.Links;

/// <summary>What a request for a link says. Texts are tidy and within the click's limits.</summary>
/// <param name="Query">The parameters of the request, decoded, in order.</param>
/// <param name="Speculative">A browser fetches ahead: nobody has clicked yet.</param>
/// <param name="DoNotTrack">GPC or DNT: no cookie, no ids handed on.</param>
/// <param name="EarlierClick">The sealed click of an earlier visit that the browser brought as our cookie.</param>
public sealed record Visit(
    IReadOnlyList<KeyValuePair<string, string>> Query,
    string? Referrer,
    string? UserAgent,
    string? Ip,
    bool IsNavigation,
    bool Speculative,
    bool DoNotTrack,
    string? EarlierClick = null
);

/// <summary>A link with whose it is, ready to be followed.</summary>
public sealed class KnownLink(WorkspaceSettings settings, Link link)
{
    public WorkspaceSettings Settings => settings;
    public Link Link => link;

    /// <summary>Where it leads; null when that is nowhere.</summary>
    public LinkRoute? Route { get; } = LinkRoute.Of(link, settings.Traffic);

    /// <summary>The link as the cause of what is stored.</summary>
    public string By { get; } = link.Id.ToString("link");
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

public sealed class FollowLink(Installation installation, byte[] key)
{
    /// <summary>The destination's parameter that carries the signed click.</summary>
    public const string Parameter = "crm_click";

    /// <summary>A link's parameter that names the lead it was given to.</summary>
    public const string LeadParameter = "crm_lead";

    /// <summary>Where the visitor goes. No look at the store, no clock but <paramref name="now"/>; the destination comes from the stored link only.</summary>
    public static LinkDecision Decide(KnownLink known, Visit visit, Id clickId, string token, DateTimeOffset now)
    {
        var link = known.Link;
        if (!link.Active || link.ExpiresAt <= now || known.Route is not { } route)
            return new LinkDecision.Over();
        if (visit.Speculative)
            return new LinkDecision.NotYet();
        var signals = known.Settings.Traffic.SignalsOf(visit.UserAgent, visit.Ip, visit.IsNavigation);
        var passed = visit.Query.Count == 0 ? visit.Query : Passed(route, visit);
        var arrival = route.Arrive(passed, visit.Referrer);
        var click = new Click
        {
            Id = clickId,
            Link = link.Id,
            Campaign = link.Campaign,
            Affiliate = link.Affiliate,
            Channel = link.Channel ?? arrival.Channel,
            Human = signals.Length == 0,
            Signals = signals,
            Utm = arrival.Utm == Leads.Utm.None ? null : arrival.Utm,
            Referrer = arrival.ReferrerHost,
            UserAgent = visit.UserAgent,
            Ip = visit.Ip,
            ClickIds = visit.DoNotTrack ? [] : arrival.ClickIds,
            Network = visit.DoNotTrack || link.Affiliate is null ? [] : Postbacks.NetworkParameters.Of(visit.Query),
            First = visit.EarlierClick is null,
        };
        return new LinkDecision.Go(route.Address(passed, token), click);
    }

    /// <summary>What of the visitor's parameters goes on to the destination.</summary>
    static List<KeyValuePair<string, string>> Passed(LinkRoute route, Visit visit) =>
        [
            .. visit
                .Query.Where(p =>
                    p.Value.Length is > 0 and <= 512
                    && (Arrival.IsUtm(p.Key) && !route.Sets(p.Key) || !visit.DoNotTrack && Arrival.IsClickId(p.Key))
                )
                .Take(20),
        ];

    /// <summary>
    /// Decides, and when the visitor is to go on, has the click on disk with its counter. Throws <see cref="StoreUnavailableException"/> when it could
    /// not be stored.
    /// </summary>
    public async ValueTask<(LinkDecision Decision, string Token)> Run(KnownLink known, Visit visit, CancellationToken cancel)
    {
        var work = new UnitOfWork(installation, known.Settings, known.By);
        var id = work.NextId();
        var token = Token(known.Settings.Key, id);
        var decision = Decide(known, visit, id, token, work.Now);
        if (decision is LinkDecision.Go go)
        {
            var click = go.Click;
            var lead = await LeadOf(known, visit, work, cancel);
            if (lead is not null || !click.First)
                // A cookie that is not ours is none.
                click = click with { Lead = lead, First = !TryRead(known.Settings.Key, visit.EarlierClick, out _) };
            click = work.Insert(click, null);
            if (lead is { } named && click.Human)
                work.Tell(
                    "lead.clicked",
                    named.ToString("lead"),
                    writer => writer.WriteString("link", known.By),
                    click.Id.ToString("click")
                );
            await work.Commit(cancel);
        }
        return (decision, token);
    }

    /// <summary>The lead that the link was given to; null without its seal, when there is no such lead any more, and for who asks not to be tracked.</summary>
    async ValueTask<Id?> LeadOf(KnownLink known, Visit visit, UnitOfWork work, CancellationToken cancel)
    {
        var token = visit.DoNotTrack ? null : visit.Query.FirstOrDefault(p => p.Key == LeadParameter).Value;
        return await TryReadLead(known.Link.Id, token, work, cancel);
    }

    /// <summary>The lead of a token that was sealed for this link, or for the pixel of this site.</summary>
    public async ValueTask<Id?> TryReadLead(Id of, string? token, UnitOfWork work, CancellationToken cancel) =>
        token is { Length: < 80 }
        && token.IndexOf('.') is > 0 and var dot
        && Id.TryParse(token.AsSpan(0, dot), "lead", out var lead)
        && SameText(token[(dot + 1)..], LeadSeal(work.Settings.Key, of, lead))
        && await work.Find<Leads.Lead>(lead, cancel) is not null
            ? lead
            : null;

    /// <summary>A lead's id, sealed for one link of one workspace: whoever gets the link can neither guess another lead's nor use it elsewhere.</summary>
    public string LeadToken(WorkspaceKey workspace, Id link, Id lead) => $"{lead.ToString("lead")}.{LeadSeal(workspace, link, lead)}";

    string LeadSeal(WorkspaceKey workspace, Id link, Id lead)
    {
        Span<byte> text = stackalloc byte[40];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(text, workspace.Value);
        link.CopyTo(text[8..]);
        lead.CopyTo(text[24..]);
        return Hex(text);
    }

    static bool SameText(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    /// <summary>A hash for each thread that stays keyed: keying one anew takes four times as long as using it.</summary>
    readonly ThreadLocal<IncrementalHash> keyed = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));

    string Hex(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        keyed.Value!.AppendData(text);
        keyed.Value.GetHashAndReset(hash);
        return Convert.ToHexStringLower(hash[..10]);
    }

    // ---- The signed click

    /// <summary>A click's id with a seal of this installation and workspace: it cannot be made up, and means nothing elsewhere.</summary>
    public string Token(WorkspaceKey workspace, Id click) => $"{click.ToString("click")}.{Seal(workspace, click)}";

    /// <summary>The click of a token that came back with a form; false for one that is not ours.</summary>
    public bool TryRead(WorkspaceKey workspace, string? token, out Id click)
    {
        click = default;
        return token is { Length: < 80 }
            && token.IndexOf('.') is > 0 and var dot
            && Id.TryParse(token.AsSpan(0, dot), "click", out click)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(token[(dot + 1)..]),
                Encoding.ASCII.GetBytes(Seal(workspace, click))
            );
    }

    string Seal(WorkspaceKey workspace, Id click)
    {
        Span<byte> text = stackalloc byte[24];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(text, workspace.Value);
        click.CopyTo(text[8..]);
        return Hex(text);
    }

    // ---- The signed visitor

    /// <summary>A visitor's id with a seal of this installation and workspace, for his browser to keep.</summary>
    public string VisitorToken(WorkspaceKey workspace, Id visitor) => $"{visitor.ToString("visitor")}.{VisitorSeal(workspace, visitor)}";

    /// <summary>The visitor of a token that a browser brought; false for one that is not ours or of another workspace.</summary>
    public bool TryReadVisitor(WorkspaceKey workspace, string? token, out Id visitor)
    {
        visitor = default;
        return token is { Length: < 80 }
            && token.IndexOf('.') is > 0 and var dot
            && Id.TryParse(token.AsSpan(0, dot), "visitor", out visitor)
            && SameText(token[(dot + 1)..], VisitorSeal(workspace, visitor));
    }

    /// <summary>Another text than a click's, so that neither passes for the other.</summary>
    string VisitorSeal(WorkspaceKey workspace, Id visitor)
    {
        Span<byte> text = stackalloc byte[25];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(text, workspace.Value);
        visitor.CopyTo(text[8..]);
        text[24] = (byte)'v';
        return Hex(text);
    }
}
