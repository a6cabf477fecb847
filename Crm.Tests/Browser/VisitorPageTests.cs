// Every page that strangers see, in a browser: axe, a small window, another reading direction, colours that the system forces, paper; and
// a site whose look is hostile.

using System.Text.Json.Nodes;
using Crm.Api.Pages;
using Crm.Tests.Pages;
using Deque.AxeCore.Commons;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class VisitorPageTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    static readonly object[] Fields =
    [
        new
        {
            name = "name",
            label = "Name",
            kind = "text",
            required = true,
            mapsTo = "name",
        },
        new
        {
            name = "email",
            label = "E-mail",
            kind = "email",
            required = true,
            mapsTo = "email",
        },
        new
        {
            name = "phone",
            label = "Phone",
            kind = "phone",
            mapsTo = "phone",
            help = "Any format is fine, for example 912 345 678.",
        },
        new
        {
            name = "roof",
            label = "Roof",
            kind = "choice",
            required = true,
            choices = new[] { "Flat", "Pitched" },
        },
        new
        {
            name = "topics",
            label = "Topics",
            kind = "choices",
            required = true,
            choices = new[] { "Price", "Battery", "A visit" },
        },
        new
        {
            name = "message",
            label = "Message",
            kind = "longText",
            required = true,
            mapsTo = "message",
        },
        new
        {
            name = "agreed",
            label = "E-mails from us",
            kind = "consent",
            purpose = "email-marketing",
            help = "I agree to get e-mails about offers. I can stop them at any time.",
        },
    ];

    async Task<(TestWorkspace Workspace, JsonNode Form)> NewForm(string language = "en", string? color = "#1b6e5a")
    {
        var workspace = await server.NewWorkspace();
        var site = await workspace.Post(
            "/v1/sites",
            new
            {
                name = "Silva Energia",
                url = "https://www.silva.example.org/",
                color,
                intro = "Tell us about your roof. We answer within one working day.",
                privacyText = "We use what you send to answer you.",
                privacyUrl = "https://www.silva.example.org/privacy",
            }
        );
        site.Status.Should().Be(201, site.Text);
        var form = await workspace.NewForm(
            new
            {
                name = "Ask for a quote",
                language,
                site = site["id"]!.ToString(),
                minimumFillSeconds = 0,
                fields = Fields,
            }
        );
        return (workspace, form);
    }

    static Task<IResponse> Send(Tab tab) =>
        tab.Page.RunAndWaitForResponseAsync(() => tab.Page.GetByRole(AriaRole.Button).ClickAsync(), r => r.Request.Method == "POST");

    static async Task Type(Tab tab)
    {
        await tab.Page.Locator("[name=name]").FillAsync("Ana Silva");
        await tab.Page.Locator("[name=email]").FillAsync("ana@");
        await tab.Page.Locator("[name=message]").FillAsync("A roof that looks south.\nAnd a battery.");
    }

    /// <summary>Opens a page that only a busy or broken server gives, as it is written and with its policy.</summary>
    async Task Open(Tab tab, string path, Func<HttpContext, Task> write)
    {
        var (status, html, policy) = await PageAlone.Of(write, "en");
        var address = new Uri(server.Address, path);
        await tab.Page.RouteAsync(address.ToString(), route => route.FulfillAsync(
                new()
                {
                    Status = status,
                    ContentType = "text/html; charset=utf-8",
                    Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = policy },
                    Body = html,
                }
            ));
        await tab.GoTo(address);
    }

    /// <summary>Each page with the way to it.</summary>
    IEnumerable<(string Name, Func<Tab, Task> Open)> Pages(TestWorkspace workspace, JsonNode form, JsonNode closed, JsonNode link)
    {
        yield return ("form", tab => tab.GoTo(server.Hosted(form)));
        yield return ("errors", async tab =>
        {
            await tab.GoTo(server.Hosted(form));
            await Type(tab);
            (await Send(tab)).Status.Should().Be(422);
        });
        yield return ("thanks", tab => tab.GoTo(server.Hosted(form, "/thanks")));
        yield return ("unsent", tab => tab.GoTo(new(server.Target(form) + "?name=Ana")));
        yield return ("closed", tab => tab.GoTo(server.Hosted(closed)));
        yield return ("closed-meanwhile", async tab =>
        {
            await workspace.Patch($"/v1/forms/{closed["id"]}", new { status = "published" });
            await tab.GoTo(server.Hosted(closed));
            await Type(tab);
            await workspace.Patch($"/v1/forms/{closed["id"]}", new { status = "closed" });
            (await Send(tab)).Status.Should().Be(410);
            await Assertions.Expect(tab.Page.GetByText("And a battery.")).ToBeVisibleAsync();
        });
        yield return ("expired", tab => tab.GoTo(new(server.Address, $"/l/{link["slug"]}")));
        yield return ("not-found", tab => tab.GoTo(new(server.Address, "/forms/nosuchform")));
        yield return ("limited", tab => Open(tab, "/limited", http => VisitorPages.Limited(http, 61)));
        yield return ("unavailable", tab => Open(tab, "/unavailable", http => VisitorPages.Unavailable(http, 503, 2)));
        yield return ("first", tab => tab.GoTo(server.Address));
        yield return ("problem", tab => tab.GoTo(new(server.Address, "/problems/ambiguous-match")));
    }

    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>What axe finds. Asked in the page itself: the usual way opens another page for each answer, and there are many.</summary>
    static async Task<string[]> Violations(Tab tab)
    {
        if (!await tab.Page.EvaluateAsync<bool>("() => typeof axe === 'object'"))
            await tab.Page.EvaluateAsync(Axe);
        return await tab.Page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(', '))"
        );
    }

    static async Task Picture(Tab tab, string name)
    {
        if (Pictures.Folder is { } folder)
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    [NeedsChromiumTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task axe_finds_nothing_on_any_page_and_nothing_is_wider_than_the_window(bool dark)
    {
        var (workspace, form) = await NewForm();
        var closed = await workspace.NewForm(
            new
            {
                name = "Closed",
                status = "closed",
                minimumFillSeconds = 0,
                fields = Fields,
            }
        );
        var link = (
            await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", expiresAt = "2020-01-01T00:00:00Z" })
        ).Json!;
        await using var tab = await chromium.Open(script: true, dark: dark);
        foreach (var (name, open) in Pages(workspace, form, closed, link))
        {
            await tab.Page.SetViewportSizeAsync(1280, 900);
            await open(tab);
            foreach (var width in (int[])[1280, 390, 320])
            {
                await tab.Page.SetViewportSizeAsync(width, 900);
                (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"))
                    .Should()
                    .BeLessThanOrEqualTo(width, "{0} must not scroll sideways", name);
                if (width == 320)
                    continue;
                await Picture(tab, $"{name}-{width}-{(dark ? "dark" : "light")}");
                (await Violations(tab)).Should().BeEmpty("{0} at {1}", name, width);
            }
        }
        tab.RequestsOutside(server.Address).Should().BeEmpty();
        tab.Errors.Where(error => !error.Contains("503", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task the_pages_hold_with_forced_colours_more_contrast_on_paper_and_from_right_to_left()
    {
        var (_, form) = await NewForm("ar");
        await using var tab = await chromium.Open(dark: true);
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        await Type(tab);
        await Send(tab);

        (await page.EvaluateAsync<string>("() => document.dir")).Should().Be("rtl");
        (await page.Locator("[name=email]").GetAttributeAsync("dir")).Should().Be("ltr");
        await Picture(tab, "errors-rtl-dark");
        (await Violations(tab)).Should().BeEmpty();

        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await Picture(tab, "errors-forced");
        foreach (var part in (string[])[".card", ".mono", ".b.go"])
            (await page.Locator(part).EvaluateAsync<string>("e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"))
                .Should()
                .Be("solid1px", part);

        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.None, Media = Media.Print });
        await Picture(tab, "errors-print");
        (await page.EvaluateAsync<string>("() => getComputedStyle(document.body).color")).Should().Be("rgb(20, 28, 40)", "paper is light");
        await Assertions.Expect(page.Locator(".b.go")).ToBeHiddenAsync();
    }

    /// <summary>Each would call alert, load something, or leave its element if it ever became more than text.</summary>
    static readonly string[] Canaries =
    [
        "\"><script>alert('canary')</script>",
        "<img src=x onerror=alert('canary')>",
        "</style><script>alert('canary')</script>",
        "</title><svg onload=alert('canary')>",
        "&quot;&gt;&lt;script&gt;alert('canary')&lt;/script&gt;",
    ];

    [NeedsChromiumFact]
    public async Task a_sites_hostile_words_stay_words_and_its_pictures_pictures()
    {
        await using var tab = await chromium.Open();
        foreach (var canary in Canaries)
        {
            var workspace = await server.NewWorkspace();
            // A picture by its first bytes, a page by the rest.
            byte[] picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. System.Text.Encoding.UTF8.GetBytes(canary)];
            var site = await workspace.Post(
                "/v1/sites",
                new
                {
                    name = canary,
                    url = "https://www.silva.example.org/?a=\"><script>alert('canary')</script>",
                    intro = canary,
                    privacyText = canary,
                    color = "#ff00ff",
                    logo = "data:image/png;base64," + Convert.ToBase64String(picture),
                }
            );
            site.Status.Should().Be(201, site.Text);
            var form = await workspace.NewForm(new { name = "Form", site = site["id"]!.ToString() });
            foreach (var path in (string[])["", "/thanks"])
            {
                await tab.GoTo(server.Hosted(form, path));
                await Assertions.Expect(tab.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync(canary);
                (await tab.Page.Locator("script, svg[onload], [onerror], img:not([src^='/logos/'])").CountAsync()).Should().Be(0);
            }
            var opened = await tab.Page.APIRequest.GetAsync(new Uri(server.Address, $"/logos/{site["key"]}").ToString());
            opened.Headers["content-type"].Should().Be("image/png");
            opened.Headers["x-content-type-options"].Should().Be("nosniff");
        }
        tab.Dialogs.Should().BeEmpty();
        tab.RequestsOutside(server.Address).Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }
}
