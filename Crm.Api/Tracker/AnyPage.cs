// What trackers answer may be read by any page: it says nothing that the page has not said, and never goes with credentials.

namespace Crm.Api.Tracker;

static class AnyPage
{
    public static void Allow(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.AccessControlExposeHeaders = "RateLimit, RateLimit-Policy, Retry-After";
        http.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Answers a browser that asks whether a page may send what it is about to.</summary>
    /// <param name="methods">As the header has them.</param>
    /// <param name="headers">Request headers that scripts of that kind set.</param>
    /// <param name="allow">Says who may read; null: any page, without credentials.</param>
    public static RequestDelegate Preflight(string methods, string headers, Action<HttpContext>? allow = null) =>
        http =>
        {
            (allow ?? Allow)(http);
            http.Response.Headers.AccessControlAllowMethods = methods;
            http.Response.Headers.AccessControlAllowHeaders = headers;
            http.Response.Headers.AccessControlMaxAge = "600";
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        };
}
