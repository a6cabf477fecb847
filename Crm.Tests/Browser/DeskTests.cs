// The desk in a real browser: a day's work by keyboard alone, on every screen, with what strangers sent, and when things are refused.

using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Api.Pages;
using Crm.Domain.Workspaces;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class DeskTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    const string Evil = "<img src=x onerror=alert(1)>";

    /// <summary>A firm with leads, a change that waits, entries that wait, and the key that is made for the desk.</summary>
    async Task<(TestWorkspace Workspace, JsonNode Form)> Firm()
    {
        var owner = await server.NewWorkspace();
        var made = await owner.Post("/v1/api-keys", new { name = "Front office", scopes = KeyPurposes.All["desk"] });
        made.Status.Should().Be(201, made.Text);
        await owner.Post("/v1/members", new { name = "Ana Ramos", email = "ana.ramos@silva.example.org" });
        var form = await owner.ContactForm();
        await Sent(
            owner,
            form,
            new
            {
                name = "Miguel Santos",
                email = "miguel@obras.example.org",
                phone = "11 91234-5678",
                company = "Santos Obras",
                message = "We have a south roof and want a price before Christmas.",
                _page = "https://www.silva.example.org/contact?utm_source=newsletter",
            }
        );
        await Sent(owner, form, new { email = "miguel@obras.example.org", company = "Santos e Filhos" });
        foreach (var (name, email) in new[] { ("Ana Lopes", "ana@lopes.example.org"), ("Zed Sales", "zed@sales.example.org") })
            await Sent(
                owner,
                form,
                new
                {
                    name,
                    email,
                    message = "Cheap prices for everything that you ever wanted.",
                    _gotcha = "x",
                }
            );
        return (owner.With(made["key"]!.GetValue<string>()), form);
    }

    static async Task Sent(TestWorkspace workspace, JsonNode form, object fields)
    {
        var receipt = await workspace.Submit(form, fields);
        receipt.Status.Should().Be(201, receipt.Text);
    }

    async Task<Tab> SignedIn(TestWorkspace workspace, string path = "/desk", int width = 1280, bool dark = false)
    {
        var tab = await chromium.Open(width: width, dark: dark);
        await tab.GoTo(new(server.Address, path));
        await tab.Page.GetByLabel("Access key").FillAsync(workspace.Key);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Ready(tab);
        return tab;
    }

    /// <summary>The view is there, with what it asked for.</summary>
    static async Task Ready(Tab tab)
    {
        await Assertions.Expect(tab.Page.Locator("#main h1, #main .empty")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#main[aria-busy=true]")).ToHaveCountAsync(0);
    }

    static ILocator Toast(Tab tab) => tab.Page.Locator("#toast");

    /// <summary>Presses Tab until the focus is on what is so called.</summary>
    static async Task TabTo(Tab tab, string name)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            var (at, text) = (
                await tab.Page.EvaluateAsync<string?>("document.activeElement.getAttribute('aria-label')"),
                await tab.Page.EvaluateAsync<string>(
                    "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
                )
            );
            if ((at ?? text).Trim() == name)
                return;
            await tab.Page.Keyboard.PressAsync("Tab");
        }
        throw new InvalidOperationException($"Tab never comes to '{name}'.");
    }

    [NeedsChromiumFact]
    public async Task the_five_jobs_are_done_by_keyboard_alone()
    {
        var (workspace, _) = await Firm();
        await workspace.Post("/v1/leads", new { firstName = "=HYPERLINK(1)", email = "formula@example.org" });
        await using var tab = await SignedIn(workspace);
        var (page, keys) = (tab.Page, tab.Page.Keyboard);

        // 1 Find a lead by phone, as people write the number.
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await keys.PressAsync("/");
        await keys.TypeAsync("(11) 91234-5678");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.LandsOn("/desk?q=%2811%29+91234-5678");
        await TabTo(tab, "Miguel Santos");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Miguel Santos" })).ToBeFocusedAsync();

        // 2 Accept a suggested change.
        await TabTo(tab, "Accept Company: Santos e Filhos");
        await keys.PressAsync("Enter");
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("Company is Santos e Filhos now.");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Suggested change" })).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("aside .kv").First).ToContainTextAsync("Santos e Filhos");

        // 3 Approve an entry; the next one gets the focus.
        await keys.PressAsync("g");
        await keys.PressAsync("w");
        await Assertions.Expect(page.Locator("article")).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("Held: a hidden field was filled in").First).ToBeVisibleAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("s");
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("Put away as spam.");
        await Assertions.Expect(page.Locator("article")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("article")).ToBeFocusedAsync();
        await keys.PressAsync("a");
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("The entry is a lead now.");
        await Assertions.Expect(page.GetByText("Nothing is waiting")).ToBeVisibleAsync();

        // 4 Add a lead: what is wrong is said at the field, and what was typed stays.
        await keys.PressAsync("g");
        await keys.PressAsync("l");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await keys.PressAsync("c");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("First name")).ToBeFocusedAsync();
        await keys.TypeAsync("Greta");
        await TabTo(tab, "E-mail");
        await keys.TypeAsync("greta");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("dialog [role=alert]")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert]")).ToContainTextAsync("Enter a full address, like ana@example.org.");
        await Assertions.Expect(page.GetByLabel("First name")).ToHaveValueAsync("Greta");
        await TabTo(tab, "E-mail");
        await keys.PressAsync("End");
        await keys.TypeAsync("@lindqvist.example.org");
        await keys.PressAsync("Enter");
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("Greta is a lead now.");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
        (await workspace.Get("/v1/leads?email=greta@lindqvist.example.org")).Data.Should().ContainSingle();

        // 5 Download the list.
        await TabTo(tab, "Download CSV");
        var download = await page.RunAndWaitForDownloadAsync(() => keys.PressAsync("Enter"));
        var file = await File.ReadAllBytesAsync(await download.PathAsync());
        download.SuggestedFilename.Should().MatchRegex(@"^leads-\d{4}-\d\d-\d\d\.csv$");
        file[..3].Should().Equal(Encoding.UTF8.Preamble.ToArray());
        var lines = Encoding.UTF8.GetString(file[3..]).TrimEnd().Split("\r\n");
        lines.Should().HaveCount(5, string.Join("\n", lines));
        lines[0].Should().StartWith("id,firstName,lastName,email,emails,phone,phones,company,jobTitle,status,owner,owner.name,");
        lines
            .Should()
            .Contain(line =>
                line.Contains(
                    "\"Miguel\",\"Santos\",\"miguel@obras.example.org\",\"miguel@obras.example.org\",\"+5511912345678\",\"+5511912345678\",\"Santos e Filhos\","
                )
            );
        lines.Should().Contain(line => line.Contains(",\"'=HYPERLINK(1)\","), "no spreadsheet runs what somebody is called");

        tab.Errors.Should().BeEmpty();
        tab.Requests.Should().NotContain(one => one.Contains(workspace.Key));
        var described = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "build-a-front-end.md"));
        foreach (var path in tab.Requests.Select(one => new Uri(one).AbsolutePath).Where(path => path.StartsWith("/v1/")))
            described.Should().Contain(Regex.Replace(path, "[a-z]+_[0-9a-z]{26}", "{id}"), "others copy what the desk asks for");
        tab.RequestsOutside(server.Address).Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task a_lead_is_looked_after_and_the_view_outlives_reload_and_back()
    {
        var (workspace, form) = await Firm();
        await using var tab = await SignedIn(workspace, "/desk?status=new&sort=lastName");
        var page = tab.Page;
        await Assertions.Expect(page.Locator(".chip")).ToContainTextAsync("Status: New");
        await Assertions.Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Lead");
        await page.GetByRole(AriaRole.Link, new() { Name = "Miguel Santos" }).ClickAsync();
        var status = page.GetByLabel("Status");
        await status.SelectOptionAsync("working");
        await Assertions.Expect(page.Locator(".head .badge")).ToHaveTextAsync("Working");
        await page.GetByLabel("Owner").SelectOptionAsync("Ana Ramos");
        await Assertions.Expect(page.GetByText("Owner: Nobody → Ana Ramos")).ToBeVisibleAsync();
        await page.GetByLabel("Add tag").FillAsync("roof");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag roof" })).ToBeVisibleAsync();
        await page.GetByLabel("Notes").FillAsync("Call after six.\nTwo roofs.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save notes" }).ClickAsync();
        await Assertions.Expect(page.Locator(".foot-line")).ToContainTextAsync("Typed in, Front office");
        var lead = (await workspace.Get("/v1/leads?email=miguel@obras.example.org")).Data[0]!;
        (lead.Text("status"), lead.Text("notes"), lead["tags"]![0]!.ToString())
            .Should()
            .Be(("working", "Call after six.\nTwo roofs.", "roof"));
        await Assertions.Expect(page.Locator("aside").First).ToContainTextAsync("Form “Contact”");
        await Assertions.Expect(page.Locator("aside")).ToContainTextAsync("newsletter");

        // Somebody else was faster: both are seen, nothing is overwritten.
        await workspace.Patch($"/v1/leads/{lead["id"]}", new { jobTitle = "Owner" });
        await status.SelectOptionAsync("qualified");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else changed this at the same time.");
        await Assertions.Expect(page.Locator("aside .kv").First).ToContainTextAsync("Owner");
        await status.SelectOptionAsync("qualified");
        await Assertions.Expect(page.Locator(".head .badge")).ToHaveTextAsync("Qualified");

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Notes")).ToHaveValueAsync("Call after six.\nTwo roofs.");
        await page.GoBackAsync();
        await page.LandsOn("/desk?status=new&sort=lastName");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove filter Status: New" }).ClickAsync();
        await page.LandsOn("/desk?sort=lastName");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        // An entry that is another person's becomes a lead of its own.
        await Sent(
            workspace,
            form,
            new
            {
                name = "Miguel Santos",
                email = "miguel@obras.example.org",
                message = "I am his son, and want a price too.",
            }
        );
        await page.GetByRole(AriaRole.Link, new() { Name = "Miguel Santos" }).ClickAsync();
        await page.GetByText("What was sent").First.ClickAsync();
        await Assertions.Expect(page.Locator("details[open].sent dd").First).ToBeVisibleAsync();

        // The theme is in the page from the next load on; who signs out leaves nothing behind.
        await page.GetByText("Theme, sign out").ClickAsync();
        await page.GetByLabel("Theme").Locator("visible=true").SelectOptionAsync("dark");
        await page.ReloadAsync();
        (await page.EvaluateAsync<string>("document.documentElement.dataset.theme")).Should().Be("dark");
        await page.GetByText("Theme, sign out").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).Locator("visible=true").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Access key")).ToBeFocusedAsync();
        (await page.EvaluateAsync<int>("sessionStorage.length")).Should().Be(0);
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task an_approval_is_undone_a_view_is_kept_and_news_wait_to_be_shown()
    {
        var (workspace, form) = await Firm();
        await using var tab = await SignedIn(workspace, "/desk/waiting");
        var page = tab.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).First.ClickAsync();
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("The entry is a lead now.");
        await Assertions.Expect(page.Locator("article")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("It waits again.");
        await Assertions.Expect(page.Locator("article")).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("Held: somebody took it back")).ToBeVisibleAsync();
        (await workspace.Get("/v1/leads")).Data.Should().ContainSingle("the lead that it made is gone");

        // Who one is, is said once.
        await page.GetByRole(AriaRole.Link, new() { Name = "Leads" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mine" }).ClickAsync();
        await Sound(tab, "who", 1280, 390);
        await page.SetViewportSizeAsync(1280, 800);
        await page.Locator("dialog .b.go").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Mine" })).ToHaveAttributeAsync("aria-current", "page");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();

        // The end of a number is enough; the list is kept under a name, changed, and put back.
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a lead" }).FillAsync("4-5678");
        await page.WaitForURLAsync(new Regex("[?&]q=4-5678"));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Remove filter Owner: Ana Ramos" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove filter Owner: Ana Ramos" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save view" }).ClickAsync();
        await page.GetByLabel("Name of the view").FillAsync("Roof & more");
        await page.Keyboard.PressAsync("Enter");
        var view = page.GetByRole(AriaRole.Link, new() { Name = "Roof & more" });
        await Assertions.Expect(view).ToHaveAttributeAsync("aria-current", "page");
        await page.GetByRole(AriaRole.Link, new() { Name = "Score" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Reset" })).ToHaveCountAsync(0);
        await Sound(tab, "view", 1280, 390);
        await page.SetViewportSizeAsync(1280, 800);
        await page.GotoAsync(new Uri(server.Address, "/desk").ToString());
        await view.ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove view" }).ClickAsync();
        await Assertions.Expect(view).ToHaveCountAsync(0);

        // Newer ones push nothing: a line says so.
        await page.GetByRole(AriaRole.Link, new() { Name = "All" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Ready(tab);
        await Sent(workspace, form, new { name = "Zoe Nova", email = "zoe@nova.example.org" });
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(page.GetByText("1 new lead.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Sound(tab, "news", 1280, 390);
        await page.SetViewportSizeAsync(1280, 800);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("1 new lead.")).ToBeHiddenAsync();

        // In the other languages nothing is cut off, and the choice stays.
        await page.Locator("summary:visible").First.ClickAsync();
        await page.GetByLabel("Language").Locator("visible=true").SelectOptionAsync("de");
        foreach (var (language, leads) in new[] { ("de", "Anfragen"), ("es", "Contactos"), ("pt", "Contactos"), ("fr", "Prospects") })
        {
            if (language != "de")
            {
                await page.EvaluateAsync($"document.cookie = 'crm_language={language}; path=/'");
                await page.ReloadAsync();
            }
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = leads })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
            await Ready(tab);
            await Sound(tab, $"leads-{language}", 390, 320);
        }
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task what_somebody_calls_themselves_is_text_and_every_view_is_for_everybody()
    {
        var (workspace, form) = await Firm();
        var lead = (await workspace.Get("/v1/leads?email=miguel@obras.example.org")).Data[0]!;
        var changed = await workspace.Patch(
            $"/v1/leads/{lead["id"]}",
            new
            {
                notes = Evil,
                tags = new[] { Evil, new string('t', 50) },
                message = $"</script><script>alert(2)</script>{new string('m', 300)}",
            }
        );
        changed.Status.Should().Be(200, changed.Text);
        await workspace.Post(
            "/v1/leads",
            new
            {
                firstName = Evil,
                lastName = new string('W', 80),
                company = new string('x', 150),
            }
        );
        await workspace.Post(
            "/v1/leads",
            new
            {
                name = "مريم السيد",
                email = "maryam@example.org",
                company = "שלום \u202Eevil",
            }
        );
        await Sent(
            workspace,
            form,
            new
            {
                name = Evil,
                email = "evil@example.org",
                message = new string('n', 400),
                _gotcha = "x",
                _page = $"https://evil.example/{Evil}",
            }
        );
        var views = new (string Name, string Path, string Shows)[]
        {
            ("leads", "/desk", "tbody tr"),
            ("nothing", "/desk?q=nobodyiscalledso", ".empty"),
            ("lead", $"/desk/leads/{lead["id"]}", ".line .in"),
            ("waiting", "/desk/waiting", "article"),
            ("add", "/desk/leads/new", "form textarea"),
        };
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(new(server.Address, "/desk"));
        await Sound(tab, "sign-in");
        await page.GetByLabel("Access key").FillAsync(workspace.Key);
        await page.Keyboard.PressAsync("Enter");
        foreach (var (name, path, shows) in views)
        {
            await Ready(tab);
            await page.EvaluateAsync("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path);
            await Assertions.Expect(page.Locator(shows).First).ToBeVisibleAsync();
            await Ready(tab);
            await Sound(tab, name);
        }
        foreach (var width in new[] { 1280, 390 })
        {
            await page.SetViewportSizeAsync(width, 800);
            await page.Locator("summary:visible").First.ClickAsync();
            await Sound(tab, "menu", width);
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator("summary:visible").First).ToBeFocusedAsync();
        }
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await Sound(tab, "keyboard");
        (await page.Locator("main script, img[src=x], [onerror]").CountAsync()).Should().Be(0);
        tab.Dialogs.Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }

    static readonly AxeRunOptions Everything = new() { ResultTypes = [ResultType.Violations] },
        Colours =
            new()
            {
                ResultTypes = [ResultType.Violations],
                RunOnly = new() { Type = "rule", Values = ["color-contrast"] },
            };

    /// <summary>What the first run leaves in the page is asked directly from then on, which takes a tenth of the time.</summary>
    static async Task<IEnumerable<string>> Violations(IPage page, bool dark)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
            return (await page.RunAxe(dark ? Colours : Everything)).Violations.Select(v =>
                $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}"
            );
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
            (await tab.Page.Locator(".tabs [aria-current]").CountAsync()).Should().BeLessThanOrEqualTo(1, $"{view} is one of its tabs");
            foreach (var dark in new[] { false, true })
            {
                await tab.Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
                if (Pictures.Folder is { } folder)
                    await tab.Page.ScreenshotAsync(
                        new() { Path = Path.Combine(folder, $"desk-{view}-{width}{(dark ? "-dark" : "")}.png"), FullPage = true }
                    );
                (await Violations(tab.Page, dark)).Should().BeEmpty($"{view} {width} {(dark ? "dark" : "light")}");
            }
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
    }

    [NeedsChromiumFact]
    public async Task whatever_is_refused_is_said_in_a_sentence_and_nothing_typed_is_lost()
    {
        var (workspace, _) = await Firm();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(new(server.Address, "/desk/waiting"));
        foreach (var wrong in new[] { "crm_sk_wrong", "päss word", "" })
        {
            await page.GetByLabel("Access key").FillAsync(wrong);
            await page.Keyboard.PressAsync("Enter");
            await Assertions
                .Expect(page.GetByRole(AriaRole.Alert))
                .ToHaveTextAsync(
                    wrong.Length > 0 ? "This key does not open the desk. Copy all of it or ask for a new one." : "Paste your access key."
                );
        }
        await page.GetByLabel("Access key").FillAsync(workspace.Key);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("article")).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Link, new() { Name = "Leads" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add lead" }).ClickAsync();
        await page.GetByLabel("Company").FillAsync("Hortus");
        foreach (
            var (status, code, sentence) in new[]
            {
                (503, "store_unavailable", "The data cannot be reached right now. Nothing was changed."),
                (429, "rate_limited", "Too many requests at once. Try again in 7 s."),
                (403, "insufficient_scope", "This key may not do this. Ask for a key that is made for the desk."),
                (0, "", "The desk cannot be reached. Check your connection."),
            }
        )
        {
            await page.RouteAsync("**/v1/leads", route => status == 0
                    ? route.AbortAsync()
                    : route.FulfillAsync(
                        new()
                        {
                            Status = status,
                            ContentType = "application/problem+json",
                            Headers = [new("Retry-After", "7")],
                            Body = $$"""{"status":{{status}},"code":"{{code}}","detail":"The API says it otherwise.","errors":[]}""",
                        }
                    ));
            await page.Locator("dialog .b.go").ClickAsync();
            await Assertions.Expect(page.Locator("dialog [role=alert]")).ToContainTextAsync(sentence);
            await Assertions.Expect(page.Locator("dialog")).Not.ToContainTextAsync("otherwise");
            await Assertions.Expect(page.GetByLabel("Company")).ToHaveValueAsync("Hortus");
            await page.UnrouteAsync("**/v1/leads");
        }
        await page.Locator("dialog .b.go").ClickAsync();
        await Assertions.Expect(Toast(tab)).ToContainTextAsync("Hortus is a lead now.");

        // Another lead's address leads to that lead; what is not there is said, too.
        await page.GetByRole(AriaRole.Link, new() { Name = "Add lead" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync("miguel@obras.example.org");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open Miguel Santos" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Miguel Santos" })).ToBeVisibleAsync();
        await tab.GoTo(new(server.Address, "/desk/leads/lead_01h455vb4pex5vsknk084sn02q"));
        await Assertions.Expect(page.GetByText("This lead is not here any more")).ToBeVisibleAsync();

        // The key is revoked while somebody works: the address stays, and so does the way back in.
        await page.EvaluateAsync("sessionStorage.setItem('crm_key', 'crm_sk_revoked')");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This key does not open the desk.");
        await page.LandsOn("/desk/leads/lead_01h455vb4pex5vsknk084sn02q");
    }

    [Fact]
    public void every_word_is_there_in_five_languages()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "Crm.Api", "Pages", "desk", "desk-words.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('|'))
            .ToList();
        rows.Should().OnlyContain(row => row.Length == 6 && row.All(cell => cell.Trim().Length > 0));
        rows.Select(row => row[0]).Should().OnlyHaveUniqueItems();
        foreach (var row in rows)
        foreach (var cell in row[2..])
            (Places(cell), cell.Count(c => c == ';')).Should().Be((Places(row[1]), row[1].Count(c => c == ';')), row[0]);
        var names = rows.Select(row => row[0]).ToHashSet();
        foreach (var module in new[] { "api", "csv", "dom", "form", "frame", "lead", "leads", "timeline", "waiting" }.Append(""))
        {
            var text = Assets.Of(module.Length == 0 ? "desk.js" : $"desk-{module}.js").Text;
            foreach (Match used in Regex.Matches(text, @"(?<![\w.])(?:t|has)\('([^']+)'"))
                names.Should().Contain(used.Groups[1].Value, $"desk-{module}.js says it");
        }

        static string Places(string text) => string.Join(' ', Regex.Matches(text, @"\{\d\}").Select(match => match.Value).Order());
    }

    [Fact]
    public async Task the_page_is_small_strict_and_without_data()
    {
        using var answer = await server.Http.GetAsync("/desk/leads/lead_01h455vb4pex5vsknk084sn02q");
        var html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.OK);
        var policy = string.Join(";", answer.Headers.GetValues("Content-Security-Policy"));
        var nonce = Regex.Match(policy, "script-src 'nonce-([A-Za-z0-9_-]{24})';").Groups[1].Value;
        policy.Should().StartWith("default-src 'none';").And.EndWith("require-trusted-types-for 'script'; trusted-types 'none'");
        Regex.Matches(html, "<script[^>]*>").Select(tag => tag.Value).Should().OnlyContain(tag => tag.Contains($"nonce=\"{nonce}\""));
        html.Should().NotContain(" style=").And.NotContain("lead_");
        (await server.Http.GetStringAsync("/desk")).Should().NotContain(nonce, "each page has its own");

        // Bytes as they go over the wire.
        var shell = new MemoryStream();
        using (var gzip = new GZipStream(shell, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(html));
        shell.Length.Should().BeLessThan(4 * 1024);
        Assets.Of("crm.css").Gzipped.Length.Should().BeLessThan(8 * 1024);
        // In the longest of its languages.
        (shell.Length + Desk.ScriptBytes + Assets.Of("crm.css").Gzipped.Length).Should().BeLessThan(60 * 1024);
        foreach (var asset in Regex.Matches(html, "/assets/[a-z-]+\\.[0-9a-f]{12}\\.(js|css)").Select(match => match.Value).Distinct())
            (await server.Http.GetAsync(asset)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK, asset);
    }
}
