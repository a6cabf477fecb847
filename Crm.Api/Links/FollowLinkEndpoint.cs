// GET /l/{slug}: a request becomes a Visit, FollowLink decides and stores the click, and the visitor is sent on.

using Crm.Api.Security;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Links;

/// <summary>A route that anybody may call with a link's slug in the path.</summary>
public sealed record PublicLink;

public static class FollowLinkEndpoint
{
    /// <summary>First-party, for forms on this host: the click that brought the visitor.</summary>
    public const string Cookie = "crm_click";

    static readonly TimeSpan CookieAge = TimeSpan.FromDays(90);

    public static void Map(WebApplication app) => app.MapMethods("/l/{slug}", ["GET", "HEAD"], Follow).WithMetadata(new PublicLink());

    static async Task Follow(HttpContext http)
    {
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["X-Robots-Tag"] = "noindex";
        if (http.Request.RouteValues["slug"] is not string { Length: <= 60 } slug || await installation.Settings.Link(slug, http.RequestAborted) is not { } known
            || http.Features.Get<LinkDomain>() is { } domain && domain.Settings.Key != known.Settings.Key)
        {
            await Say(http, StatusCodes.Status404NotFound, "There is no such link.");
            return;
        }
        var visit = VisitOf(http);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            // Somebody looks where it leads; nobody has clicked.
            if (FollowLink.Decide(known.Link, visit with { Speculative = false }, known.Settings.Traffic, default, "", installation.Now) is LinkDecision.Go)
                Redirect(http, known.Link.Destination!);
            else
                await Say(http, StatusCodes.Status410Gone, "");
            return;
        }
        // Stored even if the visitor does not wait: he has clicked.
        var (decision, token) = await installation.FollowLink.Run(known, visit, CancellationToken.None);
        switch (decision)
        {
            case LinkDecision.Go go:
                if (!visit.DoNotTrack && go.Click.Human)
                    http.Response.Cookies.Append(Cookie, token, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", MaxAge = CookieAge });
                Redirect(http, go.Url);
                break;
            case LinkDecision.NotYet:
                await Say(http, StatusCodes.Status503ServiceUnavailable, "Not fetched ahead.");
                break;
            default:
                await Say(http, StatusCodes.Status410Gone, "This link leads nowhere any more.");
                break;
        }
    }

    static void Redirect(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = new Uri(url).AbsoluteUri; // Escaped throughout: nothing in it ends a header.
    }

    static Task Say(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync(text);
    }

    internal static Visit VisitOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        var purpose = $"{headers["Sec-Purpose"]} {headers["Purpose"]} {headers["X-Purpose"]} {headers["X-Moz"]}";
        var mode = headers["Sec-Fetch-Mode"].ToString();
        return new(
            Query: [.. http.Request.Query.Take(50).Where(p => p.Value.Count == 1).Select(p => KeyValuePair.Create(p.Key, Tidy(p.Value.ToString(), 512) ?? ""))],
            Referrer: Tidy(headers.Referer.ToString(), 2048), UserAgent: Tidy(headers.UserAgent.ToString(), 512), Ip: ClientAddress.Network(http.Connection.RemoteIpAddress),
            IsNavigation: mode is "navigate", Speculative: purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase) || purpose.Contains("instant", StringComparison.OrdinalIgnoreCase),
            DoNotTrack: headers["Sec-GPC"] == "1" || headers["DNT"] == "1", EarlierClick: http.Request.Cookies[Cookie]);
    }

    static string? Tidy(string text, int length) => TextRules.TryTidy(TextRules.Cut(text, length), false, out var tidy, out _) && tidy.Length > 0 ? tidy : null;
}
