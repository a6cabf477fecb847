// GET and POST /graphql, as the GraphQL over HTTP specification says; from here on to streams of events, WebSockets and the explorer.

using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Api.Workers;
using Crm.Domain.Problems;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.Api.GraphQL;

public sealed class GraphQLEndpoint(GraphQLOperation operations, LiveConnections live, RateLimits limits)
{
    public static void Map(WebApplication app)
    {
        var services = app.Services;
        var endpoint = new GraphQLEndpoint(
            services.GetRequiredService<GraphQLOperation>(),
            services.GetRequiredService<LiveConnections>(),
            services.GetRequiredService<RateLimits>()
        );
        app.MapMethods("/graphql", ["GET", "POST"], endpoint.Answer)
            .WithMetadata(new NeedsKey(Later: http => SocketConnection.IsAsked(http) || ExplorerPage.IsAsked(http)), GraphQLAnswer.Problems)
            .RequireRateLimiting(Doors.Open);
    }

    async Task Answer(HttpContext http)
    {
        if (SocketConnection.IsAsked(http))
        {
            await new SocketConnection(http, operations, live).Run();
            return;
        }
        if (ExplorerPage.IsAsked(http))
        {
            await ExplorerPage.Write(http);
            return;
        }
        var caller = Caller.Of(http);
        var request = await GraphQLRequest.Read(http);
        var (ready, refused) = await operations.Prepare(http, caller, request, http.RequestAborted);
        if (refused is not null)
        {
            using var why = new JsonBuffer();
            operations.Write(refused, caller, why);
            await Refuse(http, why.Written);
            return;
        }
        using var operation = ready!;
        if (operation.Kind == OperationKind.Mutation && HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await Problems.Write(http, ProblemCodes.MethodNotAllowed, "A mutation is sent by POST.");
            return;
        }
        if (operation.Kind == OperationKind.Subscription && !ServerSentEvents.IsAccepted(http))
        {
            using var why = new JsonBuffer();
            operations.Write(
                new([new("A subscription is asked for with Accept: text/event-stream, or over WebSocket.", Code: "STREAM_NEEDED")]),
                caller,
                why
            );
            await Refuse(http, why.Written);
            return;
        }
        if (limits.Enabled)
        {
            using var lease = limits.TakeCost(caller.By, (int)operation.Cost);
            if (!lease.IsAcquired)
            {
                await limits.Refuse(http, lease);
                return;
            }
        }
        if (operation.Kind == OperationKind.Subscription)
        {
            await ServerSentEvents.Follow(http, operations, live, operation);
            return;
        }
        using var body = new JsonBuffer();
        await operations.Run(operation, body, http.RequestAborted);
        if (ServerSentEvents.IsWanted(http))
            await ServerSentEvents.Once(http, body.Written);
        else
            await Write(http, StatusCodes.Status200OK, body.Written);
    }

    /// <summary>A request that was not run: 400, but 200 for older clients, which read errors only from a 200.</summary>
    static Task Refuse(HttpContext http, ReadOnlyMemory<byte> body) =>
        ServerSentEvents.IsWanted(http)
            ? ServerSentEvents.Once(http, body)
            : Write(http, GraphQLAnswer.IsModern(http.Request) ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, body);

    static async Task Write(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = GraphQLAnswer.ContentType(http.Request);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
