// GET /l/{slug}: a request becomes a Visit, FollowLink decides and stores the click, and the visitor is sent on.

using Crm.Api.Pages;
using Crm.Api.Security;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Work;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Links;

public static class FollowLinkEndpoint
{
    /// <summary>First-party, for forms on this host: the click that brought the visitor.</summary>
    public const string Cookie = "crm_click";

    /// <summary>For 90 days.</summary>
    const string CookieRules = "; max-age=7776000; path=/; samesite=lax; httponly";

    static readonly StringValues NoIndex = "noindex";

    public static void Map(WebApplication app)
    {
        var installation = app.Services.GetRequiredService<Installation>();
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.MapMethods("/l/{slug}", ["GET", "HEAD"], http => Follow(http, installation, limits))
            .WithMetadata(new PublicLink(), new ForVisitors())
            .RequireRateLimiting(Doors.Link);
    }

    static async Task Follow(HttpContext http, Installation installation, RateLimits limits)
    {
        var headers = http.Response.Headers;
        headers["X-Robots-Tag"] = NoIndex;
        var (found, pasted) = http.Features.Get<FoundLink>() ?? new(null, "");
        if (found is not { } known || http.Features.Get<LinkDomain>() is { } domain && domain.Settings.Key != known.Settings.Key)
        {
            var seconds = Passage.IsOver(http) ? limits.Refused(http, limits.After(http)) : 0;
            if (!ForVisitors.WantsPage(http.Request))
                await Say(
                    http,
                    seconds > 0 ? StatusCodes.Status429TooManyRequests : StatusCodes.Status404NotFound,
                    "There is no such link."
                );
            else if (seconds > 0)
                await VisitorPages.Limited(http, seconds);
            else
                await VisitorPages.NotFound(http, SiteOf(http, http.Features.Get<LinkDomain>()?.Settings));
            return;
        }
        var visit = VisitOf(http, pasted);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            // Somebody looks where it leads; nobody has clicked.
            if (FollowLink.Decide(known, visit with { Speculative = false }, default, installation.Now) is LinkDecision.Go)
                Redirect(http, known.Route!.Destination);
            else
                await Say(http, StatusCodes.Status410Gone, "");
            return;
        }
        // On disk even if the visitor does not wait: they have clicked.
        var (decision, token) = await http
            .RequestServices.GetRequiredService<FollowLink>()
            .Run(known, visit, Passage.IsOver(http), CancellationToken.None);
        switch (decision)
        {
            case LinkDecision.Go go:
                if (!visit.DoNotTrack && go.Click.Human)
                    headers.SetCookie = string.Concat(Cookie + "=", token, http.Request.IsHttps ? CookieRules + "; secure" : CookieRules); // Of letters, digits, _ and one point: nothing to escape.
                Redirect(http, go.Url(token));
                break;
            case LinkDecision.NotYet:
                await Say(http, StatusCodes.Status503ServiceUnavailable, "Not fetched ahead.");
                break;
            default:
                if (ForVisitors.WantsPage(http.Request))
                    await VisitorPages.Expired(http, SiteOf(http, known.Settings));
                else
                    await Say(http, StatusCodes.Status410Gone, "This link leads nowhere any more.");
                break;
        }
    }

    /// <summary>Whose page it is: the site whose domain was asked, or the workspace's only one.</summary>
    static Site? SiteOf(HttpContext http, WorkspaceSettings? settings) =>
        settings is null
            ? null
            : VisitorPages.SiteOf(settings, site => http.Request.Host.Host.Equals(site.LinkDomain, StringComparison.OrdinalIgnoreCase));

    static void Redirect(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = url;
    }

    static Task Say(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync(text);
    }

    /// <param name="pasted">Parameters that were pasted as a part of the slug.</param>
    internal static Visit VisitOf(HttpContext http, string pasted = "")
    {
        var headers = http.Request.Headers;
        return new(
            Query: pasted.Length > 0 ? Parameters(QueryHelpers.ParseQuery(pasted).Concat(http.Request.Query))
                : http.Request.QueryString.HasValue ? Parameters(http.Request.Query)
                : [],
            Referrer: Tidy(headers.Referer.ToString(), 2048),
            UserAgent: Tidy(headers.UserAgent.ToString(), 512),
            Ip: ClientAddress.Network(http.Connection.RemoteIpAddress),
            Navigation: NavigationOf(http.Request),
            Speculative: IsAhead(headers["Sec-Purpose"])
                || IsAhead(headers["Purpose"])
                || IsAhead(headers["X-Purpose"])
                || IsAhead(headers["X-Moz"]),
            DoNotTrack: headers["Sec-GPC"] == "1" || headers["DNT"] == "1",
            EarlierClick: headers.Cookie.Count > 0 ? http.Request.Cookies[Cookie] : null,
            Host: http.Request.Host.Value ?? ""
        );
    }

    /// <summary>Each once: of several values the first that is one counts. A link out of a page's source has &amp;amp; between
    /// them.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Parameters(IEnumerable<KeyValuePair<string, StringValues>> query) =>
        [
            .. query
                .Take(50)
                .Select(p =>
                    KeyValuePair.Create(
                        p.Key.StartsWith("amp;", StringComparison.OrdinalIgnoreCase) ? p.Key[4..] : p.Key,
                        p.Value.Select(value => Tidy(value ?? "", 512)).FirstOrDefault(value => value is not null) ?? ""
                    )
                )
                .DistinctBy(p => p.Key, StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>Browsers say what a request is for where nobody can listen: over plain http, as in a trial on a LAN or on a domain of links
    /// without TLS, that they say nothing means nothing.</summary>
    static Navigation NavigationOf(HttpRequest request)
    {
        var (mode, to) = (request.Headers["Sec-Fetch-Mode"].ToString(), request.Headers["Sec-Fetch-Dest"].ToString());
        if (mode.Length == 0 && to.Length == 0)
            return request.IsHttps ? Navigation.Unsaid : Navigation.Unknown;
        return
            mode is "" or "navigate" or "nested-navigate"
            && to is "" or "document" or "nested-document" or "iframe" or "frame" or "object" or "embed"
            ? Navigation.Yes
            : Navigation.No;
    }

    static bool IsAhead(StringValues said) =>
        said.Count > 0
        && said.ToString() is var purpose
        && (
            purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("instant", StringComparison.OrdinalIgnoreCase)
        );

    static string? Tidy(string text, int length) =>
        TextRules.TryTidy(TextRules.Cut(text, length), false, out var tidy, out _) && tidy.Length > 0 ? tidy : null;
}
