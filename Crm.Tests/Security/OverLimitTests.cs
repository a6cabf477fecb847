// What comes over a limit: posts are kept without their bulk, clicks and views are counted, and nobody is sent away for coming with many.

using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Domain.Reports;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Security;

/// <summary>Buckets that are empty after a few requests and hardly come back.</summary>
public sealed class LimitedServer : IAsyncLifetime
{
    public CrmServer Server { get; } =
        new(
            null,
            "--Crm:RateLimits:Enabled=true",
            "--Crm:TrustedProxies=127.0.0.1",
            "--Crm:Limits:FormAddress=1/4",
            "--Crm:Limits:FormAddressBytes=1KiB/64KiB",
            "--Crm:Limits:Form=1/30",
            "--Crm:Limits:Limited=1/8",
            "--Crm:Limits:LinkAddress=1/5",
            "--Crm:Limits:TrackerAddress=1/30",
            "--Crm:Limits:PostbackAddress=1/3",
            "--Crm:Limits:PictureAddress=1/3",
            "--Crm:Limits:Key=60000/60000"
        );

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

public sealed class OverLimitTests(LimitedServer limited) : IClassFixture<LimitedServer>
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    readonly CrmServer server = limited.Server;

    static (string, string) From(string address) => ("X-Forwarded-For", address);

    static Task<Reply> Post(TestWorkspace workspace, JsonNode form, string address, int n) =>
        workspace.Submit(form, new { email = $"p{n}@silva.example.org", message = "Please call." }, From(address));

    static async Task<List<JsonNode>> Limited(TestWorkspace workspace) => await workspace.All("/v1/submissions?reason=limited");

    async Task<Reply> Send(HttpRequestMessage request, string address, string agent = Browser)
    {
        using (request)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            using var answer = await server.Http.SendAsync(request);
            return await Reply.Of(answer);
        }
    }

    async Task AgreesWithFacts(TestWorkspace workspace)
    {
        var (product, differences) = (server.Services.GetRequiredService<Installation>(), new List<Difference>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    // ---- Forms

    [Fact]
    public async Task a_form_whose_bucket_strangers_emptied_takes_what_a_visitor_posts_and_a_member_lets_it_in()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        for (var i = 0; i < 35; i++)
            (await Post(workspace, form, $"2001:db8:{i:x}::1", i)).Status.Should().Be(201);

        var visitor = await workspace.Submit(form, new { email = "ana@silva.example.org", message = "A roof" }, From("198.51.100.1"));

        visitor.Status.Should().Be(201, visitor.Text);
        var waiting = await Limited(workspace);
        waiting.Count.Should().BeInRange(5, 6, "thirty were within the form's limit");
        (await workspace.All("/v1/submissions")).Should().HaveCount(36, "nobody was sent away");
        var entry = waiting.Single(e => e["id"]!.ToString() == visitor["id"]!.ToString());
        (entry["verdict"]!.ToString(), entry["fields"]!["message"]!.ToString()).Should().Be(("quarantined", "A roof"));
        (await workspace.Post($"/v1/submissions/{visitor["id"]}/approve")).Status.Should().Be(200);
        (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data.Should().ContainSingle();
    }

    [Fact]
    public async Task who_has_many_networks_of_ipv6_is_one_household_and_takes_nothing_of_other_addresses()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        for (var i = 0; i < 24; i++)
            (await Post(workspace, form, $"2001:db8:a000:{i:x}::{i + 1:x}", i)).Status.Should().Be(201);
        (await Limited(workspace)).Count.Should().BeInRange(6, 8, "a /56 has as much as four /64");

        (await Post(workspace, form, "2001:db8:a001::1", 100)).Status.Should().Be(201);
        (await Post(workspace, form, "198.51.100.2", 101)).Status.Should().Be(201);
        var entries = await workspace.All("/v1/submissions?sort=-createdAt");
        entries.Take(2).Should().OnlyContain(e => e["verdict"]!.ToString() == "accepted");
    }

    [Fact]
    public async Task an_entry_over_a_limit_has_no_bulk_and_a_name_and_an_address()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        for (var i = 0; i < 4; i++)
            await Post(workspace, form, "203.0.113.1", i);
        (
            await workspace.SubmitPairs(
                form,
                [
                    ("name", "Ana Silva"),
                    ("email", "ana@silva.example.org"),
                    ("message", new string('ä', 5000)),
                    .. Enumerable.Range(0, 60).Select(i => ($"more{i}", new string('x', 900))),
                ],
                From("203.0.113.1")
            )
        )
            .Status.Should()
            .Be(201);
        var unreadable = new HttpRequestMessage(HttpMethod.Post, $"/f/{form["key"]}")
        {
            Content = new StringContent("{\"email\":\"b@silva.example.org\",\"message\":\"" + new string('x', 50_000), Encoding.UTF8),
        };
        unreadable.Content.Headers.ContentType = new("application/json");
        await Send(unreadable, "203.0.113.1");

        var entry = (await Limited(workspace)).Single(e => e["fields"]!["name"] is not null);
        entry["fields"]!["email"]!.ToString().Should().Be("ana@silva.example.org");
        Encoding.UTF8.GetByteCount(entry["fields"]!["message"]!.ToString()).Should().BeInRange(1000, 1024);
        entry.ToJsonString().Length.Should().BeLessThan(16_000);
        entry["notes"]!.AsArray().Select(n => n!["code"]!.ToString()).Should().Contain(["value_cut", "fields_surplus"]);
        (await workspace.All("/v1/submissions")).Should().OnlyContain(e => e["raw"] == null);
    }

    [Fact]
    public async Task where_nothing_can_be_kept_a_browser_keeps_what_was_typed_and_hears_when_to_press_again()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        for (var i = 0; i < 12; i++)
            (await Post(workspace, form, "203.0.113.2", i)).Status.Should().Be(201);

        var script = await Post(workspace, form, "203.0.113.2", 12);
        (script.Status, script.Code).Should().Be((429, "rate_limited"));
        int.Parse(script.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(1, 60);
        var page = await Send(
            new(HttpMethod.Post, $"/f/{form["key"]}")
            {
                Headers = { { "Accept", "text/html,application/xhtml+xml" } },
                Content = new FormUrlEncodedContent([new("email", "ana@silva.example.org"), new("message", "A roof & more")]),
            },
            "203.0.113.2"
        );

        page.Status.Should().Be(429);
        page.Header("Content-Type").Should().StartWith("text/html");
        page.Header("Retry-After").Should().NotBeNull();
        page.Text.Should()
            .Contain("A roof &amp; more")
            .And.Contain("ana@silva.example.org")
            .And.Contain("Many messages came from your network.")
            .And.Contain("Your message was not sent.")
            .And.Contain("Try again in 1 min.");
        (await workspace.All("/v1/submissions")).Should().HaveCount(12);
    }

    [Fact]
    public async Task what_a_post_stores_is_charged_afterwards_and_may_be_owed()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var large = await workspace.SubmitPairs(
            form,
            [("email", "ana@silva.example.org"), .. Enumerable.Range(0, 5).Select(i => ($"part{i}", new string('x', 30_000)))],
            From("203.0.113.3")
        );
        large.Status.Should().Be(201);
        (await Post(workspace, form, "203.0.113.3", 1)).Status.Should().Be(201);
        (await Post(workspace, form, "203.0.113.4", 2)).Status.Should().Be(201);

        var entries = await workspace.All("/v1/submissions?sort=createdAt");
        entries
            .Select(e => e["verdict"]!.ToString())
            .Should()
            .Equal(["accepted", "quarantined", "accepted"], "the first took more bytes than its address has, another's has its own");
        entries[1]["reason"]!.ToString().Should().Be("limited");
    }

    // ---- Links

    [Fact]
    public async Task clicks_over_a_limit_are_counted_and_not_stored_and_what_follows_one_is_credited()
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        var link = (
            await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/offer", affiliate = affiliate["id"] })
        ).Json!;
        var went = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Click("203.0.113.10", i % 3 == 0 ? "curl/8.5.0" : Browser)));

        went.Should().OnlyContain(r => r.Status == 302);
        var stored = await workspace.All("/v1/clicks");
        stored.Count.Should().BeInRange(5, 7);
        var row = (await workspace.Get("/v1/reports/links")).Data.Single()!;
        (row["clicks"]!.GetValue<int>(), row["robots"]!.GetValue<int>()).Should().Be((40, 20));
        await AgreesWithFacts(workspace);
        var again = await workspace.Post("/v1/reclassifications", new { });
        while (again["status"]!.ToString() != "done")
        {
            await Task.Delay(20);
            again = await workspace.Get($"/v1/reclassifications/{again["id"]}");
        }
        again["countedOnly"]!.GetValue<int>().Should().Be(60 - stored.Count, "what is not stored stays as it was counted");
        await AgreesWithFacts(workspace);

        var token = TokenOf(await Click("203.0.113.10", Browser));
        stored.Should().NotContain(c => token.StartsWith(c["id"]!.ToString(), StringComparison.Ordinal));
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "ana@silva.example.org", _click = token }, From("198.51.100.10")))
            .Status.Should()
            .Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        (lead["source"]!["link"]!.ToString(), lead["source"]!["affiliate"]!.ToString())
            .Should()
            .Be((link["id"]!.ToString(), affiliate["id"]!.ToString()));
        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "A-1",
                    value = new { amount = 5000, currency = "EUR" },
                    click = token,
                }
            )
        ).Status.Should().Be(201);
        (
            await Send(
                new(HttpMethod.Get, $"/postback/{affiliate["postbackKey"]}?click_id={token}&order_id=B-2&amount=20.00&currency=EUR"),
                "198.51.100.11"
            )
        )["status"]!
            .ToString()
            .Should()
            .Be("recorded");
        var commissions = await workspace.All($"/v1/commissions?affiliate={affiliate["id"]}");
        commissions.Select(c => c["amount"]!["amount"]!.GetValue<int>()).Should().BeEquivalentTo([500, 200]);
        await AgreesWithFacts(workspace);

        var other = await server.NewWorkspace();
        (await other.Post("/v1/conversions", new { orderId = "A-1", click = token })).Status.Should().Be(422, "another workspace's seal");
        var forged = token[..^1] + (token[^1] == '0' ? '1' : '0');
        (await workspace.Post("/v1/conversions", new { orderId = "A-3", click = forged })).Status.Should().Be(422);

        Task<Reply> Click(string address, string agent) => Send(new(HttpMethod.Get, $"/l/{link["slug"]}"), address, agent);

        static string TokenOf(Reply reply) =>
            System.Web.HttpUtility.ParseQueryString(new Uri(reply.Header("Location")!).Query)["crm_click"]!;
    }

    [Fact]
    public async Task a_domain_of_links_has_the_same_limits_and_an_address_that_guesses_slugs_hears_429()
    {
        var workspace = await server.NewWorkspace();
        var domain = $"go-{Guid.NewGuid():n}"[..12] + ".example.org";
        (await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = domain })).Status.Should().Be(201);
        var link = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        for (var i = 0; i < 10; i++)
            (await Send(new(HttpMethod.Get, $"/{link["slug"]}") { Headers = { Host = domain } }, "203.0.113.20")).Status.Should().Be(302);
        (await workspace.All("/v1/clicks")).Count.Should().BeInRange(5, 6);
        (await workspace.Get("/v1/reports/links")).Data.Single()!["clicks"]!.GetValue<int>().Should().Be(10);
        (await Send(new(HttpMethod.Get, "/l/there-is-none"), "203.0.113.20")).Status.Should().Be(429);
        (await Send(new(HttpMethod.Get, "/l/there-is-none"), "203.0.113.21")).Status.Should().Be(404);
    }

    // ---- Trackers and networks

    [Fact]
    public async Task each_of_a_matomo_list_costs_what_one_alone_does_and_what_is_over_is_counted()
    {
        var workspace = await server.NewWorkspace();
        var site = await workspace.Post("/v1/sites", new { name = "Shop" });
        var form = await workspace.ContactForm();
        Task<Reply> List(int count) =>
            Send(
                new(HttpMethod.Post, "/matomo.php")
                {
                    Content = JsonContent.Create(
                        new
                        {
                            requests = Enumerable
                                .Range(0, count)
                                .Select(i => $"?idsite={site["matomoId"]}&rec=1&url=https://www.silva.example.org/{i}"),
                        }
                    ),
                },
                "203.0.113.30"
            );
        (await List(200))["tracked"]!.GetValue<int>().Should().Be(200, "a list may take more than is left, and owes it");
        (await List(50))["tracked"]!.GetValue<int>().Should().Be(50);
        (await workspace.All("/v1/touches")).Should().HaveCount(200);

        // A form that was seen is in a report: it is counted whether it is stored or not.
        Task<Reply> Events(object body, string address) =>
            Send(new(HttpMethod.Post, $"/t/events?site={site["key"]}") { Content = JsonContent.Create(body) }, address);
        var seen = new { kind = "formView", form = form["key"]!.ToString() };
        (await Events(seen, "203.0.113.30"))["accepted"]!.GetValue<int>().Should().Be(1);
        (await Events(new[] { seen, seen, seen }, "203.0.113.31"))["accepted"]!.GetValue<int>().Should().Be(3);
        (await workspace.Get("/v1/reports/forms")).Data.Single()!["views"]!.GetValue<int>().Should().Be(4);
        (await workspace.All("/v1/touches?kind=formView")).Should().HaveCount(3);
        var sale = await Events(
            new
            {
                kind = "conversion",
                type = "sale",
                orderId = "1",
            },
            "203.0.113.30"
        );
        (sale.Status, sale.Code).Should().Be((429, "rate_limited"));
        sale.Header("Retry-After").Should().NotBeNull();
        await AgreesWithFacts(workspace);
    }

    [Fact]
    public async Task an_image_over_a_limit_is_given_and_counted()
    {
        var workspace = await server.NewWorkspace();
        var link = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        for (var i = 0; i < 40; i++)
            (await Send(new(HttpMethod.Get, $"/t/pixel.gif?link={link["slug"]}"), "203.0.113.40")).Status.Should().Be(200);
        (await workspace.All("/v1/touches")).Count.Should().BeInRange(30, 31);
        (await workspace.Get("/v1/reports/links")).Data.Single()!["impressions"]!.GetValue<int>().Should().Be(40);
        await AgreesWithFacts(workspace);
    }

    [Fact]
    public async Task a_network_that_reports_too_often_hears_429_and_may_come_again()
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post("/v1/affiliates", new { name = "Garden blog" });
        Task<Reply> Report(int n, string address) =>
            Send(new(HttpMethod.Get, $"/postback/{affiliate["postbackKey"]}?click_id=none&order_id={n}"), address);
        for (var i = 0; i < 3; i++)
            (await Report(i, "203.0.113.50")).Status.Should().Be(200);
        var refused = await Report(3, "203.0.113.50");
        (refused.Status, refused.Code).Should().Be((429, "rate_limited"));
        int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(1, 60);
        (await Report(4, "203.0.113.51")).Status.Should().Be(200, "another address has its own bucket");
    }

    [Fact]
    public async Task pictures_of_reports_are_refused_to_an_address_that_asks_too_often_made_up_ones_too()
    {
        var workspace = await server.NewWorkspace();
        var picture = new Uri((await workspace.Get("/v1/reports/links/address"))["url"]!.ToString()).PathAndQuery;
        foreach (
            var (path, status) in new[] { ("/r/AAAA.png", 404), ("/r/AAAB.png", 404), (picture, 200), (picture, 429), ("/r/AAAC.png", 429) }
        )
            (await Send(new(HttpMethod.Get, path), "203.0.113.60")).Status.Should().Be(status, path);
        (await Send(new(HttpMethod.Get, picture), "203.0.113.61")).Status.Should().Be(200, "another address has its own bucket");
    }
}
