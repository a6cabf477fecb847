// What holds for every request and every answer: limits for address and headers, security headers, a request id.

using Crm.Api.Http;
using Crm.Domain.Problems;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Security;

public sealed class RequestRules(RequestDelegate next)
{
    /// <summary>Bytes of path and query; a form, a link and a list with many filters stay far below.</summary>
    public const int MostAddress = 8 * 1024;

    public const int MostHeaderBytes = 32 * 1024,
        MostHeaders = 100;

    static readonly StringValues NoSniff = "nosniff",
        SameOrigin = "strict-origin-when-cross-origin",
        Nothing = "default-src 'none'; frame-ancestors 'none'",
        NoStore = "no-store";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = SameOrigin;
        headers.ContentSecurityPolicy = Nothing; // Pages set their own.
        headers.CacheControl = NoStore;
        if (http.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";

        var request = http.Request;
        if (request.Path.Value!.Length + request.QueryString.Value!.Length > MostAddress)
            return Problems.Write(http, ProblemCodes.UriTooLong, $"Path and query may have at most {MostAddress} characters.");
        var (bytes, count) = (0L, 0);
        foreach (var (name, values) in request.Headers)
        foreach (var value in values)
        {
            bytes += name.Length + (value?.Length ?? 0) + 4;
            count++; // A header that comes twice is two.
        }
        return bytes > MostHeaderBytes || count > MostHeaders
            ? Problems.Write(
                http,
                ProblemCodes.HeadersTooLarge,
                $"There may be at most {MostHeaders} headers with {MostHeaderBytes} bytes together."
            )
            : next(http);
    }
}
