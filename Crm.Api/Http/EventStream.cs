// Server-Sent Events, whichever edge sends them: how they begin, and how long a reader may leave them lying.

namespace Crm.Api.Http;

static class EventStream
{
    public const string MediaType = "text/event-stream";

    /// <summary>A comment now and then, so that nothing on the way thinks the stream is dead.</summary>
    public static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(12);

    /// <summary>How long a reader may leave one answer lying; the rest waits in the store.</summary>
    public static readonly TimeSpan MostUnread = TimeSpan.FromSeconds(20);

    public static void Begin(HttpContext http)
    {
        http.Response.ContentType = MediaType;
        http.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies would keep events until there are many.
    }

    public static async Task Write(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await http.Response.Body.WriteAsync(bytes, cancel);
        await http.Response.Body.FlushAsync(cancel);
    }
}
