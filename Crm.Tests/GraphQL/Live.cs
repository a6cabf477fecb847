// Open connections as a program has them: a WebSocket message by message, and a stream of events line by line.

using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Tests.GraphQL;

/// <summary>Everything that is waited for comes within this, on a busy machine too.</summary>
static class Live
{
    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
}

sealed class LiveSocket : IDisposable
{
    readonly ClientWebSocket socket = new();

    public int? Closed => (int?)socket.CloseStatus;
    public string? Protocol => socket.SubProtocol;

    public static async Task<LiveSocket> Open(
        CrmServer server,
        string? key = null,
        string? protocol = "graphql-transport-ws",
        string? origin = null
    )
    {
        var live = new LiveSocket();
        if (protocol is not null)
            live.socket.Options.AddSubProtocol(protocol);
        if (key is not null)
            live.socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        if (origin is not null)
            live.socket.Options.SetRequestHeader("Origin", origin);
        await live.socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, Live.Patience);
        return live;
    }

    /// <summary>An acknowledged connection of the key.</summary>
    public static async Task<LiveSocket> Of(CrmServer server, string key)
    {
        var live = await Open(server);
        await live.Send(new { type = "connection_init", payload = new { authorization = "Bearer " + key } });
        (await live.Next())!["type"]!.ToString().Should().Be("connection_ack");
        return live;
    }

    public Task Send(object message) => SendText(message as string ?? JsonSerializer.Serialize(message));

    public Task SendText(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), type, true, Live.Patience);

    /// <summary>Subscribes, and returns when the server is following.</summary>
    public async Task Subscribe(string id, string query)
    {
        await Send(
            new
            {
                id,
                type = "subscribe",
                payload = new { query },
            }
        );
        await Send(new { type = "ping" });
        (await Next())!["type"]!.ToString().Should().Be("pong");
    }

    /// <summary>The next message; null when the server has closed.</summary>
    public async Task<JsonNode?> Next()
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, Live.Patience);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                if (socket.State == WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Live.Patience);
                return null;
            }
            bytes.Write(buffer, 0, got.Count);
            if (got.EndOfMessage)
                return JsonNode.Parse(bytes.ToArray());
        }
    }

    /// <summary>The code with which the server closes.</summary>
    public async Task<int?> UntilClosed()
    {
        while (await Next() is not null) { }
        return Closed;
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>A stream of Server-Sent Events.</summary>
sealed class LiveStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public static async Task<LiveStream> Open(TestWorkspace workspace, string query, bool get = false, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(
            get ? HttpMethod.Get : HttpMethod.Post,
            get ? "/graphql?query=" + Uri.EscapeDataString(query) : "/graphql"
        );
        if (!get)
            request.Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.Key);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await workspace.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Live.Patience);
        return new(response, new(await response.Content.ReadAsStreamAsync()));
    }

    public int Status => (int)response.StatusCode;

    /// <summary>The id of the last event, as a browser would send it when it comes again.</summary>
    public string? LastId { get; private set; }

    public string? ContentType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>The next event's name and data; null at the end of the stream.</summary>
    public async Task<(string Event, JsonNode? Data)?> Next()
    {
        string? name = null;
        while (await reader.ReadLineAsync(Live.Patience) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data:", StringComparison.Ordinal) && name is not null)
                return (name, line.Length > 6 ? JsonNode.Parse(line[6..]) : null);
        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
