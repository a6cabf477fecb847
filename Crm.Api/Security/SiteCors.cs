// Which pages may call the API from a browser: those of the origins that a workspace's sites allow. Refusals of who is unknown may be read
// by every page. Public form endpoints answer for themselves.

using Crm.Domain.Sites;

namespace Crm.Api.Security;

public sealed class SiteCors(RequestDelegate next)
{
    public const string Exposed =
        "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate, Content-Disposition";

    public Task InvokeAsync(HttpContext http)
    {
        // No browser sends an origin beyond ASCII, and no answer can name it.
        if (
            http.Request.Headers.Origin is not [{ } origin]
            || !http.Request.Path.StartsWithSegments("/v1") && !http.Request.Path.StartsWithSegments("/graphql")
            || origin.AsSpan().ContainsAnyExceptInRange('!', '~')
        )
            return next(http);
        http.Response.Headers.Append("Vary", "Origin");
        if (HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.AccessControlRequestMethod.Count > 0)
        {
            // A preflight carries no key, so it says nothing about a workspace: it only lets the browser ask. The answer to the request
            // itself decides.
            var headers = http.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
            headers.AccessControlAllowHeaders =
                "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, graphql-require-preflight, apollo-require-preflight";
            headers.AccessControlMaxAge = "600";
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
        http.Response.OnStarting(() =>
        {
            // Before it is known who asks there is nothing of anybody in an answer, and a page that may not read it only learns that
            // "fetch failed": it must see that its key is wrong, or when to come again.
            if (
                http.Features.Get<Caller>() is { } caller
                    ? caller.Settings.Sites.Any(s => s.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
                    : http.Response.StatusCode >= StatusCodes.Status400BadRequest
            )
            {
                http.Response.Headers.AccessControlAllowOrigin = origin;
                http.Response.Headers.AccessControlExposeHeaders = Exposed;
            }
            return Task.CompletedTask;
        });
        return next(http);
    }
}
