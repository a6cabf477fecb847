// Pages of other websites post to the product from a real browser: by plain HTML, by script and by beacon, allowed and not.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Tests.Stores;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class CrossOriginTests(Chromium chromium, BrowsedServer browsed, OtherSite site)
{
    readonly CrmServer server = browsed.Server;

    const string Email = "ana@silva.example.org";

    /// <summary>A form that the other site may post.</summary>
    async Task<(TestWorkspace Workspace, JsonNode Form)> AllowedForm(params string[] redirectHosts)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Contact",
                allowedOrigins = new[] { site.Origin },
                allowedRedirectHosts = redirectHosts,
                fields = new object[]
                {
                    new
                    {
                        name = "name",
                        label = "Name",
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
                },
            }
        );
        return (workspace, form);
    }

    async Task<(TestWorkspace Workspace, JsonNode Form)> ForbiddenForm()
    {
        var (workspace, form) = await AllowedForm();
        var patched = await workspace.Patch($"/v1/forms/{form["id"]}", new { allowedOrigins = new[] { "https://www.silva.example.org" } });
        patched.Status.Should().Be(200, patched.Text);
        return (workspace, form);
    }

    /// <summary>A page of the other site with a form as a web designer writes it.</summary>
    Uri PlainPage(JsonNode form, string more = "", CrmServer? to = null) =>
        site.Add(
            $"""<form method="post" action="{(to ?? server).Target(form)}"><input name="name" value="Ana Silva"><input name="email" value="{Email}">{more}<button>Send</button></form>"""
        );

    static Task Submit(Tab tab) => tab.Page.GetByRole(AriaRole.Button).ClickAsync();

    /// <summary>Runs a script's fetch in the page: the status and the JSON, or the error that the script sees.</summary>
    static async Task<JsonNode> Fetch(Tab tab, Uri address, string options) =>
        JsonNode.Parse(
            await tab.Page.EvaluateAsync<string>(
                $$"""
                async ({ address, email }) => {
                  try {
                    const answer = await fetch(address, {{options}});
                    return JSON.stringify({ status: answer.status, url: answer.url, body: await answer.json(), limit: answer.headers.get('RateLimit'), policy: answer.headers.get('RateLimit-Policy') });
                  } catch (error) {
                    return JSON.stringify({ error: error.name });
                  }
                }
                """,
                new { address = address.ToString(), email = Email }
            )
        )!;

    const string JsonPost =
        "{ method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ name: 'Ana Silva', email }) }";

    static Task<bool> Beacon(Tab tab, Uri address, string data) =>
        tab.Page.EvaluateAsync<bool>(
            $"({{ address, email }}) => navigator.sendBeacon(address, {data})",
            new { address = address.ToString(), email = Email }
        );

    const string UrlEncodedBeacon = "new URLSearchParams({ name: 'Ana Silva', email })";

    [NeedsChromiumFact]
    public async Task one_person_by_plain_html_by_fetch_and_by_beacon_is_three_submissions_and_one_lead()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(PlainPage(form));
        await Submit(tab);
        await tab.Page.LandsOn(server.Hosted(form, "/thanks").ToString());
        await tab.GoTo(PlainPage(form));
        var receipt = await Fetch(tab, server.Target(form), JsonPost);
        (await Beacon(tab, server.Target(form), UrlEncodedBeacon)).Should().BeTrue();

        receipt["status"]!.GetValue<int>().Should().Be(201, receipt.ToJsonString());
        var entries = await workspace.Submissions(form, 3);
        entries.Select(e => e.Verdict()).Should().Equal("accepted", "merged", "merged");
        entries.Should().OnlyContain(e => e["origin"]!.GetValue<string>() == site.Origin);
        entries
            .Select(e => e.Text("contentType"))
            .Should()
            .Equal("application/x-www-form-urlencoded", "application/json", "application/x-www-form-urlencoded;charset=UTF-8");
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which.Text("id").Should().Be(entries[2].Text("lead"));
    }

    [NeedsChromiumFact]
    public async Task fetch_reads_the_receipt_and_nothing_in_it_tells_what_we_think_of_the_visitor()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        var receipt = await Fetch(tab, server.Target(form), JsonPost);

        receipt["status"]!.GetValue<int>().Should().Be(201, receipt.ToJsonString());
        receipt["body"]!.AsObject().Select(m => m.Key).Should().Equal("id", "next");
        receipt["body"]!.Text("next").Should().Be(server.Hosted(form, "/thanks").ToString());
        (await workspace.Submissions(form, 1))[0].Text("id").Should().Be(receipt["body"]!.Text("id"));
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumFact]
    public async Task fetch_reads_which_field_is_wrong()
    {
        var (_, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        var answer = await Fetch(
            tab,
            server.Target(form),
            "{ method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ email: 'ana' }) }"
        );

        answer["status"]!.GetValue<int>().Should().Be(422, answer.ToJsonString());
        answer["body"]!["errors"]![0]!.Text("field").Should().Be("email");
        answer["body"]!["errors"]![0]!.Text("code").Should().Be("invalid_email");
    }

    [NeedsChromiumFact]
    public async Task fetch_reads_how_much_is_left_of_the_rate_limits()
    {
        var limited = new CrmServer(null, "--Crm:RateLimits:Enabled=true");
        await limited.InitializeAsync();
        try
        {
            var workspace = await limited.NewWorkspace();
            var form = await workspace.ContactForm();
            await using var tab = await chromium.Open();
            await tab.GoTo(PlainPage(form, to: limited));

            var receipt = await Fetch(tab, limited.Target(form), JsonPost);

            receipt["status"]!.GetValue<int>().Should().Be(201, receipt.ToJsonString());
            receipt.Text("limit").Should().Contain("\"form-address\";r=19;t=");
            receipt.Text("policy").Should().Contain("\"form-address\";q=20;w=");
        }
        finally
        {
            await limited.DisposeAsync();
        }
    }

    [NeedsChromiumAndPostgresFact]
    public async Task where_nothing_can_be_kept_a_browser_gets_what_was_typed_once_more_and_hears_when_to_press_again()
    {
        await using var postgres = await PostgresCluster.Start();
        await using var narrow = new CrmServer(
            null,
            $"--ConnectionStrings:Crm={await postgres.NewDatabase()}",
            "--Crm:RateLimits:Enabled=true",
            "--Crm:Limits:FormAddress=1/4",
            "--Crm:Limits:Limited=1/1"
        );
        await narrow.InitializeAsync();
        var workspace = await narrow.NewWorkspace();
        var form = await workspace.ContactForm();
        await using var tab = await chromium.Open(script: false);
        var page = PlainPage(form, "<textarea name=\"message\">A roof &amp; \"more\"</textarea>", narrow);
        (await Pressed(page)).Should().Be(303);

        await postgres.Stop("immediate");
        (await Pressed(page)).Should().Be(503);
        await HasWhatWasTyped();

        // The button of that page is enough when the database is back.
        await postgres.Resume();
        while ((await workspace.SendPlain(HttpMethod.Get, "/health/ready", null)).Status != 200)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        (await Pressed(null)).Should().Be(303);
        var entries = await workspace.Submissions(form, 2);
        entries.Should().OnlyContain(entry => entry["fields"]!.Text("message") == "A roof & \"more\"");

        // Within the limit, kept over it, and then there is no room for more.
        int status;
        do status = await Pressed(page);
        while (status == 303);
        status.Should().Be(429);
        await HasWhatWasTyped();

        async Task<int> Pressed(Uri? first)
        {
            if (first is not null)
                await tab.GoTo(first);
            var answer = await tab.Page.RunAndWaitForResponseAsync(() => Submit(tab), response => response.Request.Method == "POST");
            await tab.Page.WaitForLoadStateAsync();
            return answer.Status;
        }

        async Task HasWhatWasTyped()
        {
            await Assertions.Expect(tab.Page.Locator("[name=name]")).ToHaveValueAsync("Ana Silva");
            await Assertions.Expect(tab.Page.Locator("[name=email]")).ToHaveValueAsync(Email);
            await Assertions.Expect(tab.Page.Locator("[name=message]")).ToHaveValueAsync("A roof & \"more\"");
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("again in");
        }
    }

    public static TheoryData<string> WaysOfScripts =>
        new()
        {
            "{ method: 'POST', body: new URLSearchParams({ email }) }",
            "{ method: 'POST', body: Object.entries({ email }).reduce((data, [name, value]) => (data.append(name, value), data), new FormData()) }",
            "{ method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify({ email }) }",
            "{ method: 'POST', headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' }, body: new URLSearchParams({ email }) }",
            // As axios withCredentials does: the answer must allow what the preflight allowed.
            "{ method: 'POST', credentials: 'include', body: new URLSearchParams({ email }) }",
            "{ method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email }) }",
            // Headers that tracing libraries add to every fetch of a page.
            "{ method: 'POST', headers: { Accept: 'application/json', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'a=b' }, body: new URLSearchParams({ email }) }",
        };

    [NeedsChromiumTheory]
    [MemberData(nameof(WaysOfScripts))]
    public async Task however_a_script_posts_it_can_read_the_receipt(string options)
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        var receipt = await Fetch(tab, server.Target(form), options);

        receipt["status"]?.GetValue<int>().Should().Be(201, receipt.ToJsonString());
        receipt["body"]!.Text("id").Should().StartWith("sub_");
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
        tab.Errors.Should().BeEmpty();
    }

    [NeedsChromiumTheory]
    [InlineData(UrlEncodedBeacon)]
    [InlineData("JSON.stringify({ name: 'Ana Silva', email })")]
    // A beacon is sent with credentials; of this type only after a preflight that allows them.
    [InlineData("new Blob([JSON.stringify({ name: 'Ana Silva', email })], { type: 'application/json' })")]
    [InlineData(
        "Object.entries({ name: 'Ana Silva', email }).reduce((data, [name, value]) => (data.append(name, value), data), new FormData())"
    )]
    public async Task every_kind_of_beacon_arrives(string data)
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        (await Beacon(tab, server.Target(form), data)).Should().BeTrue();

        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
    }

    [NeedsChromiumFact]
    public async Task a_beacon_of_a_page_that_is_being_left_arrives()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(
            site.Add(
                $"<script>addEventListener('pagehide', () => navigator.sendBeacon('{server.Target(form)}', new URLSearchParams({{ email: '{Email}' }})))</script>"
            )
        );

        await tab.GoTo(site.Add("Another page"));

        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
    }

    [NeedsChromiumFact]
    public async Task a_plain_post_of_a_page_that_is_not_allowed_shows_why_and_is_kept()
    {
        var (workspace, form) = await ForbiddenForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(PlainPage(form));
        var answer = await tab.Page.RunAndWaitForResponseAsync(() => Submit(tab), r => r.Request.Method == "POST");

        answer.Status.Should().Be(403);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This form cannot be sent from the page before.");
        await IsKept(workspace, form);
    }

    [NeedsChromiumFact]
    public async Task a_script_of_a_page_that_is_not_allowed_cannot_read_the_answer_and_its_post_is_kept()
    {
        var (workspace, form) = await ForbiddenForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        var answer = await Fetch(tab, server.Target(form), JsonPost);

        answer.Text("error").Should().Be("TypeError");
        await IsKept(workspace, form);
    }

    [NeedsChromiumFact]
    public async Task a_beacon_of_a_page_that_is_not_allowed_is_kept()
    {
        var (workspace, form) = await ForbiddenForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(PlainPage(form));

        await Beacon(tab, server.Target(form), UrlEncodedBeacon);

        await IsKept(workspace, form);
    }

    /// <summary>Rejected, no lead, everything typed is there; and once the origin is allowed, the entry becomes the lead it should have
    /// been.</summary>
    async Task IsKept(TestWorkspace workspace, JsonNode form)
    {
        var entry = (await workspace.Submissions(form, 1))[0];
        entry.Verdict().Should().Be("rejected origin_not_allowed");
        entry.Text("origin").Should().Be(site.Origin);
        entry["fields"]!.Text("email").Should().Be(Email);
        (await workspace.All("/v1/leads")).Should().BeEmpty();
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { allowedOrigins = new[] { site.Origin } })).Status.Should().Be(200);
        (await workspace.Post($"/v1/submissions/{entry["id"]}/reprocess")).Status.Should().Be(200);
        (await workspace.All("/v1/leads")).Should().ContainSingle();
    }

    [NeedsChromiumFact]
    public async Task a_sandboxed_page_says_no_origin_and_its_post_is_taken()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        await tab.GoTo(
            site.Add(
                $"""<iframe sandbox="allow-scripts allow-forms" srcdoc="<script>fetch('{server.Target(form)}', {JsonPost.Replace("email })", $"email: '{Email}' }})")})</script>"></iframe>"""
            )
        );

        var entry = (await workspace.Submissions(form, 1))[0];
        entry.Verdict().Should().Be("accepted");
        entry.Text("origin").Should().Be("null");
    }

    [NeedsChromiumFact]
    public async Task an_impatient_visitor_who_presses_send_twice_on_a_slow_page_posts_once()
    {
        var (workspace, form) = await AllowedForm();
        await using var slow = await SlowProxy.Before(server.Address);
        await using var tab = await chromium.Open();
        await tab.GoTo(new(slow.Address, $"/forms/{form["key"]}"));
        await tab.Page.GetByLabel("E-mail").FillAsync(Email);
        await tab.Page.EvaluateAsync("() => document.querySelector('[name=_t]').remove()"); // A test types faster than a person.
        var button = (await tab.Page.GetByRole(AriaRole.Button).BoundingBoxAsync())!;

        for (var press = 1; press <= 2; press++)
        {
            await tab.Page.Mouse.ClickAsync(button.X + 10, button.Y + 10);
            for (var tries = 0; slow.Posts < press && tries < 1200; tries++)
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }
        slow.Posts.Should().Be(2, "both presses must have come through, or the test proves nothing");
        slow.Release();

        await tab.Page.LandsOn("/thanks");
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
    }

    [NeedsChromiumFact]
    public async Task the_visitor_lands_where_next_says_when_the_host_is_allowed()
    {
        var (workspace, form) = await AllowedForm();
        var thanks = site.Add("<h1>Obrigado</h1>");
        await using var tab = await chromium.Open();

        await tab.GoTo(PlainPage(form, $"""<input type="hidden" name="_next" value="{thanks}">"""));
        await Submit(tab);

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Obrigado");
        tab.Page.Url.Should().Be(thanks.ToString());
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
    }

    [NeedsChromiumFact]
    public async Task a_next_of_a_host_that_is_not_allowed_leads_to_our_thank_you_page()
    {
        var (_, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(PlainPage(form, """<input type="hidden" name="_next" value="http://127.0.0.1:9/phish">"""));
        await Submit(tab);

        await tab.Page.LandsOn(server.Hosted(form, "/thanks").ToString());
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Thank you");
    }

    [NeedsChromiumFact]
    public async Task after_an_error_page_the_mended_post_still_lands_where_next_says_and_knows_where_it_came_from()
    {
        var (workspace, form) = await AllowedForm();
        var thanks = site.Add("<h1>Obrigado</h1>");
        await using var tab = await chromium.Open();
        var page = site.Add(
            $"""
            <form method="post" action="{server.Target(
                form
            )}"><input name="name" value="Ana Silva"><input name="email" value="ana@"><input name="budget" value="5000"><input name="budget" value="a &amp; b">
            <input type="hidden" name="_next" value="{thanks}"><input type="hidden" name="_page" value="{site.Origin}/contact?utm_source=spring"><button>Send</button></form>
            """
        );

        await tab.GoTo(page);
        await Submit(tab);
        await tab.Page.GetByLabel("E-mail").FillAsync(Email);
        await Submit(tab);

        await tab.Page.LandsOn(thanks.ToString());
        var entries = await workspace.Submissions(form, 2);
        entries.Select(e => e.Verdict()).Should().Equal("rejected validation_failed", "accepted");
        entries[1].Text("page").Should().Be($"{site.Origin}/contact?utm_source=spring");
        entries[1]["fields"]!["budget"]!
            .ToJsonString()
            .Should()
            .Be(entries[0]["fields"]!["budget"]!.ToJsonString(), "what only the page knows rides along")
            .And.Contain("5000");
        tab.Errors.Should().BeEmpty("the page's own policy must allow the redirect");
    }

    [NeedsChromiumFact]
    public async Task the_page_of_a_post_is_known_without_any_field_even_after_an_error_page()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(
            site.Add(
                $"""<form method="post" action="{server.Target(form)}"><input name="email" value="ana@"><button>Send</button></form>"""
            )
        );
        await Submit(tab);
        await tab.Page.GetByLabel("E-mail").FillAsync(Email);
        await Submit(tab);
        await tab.Page.LandsOn("/thanks");

        (await workspace.Submissions(form, 2))
            .Should()
            .OnlyContain(e => e.Text("page") == site.Origin + "/", "browsers tell another site the origin only");
    }

    [NeedsChromiumTheory]
    [InlineData("windows-1251", "Юлия Ёлкина")]
    [InlineData("windows-1250", "Łucja Dvořáková")]
    [InlineData("shift_jis", "山田太郎")]
    [InlineData("euc-kr", "김철수")]
    [InlineData("gb2312", "王小明")]
    public async Task a_page_of_an_old_encoding_brings_its_names_when_it_or_the_form_says_which(string charset, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();
        async Task Post(string more)
        {
            await tab.GoTo(
                site.Add(
                    $"""<form method="post" action="{server.Target(form)}"><input name="name"><input name="email" value="{Email}">{more}<button>Send</button></form>""",
                    encoding: Encoding.GetEncoding(charset)
                )
            );
            await tab.Page.Locator("[name=name]").FillAsync(name);
            await Submit(tab);
            await tab.Page.LandsOn("/thanks");
        }

        // The browser itself fills such a field in.
        await Post("""<input type="hidden" name="_charset_">""");
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { pageCharset = charset })).Status.Should().Be(200);
        await Post("""<input type="hidden" name="again" value="1">""");

        (await workspace.Submissions(form, 2))
            .Select(e => (e.Verdict(), e["fields"]!.Text("name")))
            .Should()
            .Equal(("accepted", name), ("merged", name));
        var lead = (await workspace.All("/v1/leads")).Should().ContainSingle().Which;
        $"{lead.Text("firstName")} {lead.Text("lastName")}".Trim().Should().Be(name);
    }

    [NeedsChromiumFact]
    public async Task a_page_that_tells_nobody_where_it_is_may_post()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(
            site.Add(
                $"""<form method="post" action="{server.Target(form)}"><input name="email" value="{Email}"><button>Send</button></form>""",
                head: """<meta name="referrer" content="no-referrer">"""
            )
        );
        await Submit(tab);
        await tab.Page.LandsOn("/thanks");

        var entry = (await workspace.Submissions(form, 1))[0];
        (entry.Verdict(), entry.Text("origin")).Should().Be(("accepted", "null"));
    }

    [NeedsChromiumFact]
    public async Task a_form_that_forgot_its_method_is_shown_filled_in_and_sent_from_there()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(
            site.Add(
                $"""<form action="{server.Target(form)}"><input name="name" value="Zoë O'Brien"><input name="email" value="{Email}"><button>Send</button></form>"""
            )
        );
        await Submit(tab);
        await Assertions.Expect(tab.Page.GetByLabel("E-mail")).ToHaveValueAsync(Email);
        await tab.Page.EvaluateAsync("() => document.querySelector('[name=_t]')?.remove()"); // A test types faster than a person.
        await Submit(tab);
        await tab.Page.LandsOn("/thanks");

        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which.Text("lastName").Should().Be("O'Brien");
        tab.Errors.Should().BeEmpty();
    }

    static readonly (string, string)[] Remembered =
    [
        ("NAME_FULL", "Ana Silva"),
        ("EMAIL_ADDRESS", Email),
        ("PHONE_HOME_WHOLE_NUMBER", "+5511987654321"),
        ("COMPANY_NAME", "Silva Lda"),
        ("ADDRESS_HOME_COUNTRY", "BR"),
    ];

    [NeedsChromiumFact]
    public async Task a_trap_that_the_browser_filled_in_for_the_visitor_costs_no_lead()
    {
        var (workspace, form) = await AllowedForm();
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { honeypot = "company" })).Status.Should().Be(200);
        await using var tab = await chromium.Open();
        // A trap as tutorials have it: out of sight, but named and labelled like something that browsers remember.
        await tab.GoTo(
            site.Add(
                $"""<form method="post" action="{server.Target(form)}"><label>Name <input name="name"></label><label>E-mail <input name="email" type="email"></label><div style="position:absolute;left:-9999px"><label>Company <input name="company" tabindex="-1"></label></div><button>Send</button></form>"""
            )
        );

        (await tab.Autofill("email", Remembered)).Should().Contain("company", "else this shows nothing");
        await Submit(tab);

        await tab.Page.LandsOn(server.Hosted(form, "/thanks").ToString());
        var entry = (await workspace.Submissions(form, 1))[0];
        entry.Verdict().Should().Be("quarantined honeypot");
        var approved = await workspace.Post($"/v1/submissions/{entry["id"]}/approve", new { });
        approved.Status.Should().Be(200, approved.Text);
        var lead = (await workspace.All("/v1/leads")).Should().ContainSingle().Subject;
        (lead["emails"]![0]!.Text("address"), lead.Text("firstName")).Should().Be((Email, "Ana"));
    }

    [NeedsChromiumFact]
    public async Task a_browser_that_fills_in_our_own_page_leaves_the_trap_alone()
    {
        var (workspace, form) = await AllowedForm();
        // A browser that fills everything in is faster than a person, and this is about the trap alone.
        (await workspace.Patch($"/v1/forms/{form["id"]}", new { minimumFillSeconds = 0 })).Status.Should().Be(200);
        await using var tab = await chromium.Open();
        await tab.GoTo(server.Hosted(form));

        (await tab.Autofill("email", Remembered)).Should().BeEquivalentTo("name", "email");
        await Submit(tab);

        await tab.Page.LandsOn("/thanks");
        (await workspace.Submissions(form, 1))[0].Verdict().Should().Be("accepted");
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which["emails"]![0]!.Text("address").Should().Be(Email);
    }

    [NeedsChromiumFact]
    public async Task who_goes_back_to_the_page_and_sends_the_same_again_is_thanked_and_is_one_lead()
    {
        var (workspace, form) = await AllowedForm();
        await using var tab = await chromium.Open();

        await tab.GoTo(PlainPage(form));
        await Submit(tab);
        await tab.Page.LandsOn("/thanks");
        await tab.Page.GoBackAsync();
        await Submit(tab);
        await tab.Page.LandsOn("/thanks");

        (await workspace.Submissions(form, 2)).Select(e => e.Verdict()).Should().Equal("accepted", "merged");
        (await workspace.All("/v1/leads")).Should().ContainSingle();
    }

    [NeedsChromiumFact]
    public async Task a_plain_post_to_a_form_that_is_not_there_shows_a_page()
    {
        await using var tab = await chromium.Open();

        await tab.GoTo(
            site.Add(
                $"""<form method="post" action="{server.Address}f/nosuchform"><input name="email" value="{Email}"><button>Send</button></form>"""
            )
        );
        var answer = await tab.Page.RunAndWaitForResponseAsync(() => Submit(tab), r => r.Request.Method == "POST");

        answer.Status.Should().Be(404);
        await Assertions.Expect(tab.Page.GetByText(Email)).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("We cannot find this page.");
    }
}
