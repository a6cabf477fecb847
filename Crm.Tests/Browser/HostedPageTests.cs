// The hosted page of a form as visitors meet it: without script, by keyboard, on a phone, with a screen reader's needs, and with hostile
// words in it.

using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class HostedPageTests(Chromium chromium, BrowsedServer browsed, OtherSite site)
{
    readonly CrmServer server = browsed.Server;

    /// <summary>A field of every kind there is; some with help, some required.</summary>
    static readonly object[] EveryKind =
    [
        new
        {
            name = "name",
            label = "Full name",
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
            help = "We answer to this address.",
        },
        new
        {
            name = "phone",
            label = "Phone",
            kind = "phone",
            mapsTo = "phone",
        },
        new
        {
            name = "website",
            label = "Website",
            kind = "url",
        },
        new
        {
            name = "people",
            label = "People in the house",
            kind = "integer",
            minimum = 1,
            maximum = 40,
        },
        new
        {
            name = "area",
            label = "Roof area in square metres",
            kind = "number",
            minimum = 5,
            required = true,
            help = "A guess is fine.",
        },
        new
        {
            name = "move in",
            label = "Moving in on",
            kind = "date",
        },
        new
        {
            name = "product",
            label = "Product",
            kind = "choice",
            required = true,
            choices = new[] { "Solar panels", "Heat pump", "Battery" },
        },
        new
        {
            name = "topics",
            label = "Topics",
            kind = "choices",
            required = true,
            choices = new[] { "Price", "Installation", "Financing" },
            help = "As many as you like.",
        },
        new
        {
            name = "message",
            label = "Message",
            kind = "longText",
            mapsTo = "message",
            maxLength = 500,
        },
        new
        {
            name = "owner",
            label = "The house is mine",
            kind = "boolean",
            help = "Tenants are welcome too.",
        },
        new
        {
            name = "agreed",
            label = "E-mails from us",
            kind = "consent",
            required = true,
            purpose = "email-marketing",
            help = "I agree to get e-mails about offers. I can stop them at any time.",
        },
        new
        {
            name = "variant",
            label = "Variant",
            kind = "hidden",
        },
    ];

    async Task<(TestWorkspace Workspace, JsonNode Form)> NewForm(
        object[]? fields = null,
        string language = "en",
        string name = "Ask for an offer",
        string thanks = "We will call you within two days."
    )
    {
        var workspace = await server.NewWorkspace();
        // Tests type faster than people.
        return (
            workspace,
            await workspace.NewForm(
                new
                {
                    name,
                    language,
                    minimumFillSeconds = 0,
                    thankYou = new { message = thanks },
                    fields = fields ?? EveryKind,
                }
            )
        );
    }

    static ILocator Button(Tab tab) => tab.Page.GetByRole(AriaRole.Button);

    /// <summary>Submits what is wrong, and waits for the page that says so.</summary>
    static async Task<int> Submit(Tab tab)
    {
        var answer = await tab.Page.RunAndWaitForResponseAsync(() => Button(tab).ClickAsync(), r => r.Request.Method == "POST");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        return answer.Status;
    }

    static async Task FillRight(Tab tab)
    {
        var page = tab.Page;
        await page.GetByLabel("Full name").FillAsync("Ana Silva");
        await page.GetByLabel("E-mail (needed)").FillAsync("ana@silva.example.org");
        await page.GetByLabel("Phone").FillAsync("11 91234-5678");
        await page.GetByLabel("Website").FillAsync("https://silva.example.org/");
        await page.GetByLabel("People in the house").FillAsync("4");
        await page.GetByLabel("Roof area").FillAsync("62.5");
        await page.GetByLabel("Moving in on").FillAsync("2027-03-01");
        await page.GetByLabel("Product").SelectOptionAsync("Heat pump");
        await page.GetByLabel("Price").CheckAsync();
        await page.GetByLabel("Financing").CheckAsync();
        await page.GetByLabel("Message").FillAsync("Good morning,\n\nthe roof looks south.");
        await page.GetByLabel("The house is mine").CheckAsync();
        await page.GetByLabel("I agree to get e-mails").CheckAsync();
    }

    [NeedsChromiumFact]
    public async Task without_script_a_visitor_errs_mends_and_is_thanked()
    {
        var (workspace, form) = await NewForm();
        await using var tab = await chromium.Open(script: false);
        var page = tab.Page;

        await tab.GoTo(server.Hosted(form));
        await page.GetByLabel("Full name").FillAsync("Ana Silva");
        await page.GetByLabel("E-mail (needed)").FillAsync("ana@");
        await page.GetByLabel("People in the house").FillAsync("four");
        await page.GetByLabel("Financing").CheckAsync();
        (await Submit(tab)).Should().Be(422);

        (await page.TitleAsync()).Should().Be("Error: Ask for an offer");
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("There is a problem");
        (await alert.GetByRole(AriaRole.Link).AllTextContentsAsync())
            .Should()
            .Equal("E-mail", "Roof area in square metres", "Product", "E-mails from us");
        (await page.GetByLabel("Full name").InputValueAsync()).Should().Be("Ana Silva");
        (await page.GetByLabel("E-mail (needed)").InputValueAsync()).Should().Be("ana@");
        (await page.GetByLabel("People in the house").InputValueAsync()).Should().Be("four", "what cannot be read is shown again too");
        (await page.GetByLabel("Financing").IsCheckedAsync()).Should().BeTrue();

        await FillRight(tab);
        await Button(tab).ClickAsync();
        await page.LandsOn(server.Hosted(form, "/thanks").ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("We will call you within two days.");
        var entries = await workspace.Submissions(form, 2);
        entries.Select(e => e.Verdict()).Should().Equal("rejected validation_failed", "accepted");
        var lead = (await workspace.All("/v1/leads")).Should().ContainSingle().Subject;
        lead.Text("message").Should().Be("Good morning,\n\nthe roof looks south.");
        lead["consent"]![0]!.Text("text").Should().Be("I agree to get e-mails about offers. I can stop them at any time.");
        entries[1]["fields"]!["topics"]!.AsArray().Select(t => t!.GetValue<string>()).Should().Equal("Price", "Financing");
    }

    [NeedsChromiumFact]
    public async Task each_wrong_field_says_so_to_eyes_and_screen_readers_and_the_summary_leads_to_it()
    {
        var (_, form) = await NewForm();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        await Submit(tab);

        // Playwright's roles, names and descriptions are computed from the tree that the browser hands to a screen reader.
        (await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('role')"))
            .Should()
            .Be("alert", "reading starts at the summary");
        var email = page.GetByRole(AriaRole.Textbox, new() { Name = "E-mail" });
        await Assertions.Expect(email).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(email).ToHaveAccessibleDescriptionAsync("We answer to this address. Error: Fill this in.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Product" }))
            .ToHaveAccessibleDescriptionAsync("Error: Please choose one.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Group, new() { Name = "Topics" }))
            .ToHaveAccessibleDescriptionAsync("As many as you like. Error: Please choose at least one.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "I agree to get e-mails" }))
            .ToHaveAccessibleDescriptionAsync("Error: Please tick this box.");
        (await page.GetByLabel("Phone").GetAttributeAsync("aria-invalid")).Should().BeNull();

        foreach (var link in await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).AllAsync())
        {
            await link.ClickAsync();
            var target = page.Locator(":target");
            (await target.GetAttributeAsync("aria-invalid")).Should().Be("true", "{0} leads to its field", await link.TextContentAsync());
            // What a fragment leads to is where the next Tab goes from; a field must be able to take the focus itself.
            await target.FocusAsync();
            await Assertions.Expect(target).ToBeFocusedAsync();
        }
    }

    [NeedsChromiumFact]
    public async Task every_kind_of_field_is_shown_as_what_it_is()
    {
        var (_, form) = await NewForm();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));

        var shown = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.field :is(input, select, textarea), input[type=hidden][name=variant]')].map(e => e.name + ':' + e.type + (e.inputMode ? '/' + e.inputMode : '') + (e.autocomplete ? '/' + e.autocomplete : '') + (e.required ? '!' : ''))"
        );
        shown
            .Should()
            .Equal(
                "name:text/name!",
                "email:email/email!",
                "phone:tel/tel",
                "website:url",
                "people:text/numeric",
                "area:text/decimal!",
                "move in:date",
                "product:select-one!",
                "topics:checkbox",
                "topics:checkbox",
                "topics:checkbox",
                "message:textarea",
                "owner:checkbox",
                "agreed:checkbox!",
                "variant:hidden"
            );
        // Six of twelve are needed: neither is the minority, and what is needed is marked.
        await Assertions.Expect(page.GetByLabel("Full name (needed)")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("(needed)")).ToHaveCountAsync(6);
        await Assertions.Expect(page.GetByText("(optional)")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "E-mails from us" })).ToBeVisibleAsync();
    }

    [NeedsChromiumFact]
    public async Task what_was_typed_of_every_kind_is_shown_again()
    {
        var (_, form) = await NewForm();
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form, "?variant=B"));
        await FillRight(tab);
        await page.GetByLabel("Message").FillAsync("\n  two lines,\n\tthe first empty");
        await page.GetByLabel("Full name").FillAsync("");
        const string state =
            "() => [...document.querySelectorAll('.field :is(input, select, textarea), [name=variant]')].map(e => e.name + '=' + (e.type === 'checkbox' ? e.checked : e.value))";
        var typed = await page.EvaluateAsync<string[]>(state);

        (await Submit(tab)).Should().Be(422);

        (await page.EvaluateAsync<string[]>(state)).Should().Equal(typed).And.Contain("variant=B");
    }

    [NeedsChromiumFact]
    public async Task the_keyboard_is_enough()
    {
        var (workspace, form) = await NewForm();
        await using var tab = await chromium.Open();
        var keyboard = tab.Page.Keyboard;
        await tab.GoTo(server.Hosted(form));
        var visited = new List<string>();

        async Task Next(params string[] keys)
        {
            await keyboard.PressAsync("Tab");
            visited.Add(
                await tab.Page.EvaluateAsync<string>(
                    "() => { const s = getComputedStyle(document.activeElement); return (document.activeElement.name || document.activeElement.type) + (s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2 ? '' : ' has no visible focus') }"
                )
            );
            foreach (var key in keys)
                if (key.Length > 1 && key is not ("Space" or "ArrowDown" or "Enter"))
                    await keyboard.TypeAsync(key);
                else
                    await keyboard.PressAsync(key);
        }

        await Next("Ana Silva");
        await Next("ana@silva.example.org");
        await Next(); // phone
        await Next(); // website
        await Next(); // people
        await Next("62.5");
        await Next("03032027"); // day and month in the order of the browser's language
        await keyboard.PressAsync("Tab"); // month
        await keyboard.PressAsync("Tab"); // year
        if (await tab.Page.EvaluateAsync<string>("() => document.activeElement.name") == "move in")
            await keyboard.PressAsync("Tab"); // the calendar's button
        visited.Add(await tab.Page.EvaluateAsync<string>("() => document.activeElement.name"));
        await keyboard.TypeAsync("Heat");
        await Next("Space");
        await Next();
        await Next("Space");
        await Next("Good morning");
        await Next("Space");
        await Next("Space");
        var answer = await tab.Page.RunAndWaitForResponseAsync(() => Next("Enter"), r => r.Request.Method == "POST");

        visited
            .Should()
            .Equal(
                "name",
                "email",
                "phone",
                "website",
                "people",
                "area",
                "move in",
                "product",
                "topics",
                "topics",
                "topics",
                "message",
                "owner",
                "agreed",
                "submit"
            );
        var entry = (await workspace.Submissions(form, 1))[0];
        entry.Verdict().Should().Be("accepted", entry["fields"]!.ToJsonString());
        answer.Status.Should().Be(303);
        entry["fields"]!.Text("move in").Should().Be("2027-03-03");
        entry["fields"]!.Text("product").Should().Be("Heat pump");
        entry["fields"]!["topics"]!.AsArray().Select(t => t!.GetValue<string>()).Should().Equal("Price", "Financing");
    }

    [NeedsChromiumFact]
    public async Task people_neither_see_the_honeypot_nor_reach_it_and_a_robot_that_fills_it_is_thanked_and_quarantined()
    {
        var (workspace, form) = await NewForm([
            new
            {
                name = "email",
                label = "E-mail",
                kind = "email",
                required = true,
                mapsTo = "email",
            },
        ]);
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        var trap = page.Locator("[name=_gotcha]");

        await Assertions.Expect(page.GetByRole(AriaRole.Textbox)).ToHaveCountAsync(1, new());
        await Assertions.Expect(trap).ToHaveAttributeAsync("tabindex", "-1");
        (
            await trap.EvaluateAsync<bool>(
                "e => { e.scrollIntoView(); const r = e.getBoundingClientRect(); const seen = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); return seen === e || seen === e.labels[0] }"
            )
        )
            .Should()
            .BeFalse();
        (
            await page.Locator(".trap")
                .EvaluateAsync<bool>(
                    "e => { const s = getComputedStyle(e); return s.clipPath === 'inset(50%)' && s.overflow === 'hidden' && e.offsetWidth <= 1 && e.offsetHeight <= 1 }"
                )
        )
            .Should()
            .BeTrue();
        var reached = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("() => document.activeElement.name ?? ''"));
        }
        reached.Should().NotContain("_gotcha");

        await page.GetByLabel("E-mail").FillAsync("robot@example.org");
        await trap.EvaluateAsync("e => e.value = 'buy'");
        await Button(tab).ClickAsync();

        await page.LandsOn("/thanks");
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("quarantined honeypot");
    }

    async Task Show(Tab tab, JsonNode form, string which)
    {
        switch (which)
        {
            case "thanks":
                await tab.GoTo(server.Hosted(form, "/thanks"));
                break;
            case "gone":
                await tab.GoTo(new(server.Address, "/forms/nosuchform"));
                break;
            default:
                await tab.GoTo(server.Hosted(form));
                if (which == "errors")
                {
                    await tab.Page.GetByLabel("E-mail (needed)").FillAsync("ana@");
                    await tab.Page.GetByLabel("People in the house").FillAsync("400");
                    await Submit(tab);
                }
                break;
        }
    }

    [NeedsChromiumFact]
    public async Task long_words_and_another_reading_direction_stay_inside_a_small_window()
    {
        var word = new string('w', 90);
        var (_, form) = await NewForm(
            [
                new
                {
                    name = "a",
                    label = word,
                    kind = "text",
                    help = "https://www.example.org/" + word,
                },
                new
                {
                    name = "b",
                    label = "Choice " + word,
                    kind = "choice",
                    choices = new[] { word, word + word },
                },
                new
                {
                    name = "c",
                    label = word,
                    kind = "choices",
                    choices = new[] { word },
                    required = true,
                },
                new
                {
                    name = "d",
                    kind = "consent",
                    required = true,
                    help = word,
                },
            ],
            language: "ar",
            name: word,
            thanks: word
        );
        await using var tab = await chromium.Open(width: 320);

        foreach (var path in (string[])["", "/thanks"])
        {
            await tab.GoTo(server.Hosted(form, path));
            (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(320);
        }
        await tab.GoTo(server.Hosted(form));
        await Submit(tab);
        (await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(320);
        (await tab.Page.EvaluateAsync<string>("() => document.dir + ' ' + document.documentElement.lang")).Should().Be("rtl ar");
    }

    [NeedsChromiumFact]
    public async Task no_page_asks_anybody_else_for_anything_or_complains()
    {
        var (_, form) = await NewForm();
        await using var tab = await chromium.Open();

        foreach (var which in (string[])["fresh", "errors", "thanks", "gone"])
            await Show(tab, form, which);

        tab.RequestsOutside(server.Address).Should().BeEmpty();
        tab.Requests.Should().HaveCount(5, "four pages and a post, and not one file beside them");
        tab.Errors.Should().BeEmpty();
    }

    /// <summary>Each would call alert, or load an address that is not there, if it ever became code.</summary>
    static readonly string[] Canaries =
    [
        "\"><script>alert('canary')</script>",
        "<img src=x onerror=alert('canary')>",
        "' onfocus=alert('canary') autofocus x='",
        "</textarea><script>alert('canary')</script>",
        "</title><script>alert('canary')</script>",
        "</style><svg onload=alert('canary')>",
        "javascript:alert('canary')",
        "&quot;&gt;&lt;script&gt;alert('canary')&lt;/script&gt;",
    ];

    [NeedsChromiumFact]
    public async Task hostile_words_of_forms_and_visitors_stay_words()
    {
        await using var tab = await chromium.Open();
        var page = tab.Page;
        foreach (var canary in Canaries)
        {
            // A semicolon separates the words of a choice.
            var word = canary.Replace(";", "", StringComparison.Ordinal);
            var (_, form) = await NewForm(
                [
                    new
                    {
                        name = "text",
                        label = canary,
                        kind = "text",
                        help = canary,
                        required = true,
                        autocomplete = canary.Length <= 60 ? canary : null,
                    },
                    new
                    {
                        name = canary,
                        label = "Name",
                        kind = "email",
                        help = canary,
                    },
                    new
                    {
                        name = "long",
                        label = canary,
                        kind = "longText",
                        help = canary,
                    },
                    new
                    {
                        name = "one",
                        label = canary,
                        kind = "choice",
                        choices = new[] { word, "other" },
                    },
                    new
                    {
                        name = "some",
                        label = canary,
                        kind = "choices",
                        choices = new[] { word, "other" },
                        help = canary,
                    },
                    new
                    {
                        name = "yes",
                        label = canary,
                        kind = "boolean",
                    },
                    new
                    {
                        name = "agreed",
                        label = canary,
                        kind = "consent",
                        help = canary,
                        required = true,
                    },
                    new
                    {
                        name = "secret",
                        label = canary,
                        kind = "hidden",
                    },
                ],
                name: canary,
                thanks: canary
            );

            await tab.GoTo(
                new(
                    server.Hosted(form)
                        + "?text="
                        + Uri.EscapeDataString(canary)
                        + "&secret="
                        + Uri.EscapeDataString(canary)
                        + "&x="
                        + Uri.EscapeDataString(canary)
                )
            );
            (await page.Locator("[name=text]").InputValueAsync()).Should().Be(canary);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(canary);
            await page.Locator("[name=text]").FillAsync("");
            await page.Locator("#f1").FillAsync(canary);
            await page.Locator("[name=long]").FillAsync(canary);
            await page.Locator("[name=one]").SelectOptionAsync(word);
            await page.Locator("[name=some]").First.CheckAsync();
            (await Submit(tab)).Should().Be(422);
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(canary);
            (await page.Locator("#f1").InputValueAsync()).Should().Be(canary);
            (await page.Locator("[name=long]").InputValueAsync()).Should().Be(canary);
            (await page.Locator("[name=secret]").InputValueAsync()).Should().Be(canary);
            await tab.GoTo(server.Hosted(form, "/thanks"));
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(canary);
            (await page.Locator("script, img, svg[onload], [onfocus], [onerror]").CountAsync()).Should().Be(0);
        }
        tab.Dialogs.Should().BeEmpty();
        // The policy would report what it stopped: words that became an element would show here even though they could not run.
        tab.Errors.Should().BeEmpty();
        tab.RequestsOutside(server.Address).Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task a_post_of_another_page_cannot_bring_words_that_run()
    {
        await using var tab = await chromium.Open();
        var (_, form) = await NewForm();
        foreach (var canary in Canaries)
        {
            var inputs = string.Concat(
                (
                    (string[])
                        ["name", "email", "product", "topics", "message", "variant", "_next", "_page", "_referrer", "_t", "_key", canary]
                ).Select(name => $"<input name=\"{Afterwards.Encoded(name)}\" value=\"{Afterwards.Encoded(canary)}\">")
            );
            // A forged time would be thanked as a robot is; without it the page with the words is shown.
            await tab.GoTo(
                site.Add(
                    $"<form method=\"post\" action=\"{server.Target(form)}\">{inputs.Replace("name=\"_t\"", "name=\"t\"", StringComparison.Ordinal)}<button>Send</button></form>"
                )
            );
            (await Submit(tab)).Should().Be(422);
            (await tab.Page.GetByLabel("Full name").InputValueAsync()).Should().Be(canary);
        }
        tab.Dialogs.Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task who_goes_back_and_writes_something_else_has_said_two_things()
    {
        var (workspace, form) = await NewForm([
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
                name = "message",
                label = "Message",
                kind = "longText",
                mapsTo = "message",
            },
        ]);
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        await page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await page.GetByLabel("Message").FillAsync("A heat pump, please.");
        // As a browser does that brings the very page back which was left, with all that is hidden in it.
        var key = await page.Locator("[name=_key]").InputValueAsync();
        await Button(tab).ClickAsync();
        await page.LandsOn("/thanks");

        await page.GoBackAsync();
        await page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await page.GetByLabel("Message").FillAsync("And a battery.");
        await page.Locator("[name=_key]").EvaluateAsync("(e, key) => e.value = key", key);
        await Button(tab).ClickAsync();
        await page.LandsOn("/thanks");

        var entries = await workspace.Submissions(form, 2);
        entries.Select(e => e.Verdict()).Should().Equal("accepted", "merged");
        entries[1]["fields"]!.Text("message").Should().Be("And a battery.");
    }

    [NeedsChromiumFact]
    public async Task a_link_to_the_page_may_bring_values_but_never_a_consent()
    {
        var (workspace, form) = await NewForm([
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
                name = "topics",
                label = "Topics",
                kind = "choices",
                choices = new[] { "Price", "Installation" },
            },
            new
            {
                name = "agreed",
                label = "I agree",
                kind = "consent",
            },
            new
            {
                name = "owner",
                label = "Mine",
                kind = "boolean",
            },
            new { name = "variant", kind = "hidden" },
        ]);
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(
            site.Add(
                $"<a href=\"{server.Hosted(form)}?email=ana@silva.example.org&amp;topics=Installation&amp;agreed=true&amp;owner=true&amp;variant=B&amp;utm_source=spring\">Ask</a>"
            )
        );
        await page.GetByRole(AriaRole.Link).ClickAsync();

        (await page.GetByLabel("E-mail").InputValueAsync()).Should().Be("ana@silva.example.org");
        (await page.GetByLabel("Installation").IsCheckedAsync()).Should().BeTrue();
        (await page.GetByLabel("I agree").IsCheckedAsync()).Should().BeFalse();
        (await page.GetByLabel("Mine").IsCheckedAsync()).Should().BeFalse();
        await page.GetByLabel("E-mail").FillAsync("ana@");
        (await Submit(tab)).Should().Be(422);
        await page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await Button(tab).ClickAsync();
        await page.LandsOn("/thanks");

        var entry = (await workspace.Submissions(form, 2))[1];
        entry["fields"]!.Text("variant").Should().Be("B");
        entry.Text("page").Should().Contain("utm_source=spring", "a mended post comes from the same page as the first try");
        entry.Text("referrer").Should().Be(site.Origin + "/");
        var lead = (await workspace.All("/v1/leads")).Should().ContainSingle().Subject;
        lead["source"]!["utm"]!.Text("source").Should().Be("spring");
        lead["consent"]!.AsArray().Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task mending_quickly_is_no_robots_haste()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Slow",
                minimumFillSeconds = 2,
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
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        await page.GetByLabel("E-mail").FillAsync("ana@");
        await Task.Delay(TimeSpan.FromSeconds(2.1), TimeProvider.System);
        (await Submit(tab)).Should().Be(422);

        await page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await Button(tab).ClickAsync();

        await page.LandsOn("/thanks");
        (await workspace.Submissions(form, 2))[1].Verdict().Should().Be("accepted");
    }

    [NeedsChromiumTheory]
    [InlineData("pt-BR", "Enviar", "Preencha este campo.", "Obrigado")]
    [InlineData("es", "Enviar", "Rellene este campo.", "Gracias")]
    [InlineData("fr-CA", "Envoyer", "Remplissez ce champ.", "Merci")]
    [InlineData("de", "Absenden", "Bitte ausfüllen.", "Vielen Dank")]
    [InlineData("it", "Invia", "Compili questo campo.", "Grazie")]
    [InlineData("nl", "Verzenden", "Vul dit veld in.", "Bedankt")]
    [InlineData("he", "Send", "Fill this in.", "Thank you")]
    public async Task the_page_speaks_the_forms_language_as_far_as_it_can(string language, string send, string fillIn, string thanks)
    {
        var (_, form) = await NewForm(
            [
                new
                {
                    name = "email",
                    label = "E-mail",
                    kind = "email",
                    required = true,
                    mapsTo = "email",
                },
            ],
            language
        );
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await tab.GoTo(server.Hosted(form));
        await Assertions.Expect(Button(tab)).ToHaveTextAsync(send);
        await Submit(tab);

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(fillIn);
        (await page.EvaluateAsync<string>("() => document.documentElement.lang")).Should().Be(language);
        await page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await Button(tab).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(thanks);
    }

    [NeedsChromiumFact]
    public async Task a_form_that_was_closed_meanwhile_says_so_and_keeps_the_entry()
    {
        var (workspace, form) = await NewForm([
            new
            {
                name = "email",
                label = "E-mail",
                kind = "email",
                required = true,
                mapsTo = "email",
            },
        ]);
        await using var tab = await chromium.Open();
        await tab.GoTo(server.Hosted(form));
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { status = "closed" })).Status.Should().Be(200);
        await tab.Page.GetByLabel("E-mail").FillAsync("ana@silva.example.org");
        await Submit(tab);

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This form is closed.");
        await Assertions.Expect(tab.Page.GetByText("ana@silva.example.org")).ToBeVisibleAsync();
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("rejected form_closed");
    }
}
