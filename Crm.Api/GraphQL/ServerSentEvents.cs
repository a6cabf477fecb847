// Answers as Server-Sent Events, in the distinct connections mode of graphql-sse: one request, one stream.

using System.Text;
using Crm.Api.Http;
using Crm.Api.Workers;
using Crm.Domain.Events;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

static class ServerSentEvents
{
    public static bool IsAccepted(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains(EventStream.MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether nothing else will do. Clients that also take JSON get a stream only for what needs one.</summary>
    public static bool IsWanted(HttpContext http) =>
        IsAccepted(http) && !http.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase);

    /// <summary>One answer, and the end.</summary>
    public static async Task Once(HttpContext http, ReadOnlyMemory<byte> answer)
    {
        EventStream.Begin(http);
        await Send(http, answer, http.RequestAborted);
        await End(http, http.RequestAborted);
    }

    public static async Task Follow(HttpContext http, GraphQLOperation operations, LiveConnections live, PreparedOperation operation)
    {
        using var connection = live.TryOpen(http, operation.Caller);
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
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, connection.Ended);
        FollowEvents events;
        try
        {
            events = await EventField.Open(operation, cancel.Token, resume: http.Request.Headers["Last-Event-ID"]);
        }
        catch (ProblemException problem)
        {
            using var why = new JsonBuffer();
            operations.Write(new([new(problem.Detail, Code: problem.Code.Code)]), operation.Caller, why);
            await Once(http, why.Written);
            return;
        }
        EventStream.Begin(http);
        await http.Response.StartAsync(cancel.Token);
        var sent = long.MinValue;
        var clock = operations.Installation.Clock;
        try
        {
            await operations.Follow(
                operation,
                events,
                async (answer, place) =>
                {
                    if (answer.IsEmpty && sent != long.MinValue && clock.GetElapsedTime(sent) < EventStream.AliveEvery)
                        return;
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel.Token);
                    patience.CancelAfter(EventStream.MostUnread);
                    if (answer.IsEmpty)
                        await EventStream.Write(http, ":\n\n"u8.ToArray(), patience.Token);
                    else
                        await Send(http, answer, patience.Token, place);
                    sent = clock.GetTimestamp();
                },
                cancel.Token
            );
        }
        catch (OperationCanceledException) when (connection.Reason == EndedBy.Key && !http.RequestAborted.IsCancellationRequested)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            using var why = new JsonBuffer();
            GraphQLAnswer.Refused(why, [new("The key is not valid any more.", Code: ProblemCodes.Unauthorized.Code)], "");
            await Send(http, why.Written, patience.Token);
            await End(http, patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            if (error is StoreUnavailableException away)
                StoreOutage.Met(http, away);
            // Without "complete" the client knows that this was not all, and comes again.
            http.Abort();
        }
    }

    /// <param name="place">What a client that comes again by itself sends as Last-Event-ID.</param>
    static Task Send(HttpContext http, ReadOnlyMemory<byte> answer, CancellationToken cancel, string? place = null) =>
        EventStream.Write(
            http,
            (byte[])
                [
                    .. place is null ? [] : Encoding.ASCII.GetBytes($"id: {place}\n"),
                    .. "event: next\ndata: "u8,
                    .. answer.Span,
                    .. "\n\n"u8,
                ],
            cancel
        );

    /// <summary>With an empty data line, without which browsers do not tell.</summary>
    static Task End(HttpContext http, CancellationToken cancel) =>
        EventStream.Write(http, "event: complete\ndata:\n\n"u8.ToArray(), cancel);
}
