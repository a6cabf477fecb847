// Links beyond the click: QR codes that others read, many links at once, links that name their lead, domains of links, and robots as others
// see them.

using System.Text.Json.Nodes;
using Crm.Api.Links;
using Crm.Domain.Links;
using Crm.Domain.Sites;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using QRCoder;
using QRCoder.Exceptions;
using Xunit;

namespace Crm.Tests.Links;

[Collection(nameof(CrmServer))]
public sealed partial class LinkMoreTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    // ---- QR codes

    sealed record Drawn(string Text, string Png, int Mask, int Version, string Modules);

    sealed record Seen(string? Read, bool Same, bool Smallest);

    [NeedsNodeFact]
    public async Task qr_codes_of_every_version_are_read_by_others_and_drawn_like_theirs()
    {
        var random = new Random(4);
        var lengths = Enumerable
            .Range(1, 60)
            .Concat([76, 77, 106, 107, 122, 123, 152, 153, 180, 181, 213, 214, 300, 400, 504, 505, 666, 900, 1200, 1600, 2000, 2330, 2331]);
        var texts = lengths
            .Select(length =>
                string.Concat(
                    Enumerable.Range(0, length).Select(_ => "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789:/?=&.-_%"[random.Next(51)])
                )
            )
            .Append("https://go.silva.example.org/açaí-😀")
            .ToList();
        var drawn = texts
            .Select(text =>
            {
                using var code = QrPicture.Of(text);
                return Draw(text, code, QrPicture.Png(code, 3));
            })
            .ToList();
        var seen = await Npm.Ask<Drawn, Seen>("qr-oracle.mjs", drawn);
        foreach (var (code, they) in drawn.Zip(seen))
            they.Should().Be(new Seen(code.Text, true, true), $"{code.Text.Length} characters, version {code.Version}");
        drawn.Select(d => d.Mask).Distinct().Count().Should().BeGreaterThan(4);
        drawn.Max(d => d.Version).Should().Be(40);
        FluentActions.Invoking(() => QrPicture.Of(new string('x', 2332))).Should().Throw<DataTooLongException>();
    }

    /// <summary>The code without its quiet zone, which has to be light.</summary>
    static Drawn Draw(string text, QRCodeData code, byte[] png)
    {
        const int Quiet = 4;
        var size = code.ModuleMatrix.Count - 2 * Quiet;
        bool Module(int x, int y) => code.ModuleMatrix[y + Quiet][x + Quiet];
        for (var y = -Quiet; y < size + Quiet; y++)
        for (var x = -Quiet; x < size + Quiet; x++)
            if (x < 0 || y < 0 || x >= size || y >= size)
                Module(x, y).Should().BeFalse();
        // The mask's number stands beside the first finder, itself masked with 101.
        var mask = ((Module(2, 8) ? 4 : 0) | (Module(3, 8) ? 2 : 0) | (Module(4, 8) ? 1 : 0)) ^ 0b101;
        var modules = string.Concat(Enumerable.Range(0, size * size).Select(i => Module(i % size, i / size) ? '1' : '0'));
        return new(text, Convert.ToBase64String(png), mask, code.Version, modules);
    }

    [Fact]
    public void an_svg_shows_the_modules_a_png_shows()
    {
        using var code = QrPicture.Of("https://go.silva.example.org/summer");
        var svg = System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(QrPicture.Svg(code, "Summer", 3)));
        var side = code.ModuleMatrix.Count;
        ((string?)svg.Root!.Attribute("width"), (string?)svg.Root.Attribute("viewBox")).Should().Be(($"{side * 3}", $"0 0 {side} {side}"));
        var path = (string)svg.Root.Elements().Last().Attribute("d")!;
        var dark = new bool[side, side];
        foreach (System.Text.RegularExpressions.Match run in RunOfModules().Matches(path))
            for (var x = 0; x < int.Parse(run.Groups[3].Value); x++)
                dark[int.Parse(run.Groups[2].Value), int.Parse(run.Groups[1].Value) + x] = true;
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
            dark[y, x].Should().Be(code.ModuleMatrix[y][x]);
        // One bit of grey, as wide as the modules are.
        var png = QrPicture.Png(code, 3);
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).Should().Be(side * 3);
        (png[24], png[25]).Should().Be(((byte)1, (byte)0));
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1H\1z")]
    private static partial System.Text.RegularExpressions.Regex RunOfModules();

    [NeedsNodeFact]
    public async Task the_code_of_a_link_leads_where_the_link_does()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/", name = "<b>&" });
        var address = (await workspace.Get($"/v1/links/{link["id"]}/address"))["url"]!.ToString();
        address.Should().Be($"{server.Address}l/{link["slug"]}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/links/{link["id"]}/qr.png?scale=4");
        request.Headers.Authorization = new("Bearer", workspace.Key);
        using var png = await server.Http.SendAsync(request);
        png.Content.Headers.ContentType!.ToString().Should().Be("image/png");
        using var code = QrPicture.Of(address);
        var read = await Npm.Ask<Drawn, Seen>("qr-oracle.mjs", [Draw(address, code, await png.Content.ReadAsByteArrayAsync())]);
        read[0].Read.Should().Be(address);
        var svg = await workspace.Get($"/v1/links/{link["id"]}/qr.svg");
        (svg.Status, svg.Header("Content-Type")).Should().Be((200, "image/svg+xml; charset=utf-8"));
        System.Xml.Linq.XDocument.Parse(svg.Text).Root!.Elements().First().Value.Should().Be("<b>&");
        (await workspace.Get($"/v1/links/{link["id"]}/qr.svg?scale=0")).Errors.Should().Equal("scale:invalid");
        (await workspace.Get($"/v1/links/{link["id"]}/qr.png?size=9")).Code.Should().Be("unknown_parameter");
        (await workspace.Get($"/v1/links/{link["id"]}/qr.png?domain=evil.example")).Errors.Should().Equal("domain:not_found");
    }

    // ---- Many at once

    [Fact]
    public async Task many_links_are_made_at_once_and_each_row_hears_its_own_result_exactly_once()
    {
        var workspace = await server.NewWorkspace();
        var taken = await NewLink(workspace, new { destination = "https://x.example.org/" });
        var mark = Guid.NewGuid().ToString("n")[..8];
        var body = new
        {
            links = new object[]
            {
                new { destination = "https://one.example.org/", slug = "a-" + mark },
                new { destination = "javascript:alert(1)" },
                new { destination = "https://two.example.org/" },
                new { destination = "https://x.example.org/", slug = taken["slug"] },
                new { destination = "https://x.example.org/", slug = "a-" + mark },
                5,
                new { destination = "https://x.example.org/", campaign = "camp_01h455vb4pex5vsknk084sn02q" },
                new { },
            },
        };
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => workspace.Post("/v1/links/bulk", body, ("Idempotency-Key", "bulk-" + mark)))
        );
        answers.Where(a => a.Status == 200).Select(a => a.Text).Distinct().Should().ContainSingle();
        answers.Should().OnlyContain(a => a.Status == 200 || a.Status == 409);
        var results = answers.First(a => a.Status == 200)["results"]!.AsArray();
        results
            .Select(r => $"{r!["status"]} {r["code"]} {r["errors"]?.AsArray().FirstOrDefault()?["field"]}".Trim())
            .Should()
            .Equal(
                "201",
                "422 validation_failed destination",
                "201",
                "409 already_exists slug",
                "409 already_exists slug",
                "400 body_malformed",
                "422 validation_failed campaign",
                "422 validation_failed destination"
            );
        (await workspace.All("/v1/links")).Should().HaveCount(3);
        (await workspace.Post("/v1/links/bulk", body, ("Idempotency-Key", "bulk-" + mark)))
            .Text.Should()
            .Be(answers.First(a => a.Status == 200).Text);
        (await Follow($"/l/a-{mark}")).Header("Location").Should().StartWith("https://one.example.org/?crm_click=");

        var many = await workspace.Post(
            "/v1/links/bulk",
            new { links = Enumerable.Range(0, 500).Select(i => new { destination = $"https://x.example.org/{i}" }) }
        );
        many["results"]!.AsArray().Select(r => r!["link"]!["slug"]!.ToString()).Distinct().Should().HaveCount(500);
        (
            await workspace.Post(
                "/v1/links/bulk",
                new { links = Enumerable.Range(0, 501).Select(i => new { destination = $"https://x.example.org/{i}" }) }
            )
        )
            .Errors.Should()
            .Equal("links:too_many");
        (await workspace.Post("/v1/links/bulk", new { })).Status.Should().Be(422);
    }

    // ---- A lead's own link

    [Fact]
    public async Task a_lead_s_own_link_names_the_lead_and_nobody_makes_one_up()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        var second = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" })).Json!;
        var theirs = (await other.Post("/v1/leads", new { email = "bo@silva.example.org" })).Json!;
        var address = (await workspace.Get($"/v1/links/{link["id"]}/address?lead={lead["id"]}"))["url"]!.ToString();
        (await workspace.Get($"/v1/links/{link["id"]}/address?lead={theirs["id"]}")).Errors.Should().Equal("lead:not_found");
        var query = new Uri(address).Query;

        var went = await Follow($"/l/{link["slug"]}{query}&utm_source=mail");
        went.Header("Location").Should().NotContain("crm_lead").And.NotContain(lead["id"]!.ToString()).And.Contain("utm_source=mail");
        await Follow($"/l/{second["slug"]}{query}"); // sealed for another link
        await Follow($"/l/{link["slug"]}{query[..^1]}{(query[^1] == '0' ? '1' : '0')}");
        await Follow($"/l/{link["slug"]}?crm_lead={lead["id"]}.");
        await Follow($"/l/{link["slug"]}?crm_lead={lead["id"]}.%C3%A9%C3%A9");
        await Follow($"/l/{link["slug"]}{query}", ("Sec-GPC", "1"));
        var clicks = await workspace.All("/v1/clicks?sort=createdAt");
        clicks.Select(c => c["lead"]?.ToString()).Should().Equal(lead["id"]!.ToString(), null, null, null, null, null);
        (await workspace.All($"/v1/clicks?lead={lead["id"]}")).Should().ContainSingle();
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline")).Data.Count(e => e!["type"]!.ToString() == "lead.clicked").Should().Be(1);
        await workspace.Delete($"/v1/leads/{lead["id"]}");
        (await Follow($"/l/{link["slug"]}{query}")).Status.Should().Be(302);
        (await workspace.All("/v1/clicks")).Count(c => c["lead"] is not null).Should().Be(1);
    }

    // ---- Domains of links

    [Fact]
    public async Task a_domain_leads_to_its_own_workspace_s_links_and_takes_nothing_from_the_product()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        var foreign = await NewLink(other, new { destination = "https://other.example.org/" });
        var domain = $"go-{Guid.NewGuid():n}.example.org";
        (await Follow($"/{link["slug"]}", ("Host", domain))).Status.Should().Be(404);
        var site = (await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = domain })).Json!;
        (await Follow($"/{link["slug"]}?utm_source=x", ("Host", domain)))
            .Header("Location")
            .Should()
            .StartWith("https://www.silva.example.org/?utm_source=x&crm_click=");
        (await Follow($"/{link["slug"]}", ("Host", domain.ToUpperInvariant() + ":8080"))).Status.Should().Be(302);
        (await Follow($"/{foreign["slug"]}", ("Host", domain))).Status.Should().Be(404, "another workspace's link is not on this domain");
        (await Follow($"/{link["slug"]}", ("Host", "x" + domain))).Status.Should().Be(404);
        (await Follow($"/l/{foreign["slug"]}", ("Host", domain))).Status.Should().Be(302);
        (await Follow("/", ("Host", domain))).Status.Should().Be(404);
        (await workspace.Get($"/v1/links/{link["id"]}/address?domain={domain}"))["url"]!
            .ToString()
            .Should()
            .Be($"https://{domain}/{link["slug"]}");
        (await workspace.All("/v1/clicks")).Should().HaveCount(2);

        // Nobody else's, and nothing that is ours, even for who enters the product's own host.
        (await other.Post("/v1/sites", new { name = "Thief", linkDomain = domain })).Errors.Should().Equal("linkDomain:taken");
        foreach (
            var bad in new[]
            {
                "https://go.example.org",
                "go.example.org:80",
                "GO.example.org",
                "go",
                "1.2.3.4",
                "go.example.org/x",
                "*.example.org",
                "",
            }
        )
            (await workspace.Post("/v1/sites", new { name = "Bad", linkDomain = bad })).Status.Should().BeOneOf([422, 201], bad);
        (await workspace.All("/v1/sites")).Where(s => s["linkDomain"] is not null).Should().ContainSingle();
        var reports = await NewLink(workspace, new { destination = "https://evil.example.org/", slug = "reports" });
        (await Follow("/reports", ("Host", domain))).Status.Should().Be(200, "our own pages stay");
        await workspace.Delete($"/v1/links/{reports["id"]}");

        await workspace.Patch($"/v1/sites/{site["id"]}", new { linkDomain = (string?)null });
        (await Follow($"/{link["slug"]}", ("Host", domain))).Status.Should().Be(404);
    }

    [Fact]
    public async Task a_domain_serves_the_links_of_the_workspace_that_its_dns_names_and_nobody_s_before()
    {
        var product = server.Services.GetRequiredService<Installation>();
        var (asked, records) = (new List<string>(), new List<string>());
        var was = product.Options<LinkDomainProofs>();
        product.Configure(
            new LinkDomainProofs
            {
                TextRecords = (name, _) =>
                {
                    asked.Add(name);
                    return Task.FromResult<IReadOnlyList<string>>([.. records]);
                },
            }
        );
        try
        {
            var (workspace, squatter) = (await server.NewWorkspace(), await server.NewWorkspace());
            var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
            var theirs = await NewLink(squatter, new { destination = "https://other.example.org/" });
            var domain = $"go-{Guid.NewGuid():n}.example.org";

            // Who comes first has nothing of it, and keeps nobody from it.
            var first = (await squatter.Post("/v1/sites", new { name = "Thief", linkDomain = domain })).Json!;
            first["linkDomainStatus"]!.ToString().Should().Be("waiting");
            (await Follow($"/{theirs["slug"]}", ("Host", domain))).Status.Should().Be(404);
            (await squatter.Get($"/v1/links/{theirs["id"]}/address?domain={domain}")).Status.Should().Be(400);
            var site = (await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = domain })).Json!;
            var prove = $"/v1/sites/{site["id"]}/prove";
            (await workspace.Post(prove)).Code.Should().Be("wrong_state");
            records.AddRange(["v=spf1 -all", site["linkDomainProof"]!.ToString()]);
            (await squatter.Post($"/v1/sites/{first["id"]}/prove")).Code.Should().Be("wrong_state", "it names another workspace's proof");
            (await Follow($"/{link["slug"]}", ("Host", domain))).Status.Should().Be(404);
            var proved = await workspace.Post(prove);
            (proved.Status, proved["linkDomainStatus"]!.ToString(), proved["linkDomainProof"]).Should().Be((200, "proved", null));
            asked.Should().OnlyContain(name => name == $"_crm.{domain}");

            (await Follow($"/{link["slug"]}", ("Host", domain))).Status.Should().Be(302);
            (await Follow($"/{theirs["slug"]}", ("Host", domain))).Status.Should().Be(404);
            (await workspace.Post(prove)).Status.Should().Be(200, "it is proved already");
            records.Add(first["linkDomainProof"]!.ToString());
            (await squatter.Post($"/v1/sites/{first["id"]}/prove")).Errors.Should().Equal("linkDomain:taken");
            // What else changes leaves it; another domain waits anew, and the old one is free.
            (await workspace.Patch($"/v1/sites/{site["id"]}", new { name = "Store" }))["linkDomainStatus"]!
                .ToString()
                .Should()
                .Be("proved");
            (await workspace.Patch($"/v1/sites/{site["id"]}", new { linkDomain = "x" + domain }))["linkDomainStatus"]!
                .ToString()
                .Should()
                .Be("waiting");
            (await Follow($"/{link["slug"]}", ("Host", domain))).Status.Should().Be(404);
            (await Follow($"/{link["slug"]}", ("Host", "x" + domain))).Status.Should().Be(404);
            (await squatter.Post($"/v1/sites/{first["id"]}/prove")).Status.Should().Be(200);
            // The operator's own key says whose a domain is.
            var own = await server.Default.Post("/v1/sites", new { name = "Own", linkDomain = "own." + domain });
            own["linkDomainStatus"]!.ToString().Should().Be("proved");
        }
        finally
        {
            product.Configure(was);
        }
    }

    // ---- Robots

    [NeedsNodeFact]
    public async Task robots_are_told_from_people_as_isbot_does()
    {
        const string Chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        string[] people =
        [
            Chrome,
            Browser,
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0;FBBV/1;FBDV/iPhone14,5;FBMD/iPhone]",
            "Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.0.0 Mobile Safari/537.36 Instagram 300.0.0.0",
            "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
            "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
            "Mozilla/5.0 (Linux; U; Android 12; pt-br; Redmi) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.0.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.5.0-gn",
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 YaBrowser/25.2.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36 OPR/76.0.0.0",
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.0.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (PlayStation 5 3.11) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 Safari/605.1.15",
        ];
        var words = (await Npm.Run("isbot-oracle.mjs", "", "words"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.ToString())
            .ToList();
        words.Count.Should().BeGreaterThan(60);
        string[] programs =
        [
            "curl/8.5.0",
            "Wget/1.21",
            "python-requests/2.32",
            "Go-http-client/2.0",
            "okhttp/4.12.0",
            "axios/1.7",
            "PostmanRuntime/7.40",
            "Googlebot/2.1 (+http://www.google.com/bot.html)",
            "facebookexternalhit/1.1",
            "WhatsApp/2.23",
            "Slackbot-LinkExpanding 1.0",
            "Twitterbot/1.0",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/140.0.0.0 Safari/537.36",
            Chrome.Replace("Chrome/", "HeadlessChrome/"),
            "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
            "LinkedInBot/1.0",
            "Apache-HttpClient/4.5",
            "Java/17.0.1",
            "ruby",
            "node-fetch/1.0",
        ];
        var agents = people.Concat(programs).Concat(words.Select(word => $"{Chrome} {word}/1.0")).ToList();
        var theirs = await Npm.Ask<string, bool>("isbot-oracle.mjs", agents);
        var different = agents
            .Zip(theirs)
            .Where(pair => Robots.SignalsOf(pair.First, Navigation.Yes).Contains("robot") != pair.Second)
            .Select(pair => $"{pair.First}: isbot {pair.Second}")
            .ToList();
        different
            .Where(d => people.Any(p => d.StartsWith(p + ":", StringComparison.Ordinal)))
            .Should()
            .BeEmpty("a person is never called a robot where isbot sees a person");
        different.Where(d => programs.Any(p => d.StartsWith(p + ":", StringComparison.Ordinal))).Should().BeEmpty();
        different.Count.Should().BeLessThanOrEqualTo(words.Count / 10, string.Join("\n", different));
    }

    [Fact]
    public async Task the_referring_host_is_what_a_parser_finds_however_it_is_written()
    {
        string[] referrers =
        [
            "https://www.partner.example.com/reviews/best",
            "https://partner.example.com",
            "https://partner.example.com?q=1",
            "https://partner.example.com#top",
            "https://PARTNER.example.com/",
            "https://partner.example.com:8443/",
            "https://user@partner.example.com/",
            "http://partner.example.com/",
            "https://localhost/",
            "https://1.2/",
            "https://0x7f.1/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://a.0x10/",
            "https://[::1]/",
            "https://a..b.example/",
            "https://.a.example/",
            "https://a.example./",
            "https://-a.example/",
            "https://a-.example/",
            "https://xn--bcher-kva.example/",
            "https://b%C3%BCcher.example/",
            "https://a_b.example/",
            "https://x\\y.example/",
            "https:///x",
            "https://",
            $"https://{new string('a', 63)}.example/",
            $"https://{new string('a', 64)}.example/",
            "android-app://com.google.android.gm/",
            "https://www.google.co.uk/url?q=x",
            "https://m.facebook.com/",
        ];
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        foreach (var referrer in referrers)
            (await Follow($"/l/{link["slug"]}", ("Referer", referrer))).Status.Should().Be(302);
        var found = (await workspace.All("/v1/clicks?sort=createdAt")).Select(click => (string?)click["referrer"]).ToList();
        found
            .Should()
            .Equal(
                referrers.Select(text =>
                    Uri.TryCreate(text, UriKind.Absolute, out var uri)
                    && uri.Scheme is "http" or "https"
                    && uri.Host.Length is > 0 and <= 255
                        ? uri.Host.ToLowerInvariant()
                        : null
                )
            );
        (await workspace.All("/v1/clicks?sort=createdAt"))
            .Select(click => (string)click["channel"]!)
            .TakeLast(2)
            .Should()
            .Equal("organic-search", "organic-social");
    }

    static async Task<JsonNode> NewLink(TestWorkspace workspace, object link)
    {
        var made = await workspace.Post("/v1/links", link);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    async Task<Reply> Follow(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }
}
