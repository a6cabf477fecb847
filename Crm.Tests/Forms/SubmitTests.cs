// A form is posted: every body type, every answer, and everything that is kept of a post and put into the lead.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed class SubmitTests(CrmServer server)
{
    const string Urlencoded = "application/x-www-form-urlencoded";

    public static TheoryData<string, string> Bodies =>
        new()
        {
            { Urlencoded, "name=Ana+Silva&email=ana%40silva.example.org&colour=blue&colour=red" },
            { "application/json", """{"name":"Ana Silva","email":"ana@silva.example.org","colour":["blue","red"]}""" },
            { "text/plain;charset=UTF-8", """{"name":"Ana Silva","email":"ana@silva.example.org","colour":["blue","red"]}""" },
            { "text/plain;charset=UTF-8", "name=Ana+Silva&email=ana%40silva.example.org&colour[]=blue&colour[]=red" },
            {
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAna Silva\r\n--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nana@silva.example.org\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"colour\"\r\n\r\nblue\r\n--b\r\nContent-Disposition: form-data; name=\"colour\"\r\n\r\nred\r\n--b--\r\n"
            },
        };

    [Theory, MemberData(nameof(Bodies))]
    public async Task every_kind_of_body_becomes_the_same_entry_and_the_same_lead(string contentType, string body)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var entry = await workspace.Entry(await workspace.PostBody(form, body, contentType));

        entry.S("verdict").Should().Be("accepted");
        entry["fields"]!.ToJsonString().Should().Be("""{"name":"Ana Silva","email":"ana@silva.example.org","colour":["blue","red"]}""");
        entry["unknownFields"].Texts().Should().Equal("colour");
        entry.S("contentType").Should().Be(contentType);
        var lead = await workspace.LeadOf("ana@silva.example.org");
        entry.S("lead").Should().Be(lead.S("id"));
        entry["madeLead"]!.GetValue<bool>().Should().BeTrue();
        (lead.S("firstName"), lead.S("lastName")).Should().Be(("Ana", "Silva"));
        lead["source"]!.S("form").Should().Be(form.S("id"));
    }

    [Fact]
    public async Task a_file_is_noted_with_its_name_and_size_and_its_content_is_not_kept()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        using var body = new MultipartFormDataContent("b")
        {
            { new StringContent("ana@silva.example.org"), "email" },
            { new ByteArrayContent(new byte[1234]), "cv", "Ana's <cv>.pdf" },
        };

        var entry = await workspace.Entry(await workspace.PostBody(form, body));

        var file = entry["files"]!.AsArray().Should().ContainSingle().Subject!;
        (file.S("field"), file["size"]!.GetValue<long>()).Should().Be(("cv", 1234L));
        file.S("name").Should().Contain("cv");
        entry["raw"].Should().BeNull();
    }

    // ---- Receipts

    [Fact]
    public async Task a_visitor_hears_his_receipt_and_where_to_go_and_nothing_of_what_we_think_of_him()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        foreach (
            var fields in new object[]
            {
                new { email = "ana@silva.example.org" },
                new { email = "ana@silva.example.org" },
                new { email = "bot@spam.example.org", _gotcha = "x" },
            }
        )
        {
            var receipt = await workspace.Submit(form, fields);
            receipt.Status.Should().Be(201);
            receipt.Json!.AsObject().Select(m => m.Key).Should().Equal("id", "next");
            receipt["next"]!.GetValue<string>().Should().Be($"{server.Address}forms/{form["key"]}/thanks");
            receipt.Header("Cache-Control").Should().Contain("no-store");
        }
    }

    [Fact]
    public async Task only_a_secret_key_of_the_same_workspace_hears_the_verdict_and_the_lead()
    {
        var workspace = await server.NewWorkspace();
        var other = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var narrow = (await workspace.Post("/v1/api-keys", new { name = "Leads only", scopes = new[] { "leads:read" } }))[
            "key"
        ]!.ToString();

        var told = await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Authorization", "Bearer " + workspace.Key));
        told.Json!.AsObject().Select(m => m.Key).Should().Equal("id", "verdict", "lead", "next");
        told["verdict"]!.ToString().Should().Be("accepted");
        told["lead"]!.ToString().Should().Be((await workspace.LeadOf("ana@silva.example.org")).S("id"));
        var robot = await workspace.Submit(
            form,
            new { email = "bot@spam.example.org", _gotcha = "x" },
            ("Authorization", "Bearer " + workspace.Key)
        );
        (robot["verdict"]!.ToString(), robot["reason"]!.ToString()).Should().Be(("quarantined", "honeypot"));
        foreach (var key in new[] { other.Key, narrow, CrmServer.AdminKey, "crm_sk_unknown_0123456789", "", form.S("key") })
        {
            var receipt = await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Authorization", "Bearer " + key));
            receipt.Status.Should().Be(201, "a key that is of no use is no reason to lose a lead");
            receipt.Json!.AsObject().Select(m => m.Key).Should().Equal(["id", "next"], key);
        }
    }

    [Fact]
    public async Task a_browser_without_script_goes_to_the_thanks_page()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var answer = await workspace.SubmitPage(form, new { email = "ana@silva.example.org" });

        answer.Status.Should().Be(303);
        answer.Header("Location").Should().Be($"{server.Address}forms/{form["key"]}/thanks");
        var page = await workspace.With("").Get(answer.Header("Location")!);
        page.Status.Should().Be(200);
        page.Text.Should().Contain("Your message has arrived.");
        (await workspace.SubmitPage(form, new { email = "bot@spam.example.org", _gotcha = "x" }))
            .Header("Location")
            .Should()
            .Be(answer.Header("Location"));
    }

    [Theory]
    [InlineData("application/json", null, 201)]
    [InlineData("application/json, text/plain, */*", null, 201)]
    [InlineData("*/*", "XMLHttpRequest", 201)]
    [InlineData("*/*", null, 303)]
    [InlineData("text/html", null, 303)]
    public async Task the_accept_header_decides_between_json_and_a_redirect(string accept, string? requestedWith, int status)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        (string, string)[] headers = requestedWith is null
            ? [("Accept", accept)]
            : [("Accept", accept), ("X-Requested-With", requestedWith)];
        (await workspace.Submit(form, new { email = "ana@silva.example.org" }, headers)).Status.Should().Be(status);
    }

    [Fact]
    public async Task the_page_of_thanks_shows_once_what_this_browser_sent()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var answer = await workspace.SubmitPage(
            form,
            new
            {
                name = "Ana <b>Silva</b>",
                email = " ana@silva.example.org",
                message = "A roof.",
                _gotcha = "x",
                secret = "unknown",
            }
        );
        var cookie = answer.Header("Set-Cookie")!;
        cookie
            .Should()
            .StartWith("crm_sent=sub_")
            .And.Contain($"path=/forms/{form["key"]}/thanks")
            .And.Contain("httponly")
            .And.Contain("samesite=lax");
        cookie.Should().NotContain("silva", "the cookie says nothing of a person");
        var (value, stranger) = (cookie[..cookie.IndexOf(';')], workspace.With(""));

        var page = await stranger.Get(answer.Header("Location")!, ("Cookie", value));
        page.Text.Should()
            .Contain("We will reply to <bdi dir=\"ltr\">ana@silva.example.org</bdi>.")
            .And.Contain("<summary>What you sent</summary>")
            .And.Contain("Ana &lt;b&gt;Silva&lt;/b&gt;")
            .And.Contain("A roof.")
            .And.NotContain("unknown");
        page.Header("Set-Cookie").Should().StartWith("crm_sent=;", "the next person at this screen does not see it");
        page.Header("Cache-Control").Should().Be("no-store");

        // Without it, changed, or at another form: the usual thanks.
        var other = await workspace.NewForm(new { name = "Other", fields = new[] { new { name = "email", kind = "email" } } });
        foreach (
            var (path, sent) in new[]
            {
                (answer.Header("Location")!, ""),
                (answer.Header("Location")!, value[..^1] + (value[^1] == '0' ? '1' : '0')),
                (answer.Header("Location")!, "crm_sent=a.b.c"),
                ($"/forms/{other["key"]}/thanks", value),
            }
        )
        {
            var plain = await stranger.Get(path, ("Cookie", sent));
            (plain.Status, plain.Text.Contains("ana@silva", StringComparison.Ordinal)).Should().Be((200, false), sent);
        }
        (await workspace.Submit(form, new { email = "bia@silva.example.org" }))
            .Header("Set-Cookie")
            .Should()
            .BeNull("a script has it already");
    }

    [Fact]
    public async Task the_forms_own_redirect_takes_the_place_of_the_thanks_page()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(
            await workspace.ContactForm(),
            new { thankYou = new { message = "Bye", redirect = "https://site.example.org/thanks?from=crm" } }
        );

        (await workspace.Submit(form, new { email = "ana@silva.example.org" }))["next"]!
            .ToString()
            .Should()
            .Be("https://site.example.org/thanks?from=crm");
        (await workspace.SubmitPage(form, new { email = "ana@silva.example.org" }))
            .Header("Location")
            .Should()
            .Be("https://site.example.org/thanks?from=crm");
        (await workspace.SubmitPage(form, new { email = "ana@silva.example.org", _next = "https://site.example.org/other" }))
            .Header("Location")
            .Should()
            .Be("https://site.example.org/other");
        (await workspace.SubmitPage(form, new { email = "ana@silva.example.org", _next = "https://evil.example/" }))
            .Header("Location")
            .Should()
            .Be("https://site.example.org/thanks?from=crm");
    }

    [Theory]
    [InlineData("https://site.example.org/thanks?a=1#b")]
    [InlineData("https://SITE.example.org/Thanks")]
    [InlineData("https://site.example.org:443/")]
    [InlineData("https://www.good.example.org/gracias/ñ")]
    [InlineData("http://www.good.example.org:8080/")]
    [InlineData("https://port.example.org:8443/x")]
    public async Task a_visitor_may_be_sent_to_a_host_that_the_form_knows(string next)
    {
        var (workspace, form) = await FormWithRedirects();
        (await workspace.SubmitPage(form, new { email = "ana@silva.example.org", _next = next }))
            .Header("Location")
            .Should()
            .Be(new Uri(next).AbsoluteUri);
        (await workspace.Submit(form, new { email = "ana@silva.example.org", _next = next }))["next"]!.ToString().Should().Be(next);
    }

    static readonly string[] ForeignRedirects =
    [
        "https://evil.example/",
        "http://evil.example",
        "HTTPS://EVIL.EXAMPLE/",
        "//evil.example/",
        "///evil.example/",
        "////evil.example/",
        @"\\evil.example",
        @"/\evil.example",
        @"\/evil.example",
        @"https:\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "https://evil.example:443/",
        "evil.example",
        "/relative",
        "?q",
        "#f",
        "",
        "https://site.example.org@evil.example/",
        "https://site.example.org:443@evil.example/",
        "https://site.example.org%40evil.example/",
        "https://site.example.org%2eevil.example/",
        "https://site.example.org.evil.example/",
        "https://evil.example/site.example.org",
        "https://evil.example?https://site.example.org/",
        "https://evil.example#https://site.example.org/",
        @"https://evil.example\.site.example.org/",
        @"https://evil.example\@site.example.org/",
        @"https://site.example.org\.evil.example/",
        "https://evil.example%00.site.example.org/",
        "https://evil.example%2f.site.example.org/",
        "https://evil.example%23.site.example.org/",
        "https://evil.example%5c.site.example.org/",
        "https://site.example.org\u3002evil.example/",
        "https://site.example.org\uFF0Eevil.example/",
        "https://site.example.org\uFF0Fevil.example/",
        "https://evil.example\uFF0Fsite.example.org/",
        "https://evil.example\uFF03site.example.org/",
        "https://\u0455ite.example.org/",
        "https://s\u00EDte.example.org/",
        "https://site.example.org\u200B.evil.example/",
        "https://site.example.org\u202E.evil.example/",
        "http://site.example.org/",
        "https://site.example.org:8443/",
        "https://port.example.org/",
        "https://port.example.org:8444/",
        "https://user:pw@site.example.org/",
        "https://:@site.example.org/",
        "https://www.good.example.org.evil.example/",
        "https://xwww.good.example.org/",
        "https://good.example.org/",
        "https://sub.www.good.example.org/",
        "https://www.good.example.org./",
        "javascript:alert(1)",
        "javascript://site.example.org/%0aalert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "ftp://site.example.org/",
        "file:///etc/passwd",
        "blob:https://site.example.org/x",
        "wss://site.example.org/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "ht\ntps://evil.example/",
        "https://site.example.org\n.evil.example/",
        "https://site.example.org\t.evil.example/",
        "https://site.example.org .evil.example/",
        "https://site.example.org/\r\nSet-Cookie: a=b",
        "https://site.example.org/\nLocation: https://evil.example",
        "https://",
        "https://?",
        "https://%73ite.example.org@evil.example/",
        "https://evil.example;site.example.org/",
    ];

    [NeedsQuickStoreFact]
    public async Task a_redirect_to_any_other_place_is_ignored_however_it_is_spelled()
    {
        var (workspace, form) = await FormWithRedirects();
        var thanks = $"{server.Address}forms/{form["key"]}/thanks";
        foreach (var next in ForeignRedirects)
        {
            var answer = await workspace.SubmitPage(form, new { email = "ana@silva.example.org", _next = next });
            (answer.Status, answer.Header("Location")).Should().Be((303, thanks), "{0} is no address of this form", next);
            answer.Header("Set-Cookie").Should().MatchRegex("^crm_sent=[^;]*;", "what was sent, for the page of thanks, and nothing else");
            (await workspace.Submit(form, new { email = "ana@silva.example.org", _next = next }))["next"]!
                .ToString()
                .Should()
                .Be(thanks, "{0} is no address of this form", next);
        }
    }

    async Task<(TestWorkspace, JsonNode)> FormWithRedirects()
    {
        var workspace = await server.NewWorkspace();
        return (
            workspace,
            await workspace.Changed(
                await workspace.ContactForm(),
                new
                {
                    allowedOrigins = new[] { "https://site.example.org" },
                    allowedRedirectHosts = new[] { "www.good.example.org", "port.example.org:8443" },
                }
            )
        );
    }

    // ---- What is kept

    [Fact]
    public async Task fields_that_steer_the_post_are_no_data_and_tokens_are_not_kept()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var receipt = await workspace.SubmitPairs(
            form,
            [
                ("email", "ana@silva.example.org"),
                ("_next", "https://evil.example/"),
                ("_key", "k1"),
                ("_page", "https://site.example.org/contact"),
                ("_subject", "Hello"),
                ("form-name", "contact"),
                ("g-recaptcha-response", "secret-a"),
                ("h-captcha-response", "secret-b"),
                ("cf-turnstile-response", "secret-c"),
                ("_t", await server.Token(form.S("key"), TimeSpan.FromMinutes(1))),
                ("budget", "1000"),
                ("favourite colour", "blue"),
            ]
        );

        var entry = await workspace.Entry(receipt);
        entry["unknownFields"].Texts().Should().Equal("budget", "favourite colour");
        entry["fields"]!
            .AsObject()
            .Select(m => m.Key)
            .Should()
            .Equal("email", "_next", "_key", "_page", "_subject", "form-name", "budget", "favourite colour");
        entry.ToJsonString().Should().NotContain("secret-");
        entry.S("idempotencyKey").Should().Be("k1");
        entry.S("page").Should().Be("https://site.example.org/contact");
        (await workspace.LeadOf("ana@silva.example.org"))["custom"]!.AsObject().Should().BeEmpty();
    }

    [Fact]
    public async Task page_referrer_browser_and_languages_are_kept()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var entry = await workspace.Entry(
            await workspace.Submit(
                form,
                new { email = "ana@silva.example.org", _referrer = "https://www.google.com/search" },
                ("Referer", "https://site.example.org/contact?a=1"),
                ("User-Agent", "Mozilla/5.0 <b>test</b>"),
                ("Accept-Language", "pt-BR,pt;q=0.9"),
                ("Origin", "https://site.example.org")
            )
        );

        (entry.S("page"), entry.S("referrer"), entry.S("userAgent"), entry.S("acceptLanguage"), entry.S("origin"))
            .Should()
            .Be(
                (
                    "https://site.example.org/contact?a=1",
                    "https://www.google.com/search",
                    "Mozilla/5.0 <b>test</b>",
                    "pt-BR,pt;q=0.9",
                    "https://site.example.org"
                )
            );
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("not an address")]
    [InlineData("")]
    public async Task a_posted_page_that_is_no_address_gives_way_to_the_referer(string page)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var entry = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    _page = page,
                    _referrer = page,
                },
                ("Referer", "https://site.example.org/contact")
            )
        );
        (entry.S("page"), entry.S("referrer")).Should().Be(("https://site.example.org/contact", ""));
    }

    [Fact]
    public async Task a_long_browser_name_is_cut_and_never_in_the_middle_of_a_character()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Address}f/{form["key"]}")
        {
            Content = new FormUrlEncodedContent([new("email", "ana@silva.example.org")]),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", new string('x', 511) + "\U0001F600 and more");
        request.Headers.TryAddWithoutValidation("Accept-Language", new string('p', 5000));
        using var response = await client.SendAsync(request);
        var entry = await workspace.Entry(await Reply.Of(response));
        entry.S("userAgent").Should().StartWith(new string('x', 511)).And.HaveLength(511);
        entry.S("acceptLanguage").Should().HaveLength(200);
    }

    [Fact]
    public async Task an_address_is_cut_to_its_network_unless_the_form_keeps_it_whole()
    {
        await using var proxied = new ProxiedServer();
        await proxied.Server.InitializeAsync();
        var workspace = await proxied.Server.NewWorkspace();
        var form = await workspace.ContactForm();

        (await Ip("203.0.113.77")).Should().Be("203.0.113.0");
        (await Ip("2001:db8:1:2:3::4")).Should().Be("2001:db8:1::");
        (await Ip("::ffff:203.0.113.77")).Should().Be("203.0.113.0");
        form = await workspace.Changed(form, new { keepFullIp = true });
        (await Ip("203.0.113.77")).Should().Be("203.0.113.77");
        (await Ip("2001:db8:1:2:3::4")).Should().Be("2001:db8:1:2:3::4");
        // Without a trusted proxy the header says nothing.
        var direct = await server.NewWorkspace();
        (
            await direct.Entry(
                await direct.Submit(
                    await direct.ContactForm(),
                    new { email = "ana@silva.example.org" },
                    ("X-Forwarded-For", "203.0.113.77")
                )
            )
        )
            .S("ip")
            .Should()
            .Be("127.0.0.0");

        async Task<string> Ip(string from) =>
            (await workspace.Entry(await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("X-Forwarded-For", from)))).S(
                "ip"
            );
    }

    sealed class ProxiedServer : IAsyncDisposable
    {
        public CrmServer Server { get; } = new(null, "--Crm:TrustedProxies=127.0.0.1");

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }

    // ---- What the lead gets

    [Fact]
    public async Task consent_is_recorded_with_the_text_that_was_shown()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Newsletter",
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                    new
                    {
                        name = "news",
                        label = "News",
                        kind = "consent",
                        purpose = "email-marketing",
                        help = "I agree to get news by e-mail; I can stop at any time.",
                    },
                    new
                    {
                        name = "ads",
                        label = "Ads, please",
                        kind = "consent",
                    },
                    new
                    {
                        name = "calls",
                        label = "Calls",
                        kind = "consent",
                        purpose = "calls",
                    },
                },
            }
        );

        var entry = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    news = "on",
                    ads = "yes",
                    _page = "https://site.example.org/news",
                }
            )
        );

        var consent = (await workspace.LeadOf("ana@silva.example.org"))["consent"]!.AsArray();
        consent.Should().HaveCount(2, "an empty box says nothing");
        (consent[0]!.S("purpose"), consent[0]!.S("text"), consent[0]!.S("granted"), consent[0]!.S("basis"))
            .Should()
            .Be(("email-marketing", "I agree to get news by e-mail; I can stop at any time.", "true", "consent"));
        (consent[0]!.S("submission"), consent[0]!.S("page"), consent[0]!.S("at"))
            .Should()
            .Be((entry.S("id"), "https://site.example.org/news", entry.S("createdAt")));
        (consent[1]!.S("purpose"), consent[1]!.S("text")).Should().Be(("ads", "Ads, please"));
        // Posting again without a tick takes nothing back and adds nothing.
        await workspace.Submit(form, new { email = "ana@silva.example.org", news = "off" });
        (await workspace.LeadOf("ana@silva.example.org"))["consent"]!.AsArray().Should().HaveCount(2);
    }

    [Fact]
    public async Task campaign_click_ids_and_channel_of_the_page_are_on_the_source_and_the_touches()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var first = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    _page = "https://site.example.org/x?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Sale&utm_term=a%26b&gclid=Cj0KC_Q-w&other=1#top",
                    _referrer = "https://www.google.com/",
                }
            )
        );
        var second = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    _page = "https://site.example.org/y",
                    _referrer = "https://www.facebook.com/post",
                }
            )
        );

        var lead = await workspace.LeadOf("ana@silva.example.org");
        var source = lead["source"]!;
        (source.S("channel"), source.S("referrer"), source.S("form")).Should().Be(("paid-search", "www.google.com", form.S("id")));
        source["utm"]!
            .ToJsonString()
            .Should()
            .StartWith("""{"source":"google","medium":"cpc","campaign":"Spring Sale","term":"a\u0026b","content":null""");
        var (firstTouch, lastTouch) = (lead["firstTouch"]!, lead["lastTouch"]!);
        (firstTouch.S("submission"), firstTouch.S("channel"), firstTouch["clickIds"].Texts().Single(), firstTouch.S("kind"))
            .Should()
            .Be((first.S("id"), "paid-search", "gclid=Cj0KC_Q-w", "form"));
        (lastTouch.S("submission"), lastTouch.S("channel"), lastTouch.S("referrer"), lastTouch["clickIds"]!.AsArray().Count)
            .Should()
            .Be((second.S("id"), "organic-social", "www.facebook.com", 0));
    }

    [Theory]
    [InlineData("https://site.example.org/", "", "direct")]
    [InlineData("https://site.example.org/", "https://site.example.org/home", "direct")]
    [InlineData("https://site.example.org/", "https://www.google.co.uk/", "organic-search")]
    [InlineData("https://site.example.org/?gclid=x", "", "paid-search")]
    [InlineData("https://site.example.org/", "https://chatgpt.com/", "ai-assistants")]
    [InlineData("https://site.example.org/", "https://blog.example.net/", "referral")]
    [InlineData("https://site.example.org/?utm_source=newsletter&utm_medium=email", "https://mail.example.net/", "email")]
    [InlineData("https://site.example.org/?utm_source=partner&utm_medium=affiliate", "", "affiliates")]
    [InlineData("https://site.example.org/?utm_source=%F0%9F%98%80&utm_medium=?", "", "unassigned")]
    public async Task the_channel_follows_from_page_and_referrer(string page, string referrer, string channel)
    {
        var workspace = await server.NewWorkspace();
        await workspace.Submit(
            await workspace.ContactForm(),
            new
            {
                email = "ana@silva.example.org",
                _page = page,
                _referrer = referrer,
            }
        );
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead["source"]!.S("channel"), lead["firstTouch"]!.S("channel")).Should().Be((channel, channel));
    }

    [Fact]
    public async Task a_posted_campaign_counts_before_the_pages_and_a_long_one_is_cut_between_characters()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var name = new string('a', 199) + "\U0001F600";
        await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                utm_source = "news",
                utm_campaign = name,
                _page = "https://site.example.org/?utm_source=google&utm_medium=email",
            }
        );
        var utm = (await workspace.LeadOf("ana@silva.example.org"))["source"]!["utm"]!;
        (utm.S("source"), utm.S("medium"), utm.S("campaign")).Should().Be(("news", "email", new string('a', 199)));
    }

    [Fact]
    public async Task a_new_lead_gets_the_owner_and_the_tags_of_the_form()
    {
        var workspace = await server.NewWorkspace();
        var owner = (await workspace.Post("/v1/members", new { name = "Bia Costa", email = "bia@silva.example.org" }))["id"]!.ToString();
        var other = (await workspace.Post("/v1/members", new { name = "Caio Dias", email = "caio@silva.example.org" }))["id"]!.ToString();
        var form = await workspace.Changed(await workspace.ContactForm(), new { owner, tags = new[] { "fair", "2026" } });

        await workspace.Submit(form, new { email = "ana@silva.example.org" });
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("owner"), string.Join(',', lead["tags"].Texts())).Should().Be((owner, "fair,2026"));

        form = await workspace.Changed(form, new { owner = other, tags = new[] { "web", "fair" } });
        await workspace.Submit(form, new { email = "ana@silva.example.org" });
        lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("owner"), string.Join(',', lead["tags"].Texts()))
            .Should()
            .Be((owner, "fair,2026,web"), "who looks after a lead does not change by a post");
    }

    [Fact]
    public async Task a_field_of_the_workspace_takes_a_value_by_its_own_rules()
    {
        var workspace = await server.NewWorkspace();
        foreach (
            var custom in new object[]
            {
                new
                {
                    @for = "lead",
                    name = "budget",
                    kind = "integer",
                    minimum = 100,
                    maximum = 5000,
                },
                new
                {
                    @for = "lead",
                    name = "size",
                    kind = "choice",
                    choices = new[] { "s", "m" },
                },
                new
                {
                    @for = "lead",
                    name = "start",
                    kind = "date",
                },
                new
                {
                    @for = "lead",
                    name = "likes",
                    kind = "choices",
                    choices = new[] { "tea", "coffee", "water" },
                },
                new
                {
                    @for = "lead",
                    name = "vip",
                    kind = "boolean",
                },
                new
                {
                    @for = "lead",
                    name = "share",
                    kind = "number",
                },
                new
                {
                    @for = "lead",
                    name = "code",
                    kind = "text",
                    maxLength = 5,
                },
            }
        )
            (await workspace.Post("/v1/custom-fields", custom)).Status.Should().Be(201);
        var form = await workspace.NewForm(
            new
            {
                name = "Custom",
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                    new
                    {
                        name = "budget",
                        kind = "integer",
                        mapsTo = "custom.budget",
                    },
                    new
                    {
                        name = "size",
                        kind = "text",
                        mapsTo = "custom.size",
                    },
                    new
                    {
                        name = "start",
                        kind = "date",
                        mapsTo = "custom.start",
                    },
                    new
                    {
                        name = "likes",
                        kind = "choices",
                        choices = new[] { "tea", "coffee", "milk" },
                        mapsTo = "custom.likes",
                    },
                    new
                    {
                        name = "vip",
                        kind = "boolean",
                        mapsTo = "custom.vip",
                    },
                    new
                    {
                        name = "share",
                        kind = "number",
                        mapsTo = "custom.share",
                    },
                    new
                    {
                        name = "code",
                        kind = "text",
                        mapsTo = "custom.code",
                    },
                },
            }
        );

        (
            await workspace.SubmitPairs(
                form,
                [
                    ("email", "ana@silva.example.org"),
                    ("budget", "1000"),
                    ("size", "m"),
                    ("start", "2026-11-22"),
                    ("likes", "tea"),
                    ("likes", "coffee"),
                    ("vip", "on"),
                    ("share", "0.50"),
                    ("code", "ABC"),
                ]
            )
        )
            .Status.Should()
            .Be(201);
        (await workspace.LeadOf("ana@silva.example.org"))["custom"]!
            .ToJsonString()
            .Should()
            .Be("""{"budget":1000,"code":"ABC","likes":["tea","coffee"],"share":0.50,"size":"m","start":"2026-11-22","vip":true}""");
        (await workspace.Get("/v1/leads?custom.budget[gte]=1000&custom.size=m")).Data.Should().ContainSingle();

        var refused = await workspace.SubmitPairs(
            form,
            [
                ("email", "ana@silva.example.org"),
                ("budget", "5001"),
                ("size", "xl"),
                ("start", "22.11.2026"),
                ("likes", "milk"),
                ("vip", "perhaps"),
                ("share", "half"),
                ("code", "ABCDEF"),
            ]
        );
        var entry = await workspace.Entry(refused);
        entry.S("verdict").Should().Be("merged");
        entry["notes"]!
            .AsArray()
            .Select(n => $"{n!["field"]}:{n["code"]}")
            .Should()
            .Equal(
                "budget:value_unreadable",
                "size:value_unreadable",
                "likes:value_unreadable",
                "vip:value_unreadable",
                "share:value_unreadable",
                "code:value_cut"
            );
    }

    [Fact]
    public async Task a_field_that_the_workspace_needs_is_needed_on_every_form_that_has_it()
    {
        var workspace = await server.NewWorkspace();
        (
            await workspace.Post(
                "/v1/custom-fields",
                new
                {
                    @for = "lead",
                    name = "budget",
                    kind = "integer",
                    required = true,
                }
            )
        ).Status.Should().Be(201);
        var form = await workspace.NewForm(
            new
            {
                name = "Custom",
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                    new
                    {
                        name = "money",
                        kind = "integer",
                        mapsTo = "custom.budget",
                    },
                },
            }
        );

        (await workspace.Submit(form, new { email = "ana@silva.example.org" })).Errors.Should().Equal("money:required");
        (await workspace.Submit(form, new { email = "ana@silva.example.org", money = 5 })).Status.Should().Be(201);
        (await workspace.With("").Get($"/forms/{form["key"]}")).Text.Should().Contain("name=\"money\" required");
    }

    [Theory]
    [InlineData("Ana Silva", "Ana", "Silva")]
    [InlineData("  Ana   Maria da Silva ", "Ana Maria", "da Silva")]
    [InlineData("Silva, Ana", "Ana", "Silva")]
    [InlineData("Cher", "Cher", "")]
    [InlineData("王小明", "王小明", "")]
    [InlineData("José Ortega y Gasset", "José", "Ortega y Gasset")]
    public async Task a_full_name_is_split(string name, string first, string last)
    {
        var workspace = await server.NewWorkspace();
        await workspace.Submit(await workspace.ContactForm(), new { name, email = "ana@silva.example.org" });
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("firstName"), lead.S("lastName")).Should().Be((first, last));
    }

    [Fact]
    public async Task a_name_whose_parts_are_too_long_for_a_lead_is_cut_and_said_so()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var entry = await workspace.Entry(
            await workspace.Submit(form, new { name = $"{new string('a', 82)} Silva", email = "long@silva.example.org" })
        );
        entry["notes"]!.AsArray().Select(n => $"{n!["field"]}:{n["code"]}").Should().Equal("name:value_cut");
        (await workspace.LeadOf("long@silva.example.org")).S("firstName").Should().Be(new string('a', 80));
        (await workspace.Submit(form, new { name = $"{new string('a', 79)} {new string('b', 80)}", email = "ana@silva.example.org" }))
            .Status.Should()
            .Be(201);
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (
            await workspace.Patch(
                $"/v1/leads/{lead["id"]}",
                new
                {
                    firstName = lead.S("firstName"),
                    lastName = lead.S("lastName"),
                    company = "x",
                }
            )
        ).Status.Should().Be(200);
    }

    [Fact]
    public async Task values_reach_nested_fields_and_lists_of_the_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Address",
                fields = new object[]
                {
                    new
                    {
                        name = "mail",
                        kind = "text",
                        mapsTo = "email",
                    },
                    new
                    {
                        name = "city",
                        kind = "text",
                        mapsTo = "address.city",
                    },
                    new
                    {
                        name = "land",
                        kind = "text",
                        mapsTo = "address.country",
                    },
                    new
                    {
                        name = "topics",
                        kind = "text",
                        mapsTo = "tags",
                    },
                    new
                    {
                        name = "lang",
                        kind = "hidden",
                        mapsTo = "language",
                    },
                    new
                    {
                        name = "note",
                        kind = "longText",
                        mapsTo = "message",
                    },
                },
            }
        );
        await workspace.Submit(
            form,
            new
            {
                mail = "ana@silva.example.org",
                city = "São Paulo",
                land = "br",
                topics = "solar;wind",
                lang = "pt-BR",
                note = "line one\r\nline two",
            }
        );
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (
            lead["address"]!.S("city"),
            lead["address"]!.S("country"),
            string.Join(',', lead["tags"].Texts()),
            lead.S("language"),
            lead.S("message")
        )
            .Should()
            .Be(("São Paulo", "BR", "solar,wind", "pt-BR", "line one\nline two"));
        var entry = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    mail = "no address",
                    land = "Brazil",
                    lang = "??",
                }
            )
        );
        entry["notes"]!
            .AsArray()
            .Select(n => $"{n!["field"]}:{n["code"]}")
            .Should()
            .Equal("mail:value_unreadable", "lang:value_unreadable");
    }

    [Fact]
    public async Task a_post_that_names_nobody_is_kept_without_a_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Poll",
                fields = new object[]
                {
                    new
                    {
                        name = "answer",
                        kind = "choice",
                        choices = new[] { "yes", "no" },
                    },
                },
            }
        );
        var entry = await workspace.Entry(await workspace.Submit(form, new { answer = "yes" }));
        (entry.S("verdict"), entry.S("lead"), entry.S("madeLead")).Should().Be(("accepted", "", "false"));
        (await workspace.Get("/v1/leads")).Data.Should().BeEmpty();
    }

    // ---- Who may post

    [Theory]
    [InlineData("draft", 404)]
    [InlineData("closed", 410)]
    public async Task a_form_that_is_not_open_keeps_the_post_for_later(string status, int page)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { status });

        var refused = await workspace.Submit(form, new { email = "ana@silva.example.org", name = "Ana Silva" });
        (refused.Status, refused.Code).Should().Be((403, "form_closed"));
        (await workspace.With("").Get($"/forms/{form["key"]}")).Status.Should().Be(page);
        var closed = await workspace.SubmitPage(form, new { email = "ana@silva.example.org" });
        closed.Status.Should().Be(410);
        closed.Text.Should().Contain("This form is closed.").And.Contain("ana@silva.example.org").And.NotContain("<form");
        var entry = (await workspace.All("/v1/submissions?sort=createdAt"))[0];
        (entry.S("verdict"), entry.S("reason"), entry["fields"]!.S("name")).Should().Be(("rejected", "form_closed", "Ana Silva"));
        (await workspace.Get("/v1/leads")).Data.Should().BeEmpty();

        await workspace.Changed(form, new { status = "published" });
        (await workspace.Post($"/v1/submissions/{entry["id"]}/reprocess"))["verdict"]!.ToString().Should().Be("accepted");
        (await workspace.LeadOf("ana@silva.example.org")).S("firstName").Should().Be("Ana");
    }

    [Theory]
    [InlineData("00000000000000000000")]
    [InlineData("nosuch")]
    [InlineData("%27%20or%201=1--")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task an_unknown_form_is_404(string key)
    {
        var workspace = await server.NewWorkspace();
        var answer = await workspace
            .With("")
            .Send(
                HttpMethod.Post,
                $"/f/{key}",
                """{"email":"ana@silva.example.org"}""",
                ("Accept", "application/json"),
                ("Origin", "https://site.example.org")
            );
        (answer.Status, answer.Code).Should().Be((404, "form_not_found"));
        answer.Header("Access-Control-Allow-Origin").Should().Be("https://site.example.org");
        (await workspace.With("").Get($"/forms/{key}")).Status.Should().Be(404);
    }

    [Fact]
    public async Task a_preflight_lets_the_browser_ask_with_the_headers_that_real_clients_send()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { allowedOrigins = new[] { "https://site.example.org" } });
        string[] wanted = ["content-type", "formspree-client", "formspree-session-data", "idempotency-key", "x-requested-with", "accept"];
        foreach (var origin in new[] { "https://site.example.org", "https://other.example.net", "null" })
        foreach (var asked in new[] { string.Join(',', wanted), "" })
        {
            var answer = await workspace
                .With("")
                .Send(
                    HttpMethod.Options,
                    $"/f/{form["key"]}",
                    null,
                    ("Origin", origin),
                    ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", asked)
                );
            answer.Status.Should().Be(204);
            answer.Header("Access-Control-Allow-Origin").Should().Be(origin);
            answer.Header("Access-Control-Allow-Methods").Should().Contain("POST");
            answer.Header("Access-Control-Allow-Headers").Should().ContainAll(wanted);
            answer.Header("Vary").Should().Contain("Origin");
        }
    }

    [Fact]
    public async Task only_pages_of_an_allowed_origin_may_post_and_read_the_answer()
    {
        var workspace = await server.NewWorkspace();
        var site = (await workspace.Post("/v1/sites", new { name = "Shop", allowedOrigins = new[] { "https://shop.example.org" } }))[
            "id"
        ]!.ToString();
        var form = await workspace.Changed(
            await workspace.ContactForm(),
            new { site, allowedOrigins = new[] { "https://site.example.org" } }
        );

        foreach (var origin in new[] { "https://site.example.org", "https://SITE.example.org", "https://shop.example.org" })
        {
            var answer = await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Origin", origin));
            (answer.Status, answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials"))
                .Should()
                .Be((201, origin, "true"), "libraries send with credentials, and a page that cannot read the answer sends again");
            answer.Header("Access-Control-Expose-Headers").Should().Contain("Retry-After");
            var wrong = await workspace.Submit(form, new { email = "wrong" }, ("Origin", origin));
            (wrong.Status, wrong.Header("Access-Control-Allow-Origin")).Should().Be((422, origin), "a script has to read what was wrong");
        }
        foreach (
            var origin in new[]
            {
                "https://other.example.net",
                "http://site.example.org",
                "https://site.example.org:8443",
                "https://site.example.org.evil.example",
                "https://sub.site.example.org",
                "https://site.example.org/",
            }
        )
        {
            var answer = await workspace.Submit(form, new { email = "bad@silva.example.org" }, ("Origin", origin));
            (answer.Status, answer.Code, answer.Header("Access-Control-Allow-Origin"))
                .Should()
                .Be((403, "origin_not_allowed", null), origin);
            var entry = await workspace.LastEntry();
            (entry.S("verdict"), entry.S("reason"), entry.S("origin")).Should().Be(("rejected", "origin_not_allowed", origin));
        }
        (await workspace.Submit(form, new { email = "bad@silva.example.org" }, ("Referer", "https://other.example.net/page")))
            .Code.Should()
            .Be("origin_not_allowed", "an old browser's Referer tells");
        (await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Referer", "https://site.example.org/page")))
            .Status.Should()
            .Be(201);
        (await workspace.Submit(form, new { email = "ana@silva.example.org" })).Status.Should().Be(201, "a server has no page to check");
        (
            await workspace.Submit(
                form,
                new { email = "ana@silva.example.org" },
                ("Origin", server.Address.GetLeftPart(UriPartial.Authority))
            )
        )
            .Status.Should()
            .Be(201, "our hosted page is always allowed");
        (await workspace.Get("/v1/leads?email=bad@silva.example.org")).Data.Should().BeEmpty();
    }

    // ---- What is wrong

    static object Strict =>
        new
        {
            name = "Strict",
            fields = new object[]
            {
                new
                {
                    name = "name",
                    label = "Your name",
                    kind = "text",
                    required = true,
                    maxLength = 20,
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
                    kind = "phone",
                    mapsTo = "phone",
                },
                new { name = "web", kind = "url" },
                new
                {
                    name = "age",
                    kind = "integer",
                    minimum = 18,
                    maximum = 120,
                },
                new
                {
                    name = "share",
                    kind = "number",
                    minimum = 0,
                    maximum = 1,
                },
                new
                {
                    name = "size",
                    kind = "choice",
                    choices = new[] { "s", "m" },
                },
                new
                {
                    name = "likes",
                    kind = "choices",
                    choices = new[] { "tea", "coffee" },
                },
                new { name = "day", kind = "date" },
                new
                {
                    name = "terms",
                    label = "Terms",
                    kind = "consent",
                    required = true,
                    help = "I accept the terms.",
                },
                new
                {
                    name = "note",
                    kind = "longText",
                    maxLength = 30,
                },
                new { name = "ok", kind = "boolean" },
                new { name = "from", kind = "hidden" },
            },
        };

    [Fact]
    public async Task every_field_that_is_wrong_is_named_and_the_entry_is_kept_with_its_errors()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(Strict);

        var answer = await workspace.SubmitPairs(
            form,
            [
                ("name", new string('a', 21)),
                ("email", "no address"),
                ("phone", "123"),
                ("web", "javascript:alert(1)"),
                ("age", "17"),
                ("share", "1.5"),
                ("size", "xl"),
                ("likes", "tea"),
                ("likes", "milk"),
                ("day", "tomorrow"),
                ("terms", "off"),
                ("note", new string('b', 31)),
                ("ok", "perhaps"),
                ("from", "a"),
                ("from", "b"),
            ]
        );

        string[] expected = ["name:too_long", "email:invalid_email", "terms:required"];
        (answer.Status, answer.Code).Should().Be((422, "validation_failed"));
        answer.ContentHeaders.ContentType!.MediaType.Should().Be("application/problem+json");
        answer.Errors.Should().Equal(expected);
        answer["errors"]!.AsArray().Should().OnlyContain(e => e!["message"]!.GetValue<string>().EndsWith('.'));
        var entry = await workspace.LastEntry();
        (entry.S("verdict"), entry.S("reason"), entry.S("lead")).Should().Be(("rejected", "validation_failed", ""));
        entry["errors"]!.AsArray().Select(e => $"{e!["field"]}:{e["code"]}").Should().Equal(expected);
        entry["fields"]!["likes"]!.ToJsonString().Should().Be("""["tea","milk"]""");
        entry["notes"]!
            .AsArray()
            .Select(n => $"{n!["field"]}:{n["code"]}")
            .Should()
            .Equal(
                "phone:value_unreadable",
                "web:value_unreadable",
                "age:value_unreadable",
                "share:value_unreadable",
                "size:value_unreadable",
                "likes:value_unreadable",
                "day:value_unreadable",
                "note:value_cut",
                "ok:value_unreadable"
            );
        (await workspace.Get("/v1/leads")).Data.Should().BeEmpty();
        (await workspace.SubmitPairs(form, [])).Errors.Should().Equal("name:required", "email:required", "terms:required");
        (await workspace.SubmitPairs(form, [("name", " "), ("email", "\t"), ("terms", "")]))
            .Errors.Should()
            .Equal("name:required", "email:required", "terms:required");
        (
            await workspace.SubmitPairs(
                form,
                [
                    ("name", "Ana"),
                    ("email", "ana@silva.example.org"),
                    ("terms", "1"),
                    ("age", "18"),
                    ("share", "1"),
                    ("size", "s"),
                    ("likes", "tea"),
                    ("likes", "coffee"),
                    ("day", "2026-01-31"),
                    ("ok", "no"),
                ]
            )
        )
            .Status.Should()
            .Be(201);
    }

    [Fact]
    public async Task a_browser_without_script_gets_the_form_back_with_the_fields_named_and_what_was_typed()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(Strict);

        var page = await workspace.SubmitPage(
            form,
            new
            {
                name = "Ana \"<Silva>\"",
                email = "ana@",
                size = "m",
                likes = new[] { "coffee" },
                note = "two\nlines & more",
                from = "spring",
                terms = "true",
                _next = "https://x.example/?a=1&b=2",
            }
        );

        page.Status.Should().Be(422);
        page.ContentHeaders.ContentType!.MediaType.Should().Be("text/html");
        page.Text.Should()
            .Contain("role=\"alert\"")
            .And.Contain("There is a problem")
            .And.Contain("href=\"#f1\">")
            .And.Contain("aria-invalid=\"true\"")
            .And.Contain("id=\"f1-error\"")
            .And.Contain("value=\"Ana &quot;&lt;Silva&gt;&quot;\"")
            .And.Contain("value=\"ana@\"")
            .And.Contain("<option value=\"m\" selected>m</option>")
            .And.Contain("value=\"coffee\" checked")
            .And.Contain("two&#xA;lines &amp; more</textarea>")
            .And.Contain("name=\"from\" value=\"spring\"")
            .And.Contain("value=\"https://x.example/?a=1&amp;b=2\"")
            .And.NotContain("<Silva>");
        page.Text.Should().NotContain("href=\"#f0\"", "the name is fine");
        page.Header("Content-Security-Policy")
            .Should()
            .Contain("default-src 'none'")
            .And.Contain("base-uri 'none'")
            .And.NotContain("unsafe");
        // What the page sends back is a post like any other.
        (
            await workspace.SubmitPage(
                form,
                new
                {
                    name = "Ana",
                    email = "ana@silva.example.org",
                    terms = "true",
                }
            )
        ).Status.Should().Be(303);
    }

    [Fact]
    public async Task somebody_who_mends_a_field_quickly_is_no_robot()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(Strict);
        var token = await server.Token(form.S("key"), TimeSpan.FromMinutes(1));
        var page = await workspace.SubmitPage(
            form,
            new
            {
                name = "Ana",
                email = "ana@",
                terms = "true",
                _t = token,
            }
        );
        page.Text.Should().Contain($"name=\"_t\" value=\"{token}\"", "the time counts from the first page");
        (
            await workspace.SubmitPage(
                form,
                new
                {
                    name = "Ana",
                    email = "ana@silva.example.org",
                    terms = "true",
                    _t = token,
                }
            )
        ).Status.Should().Be(303);
        (await workspace.LastEntry()).S("verdict").Should().Be("accepted");
    }

    [Fact]
    public async Task a_choice_with_the_separator_of_lists_in_it_is_refused_when_the_form_is_made()
    {
        var workspace = await server.NewWorkspace();
        (
            await workspace.Post(
                "/v1/forms",
                new
                {
                    name = "x",
                    fields = new object[]
                    {
                        new
                        {
                            name = "a",
                            kind = "choices",
                            choices = new[] { "tea; hot", "water" },
                        },
                    },
                }
            )
        ).Errors.Should().Equal("fields.0.choices:invalid_choice");
        (
            await workspace.Post(
                "/v1/forms",
                new
                {
                    name = "x",
                    fields = new object[]
                    {
                        new
                        {
                            name = "a",
                            kind = "choice",
                            choices = new[] { "tea; hot", "water" },
                        },
                    },
                }
            )
        ).Status.Should().Be(201);
    }
}
