// The explorer at GET /graphql in a real browser: by keyboard alone, without anybody else's parts, and with nothing of an answer ever run.

using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class ExplorerTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    Uri Address => new(server.Address, "/graphql");

    async Task<Tab> Open(string? key = null, int width = 1280, bool dark = false)
    {
        var tab = await chromium.Open(width: width, dark: dark);
        (await tab.GoTo(Address))!.Status.Should().Be(200);
        if (key is not null)
        {
            await tab.Page.Locator("#key").FillAsync(key);
            await tab.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("The schema is loaded");
        }
        return tab;
    }

    static async Task Type(Tab tab, string text)
    {
        await tab.Page.Locator("#query").FillAsync("");
        await tab.Page.Locator("#query").FocusAsync();
        await tab.Page.Keyboard.TypeAsync(text);
    }

    [Fact]
    public async Task a_page_for_people_needs_no_key_and_nothing_else_comes_without_one()
    {
        var nobody = new TestWorkspace(server, "", "");
        var page = await nobody.Get("/graphql", ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        page.Status.Should().Be(200);
        page.Header("Content-Type").Should().Be("text/html; charset=utf-8");
        page.Header("Content-Security-Policy")
            .Should()
            .Contain("default-src 'none'")
            .And.Contain("frame-ancestors 'none'")
            .And.NotContain("unsafe");
        (await nobody.Get("/graphql?query={__typename}", ("Accept", "text/html")))
            .Text.Should()
            .Be(page.Text, "a page for people answers no query");
        foreach (var accept in new[] { "application/json", "*/*", "text/event-stream" })
            (await nobody.Get("/graphql?query={__typename}", ("Accept", accept))).Status.Should().Be(401, accept);
        (await nobody.Post("/graphql", new { query = "{__typename}" }, ("Accept", "text/html"))).Status.Should().Be(401);
    }

    [NeedsChromiumFact]
    public async Task everything_is_done_by_keyboard_alone()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" });
        await using var tab = await chromium.Open();
        await tab.GoTo(Address);
        var keys = tab.Page.Keyboard;
        await keys.PressAsync("Tab");
        await keys.TypeAsync(workspace.Key);
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("The schema is loaded");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await Assertions.Expect(tab.Page.Locator("#query")).ToBeFocusedAsync();
        await keys.PressAsync("Control+a");

        // Completed field by field, argument and enum too.
        await keys.TypeAsync("query($n: Int) { lead");
        await Assertions.Expect(tab.Page.Locator("#choices [aria-selected=true]")).ToContainTextAsync("lead");
        await keys.TypeAsync("s");
        await keys.PressAsync("Escape");
        await keys.TypeAsync("(fir");
        await Assertions.Expect(tab.Page.Locator("#choices [aria-selected=true]")).ToHaveTextAsync("first Int");
        await keys.PressAsync("Enter");
        await keys.TypeAsync(": $");
        await keys.PressAsync("Control+Space");
        await Assertions.Expect(tab.Page.Locator("#choices [aria-selected=true]")).ToContainTextAsync("n");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(", order: [{createdAt: ");
        await keys.PressAsync("Control+Space");
        await keys.PressAsync("ArrowDown");
        await Assertions.Expect(tab.Page.Locator("#choices [aria-selected=true]")).ToContainTextAsync("DESC");
        await keys.PressAsync("Enter");
        await keys.TypeAsync("}]) { nod");
        await keys.PressAsync("Enter");
        await keys.TypeAsync(" { lastN");
        await keys.PressAsync("Enter");
        await keys.TypeAsync(" } } }");
        (await tab.Page.Locator("#query").InputValueAsync())
            .Should()
            .Be("query($n: Int) { leads(first: $n, order: [{createdAt: DESC}]) { nodes { lastName } } }");

        await keys.PressAsync("Tab");
        await Assertions.Expect(tab.Page.Locator("#variables")).ToBeFocusedAsync();
        await keys.TypeAsync("{\"n\": 1}");
        await keys.PressAsync("Tab");
        await Assertions.Expect(tab.Page.Locator("#run")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#answer")).ToContainTextAsync("\"lastName\": \"Silva\"");
        await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("200");

        // The schema: from the roots to a type and back.
        await tab.Page.Locator("#find").FocusAsync();
        await keys.TypeAsync("FollowedNowhere");
        await Assertions.Expect(tab.Page.Locator("#doc")).ToContainTextAsync("0 found");
        await tab.Page.Locator("#find").FillAsync("");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#doc h3")).ToHaveTextAsync("Query (object)");
        await Assertions.Expect(tab.Page.Locator("#doc")).ToContainTextAsync("leads(first: Int");
        tab.RequestsOutside(server.Address).Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task a_subscription_is_followed_until_it_is_stopped()
    {
        var workspace = await server.NewWorkspace();
        await using var tab = await Open(workspace.Key);
        await Type(tab, "subscription { events(types: [\"lead.created\"]) { subject } }");
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("Following");
        var made = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        await Assertions.Expect(tab.Page.Locator("#answer")).ToContainTextAsync(made["id"]!.ToString());
        await tab.Page.Locator("#stop").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#status")).ToHaveTextAsync("Stopped.");
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task nothing_of_an_answer_or_of_the_schema_is_run_and_the_key_goes_nowhere_else()
    {
        const string evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = evil });
        (
            await workspace.Post(
                "/v1/custom-fields",
                new
                {
                    @for = "lead",
                    name = "budget",
                    label = evil,
                    kind = "text",
                }
            )
        ).Status.Should().Be(201);
        await using var tab = await Open(workspace.Key);
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(tab.Page.Locator("#answer")).ToContainTextAsync("onerror");
        await tab.Page.Locator("#find").FillAsync("LeadCustom");
        await tab.Page.Locator("#doc button").First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#doc h3")).ToBeVisibleAsync();
        (await tab.Page.Locator("#answer *, #doc img, #doc script").CountAsync()).Should().Be(0);
        tab.Dialogs.Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
        tab.Requests.Should().NotContain(r => r.Contains("crm_sk_", StringComparison.Ordinal));
        (
            await tab.Page.EvaluateAsync<string>(
                "JSON.stringify([Object.keys(localStorage), document.cookie, sessionStorage.getItem('crm.key') !== null])"
            )
        )
            .Should()
            .Be("[[],\"\",true]");
        await using var another = await Open();
        (await another.Page.Locator("#key").InputValueAsync()).Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task what_goes_wrong_is_said()
    {
        var workspace = await server.NewWorkspace();
        await using var tab = await Open(workspace.Key);
        await tab.Page.Locator("#variables").FillAsync("{");
        await tab.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("The variables are not JSON");
        await tab.Page.Locator("#variables").FillAsync("");
        await tab.Page.Locator("#key").FillAsync("crm_sk_wrong");
        await tab.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#status")).ToContainTextAsync("401");
    }

    /// <summary>Where pictures of the page go when somebody wants to look at it.</summary>
    static readonly string? Pictures = Environment.GetEnvironmentVariable("CRM_TEST_PICTURES");

    [NeedsChromiumTheory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(320, false)]
    public async Task the_page_is_accessible_and_fits(int width, bool dark)
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" });
        await using var tab = await Open(workspace.Key, width, dark);
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(tab.Page.Locator("#answer")).ToContainTextAsync("Silva");
        await tab.Page.Locator("#trail").Locator("button").First.ClickAsync();
        await Type(tab, "{ leads { nodes { com");
        await Assertions.Expect(tab.Page.Locator("#choices")).ToBeVisibleAsync();
        if (Pictures is not null)
            await tab.Page.ScreenshotAsync(
                new() { Path = Path.Combine(Pictures, $"explorer-{(dark ? "dark" : "light")}-{width}.png"), FullPage = true }
            );
        (await tab.Page.RunAxe()).Violations.Select(v => $"{v.Id}: {string.Join(" ", v.Nodes.Select(n => n.Html))}").Should().BeEmpty();
        (await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"))
            .Should()
            .BeTrue("nothing is wider than the window");
    }
}
