// The tracker in a real browser over two origins: from an affiliate's link over two pages to a form, and the same for who asks not to be
// tracked.

using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
[OnEveryStore]
public sealed class TrackerPageTests(Chromium chromium, BrowsedServer browsed, OtherSite site)
{
    readonly CrmServer server = browsed.Server;

    // As strict as a page can be: no script but the tracker's, no text that becomes HTML.
    string Head(JsonNode key) =>
        $"""<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {server.Address.GetLeftPart(UriPartial.Authority)}; connect-src {server.Address.GetLeftPart(UriPartial.Authority)}; img-src data:; require-trusted-types-for 'script'"><script async src="{new Uri(server.Address, "/t.js")}" data-site="{key["key"]}"></script>""";

    async Task<(TestWorkspace Workspace, JsonNode Form, JsonNode Affiliate, Uri Link, Uri Landing)> Pages(object? more = null)
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", more ?? new { name = "Shop", allowedOrigins = new[] { site.Origin } })).Json!;
        var form = await workspace.NewForm(
            new
            {
                name = "Contact",
                allowedOrigins = new[] { site.Origin },
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        label = "E-mail",
                        kind = "email",
                        required = true,
                        mapsTo = "email",
                    },
                },
            }
        );
        var contact = site.Add(
            $"""<form method="post" action="{server.Target(form)}"><input name="email"><button>Send</button></form>""",
            head: Head(place)
        );
        var landing = site.Add($"""<a id="next" href="{contact}">Contact</a>""", head: Head(place));
        var affiliate = (
            await workspace.Post(
                "/v1/affiliates",
                new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
            )
        ).Json!;
        var link = (
            await workspace.Post(
                "/v1/links",
                new
                {
                    destination = landing,
                    affiliate = affiliate["id"],
                    channel = "affiliates",
                }
            )
        ).Json!;
        return (workspace, form, affiliate, new(server.Address, $"/l/{link["slug"]}"), landing);
    }

    async Task Walk(Tab tab, TestWorkspace workspace, Uri link)
    {
        await tab.GoTo(link);
        await Touches(workspace, "pageView", 1);
        await tab.Page.Locator("#next").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Textbox).FillAsync("ana@silva.example.org");
        await Touches(workspace, "formStart", 1);
        await tab.Page.GetByRole(AriaRole.Button).ClickAsync();
        await tab.Page.LandsOn("/thanks");
    }

    [NeedsChromiumFact]
    public async Task a_visitor_of_an_affiliates_link_becomes_a_lead_with_his_whole_path()
    {
        var (workspace, _, affiliate, link, landing) = await Pages();
        await using var tab = await chromium.Open();
        await Walk(tab, workspace, link);

        var lead = (await workspace.Get("/v1/leads")).Data.Should().ContainSingle().Which!;
        (lead["source"]!["affiliate"]!.ToString(), lead["source"]!["channel"]!.ToString())
            .Should()
            .Be((affiliate["id"]!.ToString(), "affiliates"));
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline"))
            .Data.Select(e => e!["type"]!.ToString())
            .Reverse()
            .Where(t => t.StartsWith("touch.", StringComparison.Ordinal))
            .Should()
            .Equal("touch.page_view", "touch.page_view", "touch.form_view", "touch.form_start");
        (await workspace.Get("/v1/visitors")).Data.Should().ContainSingle().Which!["lead"]!.ToString().Should().Be(lead["id"]!.ToString());
        var cookie = (await tab.Page.Context.CookiesAsync()).Should().ContainSingle(c => c.Name == "crm_visitor").Which;
        cookie.Domain.Should().Be("localhost");
        (DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires) - TimeProvider.System.GetUtcNow())
            .TotalDays.Should()
            .BeInRange(399, 400.01);
        var line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (line["clicks"]!.GetValue<int>(), line["leads"]!.GetValue<int>()).Should().Be((1, 1));

        // He buys on the next page: the lead is a customer, the affiliate has earned, and REST, GraphQL and the report say the same.
        await tab.GoTo(landing);
        await tab.Page.EvaluateAsync("crm('conversion', { type: 'sale', orderId: 'W-1', value: { amount: 4990, currency: 'EUR' } })");
        await Touches(workspace, "conversion", 1);
        var customer = (await workspace.Get($"/v1/leads/{lead["id"]}"))["customer"]!.ToString();
        (await workspace.Get($"/v1/purchases?customer={customer}")).Data.Single()!["orderId"]!.ToString().Should().Be("W-1");
        var story = (await workspace.All($"/v1/customers/{customer}/timeline")).Select(e => e["type"]!.ToString()).Reverse().ToList();
        story.Should().ContainInOrder("touch.page_view", "touch.form_start", "lead.created", "touch.page_view", "customer.purchased");
        (await workspace.Get("/v1/commissions")).Data.Single()!["amount"]!["amount"]!.GetValue<long>().Should().Be(499);
        line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (
            line["customers"]!.GetValue<int>(),
            line["conversions"]!.GetValue<int>(),
            line["revenue"]![0]!["amount"]!.GetValue<long>(),
            line["commission"]![0]!["amount"]!.GetValue<long>()
        )
            .Should()
            .Be((1, 1, 4990, 499));
        var graph = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new
            {
                query = "{ commissions(first: 2) { nodes { amount { amount } conversion { orderId customer { purchases(first: 2) { nodes { orderId } } } } } } }",
            }
        );
        graph
            .Text.Should()
            .StartWith(
                """{"data":{"commissions":{"nodes":[{"amount":{"amount":499},"conversion":{"orderId":"W-1","customer":{"purchases":{"nodes":[{"orderId":"W-1"}]}}}}]}}"""
            );

        // And once more, told by the shop's server. Every report says the same over REST and GraphQL, to the unit.
        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "W-2",
                    value = new { amount = 1000, currency = "EUR" },
                    lead = lead["id"],
                }
            )
        ).Status.Should().Be(201);
        (await workspace.All($"/v1/customers/{customer}/timeline"))
            .Count(e => e["type"]!.ToString() == "customer.purchased")
            .Should()
            .Be(2);
        (await workspace.All("/v1/commissions")).Sum(c => c["amount"]!["amount"]!.GetValue<long>()).Should().Be(599);
        foreach (var name in Domain.CrmCatalog.Standard.Reports.Names)
        {
            var rest = await workspace.Get($"/v1/reports/{name}?interval=day&traffic=all");
            var same = await workspace.SendPlain(
                HttpMethod.Post,
                "/graphql",
                new { query = $$"""{ report(name: "{{name}}", interval: "day", traffic: "all") }""" }
            );
            JsonNode.DeepEquals(same["data"]!["report"], rest.Json).Should().BeTrue($"{name}: {same.Text} {rest.Text}");
            if (name is "links" or "affiliates" or "channels")
                (
                    rest["totals"]!["clicks"]!.GetValue<int>(),
                    rest["totals"]!["leads"]!.GetValue<int>(),
                    rest["totals"]!["customers"]!.GetValue<int>(),
                    rest["totals"]!["conversions"]!.GetValue<int>(),
                    rest["totals"]!["revenue"]![0]!["amount"]!.GetValue<long>()
                )
                    .Should()
                    .Be((1, 1, 1, 2, 5990), name);
        }
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task who_sends_gpc_gets_no_cookie_and_no_storage_and_is_a_lead_all_the_same()
    {
        var (workspace, _, _, link, _) = await Pages();
        await using var tab = await chromium.Open();
        await tab.Page.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Sec-GPC"] = "1" });
        await tab.Page.AddInitScriptAsync("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })");
        await Walk(tab, workspace, link);

        var lead = (await workspace.Get("/v1/leads")).Data.Should().ContainSingle().Which!;
        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "Q-1",
                    value = new { amount = 1000, currency = "EUR" },
                    lead = lead["id"],
                }
            )
        ).Status.Should().Be(201);
        (await workspace.Get("/v1/customers")).Data.Should().ContainSingle();
        (await workspace.All("/v1/visitors")).Should().BeEmpty();
        (await workspace.All("/v1/touches")).Should().HaveCount(4).And.OnlyContain(t => t["visitor"] == null);
        (await tab.Page.Context.CookiesAsync()).Should().BeEmpty();
        await tab.Page.GotoAsync(site.Add("empty").ToString());
        (await tab.Page.EvaluateAsync<int>("localStorage.length + sessionStorage.length")).Should().Be(0);
    }

    [NeedsChromiumFact]
    public async Task without_consent_no_cookie_and_with_it_one_and_calls_and_attributes_tell_of_conversions()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop", trackingNeedsConsent = true })).Json!;
        var elsewhere = site.Add("elsewhere");
        await using var tab = await chromium.Open();
        await tab.GoTo(
            site.Add(
                $"""<button data-crm-conversion="call" data-crm-amount="500" data-crm-currency="EUR">Call me</button><a href="{server.Address}plan.pdf" download>Plan</a><a id="out" href="{elsewhere.ToString().Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}">Out</a>""",
                head: Head(place)
            )
        );
        await Touches(workspace, "pageView", 1);
        (await tab.Page.Context.CookiesAsync()).Should().BeEmpty();
        await tab.Page.EvaluateAsync(
            "crm('consent', true); crm('conversion', { type: 'sale', orderId: 'A-1', value: { amount: 1250, currency: 'EUR' } })"
        );
        await Touches(workspace, "conversion", 1);
        await Assertions.Expect(tab.Page).ToHaveURLAsync(tab.Page.Url);
        for (var tries = 0; tries < 600 && (await tab.Page.Context.CookiesAsync()).Count == 0; tries++)
            await Task.Delay(20);
        (await tab.Page.Context.CookiesAsync()).Should().ContainSingle(c => c.Name == "crm_visitor");
        await tab.Page.GetByRole(AriaRole.Button).ClickAsync();
        await Touches(workspace, "conversion", 2);
        await tab.Page.EvaluateAsync("history.pushState({}, '', '?step=2')");
        await Touches(workspace, "pageView", 2);
        await tab.Page.Locator("#out").ClickAsync();
        await Touches(workspace, "outbound", 1);
        (await workspace.All("/v1/conversions?sort=createdAt"))
            .Select(c => $"{c["type"]} {c["orderId"]} {c["value"]!["amount"]}")
            .Should()
            .Equal("sale A-1 1250", "call  500");
        (await workspace.All("/v1/touches?sort=createdAt"))
            .Select(t => t["visitor"] is null)
            .Should()
            .Equal(true, false, false, false, false);
    }

    /// <summary>As soon as there are that many: an event comes when it comes.</summary>
    static async Task Touches(TestWorkspace workspace, string kind, int expected)
    {
        List<JsonNode> rows = [];
        for (var tries = 0; tries < 1200 && rows.Count < expected; tries++)
        {
            rows = await workspace.All($"/v1/touches?kind={kind}");
            if (rows.Count < expected)
                await Task.Delay(25);
        }
        rows.Should().HaveCount(expected, kind);
    }
}
