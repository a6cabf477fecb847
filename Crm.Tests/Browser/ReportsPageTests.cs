// The page of all reports and its pictures in a real browser: what strangers sent is shown as text, everything is reachable by keyboard,
// and it fits small screens and paper.

using System.Xml.Linq;
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

    async Task<Tab> Shown(TestWorkspace workspace, int width = 1280, bool dark = false)
    {
        var tab = await chromium.Open(width: width, dark: dark);
        await tab.GoTo(new(server.Address, "/reports"));
        await tab.Page.GetByLabel("API key").FillAsync(workspace.Key);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Done(tab);
        return tab;
    }

    static async Task Done(Tab tab)
    {
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync(" to 20");
        await Assertions.Expect(tab.Page.Locator("main section")).ToHaveCountAsync(Domain.CrmCatalog.Standard.Reports.Names.Count);
    }

    [NeedsChromiumFact]
    public async Task nothing_that_a_stranger_sent_is_run_by_the_page_or_its_pictures()
    {
        var workspace = await Attacked();
        await using var tab = await Shown(workspace);
        var page = tab.Page;
        await page.GetByLabel("Compare with the period before").CheckAsync();
        await page.GetByLabel("Clicks of").SelectOptionAsync("all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Done(tab);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasTextString = "onerror=alert(1)" }).First).ToBeVisibleAsync();
        (await page.Locator("main script, main svg, img[src=x]").CountAsync()).Should().Be(0);
        (await page.EvaluateAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth > 0)"))
            .Should()
            .BeTrue("every picture is one");
        (await page.Locator("main img").CountAsync()).Should().Be(2 * Domain.CrmCatalog.Standard.Reports.Names.Count);
        tab.Dialogs.Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
        tab.RequestsOutside(server.Address).Should().BeEmpty();

        // The pictures by themselves, as a file that somebody opens.
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
            await using var alone = await chromium.Open();
            await alone.Page.SetContentAsync($"<!doctype html><meta charset=utf-8>{picture.Text}");
            var outside = await alone.Page.EvaluateAsync<string[]>(
                "(() => { const all = document.querySelector('svg').getBoundingClientRect(); return [...document.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect(); return r.left < all.left || r.right > all.right || r.bottom > all.bottom; }).map(t => t.textContent); })()"
            );
            outside.Should().BeEmpty($"{report}{more}");
            alone.Dialogs.Should().BeEmpty();
            alone.Requests.Where(r => r.StartsWith("http", StringComparison.Ordinal)).Should().BeEmpty();
        }
    }

    [NeedsChromiumFact]
    public async Task the_key_stays_in_the_tab_and_is_forgotten_when_asked()
    {
        var workspace = await server.NewWorkspace();
        await using var tab = await Shown(workspace);
        (
            await tab.Page.EvaluateAsync<string>(
                "JSON.stringify([Object.keys(localStorage), sessionStorage.getItem('crm_key'), document.cookie, document.documentElement.outerHTML.includes(sessionStorage.getItem('crm_key'))])"
            )
        )
            .Should()
            .Be($"[[],\"{workspace.Key}\",\"\",false]");
        tab.Requests.Should().NotContain(r => r.Contains(workspace.Key));
        await tab.Page.ReloadAsync();
        await Done(tab);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByLabel("API key")).ToBeFocusedAsync();
        (await tab.Page.Locator("main section").CountAsync()).Should().Be(0);
        (await tab.Page.EvaluateAsync<string?>("sessionStorage.getItem('crm_key')")).Should().BeNull();
        await tab.Page.GetByLabel("API key").FillAsync("crm_sk_wrong");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#said.bad")).Not.ToBeEmptyAsync();
        await Assertions.Expect(tab.Page.GetByLabel("API key")).ToBeVisibleAsync();
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task everybody_can_use_it_on_small_screens_in_the_dark_on_paper_and_with_the_keyboard()
    {
        var workspace = await Attacked();
        foreach (var (width, dark) in new[] { (1280, false), (320, true), (320, false) })
        {
            await using var tab = await Shown(workspace, width, dark);
            (await tab.Page.RunAxe())
                .Violations.Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")
                .Should()
                .BeEmpty($"{width} {dark}");
            (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
                .Should()
                .BeLessThanOrEqualTo(width, "nothing but tables scrolls sideways");
            await Photograph(tab, $"reports-{width}{(dark ? "-dark" : "")}");
        }
        await using var paper = await Shown(workspace);
        await paper.Page.EmulateMediaAsync(new() { Media = Media.Print });
        (await paper.Page.Locator("form:visible").CountAsync()).Should().Be(0);
        await Photograph(paper, "reports-print");
        await paper.Page.EmulateMediaAsync(new() { Media = Media.Screen });

        // Tab by tab through all controls, in their order.
        await paper.Page.Locator("#period").FocusAsync();
        var order = new List<string>();
        foreach (var _ in Enumerable.Range(0, 6))
        {
            order.Add(await paper.Page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.textContent"));
            await paper.Page.Keyboard.PressAsync("Tab");
        }
        order.Should().Equal("period", "interval", "traffic", "compare", "Show", "forget");
        (await paper.Page.EvaluateAsync<string>("document.activeElement.getAttribute('role')"))
            .Should()
            .Be("region", "tables can be scrolled by keyboard");
    }

    /// <summary>For people who want to look.</summary>
    static async Task Photograph(Tab tab, string name)
    {
        if (Pictures.Folder is { } folder)
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
