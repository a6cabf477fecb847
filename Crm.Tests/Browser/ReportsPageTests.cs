// The page of all reports and its pictures in a real browser: its figures are the API's, what strangers sent is shown as text, everything
// is reachable by keyboard, it fits every screen and paper, and a link shows what it says and no more.

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Crm.Api.Pages;
using Crm.Api.Reports;
using Crm.Domain.Workspaces;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class ReportsPageTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    const string Evil = "\"><img src=x onerror=alert(1)><svg onload=alert(2)>'</text></svg><script>alert(3)</script>&lt;\u202Egnp";

    /// <summary>A workspace whose every name, parameter and referrer is full of script, with clicks, leads and a sale.</summary>
    async Task<TestWorkspace> Attacked()
    {
        var workspace = await server.NewWorkspace();
        var campaign = (
            await workspace.Post(
                "/v1/campaigns",
                new
                {
                    name = Evil,
                    costs = new[]
                    {
                        new
                        {
                            on = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                            amount = new { amount = 5000, currency = "EUR" },
                        },
                    },
                }
            )
        ).Json!;
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = Evil })).Json!;
        var link = (
            await workspace.Post(
                "/v1/links",
                new
                {
                    destination = "https://www.silva.example.org/",
                    name = Evil,
                    channel = "<script>alert(4)</script>",
                    campaign = campaign["id"],
                    affiliate = affiliate["id"],
                }
            )
        ).Json!;
        await workspace.Post(
            "/v1/links",
            new
            {
                destination = "https://www.silva.example.org/",
                name = string.Concat(Enumerable.Repeat("Ein sehr langer Name ", 7)),
                slug = "long-" + Guid.NewGuid().ToString("n")[..8],
            }
        );
        await workspace.NewForm(
            new
            {
                name = Evil,
                fields = new[]
                {
                    new
                    {
                        name = "email",
                        label = "E-mail",
                        kind = "email",
                        mapsTo = "email",
                    },
                },
            }
        );
        foreach (var row in await workspace.All("/v1/links"))
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                $"/l/{row["slug"]}?utm_source={Uri.EscapeDataString(Evil)}&gclid={Uri.EscapeDataString(Evil)}"
            );
            request.Headers.TryAddWithoutValidation(
                "User-Agent",
                "Mozilla/5.0 (X11; rv:145.0) Gecko/20100101 Firefox/145.0 <script>alert(5)</script>"
            );
            request.Headers.TryAddWithoutValidation("Referer", "https://evil.example/?<script>alert(6)</script>");
            using var went = await server.Http.SendAsync(request);
            if (row["id"]!.ToString() == link["id"]!.ToString())
                foreach (var form in await workspace.All("/v1/forms"))
                    await workspace.Submit(
                        form,
                        new { email = $"p{form["key"]}@silva.example.org", _page = went.Headers.Location!.AbsoluteUri }
                    );
        }
        await Strangers(workspace, link);
        await workspace.Post(
            "/v1/conversions",
            new { lead = (await workspace.Get("/v1/leads")).Data[0]!["id"], value = new { amount = 12345, currency = "EUR" } }
        );
        return workspace;
    }

    /// <summary>Every other door that a stranger can speak through, and as what he comes.</summary>
    async Task Strangers(TestWorkspace workspace, System.Text.Json.Nodes.JsonNode link)
    {
        var site = (
            await workspace.Post(
                "/v1/sites",
                new
                {
                    name = Evil,
                    allowedOrigins = new[] { "https://evil.example" },
                    clientConversions = true,
                    currency = "EUR",
                }
            )
        ).Json!;
        var evil = Uri.EscapeDataString(Evil);
        var said = System.Text.Json.JsonSerializer.Serialize(Evil);
        foreach (
            var (method, path, body) in new[]
            {
                (
                    "POST",
                    $"/t/events?site={site["key"]}",
                    $$"""[{"kind":"pageView","page":"https://evil.example/?utm_source={{evil}}&utm_medium={{evil}}","referrer":"https://evil.example/{{evil}}"},{"kind":"event","name":{{said}}},{"kind":"conversion","type":"<svg onload=alert(7)>","orderId":{{said}},"value":{"amount":5,"currency":"EUR"} }]"""
                ),
                (
                    "GET",
                    $"/matomo.php?idsite={site["matomoId"]}&rec=1&action_name={evil}&url=https://evil.example/?utm_campaign={evil}&urlref={evil}&ua=Mozilla/5.0%20(X11)%20{evil}",
                    ""
                ),
                ("GET", $"/t/pixel.gif?site={site["key"]}&kind=view&page=https://evil.example/?utm_medium={evil}", ""),
                (
                    "POST",
                    "/track/click",
                    $$"""{"domain":"{{server.Address.Authority}}","key":"{{link["slug"]}}","url":"https://evil.example/?utm_source={{evil}}","referrer":{{said}}}"""
                ),
                (
                    "POST",
                    "/track/lead/client",
                    $$"""{"eventName":"<svg onload=alert(8)>","customerExternalId":{{said}},"customerName":{{said}}}"""
                ),
            }
        )
        {
            using var request = new HttpRequestMessage(new(method), path);
            if (body.Length > 0)
                request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            foreach (
                var (name, value) in new[]
                {
                    ("User-Agent", "Mozilla/5.0 (X11; rv:145.0) <script>alert(9)</script>"),
                    ("Referer", "https://evil.example/?<script>alert(9)</script>"),
                    ("Origin", "https://evil.example"),
                    ("Authorization", $"Bearer crm_pk_{site["key"]}"),
                }
            )
                request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await server.Http.SendAsync(request);
            ((int)answer.StatusCode).Should().Be(200, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Whoever sends somebody an address of ours with script in it, in any part, has it run nowhere.</summary>
    [NeedsChromiumFact]
    public async Task no_address_of_ours_runs_what_stands_in_it()
    {
        var workspace = await server.NewWorkspace();
        var site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Blog" })).Json!;
        var form = await workspace.ContactForm();
        await using var tab = await chromium.Open();
        foreach (
            var evil in new[]
            {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "<svg/onload=alert(1)>",
                "javascript:alert(1)",
                "'-alert(1)-'",
                "</title><script>alert(1)</script>",
            }.Select(Uri.EscapeDataString)
        )
        foreach (
            var path in new[]
            {
                $"/l/{evil}",
                $"/{evil}",
                $"/f/{evil}",
                $"/forms/{evil}",
                $"/forms/{form["key"]}?name={evil}&_next={evil}&utm_source={evil}&{evil}={evil}",
                $"/f/{form["key"]}?{evil}={evil}",
                $"/matomo.php?idsite={evil}&rec=1&url={evil}",
                $"/matomo.php?idsite={site["matomoId"]}&rec=1&cdt={evil}&{evil}=1",
                $"/t/pixel.gif?site={evil}&page={evil}",
                $"/postback/{evil}?click_id={evil}",
                $"/postback/{affiliate["postbackKey"]}?click_id={evil}&amount={evil}&currency={evil}",
                $"/reports#{evil}",
                $"/reports?name={evil}",
                $"/graphql?query={evil}",
                $"/v1/{evil}?{evil}={evil}",
                $"/swagger?url={evil}",
                $"/track/click?{evil}",
                $"/dub.js?{evil}",
                $"/t.js?{evil}",
            }
        )
            try
            {
                await tab.Page.GotoAsync(server.Address.GetLeftPart(UriPartial.Authority) + path);
                (
                    await tab.Page.EvaluateAsync<int>(
                        "document.querySelectorAll('[onerror], [onload], img[src=x], a[href^=\"javascript:\"]').length"
                    )
                )
                    .Should()
                    .Be(0, path);
            }
            catch (PlaywrightException error)
                when (error.Message.Contains("ERR_", StringComparison.Ordinal)
                    || error.Message.Contains("Download", StringComparison.Ordinal)
                )
            {
                // The browser shows nothing of an answer without a body, and saves what it cannot show.
            }
        tab.Dialogs.Should().BeEmpty();
    }

    async Task<Tab> Shown(TestWorkspace workspace, string path = "/reports")
    {
        var tab = await chromium.Open();
        await tab.GoTo(new(server.Address, path));
        await tab.Page.GetByLabel("Access key").FillAsync(workspace.Key);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Ready(tab);
        return tab;
    }

    /// <summary>The view is there, with what it asked for.</summary>
    static async Task Ready(Tab tab)
    {
        await Assertions.Expect(tab.Page.Locator("#main h1")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#main[aria-busy=true]")).ToHaveCountAsync(0);
    }

    static async Task Open(Tab tab, string path)
    {
        await tab.Page.EvaluateAsync("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path);
        await Ready(tab);
    }

    [NeedsChromiumFact]
    public async Task nothing_that_a_stranger_sent_is_run_by_the_page_or_its_pictures()
    {
        var workspace = await Attacked();
        await using var tab = await Shown(workspace, "/reports?traffic=all");
        var page = tab.Page;
        foreach (var report in Domain.CrmCatalog.Standard.Reports.Names.Skip(1))
        {
            await Open(tab, $"/reports?traffic=all&columns=all&report={report}");
            if (report is "links" or "campaigns" or "affiliates" or "forms")
                await Assertions
                    .Expect(page.Locator("tbody th bdi").Filter(new() { HasTextString = "onerror=alert(1)" }).First)
                    .ToBeVisibleAsync();
        }
        (await page.Locator("main script, main img, [onerror], [onload]").CountAsync()).Should().Be(0);
        tab.Dialogs.Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
        tab.RequestsOutside(server.Address).Should().BeEmpty();

        // The pictures by themselves, as a file that somebody opens.
        await using var alone = await chromium.Open();
        foreach (var report in Domain.CrmCatalog.Standard.Reports.Names)
        foreach (var more in new[] { "", "&interval=week", "&compare=previous&width=280" })
        {
            var picture = await workspace.Get($"/v1/reports/{report}?format=svg{more}");
            (picture.Status, picture.Header("Content-Type")).Should().Be((200, "image/svg+xml; charset=utf-8"));
            picture.Header("Content-Security-Policy").Should().Contain("default-src 'none'").And.Contain("sandbox");
            var svg = XDocument.Parse(picture.Text).Root!;
            svg.DescendantsAndSelf()
                .Select(e => e.Name.LocalName)
                .Distinct()
                .Should()
                .BeSubsetOf(["svg", "title", "desc", "style", "rect", "text", "path", "polyline"]);
            svg.DescendantsAndSelf()
                .Attributes()
                .Should()
                .NotContain(a =>
                    a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                    || a.Name.LocalName == "href"
                    || a.Value.Contains("url(")
                );
            (svg.Attribute("role")!.Value, svg.Elements().ElementAt(0).Value.Length > 3, svg.Elements().ElementAt(1).Value.Length > 20)
                .Should()
                .Be(("img", true, true));
            // Letters stay inside.
            await alone.Page.SetContentAsync($"<!doctype html><meta charset=utf-8>{picture.Text}");
            var outside = await alone.Page.EvaluateAsync<string[]>(
                "(() => { const all = document.querySelector('svg').getBoundingClientRect(); return [...document.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect(); return r.left < all.left || r.right > all.right || r.bottom > all.bottom; }).map(t => t.textContent); })()"
            );
            outside.Should().BeEmpty($"{report}{more}");
        }
        alone.Dialogs.Should().BeEmpty();
        alone.Requests.Where(r => r.StartsWith("http", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task the_key_stays_in_the_tab_and_a_wrong_one_gets_a_sentence()
    {
        var workspace = await server.NewWorkspace();
        var leadsOnly = (await workspace.Post("/v1/api-keys", new { name = "Leads", scopes = new[] { "leads:read" } }))["key"]!.ToString();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(new(server.Address, "/reports?report=forms"));
        foreach (
            var (key, sentence) in new[]
            {
                ("crm_sk_wrong", "This key does not open the reports. Copy all of it or ask for a new one."),
                ("päss word", "This key does not open the reports. Copy all of it or ask for a new one."),
                ("", "Paste your access key."),
                (leadsOnly, "This key may not see this. Ask for a key that is made for the reports."),
            }
        )
        {
            await page.GetByLabel("Access key").FillAsync(key);
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(sentence);
        }
        await page.GetByLabel("Access key").FillAsync(workspace.Key);
        await page.Keyboard.PressAsync("Enter");
        await Ready(tab);
        await Assertions.Expect(page.Locator(".tabs [aria-current]")).ToHaveTextAsync("Forms");
        (
            await page.EvaluateAsync<string>(
                "JSON.stringify([Object.keys(localStorage), sessionStorage.getItem('crm_key'), document.cookie, document.documentElement.outerHTML.includes(sessionStorage.getItem('crm_key'))])"
            )
        )
            .Should()
            .Be($"[[],\"{workspace.Key}\",\"\",false]");
        tab.Requests.Should().NotContain(r => r.Contains(workspace.Key));
        await page.ReloadAsync();
        await Ready(tab);
        // The menu is the desk's.
        await page.GetByText("Theme, sign out").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Form “Contact”" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.rail a')].map(a => a.getAttribute('href'))"))
            .Should()
            .Equal("/desk", "/desk/waiting", "/reports", $"/forms/{(await workspace.ContactForm())["key"]}", "/swagger", "/graphql");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).Locator("visible=true").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Access key")).ToBeFocusedAsync();
        (await page.EvaluateAsync<int>("sessionStorage.length")).Should().Be(0);
        tab.Errors.Where(error => !error.Contains("401") && !error.Contains("403")).Should().BeEmpty();
    }

    static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    static string Day(int ago) => Today.AddDays(-ago).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Two links of which one sold, and what they cost over two periods.</summary>
    async Task<TestWorkspace> Firm()
    {
        var owner = await server.NewWorkspace();
        var campaign = (
            await owner.Post(
                "/v1/campaigns",
                new
                {
                    name = "Winter",
                    costs = new[]
                    {
                        new { on = Day(0), amount = new { amount = 5000, currency = "EUR" } },
                        new { on = Day(3), amount = new { amount = 30000, currency = "EUR" } },
                        new { on = Day(5), amount = new { amount = 15000, currency = "EUR" } },
                        new { on = Day(33), amount = new { amount = 30000, currency = "EUR" } },
                        new { on = Day(30), amount = new { amount = 99900, currency = "EUR" } },
                    },
                }
            )
        ).Json!;
        foreach (var (name, clicks) in new[] { ("Newsletter", 3), ("Advertisement", 1) })
        {
            var link = (
                await owner.Post(
                    "/v1/links",
                    new
                    {
                        destination = "https://www.silva.example.org/",
                        name,
                        campaign = campaign["id"],
                        channel = name == "Newsletter" ? "email" : "paid-search",
                    }
                )
            ).Json!;
            for (var click = 0; click < clicks; click++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
                request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; rv:145.0) Gecko/20100101 Firefox/145.0");
                request.Headers.TryAddWithoutValidation("Accept-Language", "pt");
                using var went = await server.Http.SendAsync(request);
                if (name == "Newsletter" && click == 0)
                    await owner.Submit(
                        await owner.ContactForm(),
                        new
                        {
                            name = "Ana",
                            email = "ana@silva.example.org",
                            message = "A price, please.",
                            _page = went.Headers.Location!.AbsoluteUri,
                        }
                    );
            }
        }
        await owner.Post(
            "/v1/conversions",
            new { lead = (await owner.Get("/v1/leads")).Data[0]!["id"], value = new { amount = 123456, currency = "EUR" } }
        );
        var made = await owner.Post("/v1/api-keys", new { name = "Figures", scopes = KeyPurposes.All["reports"] });
        made.Status.Should().Be(201, made.Text);
        return owner.With(made["key"]!.ToString());
    }

    [NeedsChromiumFact]
    public async Task the_overview_says_each_figure_once_and_the_view_is_in_its_address()
    {
        var workspace = await Firm();
        var overview = await workspace.Get("/v1/reports/overview?interval=day&compare=previous");
        await using var tab = await Shown(workspace);
        var page = tab.Page;
        var kpis = await page.Locator(".kpi").AllInnerTextsAsync();
        kpis.Select(text => string.Join('|', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[..2]))
            .Should()
            .Equal(
                $"Visitors|{overview["totals"]!["visitors"]}",
                "Leads|1",
                "Customers|1",
                "Revenue|€1,235",
                "Cost|€500.00",
                "Cost per lead|€500.00"
            );
        // Today is not over: 450 of whole days against 300 of as many before; what was spent thirty days ago has no other half yet.
        await Assertions.Expect(page.Locator("#kpi-cost .delta")).ToContainTextAsync("50%");
        await Assertions.Expect(page.Locator("#kpi-cost .delta")).ToContainTextAsync("was €300.00");
        await Assertions.Expect(page.Locator("#kpi-cost .delta")).Not.ToHaveClassAsync(new Regex("up|down"));
        await Assertions.Expect(page.GetByText("Today is not over: changes compare whole days.")).ToBeVisibleAsync();

        // The chart is of the figure that was chosen; its bars are days, the last of which is hatched.
        await page.Locator("#kpi-cost").ClickAsync();
        await page.LandsOn("/reports?chart=cost");
        await Assertions.Expect(page.Locator(".chart h2")).ToHaveTextAsync("Cost by day");
        await Assertions.Expect(page.Locator("#kpi-cost")).ToBeFocusedAsync();
        (await page.Locator(".plot svg > rect.c1").CountAsync(), await page.Locator(".plot rect.now").CountAsync()).Should().Be((2, 1));
        await page.Locator(".plot svg").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(".reading")).ToContainTextAsync("€50.00, previous period €999.00");
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page.Locator(".reading")).ToContainTextAsync("€0.00");

        // Names, and percentages without a currency.
        await page.Locator("#tab-links").ClickAsync();
        await page.LandsOn("/reports?chart=cost&report=links");
        await Assertions.Expect(page.Locator("tbody th bdi")).ToHaveTextAsync(["Newsletter", "Advertisement"]);
        await page.Locator("#tab-channels").ClickAsync();
        await Assertions.Expect(page.Locator(".figures tbody")).ToContainTextAsync("Paid search");
        (await page.Locator("main").InnerTextAsync())
            .Should()
            .NotContain("paid-search")
            .And.NotContain("% EUR")
            .And.NotMatchRegex("camp_|link_");
        await page.Locator("#tab-campaigns").ClickAsync();
        await Assertions.Expect(page.Locator("#tab-campaigns")).ToHaveAttributeAsync("aria-current", "page");
        (await page.Locator(".figures tbody tr td").AllInnerTextsAsync()).Should().Contain("146.9%", "what came back for what was spent");

        // Sorted by keyboard; Back goes where it was.
        await page.Locator("#sort-leads").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Leads");
        await Assertions.Expect(page.Locator("#sort-leads")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Leads");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Leads");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Leads");

        // Long periods are lines, by week; whoever wants another cut says so.
        await page.Locator("#period").SelectOptionAsync("365");
        await Assertions.Expect(page.Locator(".chart h2")).ToHaveTextAsync("Cost by week");
        await page.GetByLabel("Group by").FocusAsync();
        await page.GetByLabel("Group by").SelectOptionAsync("day");
        await Assertions.Expect(page.Locator(".plot .ln.prev")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByLabel("Group by")).ToBeFocusedAsync();
        await page.GetByLabel("Compare with").SelectOptionAsync("no");
        await Assertions.Expect(page.Locator(".delta")).ToHaveCountAsync(0);
        await page.GetByLabel("Traffic").SelectOptionAsync("all");
        await page.LandsOn("/reports?chart=cost&report=campaigns&sort=-leads&days=365&interval=day&compare=no&traffic=all");
        await page.Locator("#period").SelectOptionAsync("own");
        await page.GetByLabel("First day").FillAsync(Day(9));
        await page.GetByLabel("Last day").FillAsync(Day(3));
        await page.LandsOn($"/reports?chart=cost&report=campaigns&sort=-leads&compare=no&traffic=all&from={Day(9)}&to={Day(3)}");
        await Assertions.Expect(page.Locator("#kpi-cost strong")).ToHaveTextAsync("€450.00");
        await Assertions.Expect(page.Locator(".plot rect.now")).ToHaveCountAsync(0);

        // Files: what is shown, under a name of its own.
        foreach (
            var (button, name, start) in new[]
            {
                ("CSV: Campaigns", $"campaigns-{Day(0)}.csv", "\uFEFFid,name,clicks,"),
                ("Picture: Campaigns", $"campaigns-{Day(0)}.svg", "<svg"),
                ("CSV: Overview", $"overview-{Day(0)}.csv", "\uFEFFfrom,to,visitors,"),
                ("Picture: Overview", $"overview-{Day(0)}.svg", "<svg"),
            }
        )
        {
            var download = await page.RunAndWaitForDownloadAsync(() =>
                page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync()
            );
            download.SuggestedFilename.Should().Be(name);
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(await download.PathAsync())).Should().StartWith(start);
        }
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task a_link_shows_what_it_says_to_whoever_has_it_until_it_is_taken_back()
    {
        var workspace = await Firm();
        await using var tab = await Shown(workspace, "/reports?report=campaigns&days=90");
        var page = tab.Page;
        await page.Locator("#share").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Who is it for?")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Whoever has the link sees last 90 days, people only.");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Say who it is for.")).ToBeVisibleAsync();
        await page.GetByLabel("Who is it for?").FillAsync(Evil);
        await page.GetByLabel("Ends after").SelectOptionAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        var address = await page.Locator("#share-link").InputValueAsync();
        await Assertions.Expect(page.Locator(".open-links li")).ToHaveCountAsync(1);
        await Sound(tab, "share");

        await using var guest = await chromium.Open();
        await guest.GoTo(new(address));
        await Ready(guest);
        await Assertions.Expect(guest.Page.Locator("h1")).ToContainTextAsync("onerror=alert(1)");
        await Assertions.Expect(guest.Page.Locator("#kpi-cost strong")).ToHaveTextAsync("€1,799");
        (await guest.Page.Locator(".tabs a").AllInnerTextsAsync()).Should().Equal("Campaigns");
        (await guest.Page.Locator("nav.rail, select, #share, a[href^='/desk'], a[href='/swagger']").CountAsync()).Should().Be(0);
        await guest.Page.Locator("#sort-leads").ClickAsync();
        await Assertions.Expect(guest.Page.Locator("th[aria-sort]")).ToContainTextAsync("Leads");
        var download = await guest.Page.RunAndWaitForDownloadAsync(() =>
            guest.Page.GetByRole(AriaRole.Button, new() { Name = "CSV: Campaigns" }).ClickAsync()
        );
        (await File.ReadAllTextAsync(await download.PathAsync())).Should().Contain("\"Winter\"");
        guest.Requests.Should().NotContain(one => one.Contains("/v1/") || one.Contains("crm_sk_"));
        await Sound(guest, "shared");

        await page.GetByRole(AriaRole.Button, new() { Name = "Take back the link for" }).ClickAsync();
        await Assertions.Expect(page.Locator("#toast")).ToContainTextAsync("opens nothing any more.");
        await guest.Page.EvaluateAsync(
            "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }",
            new Uri(address).AbsolutePath + "?sort=-clicks"
        );
        await Assertions.Expect(guest.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link has expired. Ask for a new one.");
        await guest.Page.ReloadAsync();
        await Assertions.Expect(guest.Page.Locator("h1")).ToHaveTextAsync("We cannot find this page.");
        tab.Dialogs.Concat(guest.Dialogs).Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task everybody_can_use_it_on_every_screen_in_the_dark_and_on_paper()
    {
        var workspace = await Attacked();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(new(server.Address, "/reports"));
        await Sound(tab, "sign-in");
        await page.GetByLabel("Access key").FillAsync(workspace.Key);
        await page.Keyboard.PressAsync("Enter");
        await Ready(tab);
        foreach (
            var (name, query) in new[]
            {
                ("links", "?report=links&columns=all&traffic=all"),
                ("year", "?days=365&interval=day&report=funnel&chart=revenue"),
                ("nothing", "?from=2001-01-01&to=2001-01-31"),
            }
        )
        {
            await Open(tab, "/reports" + query);
            await Sound(tab, name);
        }
        await page.SetViewportSizeAsync(390, 800);
        await page.Locator("summary:visible").First.ClickAsync();
        await Sound(tab, "menu", 390);
        await page.Keyboard.PressAsync("Escape");

        // What is refused is said in a sentence, and can be tried again.
        await page.SetViewportSizeAsync(1280, 800);
        await page.RouteAsync("**/v1/reports/forms*", route => route.FulfillAsync(
                new()
                {
                    Status = 503,
                    ContentType = "application/problem+json",
                    Body = """{"status":503,"code":"store_unavailable","detail":"The API says it otherwise.","errors":[]}""",
                }
            ));
        await page.EvaluateAsync(
            "() => { history.pushState(null, '', '/reports?report=forms'); dispatchEvent(new PopStateEvent('popstate')); }"
        );
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The figures cannot be read right now.");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("otherwise");
        await page.UnrouteAsync("**/v1/reports/forms*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.Locator(".tabs [aria-current]")).ToHaveTextAsync("Forms");

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        (await page.Locator("form:visible, .rail:visible, .tabs:visible").CountAsync()).Should().Be(0);
        (await page.Locator(".kpi:visible").CountAsync()).Should().Be(6);
    }

    static readonly AxeRunOptions Everything = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>What the first run leaves in the page is asked directly from then on, which takes a tenth of the time.</summary>
    static async Task<IEnumerable<string>> Violations(IPage page, bool dark)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
            return (await page.RunAxe(Everything)).Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}");
        return await page.EvaluateAsync<string[]>(
            """
            rules => axe.run(rules.length ? { runOnly: { type: 'rule', values: rules } } : {})
              .then(found => found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(', ')}`))
            """,
            dark ? new[] { "color-contrast" } : []
        );
    }

    /// <summary>The same page on every screen: what differs between light and dark are the colours.</summary>
    static async Task Sound(Tab tab, string view, params int[] widths)
    {
        foreach (var width in widths.Length > 0 ? widths : [1280, 390, 320])
        {
            await tab.Page.SetViewportSizeAsync(width, 800);
            (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
                .Should()
                .BeLessThanOrEqualTo(width, $"nothing of {view} scrolls sideways");
            if (width == 320)
                continue;
            foreach (var dark in new[] { false, true })
            {
                await tab.Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
                await Photograph(tab, $"reports-{view}-{width}{(dark ? "-dark" : "")}");
                (await Violations(tab.Page, dark)).Should().BeEmpty($"{view} {width} {(dark ? "dark" : "light")}");
            }
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
        await tab.Page.SetViewportSizeAsync(1280, 800);
    }

    /// <summary>For people who want to look.</summary>
    static async Task Photograph(Tab tab, string name)
    {
        if (Pictures.Folder is { } folder)
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    [Fact]
    public async Task the_page_is_small_strict_and_without_data()
    {
        using var answer = await server.Http.GetAsync("/reports?report=links");
        var html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.OK);
        var policy = string.Join(";", answer.Headers.GetValues("Content-Security-Policy"));
        var nonce = Regex.Match(policy, "script-src 'nonce-([A-Za-z0-9_-]{24})';").Groups[1].Value;
        policy.Should().StartWith("default-src 'none';").And.EndWith("require-trusted-types-for 'script'; trusted-types 'none'");
        Regex.Matches(html, "<script[^>]*>").Select(tag => tag.Value).Should().OnlyContain(tag => tag.Contains($"nonce=\"{nonce}\""));
        html.Should().NotContain(" style=");

        // Bytes as they go over the wire, all of them together.
        var shell = new MemoryStream();
        using (var gzip = new GZipStream(shell, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(html));
        (shell.Length + ReportsPage.ScriptBytes + Assets.Of("crm.css").Gzipped.Length).Should().BeLessThan(40 * 1024);
        foreach (var asset in Regex.Matches(html, "/assets/[a-z-]+\\.[0-9a-f]{12}\\.(js|css)").Select(match => match.Value).Distinct())
            (await server.Http.GetAsync(asset)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK, asset);
    }
}
