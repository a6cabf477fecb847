// One WebSocket, in the subprotocol graphql-transport-ws: the key first, then any number of operations beside each other.

using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Api.Workers;
using Crm.Domain.Problems;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Workspaces;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.Api.GraphQL;

public sealed class SocketConnection(HttpContext http, GraphQLOperation operations, LiveConnections live)
{
    const string Protocol = "graphql-transport-ws";

    /// <summary>Bytes of a message; operations at a time; characters of an operation's id.</summary>
    public const int MostBytes = 128 * 1024,
        MostOperations = 20,
        MostIdLength = 128;

    /// <summary>How long a connection may take to say whose it is.</summary>
    static readonly TimeSpan MostBeforeInit = TimeSpan.FromSeconds(3);

    static readonly TimeSpan MostForClose = TimeSpan.FromSeconds(2);

    public static WebSocketOptions Options { get; } =
        new() { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(20) };

    readonly SemaphoreSlim sending = new(1);
    readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Task, bool> tasks = new();
    WebSocket socket = null!;
    LiveConnection connection = null!;
    Caller? caller;
    bool acknowledged;
    Task<ValueWebSocketReceiveResult> pending = Task.FromResult(new ValueWebSocketReceiveResult(0, WebSocketMessageType.Text, true));

    /// <summary>The protocol's reasons to close.</summary>
    sealed class CloseException(int code, string reason) : Exception(reason)
    {
        public int Code => code;
    }

    const string TooManySilent = "Too many connections that have not said whose they are";

    public static bool IsAsked(HttpContext http) => http.WebSockets.IsWebSocketRequest;

    public async Task Run()
    {
        caller = http.Features.Get<Caller>(); // Programs can send the key as a header; browsers only with the first message.
        using var open = live.TryOpen(http, caller);
        if (open is null)
        {
            http.Response.Headers.RetryAfter = "10";
            await Problems.Write(http, ProblemCodes.RateLimited, "There are too many open connections.");
            return;
        }
        connection = open;
        var spoken = http.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        using var accepted = socket = await http.WebSockets.AcceptWebSocketAsync(spoken ? Protocol : null);
        if (!spoken)
        {
            await Close(4406, "Subprotocol not acceptable");
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, connection.Ended);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        // Receiving cannot be cancelled without losing the socket, so whoever ends the connection says goodbye first.
        var receiving = Receive(ended.Token);
        var goodbye = Goodbye(receiving, ended.Token, watch.Token);
        var last = (Code: (int)WebSocketCloseStatus.NormalClosure, Reason: "");
        try
        {
            await receiving;
        }
        catch (CloseException close)
        {
            last = (close.Code, close.Message);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            last = (0, "");
        }
        await watch.CancelAsync();
        await goodbye;
        foreach (var (_, cancel) in running)
            await cancel.CancelAsync();
        if (last.Code != 0)
            await Close(last.Code, last.Reason);
        else
            socket.Abort();
        await Task.WhenAll(tasks.Keys);
        sending.Dispose();
    }

    async Task Goodbye(Task receiving, CancellationToken ended, CancellationToken watch)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, operations.Installation.Clock, watch);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            await (
                connection.Reason == EndedBy.Key ? SayClose(4403, "Forbidden")
                : connection.Reason == EndedBy.Silence ? SayClose(4429, TooManySilent)
                : SayClose((int)WebSocketCloseStatus.EndpointUnavailable, "Going away")
            );
            if (await Task.WhenAny(receiving, Task.Delay(MostForClose, operations.Installation.Clock, CancellationToken.None)) != receiving)
                socket.Abort();
        }
        catch (OperationCanceledException)
        {
            // The client went, or the connection ended by itself.
        }
    }

    // ---- What comes

    async Task Receive(CancellationToken ended)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var began = operations.Installation.Clock.GetTimestamp();
        while (true)
        {
            buffer.ResetWrittenCount();
            ValueWebSocketReceiveResult got;
            do
            {
                var receive = pending = socket.ReceiveAsync(buffer.GetMemory(4096), CancellationToken.None).AsTask();
                if (!acknowledged)
                {
                    var left = MostBeforeInit - operations.Installation.Clock.GetElapsedTime(began);
                    if (
                        left <= TimeSpan.Zero
                        || await Task.WhenAny(receive, Task.Delay(left, operations.Installation.Clock, ended)) != receive
                    )
                        throw connection.Reason == EndedBy.Silence ? new CloseException(4429, TooManySilent)
                        : ended.IsCancellationRequested ? new OperationCanceledException()
                        : new CloseException(4408, "Connection initialisation timeout");
                }
                got = await receive;
                buffer.Advance(got.Count);
                if (buffer.WrittenCount > MostBytes)
                    throw new CloseException((int)WebSocketCloseStatus.MessageTooBig, $"A message may have at most {MostBytes} bytes");
            } while (!got.EndOfMessage);
            if (got.MessageType == WebSocketMessageType.Close)
                return;
            if (got.MessageType != WebSocketMessageType.Text)
                throw new CloseException(4400, "Invalid message");
            await Take(buffer.WrittenSpan.ToArray(), ended);
        }
    }

    async Task Take(byte[] bytes, CancellationToken ended)
    {
        JsonDocument json;
        try
        {
            json = JsonBodyReader.Parse(bytes);
        }
        catch (ProblemException)
        {
            throw new CloseException(4400, "Invalid message");
        }
        using var message = json;
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "type") is not { } type)
            throw new CloseException(4400, "Invalid message");
        var payload = root.TryGetProperty("payload", out var given) ? given : default;
        switch (type)
        {
            case "connection_init":
                await Begin(payload, ended);
                break;
            case "ping":
                await Send("""{"type":"pong"}"""u8.ToArray(), ended);
                break;
            case "pong":
                break;
            case "subscribe":
                if (!acknowledged)
                    throw new CloseException(4401, "Unauthorized");
                if (Text(root, "id") is not { Length: > 0 and <= MostIdLength } id || payload.ValueKind != JsonValueKind.Object)
                    throw new CloseException(4400, "Invalid message");
                await Subscribe(id, payload, bytes, ended);
                break;
            case "complete":
                if (Text(root, "id") is not { } done)
                    throw new CloseException(4400, "Invalid message");
                if (running.TryRemove(done, out var cancel))
                    await cancel.CancelAsync();
                break;
            default:
                throw new CloseException(4400, "Invalid message");
        }
    }

    static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    async Task Begin(JsonElement payload, CancellationToken ended)
    {
        if (acknowledged)
            throw new CloseException(4429, "Too many initialisation requests");
        var limits = operations.Limits;
        if ((Text(payload, "authorization") ?? Text(payload, "Authorization")) is { } bearer)
            caller = await Access.Identify(http, operations.Installation, bearer, ended);
        if (caller is null)
        {
            using var attempt = limits.FailedKey(http.Connection.RemoteIpAddress);
            throw !attempt.IsAcquired ? new CloseException(4429, "Too many wrong keys") : new CloseException(4403, "Forbidden");
        }
        if (!IsAllowedOrigin(caller))
            throw new CloseException(4403, "Forbidden");
        if (!connection.Belongs(caller))
            throw new CloseException(4429, $"A key may have {LiveConnections.MostOfKey} open connections");
        http.Features.Set(caller);
        acknowledged = true;
        await Send("""{"type":"connection_ack"}"""u8.ToArray(), ended);
    }

    /// <summary>As for requests: pages of our own, and of the workspace's sites.</summary>
    bool IsAllowedOrigin(Caller of) =>
        http.Request.Headers.Origin is not [{ } origin]
        || origin.Equals($"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase)
        || origin.Equals(PublicUrl.Origin(http), StringComparison.OrdinalIgnoreCase)
        || of.Settings.Sites.Any(s => s.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase));

    // ---- Operations

    async Task Subscribe(string id, JsonElement payload, byte[] bytes, CancellationToken ended)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ended);
        if (!running.TryAdd(id, stop))
        {
            stop.Dispose();
            throw new CloseException(4409, $"Subscriber for {id} already exists");
        }
        if (running.Count > MostOperations)
        {
            await Refuse(
                id,
                stop,
                [new($"A connection may run {MostOperations} operations at a time.", Code: ProblemCodes.LimitReached.Code)],
                ended
            );
            return;
        }
        if (!operations.Limits.Take(http))
        {
            await Refuse(id, stop, [new("Too many requests; try again in a moment.", Code: ProblemCodes.RateLimited.Code)], ended);
            return;
        }
        PreparedOperation operation;
        Domain.Events.FollowEvents? events = null;
        try
        {
            // The settings may have changed since the connection was opened.
            var now =
                await operations.Installation.Settings.Find(KnownKey.ByHash, caller!.Key.Hash, stop.Token) is { } found
                && found.Key.IsUsable(operations.Installation.Clock.GetUtcNow())
                    ? new Caller(operations.Installation, found.Settings, found.Key, PublicUrl.Origin(http))
                    : throw new CloseException(4403, "Forbidden");
            var (ready, refused) = await operations.Prepare(
                http,
                now,
                GraphQLRequest.Read(payload, Convert.ToHexStringLower(SHA256.HashData(bytes))),
                stop.Token
            );
            if (refused is not null)
            {
                await Refuse(id, stop, refused.Errors, ended);
                return;
            }
            operation = ready!;
            if (!operations.TakeCost(operation))
                throw new ProblemException(ProblemCodes.RateLimited, "The points of this minute are used up; try again in a moment.");
            if (operation.Kind == OperationKind.Subscription)
                events = await EventField.Open(operation, stop.Token);
        }
        catch (ProblemException problem)
        {
            await Refuse(id, stop, [new(problem.Detail, Code: problem.Code.Code)], ended);
            return;
        }
        catch (StoreUnavailableException away)
        {
            StoreOutage.Met(http, away);
            await Refuse(id, stop, [new("Nothing was stored. Try again in a moment.", Code: ProblemCodes.StoreUnavailable.Code)], ended);
            return;
        }
        var task = Run(id, operation, events, stop, ended);
        tasks[task] = true;
        _ = task.ContinueWith(
            t => tasks.TryRemove(t, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    async Task Run(
        string id,
        PreparedOperation operation,
        Domain.Events.FollowEvents? events,
        CancellationTokenSource stop,
        CancellationToken ended
    )
    {
        await Task.Yield();
        using var both = operation;
        try
        {
            if (events is not null)
            {
                await operations.Follow(
                    operation,
                    events,
                    (answer, _) => answer.IsEmpty ? default : new(Next(id, answer, stop.Token)),
                    stop.Token
                );
                return;
            }
            using var body = new JsonBuffer();
            await operations.Run(operation, body, stop.Token);
            await Next(id, body.Written, stop.Token);
            if (running.TryRemove(KeyValuePair.Create(id, stop)))
                await Send(Message("complete", id, default), ended);
        }
        catch (StoreUnavailableException away)
        {
            StoreOutage.Met(http, away);
            // Its client comes again, and says from where.
            socket.Abort();
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            running.TryRemove(KeyValuePair.Create(id, stop));
        }
        finally
        {
            stop.Dispose();
        }
    }

    Task Next(string id, ReadOnlyMemory<byte> answer, CancellationToken cancel) => Send(Message("next", id, answer.Span), cancel);

    async Task Refuse(string id, CancellationTokenSource stop, IReadOnlyList<GraphError> errors, CancellationToken ended)
    {
        running.TryRemove(KeyValuePair.Create(id, stop));
        stop.Dispose();
        await Send(Message("error", id, GraphQLAnswer.Errors(errors)), ended);
    }

    // ---- What goes

    static byte[] Message(string type, string id, ReadOnlySpan<byte> payload)
    {
        var buffer = new ArrayBufferWriter<byte>(payload.Length + 128);
        using var writer = JsonText.Writer(buffer);
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", type);
        if (payload.Length > 0)
        {
            writer.WritePropertyName("payload");
            writer.WriteRawValue(payload, true);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One message at a time. A reader who leaves one lying for too long loses the connection, and finds the rest in the
    /// store.</summary>
    async Task Send(byte[] message, CancellationToken cancel)
    {
        await sending.WaitAsync(cancel);
        try
        {
            using var patience = new CancellationTokenSource(EventStream.MostUnread);
            await socket.SendAsync(message, WebSocketMessageType.Text, true, patience.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    async Task SayClose(int code, string reason)
    {
        try
        {
            using var patience = new CancellationTokenSource(MostForClose);
            await sending.WaitAsync(patience.Token);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, patience.Token);
            }
            finally
            {
                sending.Release();
            }
        }
        catch (Exception error)
            when (error
                    is OperationCanceledException
                        or WebSocketException
                        or IOException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            socket.Abort();
        }
    }

    async Task Close(int code, string reason)
    {
        await SayClose(code, reason);
        try
        {
            using var patience = new CancellationTokenSource(MostForClose);
            // The other side answers a close; what it still sends before that is of no interest.
            if ((await pending.WaitAsync(patience.Token)).MessageType == WebSocketMessageType.Close)
                return;
            var rest = new byte[4096];
            while (
                socket.State == WebSocketState.CloseSent
                && (await socket.ReceiveAsync(rest.AsMemory(), patience.Token)).MessageType != WebSocketMessageType.Close
            ) { }
        }
        catch (Exception error)
            when (error
                    is OperationCanceledException
                        or WebSocketException
                        or IOException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            socket.Abort();
        }
    }
}
