// What strangers read where there is no form, link or page for them, and where a browser is told so at all.

using Crm.Domain.Forms;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Api.Pages;

/// <summary>An address that visitors' browsers open: whatever goes wrong there is a page for them.</summary>
public sealed record ForVisitors
{
    /// <summary>Whether it is a person at a browser who is answered. No script names HTML by itself.</summary>
    public static bool Is(HttpContext http)
    {
        if (!WantsPage(http.Request))
            return false;
        if (http.GetEndpoint() is { } endpoint)
            return endpoint.Metadata.GetMetadata<ForVisitors>() is not null;
        // What no route takes, outside of what only programs call.
        return (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            && !http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Every browser names HTML when it opens a page; scripts that do say that they are one.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString() is var accepts
        && accepts.Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !accepts.Contains("application/json", StringComparison.OrdinalIgnoreCase)
        && request.Headers.XRequestedWith.Count == 0;
}

public static class VisitorPages
{
    /// <summary>The site that a page of a form or a link belongs to: the one it names, else the only one there is.</summary>
    public static Site? SiteOf(WorkspaceSettings settings, Func<Site, bool> isNamed) =>
        settings.Sites.FirstOrDefault(isNamed) ?? (settings.Sites.Count == 1 ? settings.Sites[0] : null);

    public static Task NotFound(HttpContext http, Site? site = null, Action<VisitorPage, VisitorWords>? more = null) =>
        Write(http, StatusCodes.Status404NotFound, site, null, words => words.NotFound, more);

    public static Task Expired(HttpContext http, Site? site) =>
        Write(http, StatusCodes.Status410Gone, site, null, words => words.Expired, null);

    /// <param name="language">The form's.</param>
    public static Task Closed(HttpContext http, Site? site, string language) =>
        Write(http, StatusCodes.Status410Gone, site, language, words => words.Closed, null);

    /// <param name="seconds">After which another try has a chance.</param>
    public static Task Limited(HttpContext http, int seconds) =>
        NotNow(http, StatusCodes.Status429TooManyRequests, words => words.Limited, limited: true, seconds);

    public static Task Unavailable(HttpContext http, int status, int seconds) =>
        NotNow(http, status, words => words.Unavailable, limited: false, seconds);

    /// <summary>In the look of the site whose form it is, as far as that was found before things went wrong.</summary>
    static Task NotNow(HttpContext http, int status, Func<VisitorWords, string> what, bool limited, int seconds)
    {
        var form = http.Features.Get<PlannedForm>();
        var words = VisitorWords.For(http, form?.Form.Language, out var language);
        var site = form is null ? null : SiteOf(form.Settings, site => site.Id == form.Form.Site);
        return new VisitorPage(what(words), language, site)
            .Say(what(words), words.About(limited, afterPost: IsPost(http), seconds))
            .AddWayBack()
            .Write(http, status);
    }

    /// <summary>For a problem that is met on the way to a page.</summary>
    public static Task Of(HttpContext http, int status)
    {
        var after = int.TryParse(http.Response.Headers.RetryAfter, out var seconds) ? seconds : 60;
        return status switch
        {
            StatusCodes.Status429TooManyRequests => Limited(http, after),
            >= 500 => Unavailable(http, status, after),
            _ => Write(http, status, null, null, words => words.NotFound, null),
        };
    }

    static bool IsPost(HttpContext http) => HttpMethods.IsPost(http.Request.Method);

    static Task Write(
        HttpContext http,
        int status,
        Site? site,
        string? formLanguage,
        Func<VisitorWords, string> sentences,
        Action<VisitorPage, VisitorWords>? more
    )
    {
        var words = VisitorWords.For(http, formLanguage, out var language);
        // The first sentence says what happened, the next what to do.
        var said = sentences(words).Split(". ", 2);
        var what = said.Length == 1 ? said[0] : said[0] + ".";
        var page = new VisitorPage(what, language, site).Say(what, said[1..]);
        more?.Invoke(page, words);
        return page.AddWayBack().Write(http, status);
    }
}
