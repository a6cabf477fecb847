// Doors: connections of one address, a door for health of its own, sockets that say nothing, and a proxy that is not trusted.

using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Tests.GraphQL;
using Xunit;

namespace Crm.Tests.Security;

public sealed class GuardedServer : IAsyncLifetime
{
    public GuardedServer()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        HealthPort = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Server = new(
            null,
            "--Crm:RateLimits:Enabled=true",
            "--Crm:Limits:Connections=20",
            "--Crm:Limits:UnknownSockets=3",
            "--Crm:Limits:OpenAddress=6000/6000",
            $"--Crm:HealthUrls=http://127.0.0.1:{HealthPort}"
        );
    }

    public int HealthPort { get; }
    public CrmServer Server { get; }

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

public sealed class DoorTests(GuardedServer guarded) : IClassFixture<GuardedServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly CrmServer server = guarded.Server;

    /// <summary>One request over a connection of its own, from an address of this machine; null when the connection was closed.</summary>
    static async Task<int?> Ask(string from, int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
                patience.Token
            );
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            return read < 12 ? null : int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [Fact]
    public async Task one_client_that_opens_all_the_connections_it_can_shuts_nobody_else_out()
    {
        var port = server.Address.Port;
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 60; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0));
                idle.Add(socket);
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
                }
                catch (SocketException)
                {
                    // One too many is closed at once.
                }
            }
            (await Ask("127.0.0.3", port, "/health/live")).Should().BeNull("it has as many as it may");
            (await Ask("127.0.0.4", port, "/health/live")).Should().Be(200, "another address has its own");
            (await Ask("127.0.0.3", guarded.HealthPort, "/health/ready")).Should().Be(200, "health has a door of its own");
            (await Ask("127.0.0.3", guarded.HealthPort, "/v1/leads")).Should().Be(404, "nothing else is behind it");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
        using var patience = new CancellationTokenSource(Patience);
        while (await Ask("127.0.0.3", port, "/health/live") != 200)
            await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task sockets_that_say_nothing_keep_out_nobody_who_says_whose_they_are()
    {
        var workspace = await server.NewWorkspace();
        var silent = new List<LiveSocket>();
        try
        {
            for (var i = 0; i < 8; i++)
                silent.Add(await LiveSocket.Open(server));
            (await silent[0].UntilClosed()).Should().Be(4429, "three of an address may be silent, and it was silent longest");

            using var subscriber = await LiveSocket.Of(server, workspace.Key);
            await subscriber.Subscribe("1", "subscription { events { subject } }");
            using var stream = await LiveStream.Open(workspace, "subscription { events { subject } }");
            stream.Status.Should().Be(200);
            for (var i = 0; i < 4; i++)
                silent.Add(await LiveSocket.Open(server));
            await subscriber.Send(new { type = "ping" });
            (await subscriber.Next())!["type"]!.ToString().Should().Be("pong", "it is a key's now");
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task a_proxy_that_is_not_trusted_is_named_in_health_and_changes_nothing()
    {
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        forwarded.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.9");
        (await server.Http.SendAsync(forwarded)).Dispose();

        using var ready = await server.Http.GetAsync("/health/ready");

        ready.StatusCode.Should().Be(HttpStatusCode.OK);
        (await ready.Content.ReadAsStringAsync())
            .Should()
            .StartWith("ready\n")
            .And.Contain("X-Forwarded-For comes from 127.0.0.1")
            .And.Contain("Crm__TrustedProxies=127.0.0.1");
    }
}
