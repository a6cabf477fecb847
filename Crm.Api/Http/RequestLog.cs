// A line of the log for each request, for whoever asked for the level Debug: method, route, status and how long it took.

using System.Diagnostics;

namespace Crm.Api.Http;

static class RequestLog
{
    const string Category = "Crm.Requests";

    /// <summary>Nothing is put into the way of requests unless the lines are wanted.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        if (!log.IsEnabled(LogLevel.Debug))
            return;
        app.Use(
            async (http, next) =>
            {
                var began = Stopwatch.GetTimestamp();
                try
                {
                    await next(http);
                }
                finally
                {
                    // The route and not the address, which has people's searches, ids and keys in it.
                    log.LogDebug(
                        "{Method} {Route} {Status} {Milliseconds:0.0} ms",
                        http.Request.Method,
                        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)",
                        http.Response.StatusCode,
                        Stopwatch.GetElapsedTime(began).TotalMilliseconds
                    );
                }
            }
        );
    }
}
