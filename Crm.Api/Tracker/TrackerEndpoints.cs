// What websites put into their pages and e-mails: /t.js, the events it tells of, and an image for where no script runs.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Links;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Campaigns;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Touches;
using Crm.Domain.Work;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Tracker;

public static class TrackerEndpoints
{
    /// <summary>Bytes of a request to /t/events. What keepalive lets a browser send is as much.</summary>
    public const int MostBytes = 64 * 1024;

    internal static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    public static void Map(WebApplication app)
    {
        app.MapMethods("/t.js", ["GET", "HEAD"], new PublicScript("tracker.js").Give).WithMetadata(new PublicTracker(false));
        var installation = app.Services.GetRequiredService<Installation>();
        var ingest = app.Services.GetRequiredService<IngestEvents>();
        app.MapPost("/t/events", http => Ingest(http, ingest)).WithMetadata(new PublicTracker(true)).RequireRateLimiting(Doors.Tracker);
        app.MapMethods("/t/events", ["OPTIONS"], AnyPage.Preflight("POST, OPTIONS", "content-type")).WithMetadata(new PublicTracker(false));
        var pixel = app.Services.GetRequiredService<IngestPixel>();
        app.MapMethods("/t/pixel.gif", ["GET", "HEAD"], http => Pixel(http, pixel, installation))
            .WithMetadata(new PublicTracker(true), new AnswersProblemsAs((code, _) => (code.Status, Gif), "image/gif"))
            .RequireRateLimiting(Doors.Tracker);
        var sites = installation.Catalog.For(ResourceType.Of<Site>());
        app.MapMethods("/v1/sites/{id}/pixel", ["GET", "HEAD"], http => PixelAddress(http, sites)).With(sites, "pixel", "read");
    }

    // ---- /t/events

    static async Task Ingest(HttpContext http, IngestEvents ingest)
    {
        AnyPage.Allow(http);
        if (http.Features.Get<KnownSite>() is not { } site)
            throw new ProblemException(
                ProblemCodes.NotFound,
                "There is no site with this key: /t/events?site=KEY.",
                [new("site", "not_found", "Must be the key of a site.")]
            );
        using var body = JsonBodyReader.Parse(await LimitedBody.Read(http.Request, MostBytes)); // whatever the beacon calls its content
        // Stored even if the page is gone by now.
        var taken = await ingest.Run(site, body.RootElement, SourceOf(http), CancellationToken.None);
        http.RequestServices.GetRequiredService<RateLimits>().ChargeMore(http, taken.Accepted - 1);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted", taken.Accepted);
            writer.WriteStartArray("refused");
            foreach (var error in taken.Refused)
                error.Write(writer);
            writer.WriteEndArray();
            writer.WriteString("visitor", taken.Visitor);
            if (taken.Arrival is not null)
                writer.WriteString("arrival", taken.Arrival);
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }

    // ---- /t/pixel.gif

    static async Task Pixel(HttpContext http, IngestPixel pixel, Installation installation)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (HttpMethods.IsGet(http.Request.Method) && !IsAhead(http.Request.Headers))
            await Loaded(http, pixel, installation);
        // An image whatever came: a broken one in somebody's e-mail helps nobody.
        http.Response.ContentType = "image/gif";
        http.Response.ContentLength = Gif.Length;
        if (HttpMethods.IsGet(http.Request.Method))
            await http.Response.Body.WriteAsync(Gif);
    }

    /// <summary>Stored before the image leaves. What is of no known kind, of no site or of no link is nothing.</summary>
    static async Task Loaded(HttpContext http, IngestPixel pixel, Installation installation)
    {
        var (query, source) = (http.Request.Query, SourceOf(http));
        var page = Web(query["page"]) ?? Web(http.Request.Headers.Referer);
        var kind = query["kind"].ToString().ToLowerInvariant();
        if (kind is "" or "impression" && query["link"].ToString() is { Length: > 0 } slug)
        {
            if ((await FindLink.Run(installation, slug, CancellationToken.None)).Link is { } link)
                await pixel.Shown(link, source, CancellationToken.None);
        }
        else if (http.Features.Get<KnownSite>() is not { } site)
            return;
        else if (kind is "" or "open" or "view")
            await pixel.Seen(site, kind != "view", page, query["lead"], query["campaign"], source, CancellationToken.None);
        else if (kind == "conversion" && site.Site.ClientConversions && source.Over)
        {
            var limits = http.RequestServices.GetRequiredService<RateLimits>();
            var seconds = limits.Refused(http, limits.After(http));
            throw new ProblemException(ProblemCodes.RateLimited, $"Try again in {seconds} seconds. Nothing was stored.");
        }
        else if (kind == "conversion" && site.Site.ClientConversions)
            await pixel.Converted(
                site,
                new(
                    Text("type", 40),
                    Text("order", 120) ?? Text("orderId", 120),
                    Text("amount", 40),
                    Text("currency", 10),
                    [
                        .. new[]
                        {
                            query["click"].ToString(),
                            query[ClickToken.Parameter].ToString(),
                            source.DoNotTrack ? null : http.Request.Cookies[FollowLinkEndpoint.Cookie],
                            Arrival.Parameter(page, ClickToken.Parameter),
                        }.OfType<string>(),
                    ],
                    page
                ),
                source,
                CancellationToken.None
            );

        string? Text(string name, int most) => Tidy(query[name].ToString(), most);
    }

    internal static bool IsAhead(IHeaderDictionary headers) =>
        IsAhead(headers["Sec-Purpose"]) || IsAhead(headers["Purpose"]) || IsAhead(headers["X-Purpose"]) || IsAhead(headers["X-Moz"]);

    static bool IsAhead(StringValues said) =>
        said.Count > 0
        && said.ToString() is var purpose
        && (
            purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The image's address for an e-mail, sealed for the lead it goes to.</summary>
    static async Task PixelAddress(HttpContext http, CatalogEntry sites)
    {
        var query = http.Request.Query;
        if (query.Keys.FirstOrDefault(key => key is not ("lead" or "campaign" or "kind")) is { } unknown)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{TextRules.Cut(unknown, 60)}: Allowed are: lead, campaign, kind.",
                [new(TextRules.Cut(unknown, 60), "unknown", "Allowed are: lead, campaign, kind.")]
            );
        var (caller, installation) = (Caller.Of(http), http.RequestServices.GetRequiredService<Installation>());
        var (settings, work) = (caller.Settings, caller.Work());
        var site = (Site)await SaveRecord.Target(work, sites, http.Request.RouteValues["id"] as string, http.RequestAborted);
        if (site.Key is null)
            throw new ProblemException(ProblemCodes.WrongState, "The site has no key yet: save it once.");
        var address = PublicUrl.Of(http, $"/t/pixel.gif?site={site.Key}");
        if (query.TryGetValue("kind", out var kind))
            address += kind.ToString() is "open" or "view"
                ? $"&kind={kind}"
                : throw Refused("kind", "not_a_choice", "Must be open or view.");
        if (query.TryGetValue("campaign", out var campaign))
            address +=
                Id.TryParse<Campaign>(campaign.ToString(), out var camp)
                && await work.FindShown(ResourceType.Of<Campaign>(), camp, http.RequestAborted) is not null
                    ? $"&campaign={campaign}"
                    : throw Refused("campaign", "not_found", "There is no campaign with this id.");
        if (query.TryGetValue("lead", out var lead))
        {
            var leads = ResourceType.Of<Lead>();
            caller.MustRead(leads);
            address +=
                Id.TryParse<Lead>(lead.ToString(), out var id) && await work.FindShown(leads, id, http.RequestAborted) is not null
                    ? $"&lead={LeadToken.Of(installation).Write(settings.Key, id, site.Id)}"
                    : throw Refused("lead", "not_found", "There is no lead with this id.");
        }
        await new Answer(StatusCodes.Status200OK, JsonText.Bytes(new { url = address })).Write(http);
    }

    static ProblemException Refused(string parameter, string code, string message) =>
        new(ProblemCodes.InvalidParameter, $"{parameter}: {message}", [new(parameter, code, message)]);

    // ---- What the request says

    internal static EventSource SourceOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        return new(
            Tidy(headers.Origin.ToString(), 255),
            Tidy(headers.UserAgent.ToString(), 512),
            ClientAddress.Network(http.Connection.RemoteIpAddress),
            headers["Sec-GPC"] == "1" || headers["DNT"] == "1",
            Over: Passage.IsOver(http)
        );
    }

    static string? Web(string? url) =>
        url is { Length: > 0 and <= 2048 } && Tidy(url, 2048) is { } tidy && TextRules.IsWebAddress(tidy) ? tidy : null;

    static string? Tidy(string text, int length) =>
        TextRules.TryTidy(TextRules.Cut(text, length), false, out var tidy, out _) && tidy.Length > 0 ? tidy : null;
}
