// Nothing that somebody writes into an address reaches a machine that is not on the public internet: 2,000 spellings, DNS that changes its
// mind, redirects.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Api.Outbound;
using Crm.Domain.Deliveries;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Deliveries;

public sealed class OutboundGuardTests(ITestOutputHelper output)
{
    /// <summary>Listens on every address of this machine, IPv4 and IPv6, and counts who connects.</summary>
    sealed class Canary : IAsyncDisposable
    {
        readonly TcpListener listener = TcpListener.Create(0);
        readonly Task listening;
        public int Connections;

        public Canary(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        {
            listener.Start();
            listening = Task.Run(async () =>
            {
                while (true)
                {
                    TcpClient client;
                    try
                    {
                        client = await listener.AcceptTcpClientAsync();
                    }
                    catch (Exception over) when (over is SocketException or ObjectDisposedException)
                    {
                        return;
                    }
                    Interlocked.Increment(ref Connections);
                    using (client)
                    {
                        _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
                    }
                }
            });
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await listening;
        }
    }

    static OutboundOptions Options(int port, params string[] allow) =>
        new([.. allow.Select(text => IPNetwork.Parse(text))], [port, 80, 443], new([TimeSpan.FromSeconds(1)], TimeSpan.FromSeconds(5)));

    static async Task<TryOutcome> Try(
        OutboundOptions options,
        string url,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null
    )
    {
        using var send = new SendHttp(options, resolve is null ? new(options) : new(options, resolve), TimeProvider.System);
        return await send.Get(new() { Url = url }, CancellationToken.None);
    }

    static readonly string[] Forbidden =
    [
        "127.0.0.1",
        "127.0.0.2",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
    ];

    /// <summary>One IPv4 address in the ways that some parser of the world takes for it.</summary>
    static IEnumerable<string> Spellings(string address)
    {
        var b = IPAddress.Parse(address).GetAddressBytes();
        var number = (uint)(b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]);
        var (hi, lo) = (b[0] << 8 | b[1], b[2] << 8 | b[3]);
        string Octal(int part) => "0" + Convert.ToString(part, 8);
        string[] hosts =
        [
            address,
            address + ".",
            $"{number}",
            $"0x{number:x}",
            $"0X{number:X8}",
            "0" + Convert.ToString(number, 8),
            $"{Octal(b[0])}.{Octal(b[1])}.{Octal(b[2])}.{Octal(b[3])}",
            $"0x{b[0]:x}.0x{b[1]:x}.0x{b[2]:x}.0x{b[3]:x}",
            $"{b[0]}.{b[1]}.{lo}",
            $"{b[0]}.{number & 0xffffff}",
            $"0x{b[0]:x}.{number & 0xffffff}",
            $"{Octal(b[0])}.{b[1]}.0x{lo:x}",
            $"0000{Octal(b[0])}.{b[1]}.{b[2]}.{b[3]}",
            $"{address.ToUpperInvariant()}..",
            $"0x000000{b[0]:x}.{number & 0xffffff}",
            address.Replace('.', '。'),
            address.Replace('.', '．'),
            string.Concat(address.Select(c => c == '.' ? c : (char)(c - '0' + '０'))),
            address.Replace(".", "%2e"),
            string.Concat(Encoding.ASCII.GetBytes(address).Select(c => $"%{c:x2}")),
            $"[::ffff:{address}]",
            $"[::ffff:{hi:x}:{lo:x}]",
            $"[0:0:0:0:0:ffff:{hi:x}:{lo:x}]",
            $"[0000:0000:0000:0000:0000:FFFF:{address}]",
            $"[::{address}]",
            $"[::{hi:x}:{lo:x}]",
            $"[64:ff9b::{address}]",
            $"[64:ff9b::{hi:x}:{lo:x}]",
            $"[64:ff9b:1::{address}]",
            $"[2002:{hi:x}:{lo:x}::]",
            $"[2002:{hi:x}:{lo:x}::1]",
            $"[::ffff:{address}%25lo]",
            $"public.example.org@{address}",
            $"public.example.org:80@{address}",
            $"{address}%00.example.org",
            $"{address}%0d%0a",
            $"{address}%09",
        ];
        return hosts;
    }

    static IEnumerable<string> Urls(int port)
    {
        string[] alone =
        [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "x.localhost",
            "ⓛocalhost",
            "localhost%2e",
            "ip6-localhost",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::0001]",
            "[::1%25lo]",
            "[fe80::1]",
            "[fe80::1%25lo]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[5f00::1]",
        ];
        foreach (var host in alone.Concat(Forbidden.SelectMany(Spellings)))
        {
            yield return $"http://{host}:{port}/";
            yield return $"https://{host}:{port}/x?a=b#c";
        }
        foreach (var address in Forbidden.Take(12))
        foreach (
            var form in new[]
            {
                "http:/{0}:{1}/",
                "http:{0}:{1}/",
                "http:\\\\{0}:{1}/",
                "http://{0}:{1}\\@public.example.org/",
                "http://{0}:{1}#@public.example.org/",
                "http://{0}:{1}?@public.example.org/",
                "\thttp://{0}:{1}/",
                "HTTP://{0}:0{1}/",
                "http://{0}:{1}",
                "http:///{0}:{1}/",
            }
        )
            yield return string.Format(CultureInfo.InvariantCulture, form, address, port);
    }

    [Fact]
    public async Task two_thousand_spellings_of_private_addresses_reach_nobody()
    {
        await using var canary = new Canary();
        var options = Options(canary.Port);
        (await Try(Options(canary.Port, "127.0.0.1/32"), $"http://127.0.0.1:{canary.Port}/"))
            .Result.Should()
            .Be(AttemptResult.Delivered, "the canary answers who is let through");
        (await Try(Options(canary.Port, "::1/128"), $"http://[::1]:{canary.Port}/")).Result.Should().Be(AttemptResult.Delivered);
        canary.Connections.Should().Be(2);

        var urls = Urls(canary.Port).ToList();
        urls.Count.Should().BeGreaterThan(1_900);
        // Names that are no address in disguise lead to this machine: whatever the parser makes of a spelling, there is somebody to be
        // reached.
        using var send = new SendHttp(
            options,
            new(options, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
            TimeProvider.System
        );
        var results = new Dictionary<AttemptResult, int>();
        foreach (var url in urls)
        {
            var outcome = await send.Get(new() { Url = url }, CancellationToken.None);
            outcome.Result.Should().BeOneOf([AttemptResult.NotAllowed, AttemptResult.Unreachable], url);
            results[outcome.Result] = results.GetValueOrDefault(outcome.Result) + 1;
        }
        canary.Connections.Should().Be(2, "none of them was let through");
        output.WriteLine($"{urls.Count} spellings: {string.Join(", ", results)}");
        results[AttemptResult.NotAllowed].Should().BeGreaterThan(1_500, "most of them are addresses, and were refused as what they are");
    }

    [Fact]
    public async Task every_special_range_is_refused_and_its_neighbours_are_public()
    {
        foreach (var address in Forbidden)
            PublicAddress.Is(IPAddress.Parse(address)).Should().BeFalse(address);
        foreach (
            var address in new[]
            {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "64:ff9b::1.1.1.1",
                "2002:101:101::",
            }
        )
            PublicAddress.Is(IPAddress.Parse(address)).Should().BeTrue(address);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task a_name_is_looked_up_once_for_a_connection_and_refused_when_one_of_its_addresses_is_private()
    {
        await using var canary = new Canary();
        var lookups = 0;
        for (var round = 0; round < 1000; round++)
            (await Try(Options(canary.Port), $"http://rebind.example.org:{canary.Port}/", (_, _) =>
                {
                    lookups++;
                    return Task.FromResult<IPAddress[]>([
                        round % 2 == 0 ? IPAddress.Loopback : IPAddress.Parse("::ffff:127.0.0.1"),
                        IPAddress.Parse("1.1.1.1"),
                    ]);
                })).Result.Should().Be(AttemptResult.NotAllowed);
        (lookups, canary.Connections).Should().Be((1000, 0));

        // A name that changes its mind is judged anew with each connection.
        var answers = new Queue<string>(["127.0.0.2", "127.0.0.1", "127.0.0.2"]);
        var results = new List<AttemptResult>();
        for (var i = 0; i < 3; i++)
            results.Add(
                (
                    await Try(Options(canary.Port, "127.0.0.2/32"), $"http://rebind.example.org:{canary.Port}/", (_, _) =>
                        Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())])
                    )
                ).Result
            );
        results.Should().Equal(AttemptResult.Delivered, AttemptResult.NotAllowed, AttemptResult.Delivered);
        canary.Connections.Should().Be(2);
    }

    [Fact]
    public async Task a_redirect_is_not_followed_and_a_port_that_is_not_listed_not_connected_to()
    {
        await using var canary = new Canary();
        await using var redirecting = new Canary(
            $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{canary.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        var outcome = await Try(Options(redirecting.Port, "127.0.0.1/32"), $"http://127.0.0.1:{redirecting.Port}/");
        (outcome.Result, outcome.Status, redirecting.Connections, canary.Connections).Should().Be((AttemptResult.Refused, 302, 1, 0));
        (await Try(new([], [80, 443, 8443], DeliveryPlan.Usual), "http://1.1.1.1:22/")).Result.Should().Be(AttemptResult.NotAllowed);
    }

    [Fact]
    public async Task the_product_says_the_same_of_an_open_and_a_closed_port_of_this_machine()
    {
        await using var canary = new Canary();
        await using var crm = new CrmServer(
            null,
            "--Crm:Outbound:Schedule=0.01s",
            FormattableString.Invariant($"--Crm:Outbound:Ports={canary.Port},1")
        );
        await crm.InitializeAsync();
        var workspace = await crm.NewWorkspace();
        foreach (var port in new[] { canary.Port, 1 })
            DeliveryTests.Id(await workspace.Post("/v1/postbacks", new { url = $"http://localhost:{port}/", on = new[] { "sale" } }));
        DeliveryTests.Id(await workspace.Post("/v1/conversions", new { orderId = "1" }));
        var deliveries = await DeliveryTests.Finished(() => workspace.All("/v1/deliveries"), 2);
        deliveries
            .Select(d => (d["status"]!.ToString(), d["reason"]!.ToString(), d["log"]![0]!["result"]!.ToString(), d["log"]![0]!["status"]))
            .Distinct()
            .Should()
            .Equal([("dead", "not_allowed", "notAllowed", null)]);
        canary.Connections.Should().Be(0);
    }
}
