// What strangers send to whatever is open to them: 5,000 spellings of an address, forged and foreign tokens, money that is none, bodies
// without end. Nothing leads astray, nothing is made up, nothing is a 500.

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.Security;

[Collection(nameof(CrmServer))]
public sealed class StrangerTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Own = "www.silva.example.org",
        Origin = "https://" + Own;

    async Task<Reply> Ask(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        // Behind our own address whatever the path is: two slashes would be another host.
        using var request = new HttpRequestMessage(method, new Uri(server.Address.GetLeftPart(UriPartial.Authority) + path));
        if (body is not null)
            request.Content = new StringContent(
                body,
                Encoding.UTF8,
                body.StartsWith('{') || body.StartsWith('[') ? "application/json" : "application/x-www-form-urlencoded"
            );
        foreach (var (name, value) in headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }

    // ---- Addresses

    sealed record Place(string Scheme, string Host, string User);

    static readonly string[] Schemes =

        [
            "https://",
            "http://",
            "HTTPS://",
            "//",
            "\\\\",
            "/\\",
            "https:",
            "https:/",
            "https:///",
            "http:\\\\",
            "javascript:",
            "JaVaScRiPt:",
            "data:text/html,",
            "vbscript:",
            "file://",
            "ftp://",
            "%68ttps://",
            " https://",
            "ht\ttps://",
            "https:\u2044\u2044",
            "h\u0000ttps://",
            "view-source:https://",
            "blob:https://",
            "mailto:",
        ],
        Before =

        [
            "",
            Own + "@",
            Own + ":80@",
            "a:b@",
            Own + "\\@",
            Own + "%40",
            "%00",
            "\u202e",
            "www.",
            Own + "#@",
            Own + "?@",
            Own + "/\\@",
            Own + ";@",
            Own + "\u2215@",
            Own + "\uff20",
        ],
        Hosts =

        [
            "evil.example",
            "EVIL.example",
            "evil.example.",
            "evil\u3002example",
            "\uff45vil.example",
            "xn--vil-xyz.example",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "[::ffff:1.2.3.4]",
            "evil.example:99999",
            "evil.example:80",
            "",
            "..",
            "evil_.example",
            "-evil.example",
            "ev\u00adil.example",
            "evil.example\uff0fx",
            Own,
            Own + ".evil.example",
            "%65vil.example",
        ],
        After =

        [
            "",
            "/",
            "/a?b=c#d",
            "\r\nX-Injected: 1",
            "%0d%0aX-Injected:%201",
            "/%2e%2e//evil.example",
            "?crm_click=x",
            "#",
            "\t",
            "/\\evil.example",
            "/@evil.example",
            "/\u2028x",
            "?\ud83d\ude00",
        ];

    /// <summary>No parser may take these for where a link leads.</summary>
    static readonly string[] Never =
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:///evil.example",
        "https://user@evil.example/",
        "https://a:b@evil.example/",
        "ht\ttps://evil.example",
        "https://evil\n.example/",
        "https://evil.example/\r\nSet-Cookie: a=b",
        "file:///etc/passwd",
        "ftp://evil.example/",
        "jAvAsCrIpT:x",
        "%6Aavascript:x",
        "java\0script:x",
        "http://",
        "https://?x",
        "mailto:a@b.example",
        "about:blank",
    ];

    static string Spelling(Random random) => Any(random, Schemes) + Any(random, Before) + Any(random, Hosts) + Any(random, After);

    static string Any(Random random, string[] of) => of[random.Next(of.Length)];

    static readonly string[] Answered =
    [
        "Location",
        "Cache-Control",
        "Referrer-Policy",
        "X-Robots-Tag",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Set-Cookie",
        "Date",
        "Server",
        "Vary",
        "RateLimit",
        "RateLimit-Policy",
    ];

    /// <summary>2,500 destinations at creation, 2,500 requests for a good link: its slug, its query, the host and the link domain are a
    /// stranger's. A browser's own parser says where each answer leads.</summary>
    [NeedsNodeAndQuickStoreFact]
    public async Task no_spelling_makes_a_link_lead_where_its_owner_did_not_say()
    {
        var workspace = await server.NewWorkspace();
        var random = new Random(5);
        var domain = $"go-{Guid.NewGuid():n}.example.org";
        await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = domain });
        var slug = (await workspace.Post("/v1/links", new { destination = Origin + "/a" }))["slug"]!.ToString();
        var (wanted, led) = (new List<string>(), new List<string>());
        foreach (var destination in Never)
            (await workspace.Post("/v1/links", new { destination })).Status.Should().Be(422, destination);

        for (var i = 0; i < 2500; i += 500)
        {
            var spelled = Enumerable.Range(0, 500).Select(_ => Spelling(random)).ToList();
            var made = await workspace.Post("/v1/links/bulk", new { links = spelled.Select(destination => new { destination }) });
            made.Status.Should().Be(200, made.Text);
            foreach (var (text, result) in spelled.Zip(made["results"]!.AsArray()))
                if (result!["status"]!.GetValue<int>() == 201)
                    foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
                    {
                        var went = await Ask(method, $"/l/{result["link"]!["slug"]}");
                        went.Status.Should().Be(302, text);
                        wanted.Add(text);
                        led.Add(Checked(went, text));
                    }
                else
                    result["status"]!.GetValue<int>().Should().Be(422, text);
        }
        wanted.Count.Should().BeGreaterThan(100, "some are addresses after all");

        string[] names =
        [
            "url",
            "next",
            "_next",
            "destination",
            "redirect",
            "return",
            "retURL",
            "crm_click",
            "crm_lead",
            "utm_source",
            "utm_campaign",
            "gclid",
            "",
            "//",
            "@",
            "u%0d%0aLocation",
        ];
        for (var i = 0; i < 2500; i++)
        {
            var text = Uri.EscapeDataString(Spelling(random));
            var raw =
                random.Next(3) == 0
                    ? text.Replace("%2F", "/", StringComparison.Ordinal)
                        .Replace("%40", "@", StringComparison.Ordinal)
                        .Replace("%3A", ":", StringComparison.Ordinal)
                        .Replace("%5C", "\\", StringComparison.Ordinal)
                    : text;
            var (path, headers) = (i % 5) switch
            {
                0 => ($"/l/{raw}", Array.Empty<(string, string)>()),
                1 => ($"/l/{slug}/{raw}", []),
                2 => ($"/{raw}", [("Host", domain)]),
                3 => ($"/{slug}?{Any(random, names)}={raw}&{Any(random, names)}={text}", [("Host", domain)]),
                _ => (
                    $"/l/{slug}?{Any(random, names)}={raw}&{Any(random, names)}={text}",
                    [("Host", random.Next(2) == 0 ? "evil.example" : "evil.example:81")]
                ),
            };
            var answer = await Ask(HttpMethod.Get, path.Replace("#", "%23", StringComparison.Ordinal), null, headers);
            answer.Status.Should().BeOneOf([302, 404, 400], path);
            if (answer.Status != 302)
                continue;
            wanted.Add(Origin + "/a");
            led.Add(Checked(answer, path));
        }
        led.Count.Should().BeGreaterThan(1000);
        var (expected, places) = (
            await Npm.Ask<string, Place?>("url-oracle.mjs", wanted),
            await Npm.Ask<string, Place?>("url-oracle.mjs", led)
        );
        foreach (var ((want, place), (text, location)) in expected.Zip(places).Zip(wanted.Zip(led)))
        {
            place.Should().NotBeNull($"{text} leads to {location}");
            place!.Should().Be(want, $"{text} leads to {location}");
            (place!.Scheme is "http:" or "https:", place.User).Should().Be((true, ""), text);
        }

        static string Checked(Reply answer, string because)
        {
            answer.Headers.Select(h => h.Key).Should().BeSubsetOf(Answered, because);
            (answer.Header("Set-Cookie") ?? "crm_click=").Should().StartWith("crm_click=", because);
            return answer.Header("Location")!;
        }
    }

    // ---- Tokens

    [Fact]
    public async Task a_click_or_visitor_that_was_made_up_or_is_somebody_elses_brings_nothing_at_any_door_and_a_replayed_one_nothing_twice()
    {
        var (mine, theirs) = (await server.NewWorkspace(), await server.NewWorkspace());
        var (door, other) = (await Doors.Of(mine), await Doors.Of(theirs));
        var (click, own) = (await other.Click(), await door.Click());
        var visitor = (await Ask(HttpMethod.Post, $"/t/events?site={other.Site["key"]}", """{"kind":"pageView"}"""))["visitor"]!.ToString();
        var before = string.Concat((await theirs.All("/v1/clicks")).Concat(await theirs.All("/v1/visitors")).Select(r => r.ToJsonString()));
        string[] tokens =
        [
            click,
            visitor,
            own[..^1] + (own[^1] == '0' ? '1' : '0'),
            own.Split('.')[0],
            own.Split('.')[0] + ".",
            "click_01h455vb4pex5vsknk084sn02q.00",
            visitor.Replace("visitor_", "click_", StringComparison.Ordinal),
            own.Replace("click_", "visitor_", StringComparison.Ordinal),
            "",
            ".",
            new('x', 3000),
            "' or 1=1 --",
            "$ne",
        ];
        foreach (var (token, i) in tokens.Select((token, i) => (token, i)))
        {
            var text = Uri.EscapeDataString(token);
            var page = $"{Origin}/?crm_click={text}";
            (
                await Ask(
                    HttpMethod.Post,
                    $"/f/{door.Form["key"]}",
                    $"email=a{i}@silva.example.org&_click={text}&_visitor={text}&_page={Uri.EscapeDataString(page)}",
                    ("Accept", "application/json"),
                    ("Cookie", $"crm_click={text}")
                )
            )
                .Status.Should()
                .BeOneOf([201, 400], token);
            (
                await Ask(
                    HttpMethod.Post,
                    $"/t/events?site={door.Site["key"]}",
                    JsonSerializer.Serialize(
                        new
                        {
                            visitor = token,
                            events = new object[]
                            {
                                new { kind = "pageView", page },
                                new
                                {
                                    kind = "conversion",
                                    type = "sale",
                                    orderId = $"e{i}",
                                    value = new { amount = 1, currency = "EUR" },
                                },
                            },
                        }
                    )
                )
            ).Status.Should().Be(200, token);
            (
                await Ask(
                    HttpMethod.Get,
                    $"/matomo.php?idsite={door.Site["matomoId"]}&rec=1&_id={text}&idgoal=0&ec_id=m{i}&revenue=1&url={Uri.EscapeDataString(page)}"
                )
            )
                .Status.Should()
                .BeOneOf([200, 414], token);
            (
                await Ask(
                    HttpMethod.Post,
                    "/track/lead/client",
                    JsonSerializer.Serialize(
                        new
                        {
                            clickId = token,
                            eventName = "x",
                            customerExternalId = $"d{i}",
                        }
                    ),
                    ("Origin", Origin),
                    ("Authorization", $"Bearer crm_pk_{door.Site["key"]}")
                )
            ).Status.Should().BeOneOf([200, 422], token);
            (await Ask(HttpMethod.Get, $"/postback/{door.Affiliate["postbackKey"]}?click_id={text}&amount=5&currency=EUR"))
                .Status.Should()
                .BeOneOf([200, 422], token);
            (
                await Ask(
                    HttpMethod.Get,
                    $"/l/{door.Link["slug"]}?crm_lead={text}&crm_click={text}",
                    null,
                    ("Cookie", $"crm_click={text}; crm_visitor={text}")
                )
            )
                .Status.Should()
                .Be(302, token);
            (await mine.Post("/v1/conversions", new { click = token.Length == 0 ? "x" : token })).Status.Should().Be(422, token);
        }
        (await mine.All("/v1/leads"))
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(l =>
                l["source"]!["link"] == null
                && l["source"]!["affiliate"] == null
                && (l["firstTouch"] == null || l["firstTouch"]!["click"] == null)
            );
        (await mine.All("/v1/conversions"))
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(c => c["link"] == null && c["affiliate"] == null && c["click"] == null);
        (await mine.All("/v1/touches"))
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(t => t["link"] == null && t["affiliate"] == null && t["click"] == null);
        (await mine.All("/v1/commissions")).Should().BeEmpty();
        string.Concat((await theirs.All("/v1/clicks")).Concat(await theirs.All("/v1/visitors")).Select(r => r.ToJsonString()))
            .Should()
            .Be(before, "the other workspace's are what they were");

        // The true one, again and again.
        for (var i = 0; i < 3; i++)
        {
            await Ask(HttpMethod.Get, $"/postback/{door.Affiliate["postbackKey"]}?click_id={own}&amount=5&currency=EUR&order_id=R-1");
            await Ask(
                HttpMethod.Get,
                $"/matomo.php?idsite={door.Site["matomoId"]}&rec=1&idgoal=0&ec_id=R-1&revenue=5&url={Uri.EscapeDataString($"{Origin}/?crm_click={own}")}"
            );
            await Ask(
                HttpMethod.Post,
                $"/t/events?site={door.Site["key"]}",
                """{"kind":"conversion","type":"sale","orderId":"R-1","value":{"amount":500,"currency":"EUR"}}"""
            );
        }
        (await mine.All("/v1/conversions?orderId=R-1")).Should().ContainSingle();
        (await mine.All("/v1/commissions")).Should().ContainSingle().Which["amount"]!["amount"]!.GetValue<long>().Should().Be(50);
    }

    // ---- Money

    [Fact]
    public async Task money_that_is_none_is_counted_at_no_door()
    {
        var workspace = await server.NewWorkspace();
        var door = await Doors.Of(workspace);
        var click = await door.Click();
        string[] amounts =
        [
            "-1",
            "-0.01",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "1e3",
            "9223372036854775807",
            "9223372036854775808",
            "1000000000001",
            "99999999999999999999999999",
            "1.5.2",
            "0x10",
            "١٢",
            "1 000",
            "",
            "null",
            "true",
            "[1]",
            "\"1\"",
        ];
        foreach (
            var (amount, currency) in amounts
                .Select(a => (a, "EUR"))
                .Concat(new[] { "EUX", "", "eu", "EURO", "€", "XXX", "123", "<b>" }.Select(c => ("1", c)))
        )
        {
            var order = Guid.NewGuid().ToString("n");
            var number = IsNumber(amount) ? amount : JsonSerializer.Serialize(amount);
            var value = $$"""{"amount":{{number}},"currency":{{JsonSerializer.Serialize(currency)}}}""";
            Reply[] answers =
            [
                await Ask(
                    HttpMethod.Post,
                    $"/t/events?site={door.Site["key"]}",
                    $$"""{"kind":"conversion","type":"odd","orderId":"e{{order}}","value":{{value}}}"""
                ),
                await Ask(
                    HttpMethod.Get,
                    $"/matomo.php?idsite={door.Site["matomoId"]}&rec=1&idgoal=0&ec_id=m{order}&revenue={Uri.EscapeDataString(currency == "EUR" ? amount : "-1")}&currency={Uri.EscapeDataString(currency)}"
                ),
                await Ask(
                    HttpMethod.Post,
                    "/track/sale/client",
                    $$"""{"customerExternalId":"u","invoiceId":"p{{order}}","amount":{{number}},"currency":{{JsonSerializer.Serialize(currency)}}}""",
                    ("Origin", Origin),
                    ("Authorization", $"Bearer crm_pk_{door.Site["key"]}")
                ),
                await Ask(
                    HttpMethod.Get,
                    $"/postback/{door.Affiliate["postbackKey"]}?click_id={click}&order_id=b{order}&amount={Uri.EscapeDataString(amount)}&currency={Uri.EscapeDataString(currency)}"
                ),
                await workspace.Post("/v1/conversions", $$"""{"orderId":"v{{order}}","value":{{value}}}"""),
                await workspace.Post(
                    "/track/sale",
                    $$"""{"customerExternalId":"u","invoiceId":"s{{order}}","amount":{{number}},"currency":{{JsonSerializer.Serialize(currency)}}}"""
                ),
            ];
            answers
                .Should()
                .OnlyContain(
                    a => a.Status == 200 || a.Status == 201 || a.Status == 422 || a.Status == 400,
                    $"{amount} {currency}: {string.Join(" | ", answers.Select(a => a.ToString()))}"
                );
        }
        var conversions = await workspace.All("/v1/conversions");
        conversions
            .Should()
            .HaveCountGreaterThan(30)
            .And.OnlyContain(c =>
                c["value"] == null
                || c["value"]!["amount"]!.GetValue<long>() >= 0
                    && c["value"]!["amount"]!.GetValue<long>() <= Money.Most
                    && c["value"]!["currency"]!.ToString().Length == 3
            );
        // What the report adds up is what the conversions say.
        var sums = conversions
            .Where(c => c["value"] is not null)
            .GroupBy(c => c["value"]!["currency"]!.ToString())
            .ToDictionary(g => g.Key, g => g.Sum(c => c["value"]!["amount"]!.GetValue<long>()));
        (await workspace.Get("/v1/reports/channels"))["totals"]!["revenue"]!
            .AsArray()
            .ToDictionary(r => r!["currency"]!.ToString(), r => r!["amount"]!.GetValue<long>())
            .Should()
            .BeEquivalentTo(sums);

        static bool IsNumber(string text)
        {
            try
            {
                using var parsed = JsonDocument.Parse(text);
                return parsed.RootElement.ValueKind
                    is JsonValueKind.Number
                        or JsonValueKind.True
                        or JsonValueKind.Null
                        or JsonValueKind.Array;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    // ---- Bodies

    [Theory]
    [InlineData("/f/{form}", "application/x-www-form-urlencoded")]
    [InlineData("/f/{form}", "multipart/form-data; boundary=b")]
    [InlineData("/f/{form}", "application/json")]
    [InlineData("/t/events?site={site}", "text/plain")]
    [InlineData("/matomo.php", "application/json")]
    [InlineData("/piwik.php?idsite={number}&rec=1", "application/x-www-form-urlencoded")]
    [InlineData("/track/click", "application/json")]
    [InlineData("/track/lead/client", "application/json")]
    [InlineData("/track/sale/client", "application/json")]
    [InlineData("/track/lead", "application/json")]
    [InlineData("/postback/{affiliate}", "application/x-www-form-urlencoded")]
    [InlineData("/postback/{affiliate}", "application/json")]
    [InlineData("/graphql", "application/json")]
    [InlineData("/v1/leads", "application/json")]
    [InlineData("/l/{slug}", "application/json")]
    public async Task ten_mebibytes_are_refused_at_every_open_door_with_and_without_a_length(string path, string type)
    {
        var workspace = await server.NewWorkspace();
        var door = await Doors.Of(workspace);
        path = path.Replace("{form}", door.Form["key"]!.ToString(), StringComparison.Ordinal)
            .Replace("{site}", door.Site["key"]!.ToString(), StringComparison.Ordinal)
            .Replace("{number}", door.Site["matomoId"]!.ToString(), StringComparison.Ordinal)
            .Replace("{affiliate}", door.Affiliate["postbackKey"]!.ToString(), StringComparison.Ordinal)
            .Replace("{slug}", door.Link["slug"]!.ToString(), StringComparison.Ordinal);
        var bearer = path.EndsWith("/client", StringComparison.Ordinal) ? $"crm_pk_{door.Site["key"]}" : workspace.Key;
        var heard = 0;
        foreach (var chunked in new[] { false, true })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await using var stream = socket.GetStream();
            const int Length = 10 * 1024 * 1024;
            var head =
                $"POST {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: {type}\r\nOrigin: {Origin}\r\nAccept: application/json\r\n"
                + (path.StartsWith("/f/", StringComparison.Ordinal) ? "" : $"Authorization: Bearer {bearer}\r\n")
                + "Connection: close\r\n"
                + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {Length}\r\n\r\n");
            var sending = Task.Run(async () =>
            {
                try
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
                    var piece = Encoding.ASCII.GetBytes(new string(type.Contains("json", StringComparison.Ordinal) ? '[' : 'a', 65_536));
                    for (var sent = 0; sent < Length; sent += piece.Length)
                    {
                        if (chunked)
                            await stream.WriteAsync("10000\r\n"u8.ToArray());
                        await stream.WriteAsync(piece);
                        if (chunked)
                            await stream.WriteAsync("\r\n"u8.ToArray());
                    }
                    if (chunked)
                        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
                }
                catch (IOException)
                {
                    // Hung up on while still sending.
                }
            });
            var answer = new StringBuilder();
            var buffer = new byte[8192];
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer)) > 0; )
                    answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
            catch (IOException)
            {
                // The same, seen from here.
            }
            await sending;
            if (answer.Length == 0)
                continue;
            heard++;
            answer
                .ToString()
                .Should()
                .MatchRegex(
                    // A form and a postback use what came before the limit, which names nobody here; Dub's callers know no 413.
                    path.StartsWith("/f/", StringComparison.Ordinal) || path.StartsWith("/postback/", StringComparison.Ordinal)
                        ? "^HTTP/1.1 (400|413|422) "
                        : "(?s)^HTTP/1.1 (413 |405 |400 .*(At most 64 KiB in one request|may have at most 1048576 bytes))",
                    path
                );
        }
        heard.Should().BePositive(path);
        (await workspace.All("/v1/leads")).Should().BeEmpty();
        (await Ask(HttpMethod.Get, "/health/live")).Status.Should().Be(200);
    }

    /// <summary>A workspace with one of everything that is open to strangers.</summary>
    sealed record Doors(TestWorkspace Workspace, JsonNode Site, JsonNode Form, JsonNode Affiliate, JsonNode Link)
    {
        public static async Task<Doors> Of(TestWorkspace workspace)
        {
            var site = await workspace.Post(
                "/v1/sites",
                new
                {
                    name = "Shop",
                    allowedOrigins = new[] { Origin },
                    clientConversions = true,
                    currency = "EUR",
                }
            );
            var affiliate = await workspace.Post(
                "/v1/affiliates",
                new { name = "Blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
            );
            var link = await workspace.Post("/v1/links", new { destination = Origin + "/", affiliate = affiliate["id"] });
            return new(workspace, site.Json!, await workspace.ContactForm(), affiliate.Json!, link.Json!);
        }

        public async Task<string> Click()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{Link["slug"]}");
            request.Headers.TryAddWithoutValidation("User-Agent", Browser);
            using var went = await Workspace.Server.Http.SendAsync(request);
            return System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        }
    }
}
