// The doors that strangers come to, each a named policy of the framework's rate limiting: what it counts a request by, and what happens
// to one that is over a limit.

using System.Threading.RateLimiting;
using Crm.Api.Limiting;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Microsoft.AspNetCore.RateLimiting;

namespace Crm.Api.Security;

/// <summary>Names for <c>RequireRateLimiting</c>.</summary>
public static class Doors
{
    /// <summary>Posts of forms: over a limit they go on, and are kept in quarantine without their bulk.</summary>
    public const string Form = "form";

    /// <summary>Hosted pages of forms.</summary>
    public const string Page = "page";

    /// <summary>Tracked links: over a limit visitors are sent on, and their clicks are counted without being stored.</summary>
    public const string Link = "link";

    /// <summary>Pixel, events, Matomo, Dub's pages: over a limit what was seen is counted without being stored.</summary>
    public const string Tracker = "tracker";

    /// <summary>Reports of affiliates' networks.</summary>
    public const string Postback = "postback";

    /// <summary>Mails that mail servers hand over.</summary>
    public const string Mail = "mail";

    /// <summary>Pictures of reports at their sealed addresses.</summary>
    public const string Picture = "picture";

    /// <summary>GraphQL as long as nobody has said who they are.</summary>
    public const string Open = "open";

    /// <summary>Links to reports: each counts as a key does.</summary>
    public const string Share = "share";
}

/// <summary>What a request at a door is about, as <see cref="Access"/> found it.</summary>
/// <param name="Key">Null: nothing that is known.</param>
public readonly record struct DoorSubject(string? Key, long Workspace);

/// <param name="find">What the request is about; null: it is not counted here, as it has a key, which has limits of its own.</param>
/// <param name="keys">The buckets, the narrowest first; those that all visitors share come last.</param>
/// <param name="goesOn">Whether a request that is over a limit goes on to its endpoint, which looks at <see
/// cref="Passage.Over"/>.</param>
public sealed class Door(
    string name,
    RateLimits limits,
    Func<HttpContext, DoorSubject?> find,
    Func<Passage, IEnumerable<LimitKey>> keys,
    bool goesOn = false
) : IRateLimiterPolicy<Passage>
{
    public string Name => name;

    public LimitKey[] KeysOf(Passage passage) => passage.Network == 0 && passage.Of is null ? [] : [.. keys(passage)];

    public RateLimitPartition<Passage> GetPartition(HttpContext httpContext)
    {
        var passage = find(httpContext) is { } subject
            ? new Passage(this, Networks.Of(httpContext.Connection.RemoteIpAddress), subject.Key, subject.Workspace)
            : new Passage(this, 0, null, 0);
        httpContext.Features.Set(passage);
        return new(passage, limits.ChainOf);
    }

    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = goesOn ? limits.GoOn : null;

    // ---- The doors there are

    internal static IReadOnlyList<Door> All(RateLimits limits)
    {
        var table = limits.Table;
        return
        [
            new(
                Doors.Form,
                limits,
                // A server that posts with its key posts for many visitors from one address.
                http =>
                    http.Features.Get<Caller>() is not null ? null
                    : http.Features.Get<PlannedForm>() is { } form ? new(form.Form.Key, form.Settings.Key.Value)
                    : new(null, 0),
                passage =>
                    [
                        .. passage.Of is null ? [] : By(table.FormAddress, passage, passage.Of),
                        .. By(table.Address, passage),
                        .. Shared(passage, table.Form, table.WorkspaceForms),
                    ],
                goesOn: true
            ),
            new(
                Doors.Page,
                limits,
                http => http.Features.Get<Caller>() is null ? new(null, 0) : null,
                passage => By(table.Address, passage),
                goesOn: true
            ),
            new(
                Doors.Link,
                limits,
                http =>
                    http.Features.Get<FoundLink>()?.Link is { } known ? new(known.By, known.Settings.Key.Value) : new DoorSubject(null, 0),
                passage => [.. By(table.LinkAddress, passage), .. Shared(passage, table.Link, table.WorkspaceLinks)],
                goesOn: true
            ),
            new(
                Doors.Tracker,
                limits,
                http =>
                    http.Features.Get<Caller>() is not null ? null
                    : http.Features.Get<KnownSite>() is { } site ? new(site.Site.Key, site.Settings.Key.Value)
                    : new(null, 0),
                passage => [.. By(table.TrackerAddress, passage), .. Shared(passage, table.TrackerSite, table.WorkspaceTracker)],
                goesOn: true
            ),
            new(
                Doors.Postback,
                limits,
                http => new(http.Request.RouteValues["affiliateKey"] as string, 0),
                passage => [.. By(table.PostbackAddress, passage), .. Shared(passage, table.Postback, null)]
            ),
            new(Doors.Mail, limits, _ => new(null, 0), passage => By(table.MailAddress, passage)),
            new(Doors.Picture, limits, _ => new(null, 0), passage => By(table.PictureAddress, passage)),
            new(
                Doors.Open,
                limits,
                http => http.Features.Get<Caller>() is null ? new(null, 0) : null,
                passage => By(table.OpenAddress, passage)
            ),
            new(
                Doors.Share,
                limits,
                http =>
                    http.Features.Get<OpenedShare>() is { } open
                        ? new(open.Share.Id.Text<ReportShare>(), open.Settings.Key.Value)
                        : new(null, 0),
                passage => [.. By(table.OpenAddress, passage), .. Shared(passage, table.Key, null)]
            ),
        ];
    }

    /// <summary>An IPv4 address, or the /64, the /56 and the /48 of an IPv6 address.</summary>
    static IEnumerable<LimitKey> By(AddressLimit limit, Passage passage, string? of = null) => RateLimits.By(limit, passage.Network, of);

    static IEnumerable<LimitKey> Shared(Passage passage, Limit one, Limit? workspace)
    {
        if (passage.Of is not null)
            yield return new(one, 0, passage.Of);
        if (workspace is not null && passage.Workspace is { } number)
            yield return new(workspace, 0, number);
    }
}

/// <summary>The link that a request's address names, looked up before it is counted.</summary>
/// <param name="Link">Null when there is none.</param>
/// <param name="Pasted">Parameters that were pasted as a part of the slug.</param>
public sealed record FoundLink(KnownLink? Link, string Pasted);
