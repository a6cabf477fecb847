// What stands at the host itself: a page for whoever comes by, an icon, and what robots may fetch.

using System.Text;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Api.Pages;

public static class FirstPage
{
    static readonly string Icon = $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{Assets.Tokens(
            dark: false
        )["accent"]}"/><path d="M21 11.5a7 7 0 1 0 0 9" fill="none" stroke="{Assets.Tokens(
            dark: false
        )["on-accent"]}" stroke-width="3.5" stroke-linecap="round"/></svg>
        """;

    /// <summary>Pages of forms and answers are nobody's search result. Links are fetched by those who draw previews of them; they say
    /// themselves that they are not to be listed.</summary>
    const string Robots = "User-agent: *\nAllow: /$\nAllow: /l/\nDisallow: /\n";

    /// <summary>On a domain of links every address is one.</summary>
    const string RobotsOfLinks = "User-agent: *\nAllow: /\n";

    static readonly string[] Read = ["GET", "HEAD"];

    public static void Map(WebApplication app)
    {
        var installation = app.Services.GetRequiredService<Installation>();
        app.MapMethods("/", Read, http => Show(http, installation)).WithMetadata(new ForVisitors()).ExcludeFromDescription();
        app.MapMethods("/robots.txt", Read, async http =>
                await Write(
                    http,
                    "text/plain; charset=utf-8",
                    await LinksOf(http, installation) is null ? Robots : RobotsOfLinks,
                    "public, max-age=3600"
                )
            )
            .ExcludeFromDescription();
        foreach (var path in (string[])["/favicon.ico", "/favicon.svg"])
            app.MapMethods(path, Read, http => Write(http, "image/svg+xml", Icon, "public, max-age=86400")).ExcludeFromDescription();
    }

    static async Task Show(HttpContext http, Installation installation)
    {
        if (await LinksOf(http, installation) is { } settings)
        {
            var host = http.Request.Host.Host;
            await VisitorPages.NotFound(
                http,
                VisitorPages.SiteOf(settings, site => host.Equals(site.LinkDomain, StringComparison.OrdinalIgnoreCase))
            );
            return;
        }
        var words = VisitorWords.For(http, null, out var language);
        await new VisitorPage("Crm", language, null)
            .Say(words.Here, words.WhatFor)
            .Add($"<p class=\"text soft\">{VisitorPage.Text(words.ForTheTeam)}</p><nav class=\"to\">")
            .Add($"<a href=\"/desk\">{VisitorPage.Text(words.Desk)}</a>")
            .Add($"<a href=\"/reports\">{VisitorPage.Text(words.Reports)}</a>")
            .Add($"<a href=\"/swagger\">{VisitorPage.Text(words.Developers)}</a></nav>")
            .Write(http, StatusCodes.Status200OK);
    }

    /// <summary>Whose domain of links the host is; null: it is the product's own.</summary>
    static ValueTask<WorkspaceSettings?> LinksOf(HttpContext http, Installation installation) =>
        installation.Settings.Find(KnownSite.ByLinkDomain, http.Request.Host.Host.ToLowerInvariant(), http.RequestAborted);

    static Task Write(HttpContext http, string type, string text, string cache)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.CacheControl = cache;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes).AsTask();
    }
}
