// A workspace's own rules of channels and robots: for what comes, and, run over history, for what came; counters are a recount's at every
// moment.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Reports;
using Crm.Domain.Work;
using Crm.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Traffic;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class TrafficRuleTests(CrmServer server)
{
    const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Page = "https://www.silva.example.org/";

    async Task<JsonNode> Tell(JsonNode site, object body, string agent = Firefox)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
        {
            Content = new StringContent(JsonSerializer.Serialize(body)),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await server.Http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    async Task<string> Follow(string slug, string agent = Firefox, string? referrer = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{slug}{query}");
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (referrer is not null)
            request.Headers.TryAddWithoutValidation("Referer", referrer);
        using var went = await server.Http.SendAsync(request);
        return System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
    }

    static async Task<Dictionary<string, (long Clicks, long Leads, long Conversions)>> Channels(TestWorkspace workspace) =>
        (await workspace.Get("/v1/reports/channels"))
            .Data.ToDictionary(
                r => r!["channel"]!.ToString(),
                r => (r!["clicks"]!.GetValue<long>(), r["leads"]!.GetValue<long>(), r["conversions"]!.GetValue<long>())
            )
            .Where(r => r.Value != default)
            .ToDictionary();

    static async Task<long> Visitors(TestWorkspace workspace) =>
        (await workspace.Get("/v1/reports/channels")).Data.Sum(r => r!["uniqueVisitors"]!.GetValue<long>());

    async Task CountersAreARecounts(TestWorkspace workspace)
    {
        var (differences, product) = (new List<Difference>(), server.Services.GetRequiredService<Installation>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    static async Task<JsonNode> Reclassified(TestWorkspace workspace, object? body = null)
    {
        var run = DeliveryTests.Id(await workspace.Post("/v1/reclassifications", body ?? new { }));
        for (
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2);
            await Task.Delay(50)
        )
            if (await workspace.Get($"/v1/reclassifications/{run}") is var now && now["status"]!.ToString() == "done")
                return now.Json!;
        throw new TimeoutException("The reclassification does not end.");
    }

    [Fact]
    public async Task own_rules_count_for_what_comes_in_their_order()
    {
        var workspace = await server.NewWorkspace();
        foreach (
            var (position, channel, rule) in new (int, string, object)[]
            {
                (2, "partners", new { source = "partner-*" }),
                (1, "vip", new { source = "partner-*", medium = "email" }),
                (3, "press", new { referrer = "*.press.example.org" }),
                (4, "ads", new { clickId = "GCLID" }),
                (0, "unused", new { source = "*", active = false }),
            }
        )
        {
            var body = JsonSerializer.SerializeToNode(rule)!.AsObject();
            (body["position"], body["channel"]) = (position, channel);
            DeliveryTests.Id(await workspace.Post("/v1/channel-rules", body));
        }
        var site = (
            await workspace.Post(
                "/v1/sites",
                new { name = "Shop", allowedOrigins = new[] { "https://www.silva.example.org", "https://shop.silva.example.org" } }
            )
        ).Json!;
        await Tell(
            site,
            new
            {
                events = new object[]
                {
                    new { kind = "pageView", page = Page + "?utm_source=Partner-7" },
                    new { kind = "pageView", page = Page + "?utm_source=partner-7&utm_medium=email" },
                    new
                    {
                        kind = "pageView",
                        page = Page,
                        referrer = "https://www.press.example.org/x",
                    },
                    new { kind = "pageView", page = Page + "?gclid=1" },
                    new { kind = "pageView", page = Page + "?utm_source=google&utm_medium=cpc" },
                    new
                    {
                        kind = "pageView",
                        page = Page,
                        referrer = "https://shop.silva.example.org/",
                    },
                },
            }
        );
        (await workspace.All("/v1/touches?sort=createdAt"))
            .Select(t => t["channel"]!.ToString())
            .Should()
            .Equal("partners", "vip", "press", "ads", "paid-search", "direct");

        DeliveryTests.Id(await workspace.Post("/v1/bot-rules", new { userAgent = "acmeoffice/\\d+" }));
        DeliveryTests.Id(await workspace.Post("/v1/bot-rules", new { userAgent = "Firefox", network = "10.0.0.0/8" }));
        await Tell(site, new { kind = "pageView", page = Page }, Firefox + " AcmeOffice/3");
        await Tell(site, new { kind = "pageView", page = Page }, Firefox + " AcmeOffice/x");
        (await workspace.All("/v1/touches?sort=createdAt"))
            .TakeLast(2)
            .Select(t => (t["human"]!.GetValue<bool>(), t["signals"]!.ToJsonString()))
            .Should()
            .Equal((false, "[\"bot_rule\"]"), (true, "[]"));
    }

    [Fact]
    public async Task rules_that_cannot_be_are_refused_by_name()
    {
        var workspace = await server.NewWorkspace();
        (await workspace.Post("/v1/channel-rules", new { channel = "Paid Search", source = "x" })).Errors.Should().Equal("channel:invalid");
        (await workspace.Post("/v1/channel-rules", new { channel = "x" })).Errors.Should().Equal("source:required");
        foreach (var pattern in new[] { "(", "(?=x)", "(a)\\1", "(a{1,1000}){1,1000}" })
            (await workspace.Post("/v1/bot-rules", new { userAgent = pattern })).Errors.Should().Equal(["userAgent:invalid"], pattern);
        (await workspace.Post("/v1/bot-rules", new { userAgent = new string('a', 257) })).Errors.Should().Equal("userAgent:too_long");
        foreach (var network in new[] { "10.0.0.0/25", "10.0.0.1", "2001:db8::/49", "x" })
            (await workspace.Post("/v1/bot-rules", new { network })).Errors.Should().Equal(["network:invalid"], network);
        (await workspace.Post("/v1/bot-rules", new { name = "x" })).Errors.Should().Equal("userAgent:required");
    }

    [Fact]
    public async Task run_over_history_they_change_what_came_and_counters_stay_a_recounts_while_more_comes()
    {
        var workspace = await server.NewWorkspace();
        var site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var form = await workspace.ContactForm();
        var affiliate = DeliveryTests.Id(
            await workspace.Post(
                "/v1/affiliates",
                new
                {
                    name = "Blog",
                    commissionRules = new object[] { new { on = "sale", amount = new { amount = 100, currency = "EUR" } } },
                }
            )
        );
        var link = (await workspace.Post("/v1/links", new { destination = Page, affiliate }))["slug"]!.ToString();
        var fixedLink = (await workspace.Post("/v1/links", new { destination = Page, channel = "email" }))["slug"]!.ToString();
        // What the office's monitor clicked counted as people until somebody noticed.
        for (var i = 0; i < 3; i++)
            await Follow(link, Firefox + " AcmeOffice/3", "https://news.example.org/");
        await Follow(fixedLink, referrer: "https://news.example.org/");
        await Follow(link, "curl/8", "https://news.example.org/");
        var click = await Follow(link, referrer: "https://news.example.org/");
        (
            await workspace.Submit(
                form,
                new
                {
                    name = "Ana",
                    email = "ana@example.org",
                    message = "Hi",
                    _click = click,
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!["id"]!.ToString();
        DeliveryTests.Id(await workspace.Post("/v1/conversions", new { lead, orderId = "1" }));
        DeliveryTests.Id(await workspace.Post("/v1/conversions", new { click, orderId = "2" }));
        (
            await workspace.Submit(
                form,
                new
                {
                    name = "Bob",
                    email = "bob@example.org",
                    message = "Hi",
                    _page = Page + "?utm_source=news&utm_medium=referral",
                }
            )
        ).Status.Should().Be(201);
        await Tell(
            site,
            new
            {
                events = new object[]
                {
                    new
                    {
                        kind = "formView",
                        form = form["key"],
                        page = Page,
                    },
                    new
                    {
                        kind = "pageView",
                        page = Page,
                        referrer = "https://news.example.org/a",
                    },
                    new { kind = "pageView", page = Page + "?gclid=1" },
                },
            },
            Firefox + " AcmeOffice/3"
        );
        (await Channels(workspace))
            .Should()
            .BeEquivalentTo(new Dictionary<string, (long, long, long)> { ["referral"] = (4, 2, 2), ["email"] = (1, 0, 0) });
        var (before, visitors) = (await workspace.All("/v1/leads"), await Visitors(workspace));
        (await Reclassified(workspace))["changed"]!.GetValue<long>().Should().Be(0, "the rules are still the same");
        (await workspace.All("/v1/leads")).Select(l => l.ToJsonString()).Should().Equal(before.Select(l => l.ToJsonString()));

        DeliveryTests.Id(await workspace.Post("/v1/bot-rules", new { userAgent = "AcmeOffice" }));
        DeliveryTests.Id(await workspace.Post("/v1/channel-rules", new { channel = "press", referrer = "news.example.org" }));
        DeliveryTests.Id(await workspace.Post("/v1/channel-rules", new { channel = "press", source = "news" }));
        // The product goes on taking clicks.
        using var enough = new CancellationTokenSource();
        var clicking = Task.Run(async () =>
        {
            var count = 0;
            for (; !enough.IsCancellationRequested; count++)
                await Follow(link, referrer: "https://news.example.org/");
            return count;
        });
        var run = await Reclassified(workspace);
        await enough.CancelAsync();
        var more = await clicking;
        await CountersAreARecounts(workspace);
        var channels = await Channels(workspace);
        channels
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, (long, long, long)> { ["press"] = (1 + more, 2, 2), ["email"] = (1, 0, 0) },
                run.ToJsonString()
            );
        (await workspace.All("/v1/visitors")).Should().OnlyContain(v => !v["human"]!.GetValue<bool>());
        (await Visitors(workspace)).Should().Be(visitors - 3 - 1 + more, "three clicks and a visitor were the monitor's");
        (await workspace.All("/v1/clicks")).Count(c => c["signals"]!.ToJsonString() == "[\"bot_rule\"]").Should().Be(3);
        (await workspace.All("/v1/commissions")).Should().OnlyContain(c => c["channel"]!.ToString() == "press");
        (await workspace.All("/v1/touches"))
            .Where(t => t["kind"]!.ToString() == "pageView")
            .Select(t => (t["channel"]!.ToString(), t["human"]!.GetValue<bool>()))
            .Should()
            .BeEquivalentTo([("press", false), ("paid-search", false)]);
        (await workspace.Get("/v1/reports/forms"))
            .Data.Where(r => r!["form"]!["id"]!.ToString() == form["id"]!.ToString())
            .Sum(r => r!["views"]!.GetValue<long>())
            .Should()
            .Be(0, "what robots look at does not count");

        // And back again, when the rules are gone.
        foreach (
            var rule in (await workspace.All("/v1/bot-rules"))
                .Select(r => "/v1/bot-rules/" + r["id"])
                .Concat((await workspace.All("/v1/channel-rules")).Select(r => "/v1/channel-rules/" + r["id"]))
        )
            (await workspace.Delete(rule)).Status.Should().Be(204);
        await Reclassified(workspace);
        (await Channels(workspace))
            .Should()
            .BeEquivalentTo(new Dictionary<string, (long, long, long)> { ["referral"] = (4 + more, 2, 2), ["email"] = (1, 0, 0) });
        await CountersAreARecounts(workspace);
    }

    [Fact]
    public async Task runs_are_done_one_after_another_and_another_workspace_is_not_touched()
    {
        var (one, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        foreach (var workspace in new[] { one, other })
            await Follow((await workspace.Post("/v1/links", new { destination = Page }))["slug"]!.ToString());
        DeliveryTests.Id(await one.Post("/v1/bot-rules", new { network = "127.0.0.0/8" }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.Post("/v1/reclassifications", new { })));
        answers.Select(a => a.Status).Should().OnlyContain(status => status == 201);
        while ((await one.All("/v1/reclassifications")).Any(r => r["status"]!.ToString() != "done"))
            await Task.Delay(50);
        (await one.All("/v1/reclassifications")).Should().HaveCount(5).And.OnlyContain(r => r["seen"]!.GetValue<long>() == 1);
        (await one.All("/v1/clicks")).Single()["human"]!.GetValue<bool>().Should().BeFalse();
        (await other.All("/v1/clicks")).Single()["human"]!.GetValue<bool>().Should().BeTrue();
    }
}
