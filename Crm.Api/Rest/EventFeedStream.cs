// The feed as Server-Sent Events: what a browser's EventSource and its like follow, and go on with where they were when they come again.

using System.Buffers;
using System.Globalization;
using System.Text;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Api.Workers;
using Crm.Domain.Events;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

static class EventFeedStream
{
    /// <summary>What whoever comes again by itself sends: the id of the last event that it saw.</summary>
    public const string Resume = "Last-Event-ID";

    /// <summary>Events of a page; each page counts as a request of the key.</summary>
    const int PageSize = 200;

    public static readonly Acceptable Answered = new("application/json", "text/csv", EventStream.MediaType);

    public static bool IsAsked(HttpContext http) => Answered.Preferred(http.Request.Headers.Accept) == EventStream.MediaType;

    /// <param name="write">Writes an event as it may be read.</param>
    public static async Task Follow(HttpContext http, ReadFeed feed, long from, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> shown)
    {
        var (services, aborted) = (http.RequestServices, http.RequestAborted);
        using var connection = services.GetRequiredService<LiveConnections>().TryOpen(http, Caller.Of(http));
        if (connection is null)
        {
            http.Response.Headers.RetryAfter = "10";
            await Problems.Write(
                http,
                ProblemCodes.RateLimited,
                $"There are too many open connections: a key may have {LiveConnections.MostOfKey}."
            );
            return;
        }
        // What is wrong with the place is said before the stream begins.
        var page = await feed.Run(from, PageSize, TimeSpan.Zero, connection.Ended, aborted);
        EventStream.Begin(http);
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        var limits = services.GetRequiredService<RateLimits>();
        var clock = services.GetRequiredService<Installation>().Clock;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, connection.Ended);
        try
        {
            while (true)
            {
                await Send(http, page, shown, end.Token);
                while (page.Events.Count > 0 && limits.Enabled && !limits.Take(http))
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, end.Token);
                    await EventStream.Write(http, ":\n\n"u8.ToArray(), end.Token);
                }
                page = await feed.Run(page.Next, PageSize, EventStream.AliveEvery, connection.Ended, aborted);
                end.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (connection.Reason is EndedBy.Key or EndedBy.Stop && !aborted.IsCancellationRequested)
        {
            // The stream is over. Who comes again is told why, or reads on at another node.
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            if (error is StoreUnavailableException away)
                StoreOutage.Met(http, away);
            http.Abort();
        }
    }

    /// <summary>A page's events, each with its place as id. The place behind them is sent too: who wants what is rare need not look again
    /// at what was passed over.</summary>
    static async Task Send(
        HttpContext http,
        FeedPage page,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> shown,
        CancellationToken cancel
    )
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        foreach (var happened in page.Events)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"id: {happened.Cursor}\ndata: "));
            bytes.Write(shown(happened.Json).Span);
            bytes.Write("\n\n"u8);
        }
        bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {page.Next}\n\n")));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(EventStream.MostUnread);
        await EventStream.Write(http, bytes.WrittenMemory, patience.Token);
    }
}
