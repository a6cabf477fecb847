// The tracker in a real browser over two origins: from an affiliate's link over two pages to a form, and the same for who asks not to be
// tracked.

using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
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

    async Task Walk(Tab tab, TestWorkspace workspace, Uri link, bool quiet = false)
    {
        await tab.GoTo(link);
        await Touches(workspace, "pageView", 1);
        if (!quiet)
            await IsKnown(tab);
        await tab.Page.Locator("#next").ClickAsync();
        await tab.Page.GetByRole(AriaRole.Textbox).FillAsync("ana@silva.example.org");
        await Touches(workspace, "formStart", 1);
        await tab.Page.GetByRole(AriaRole.Button).ClickAsync();
        await tab.Page.LandsOn("/thanks");
    }

    [OnEveryStore]
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
        for (var tries = 0; tries < 300 && (await workspace.Get($"/v1/purchases?customer={customer}")).Data.Count == 0; tries++)
            await Task.Delay(100);
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
        await Walk(tab, workspace, link, quiet: true);

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
                $"""<button data-crm-conversion="call" data-crm-amount="5.00" data-crm-currency="EUR">Call me</button><a href="{server.Address}plan.pdf" download>Plan</a><a id="out" href="{elsewhere.ToString().Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}">Out</a>""",
                head: Head(place)
            )
        );
        await Touches(workspace, "pageView", 1);
        (await tab.Page.Context.CookiesAsync()).Should().BeEmpty();
        await tab.Page.EvaluateAsync(
            "crm('consent', true); crm('conversion', { type: 'sale', orderId: 'A-1', value: { amount: 1250, currency: 'EUR' } })"
        );
        await Touches(workspace, "conversion", 1);
        await IsKnown(tab);
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

    // ---- What pages do

    [NeedsChromiumFact]
    public async Task over_plain_http_off_localhost_a_click_is_a_persons()
    {
        var workspace = await server.NewWorkspace();
        var link = (await workspace.Post("/v1/links", new { destination = site.Add("landed") })).Json!;
        await using var tab = await chromium.Open();
        await tab.GoTo(new($"http://crm.test:{server.Address.Port}/l/{link["slug"]}"));
        var click = (await workspace.All("/v1/clicks")).Should().ContainSingle().Which;
        (click["human"]!.GetValue<bool>(), click["signals"]!.ToJsonString()).Should().Be((true, "[]"));
    }

    [NeedsChromiumFact]
    public async Task consent_on_the_page_of_arrival_keeps_the_paid_visit()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop", trackingNeedsConsent = true })).Json!;
        await using var tab = await chromium.Open();
        var page = site.Add("""<button onclick="0">Agree</button>""", head: Head(place));
        await tab.GoTo(new(page + "?utm_source=google&utm_medium=cpc"));
        await Touches(workspace, "pageView", 1);
        await tab.Page.EvaluateAsync(
            "crm('consent', true); crm('conversion', { type: 'sale', orderId: 'K-1', amount: 49.99, currency: 'EUR' })"
        );
        await Touches(workspace, "conversion", 1);
        await Touches(workspace, "pageView", 1);
        (await workspace.All("/v1/visitors")).Should().ContainSingle().Which["channel"]!.ToString().Should().Be("paid-search");
        var conversion = (await workspace.All("/v1/conversions")).Should().ContainSingle().Which;
        (conversion["channel"]!.ToString(), conversion["value"]!["amount"]!.GetValue<int>()).Should().Be(("paid-search", 4999));
    }

    [NeedsChromiumFact]
    public async Task amounts_of_attributes_and_calls_are_in_whole_units_and_what_cannot_be_read_is_said_in_the_console()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        await using var tab = await chromium.Open();
        await tab.GoTo(
            site.Add(
                """<button id="a" data-crm-conversion="sale" data-crm-amount="49.99" data-crm-currency="EUR">A</button><button id="b" data-crm-conversion="sale" data-crm-amount="about 50" data-crm-currency="EUR">B</button>""",
                head: Head(place)
            )
        );
        await Touches(workspace, "pageView", 1);
        await tab.Page.Locator("#a").ClickAsync();
        await Touches(workspace, "conversion", 1);
        await tab.Page.EvaluateAsync("crm('conversion', { type: 'sale', amount: '1.234,50', currency: 'EUR' })");
        await Touches(workspace, "conversion", 2);
        tab.Errors.Should().BeEmpty();
        await tab.Page.Locator("#b").ClickAsync();
        await tab.Page.EvaluateAsync("crm('conversion', { value: { amount: 49.99, currency: 'EUR' } })");
        for (var tries = 0; tries < 600 && tab.Errors.Count < 2; tries++)
            await Task.Delay(20);
        // Two requests on their way at once are answered in any order.
        tab.Errors.Should().HaveCount(2);
        tab.Errors.Should().ContainSingle(e => e.StartsWith("crm: events.0.amount: "));
        tab.Errors.Should().ContainSingle(e => e.StartsWith("crm: events.0.value.amount: "));
        (await workspace.All("/v1/conversions?sort=createdAt"))
            .Select(c => c["value"]!["amount"]!.GetValue<int>())
            .Should()
            .Equal(4999, 123450);
    }

    [NeedsChromiumFact]
    public async Task the_script_takes_its_site_from_its_address_too_and_says_so_when_it_has_none()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var script = new Uri(server.Address, "/t.js").ToString();
        string Manager(string address) =>
            $$"""<script>var s = document.createElement('script'); s.async = true; s.src = '{{address}}'; document.head.appendChild(s);</script>""";
        await using var tab = await chromium.Open();
        await tab.GoTo(site.Add("by its address", head: Manager($"{script}?site={place["key"]}")));
        await Touches(workspace, "pageView", 1);
        tab.Errors.Should().BeEmpty();
        await tab.GoTo(site.Add("without", head: Manager(script)));
        for (var tries = 0; tries < 600 && tab.Errors.IsEmpty; tries++)
            await Task.Delay(20);
        tab.Errors.Should().ContainSingle().Which.Should().StartWith("crm: t.js: ");
    }

    [NeedsChromiumFact]
    public async Task a_view_is_another_path_or_query_and_nothing_else()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        await using var tab = await chromium.Open();
        await tab.GoTo(site.Add("""<a id="down" href="#prices">Prices</a><h2 id="prices">Prices</h2>""", head: Head(place)));
        await Touches(workspace, "pageView", 1);
        await tab.Page.EvaluateAsync("for (var i = 0; i < 20; i++) history.replaceState({ at: i }, '', location.href)");
        await tab.Page.EvaluateAsync("for (var i = 0; i < 20; i++) history.replaceState({ at: i }, '', '#' + i)");
        await tab.Page.Locator("#down").ClickAsync();
        await tab.Page.GoBackAsync();
        await tab.Page.EvaluateAsync("history.pushState({}, '', '?step=2')");
        await Touches(workspace, "pageView", 2);
        await tab.Page.EvaluateAsync("history.pushState({}, '', '?step=2#x'); crm('page')");
        await Touches(workspace, "pageView", 3);
    }

    [NeedsChromiumFact]
    public async Task a_form_that_a_script_sends_keeps_its_source()
    {
        var (workspace, form, affiliate, link, landing) = await Pages();
        var place = (await workspace.Get("/v1/sites")).Data[0]!;
        await using var tab = await chromium.Open();
        await tab.GoTo(link);
        await IsKnown(tab);
        await tab.GoTo(
            site.Add(
                $"""<form id="f" method="post" action="{server.Target(form)}"><input name="email" value="ana@silva.example.org"></form>""",
                head: Head(place)
            )
        );
        await Touches(workspace, "pageView", 2);
        (await tab.Page.EvaluateAsync<bool>("new FormData(document.getElementById('f')).has('_visitor')")).Should().BeTrue();
        await tab.Page.EvaluateAsync("document.getElementById('f').submit()");
        await tab.Page.LandsOn("/thanks");
        var lead = (await workspace.Get("/v1/leads")).Data.Should().ContainSingle().Which!;
        (lead["source"]!["affiliate"]!.ToString(), lead["firstTouch"]!["page"]!.ToString())
            .Should()
            .Be((affiliate["id"]!.ToString(), (await workspace.All("/v1/touches?kind=pageView&sort=createdAt"))[0]["page"]!.ToString()));
        landing.Should().NotBeNull();
    }

    [NeedsChromiumFact]
    public async Task subdomains_share_the_visitor_and_are_not_outbound_and_middle_clicks_and_calls_count()
    {
        var workspace = await server.NewWorkspace();
        var place = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var head =
            $"""<script async src="{new Uri(server.Address, "/t.js")}" data-site="{place["key"]}" data-cookie-domain=".shop.test"></script>""";
        Uri On(string host, Uri page) => new(page.ToString().Replace("localhost", host, StringComparison.Ordinal));
        var second = On("blog.shop.test", site.Add("second", head: head));
        var first = On(
            "www.shop.test",
            site.Add(
                $"""<a id="in" href="{second}">Blog</a><a id="out" href="http://else.test/">Out</a><a id="tel" href="tel:+4930123456">Call</a>""",
                head: head
            )
        );
        await using var tab = await chromium.Open();
        await tab.GoTo(first);
        await Touches(workspace, "pageView", 1);
        await IsKnown(tab);
        (await tab.Page.Context.CookiesAsync()).Should().ContainSingle().Which.Domain.Should().Be(".shop.test");
        await tab.Page.Locator("#out").ClickAsync(new() { Button = MouseButton.Middle });
        await Touches(workspace, "outbound", 1);
        await tab.Page.EvaluateAsync("addEventListener('click', e => { if (e.target.id === 'tel') e.preventDefault() })");
        await tab.Page.Locator("#tel").ClickAsync();
        await Touches(workspace, "outbound", 2);
        await tab.Page.Locator("#in").ClickAsync();
        await Touches(workspace, "pageView", 2);
        var touches = await workspace.All("/v1/touches?sort=createdAt");
        touches
            .Select(t => $"{t["kind"]} {t["target"]}")
            .Should()
            .Equal("pageView ", "outbound http://else.test/", "outbound tel:+4930123456", "pageView ");
        touches.Select(t => t["visitor"]!.ToString()).Distinct().Should().ContainSingle();
        touches[^1]["arrival"]!.GetValue<bool>().Should().BeFalse();
    }

    /// <summary>As soon as the page has heard who its visitor is: what is stored is seen a moment before the answer is.</summary>
    static async Task IsKnown(Tab tab)
    {
        for (var tries = 0; tries < 1200 && (await tab.Page.Context.CookiesAsync()).All(c => c.Name != "crm_visitor"); tries++)
            await Task.Delay(25);
        (await tab.Page.Context.CookiesAsync()).Should().Contain(c => c.Name == "crm_visitor");
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
