// /matomo.php and /piwik.php: pages and programs that report to Matomo only change their host.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Api.Tracker;
using Crm.Domain.Problems;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Matomo;

public static class MatomoEndpoint
{
    public static void Map(WebApplication app)
    {
        foreach (var path in new[] { "/matomo.php", "/piwik.php" })
        {
            app.MapMethods(path, ["GET", "HEAD", "POST"], Take)
                .WithMetadata(new PublicTracker(true, Named), new AnswersProblemsAs(Error))
                .RequireRateLimiting(Doors.Tracker);
            app.MapMethods(path, ["OPTIONS"], AnyPage.Preflight("GET, POST, OPTIONS", "content-type", AllowPage))
                .WithMetadata(new PublicTracker(false));
        }
    }

    /// <summary>The site and the key as far as the query names them; what stands in a body is counted by the address it comes
    /// from.</summary>
    static async ValueTask<KnownSite?> Named(Installation installation, HttpContext http)
    {
        if (
            http.Request.Query["token_auth"] is [{ Length: > 0 } token]
            && await Access.Identify(http, installation, "Bearer " + token, http.RequestAborted) is { } caller
        )
            http.Features.Set(caller);
        return http.Request.Query["idsite"] is [{ } number] ? await SiteOf(installation, number, http.RequestAborted) : null;
    }

    internal static async ValueTask<KnownSite?> SiteOf(Installation installation, string? number, CancellationToken cancel) =>
        number is { Length: > 0 and <= 10 } && number.All(char.IsAsciiDigit)
            ? await installation.Settings.Find(KnownSite.ByMatomoId, number, cancel)
            : null;

    static async Task Take(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (HttpMethods.IsPost(http.Request.Method))
            AllowPage(http);
        if (!HttpMethods.IsPost(http.Request.Method) && http.Request.Query.Count == 0)
        {
            await Say(http, "This address takes what Matomo's trackers send.");
            return;
        }
        var request = await MatomoRequest.Read(http.Request);
        // Nobody has come yet: somebody looks, or a browser fetches ahead.
        if (HttpMethods.IsHead(http.Request.Method) || TrackerEndpoints.IsAhead(http.Request.Headers))
        {
            await Image(http, request.WantsImage);
            return;
        }
        if (
            !request.Bulk
            && request.Hits[0] is var only
            && !only.ContainsKey("url")
            && !only.ContainsKey("urlref")
            && http.Request.Headers.Referer.ToString() is { Length: > 0 } page
        )
            only["url"] = page; // an image in a page says by this where it is
        // Each of a list costs what one alone does; a list may take more than is left, and it is owed.
        http.RequestServices.GetRequiredService<RateLimits>().ChargeMore(http, request.Hits.Count - 1);
        var taken = await new MatomoHits(http, request).Take();
        if (http.Response.HasStarted)
            return;
        if (!request.Bulk && taken.Problem is { } problem)
            throw ProblemException.Invalid(problem.Field, problem.Code, problem.Message);
        if (!request.Bulk || !request.WantsImage && taken.Failure is null)
            await Image(http, request.WantsImage);
        else
            await new Answer(
                taken.Failure?.Status ?? StatusCodes.Status200OK,
                Outcome(
                    taken.Failure is null ? "success" : "error",
                    taken.Tracked,
                    taken.Invalid,
                    taken.Authenticated,
                    taken.Failure?.Title
                )
            ).Write(http);
    }

    static async Task Say(HttpContext http, string text)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.WriteAsync(text);
    }

    static async Task Image(HttpContext http, bool wanted)
    {
        if (!wanted)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        http.Response.ContentType = "image/gif";
        http.Response.ContentLength = TrackerEndpoints.Gif.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(TrackerEndpoints.Gif);
    }

    /// <summary>As Matomo does. Its tracker sends with credentials; there are none here that would matter, and the answer is nobody's
    /// secret.</summary>
    static void AllowPage(HttpContext http)
    {
        var origin = http.Request.Headers.Origin is [{ Length: > 0 } one] && !one.AsSpan().ContainsAnyExceptInRange('!', '~') ? one : null;
        http.Response.Headers.AccessControlAllowOrigin = origin ?? "*";
        if (origin is not null)
            http.Response.Headers.AccessControlAllowCredentials = "true";
        http.Response.Headers.Vary = "Origin";
    }

    static ReadOnlyMemory<byte> Outcome(string status, int tracked, IReadOnlyCollection<int> invalid, bool authenticated, string? message)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using var writer = JsonText.Writer(buffer);
        writer.WriteStartObject();
        writer.WriteString("status", status);
        writer.WriteNumber("tracked", tracked);
        writer.WriteNumber("invalid", invalid.Count);
        if (authenticated)
        {
            writer.WriteStartArray("invalid_indices");
            foreach (var index in invalid)
                writer.WriteNumberValue(index);
            writer.WriteEndArray();
        }
        if (message is not null)
            writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Matomo knows 400 for what is wrong with a request; limits and failures keep their own status.</summary>
    static (int Status, ReadOnlyMemory<byte> Body) Error(ProblemCode problem, string detail) =>
        (problem.Status is 413 or 429 or >= 500 ? problem.Status : 400, Outcome("error", 0, [], false, detail));
}
