// What reports to Matomo only changes its host: its Node client as it is, its script's beacons, images and lists, and who may say what.

using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Touches;

[Collection(nameof(CrmServer))]
public sealed class MatomoTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Page = "https://www.silva.example.org/",
        Visitor = "0123456789abcdef";

    static async Task<JsonNode> NewSite(TestWorkspace workspace, object? site = null)
    {
        var made = await workspace.Post("/v1/sites", site ?? new { name = "Shop", currency = "EUR" });
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    static string Encoded(params (string Name, string Value)[] values) =>
        string.Join('&', values.Select(v => $"{v.Name}={Uri.EscapeDataString(v.Value)}"));

    /// <summary>As matomo.js sends it.</summary>
    async Task<Reply> Send(
        HttpMethod method,
        string query,
        string? body = null,
        string type = "application/x-www-form-urlencoded; charset=UTF-8",
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, "/matomo.php" + (query.Length > 0 ? "?" + query : ""));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        foreach (var (name, value) in headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }

    [NeedsNodeFact]
    public async Task matomos_node_client_tells_of_a_click_pages_and_an_order_and_all_are_in_the_reports()
    {
        var workspace = await server.NewWorkspace();
        var (site, form) = (await NewSite(workspace), await workspace.ContactForm());
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        var link = await workspace.Post("/v1/links", new { destination = Page, affiliate = affiliate["id"] });
        string landing;
        using (var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}"))
        {
            follow.Headers.TryAddWithoutValidation("User-Agent", Browser);
            using var went = await server.Http.SendAsync(follow);
            landing = went.Headers.Location!.AbsoluteUri;
        }
        // The page hands Matomo's id of the browser to our form; then the browser's pages and orders are the lead's.
        var result = JsonNode.Parse(
            await Npm.Run("matomo.mjs", "", server.Address.ToString(), site["matomoId"]!.ToString(), workspace.Key, landing)
        )!;
        result["bulk"]!.ToJsonString().Should().Be("""{"status":"success","tracked":5,"invalid":1}""");
        result["codes"]!.ToJsonString().Should().Be("[400]");

        (await workspace.Submit(form, new { email = "ana@silva.example.org", _visitor = "0b2c4d6e8f104a2b" })).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        (lead["source"]!["affiliate"]!.ToString(), lead["firstTouch"]!["page"]!.ToString())
            .Should()
            .Be((affiliate["id"]!.ToString(), landing));
        (
            await Send(
                HttpMethod.Get,
                Encoded(
                    ("idsite", site["matomoId"]!.ToString()),
                    ("rec", "1"),
                    ("url", Page),
                    ("_id", "0b2c4d6e8f104a2b"),
                    ("idgoal", "0"),
                    ("ec_id", "M-2"),
                    ("revenue", "10")
                )
            )
        )
            .Status.Should()
            .Be(200);

        var visitor = (await workspace.All("/v1/visitors")).Should().ContainSingle().Which;
        (visitor["lead"]!.ToString(), visitor["alias"]).Should().Be((lead["id"]!.ToString(), null));
        var touches = await workspace.All($"/v1/touches?visitor={visitor["id"]}&sort=createdAt");
        touches
            .Select(t => $"{t["kind"]} {t["note"]} {t["human"]}")
            .Should()
            .Equal(
                "pageView Landing true",
                "pageView Prices true",
                "download  true",
                "event Video / Play / Roof / 3.5 true",
                "conversion  true",
                "conversion  true",
                "conversion  true",
                "conversion  true"
            );
        (touches[0]["affiliate"]!.ToString(), touches[2]["target"]!.ToString(), touches[1]["ip"]!.ToString())
            .Should()
            .Be((affiliate["id"]!.ToString(), Page + "plan.pdf", "203.0.113.0"));
        (TimeProvider.System.GetUtcNow() - touches[1]["at"]!.GetValue<DateTimeOffset>())
            .TotalDays.Should()
            .BeInRange(2.99, 3.01, "a program that brought a key is believed when it was");
        (await workspace.All("/v1/conversions?sort=createdAt"))
            .Select(c => $"{c["type"]} {c["orderId"]} {c["value"]!["amount"]} {c["value"]!["currency"]}")
            .Should()
            .Equal("sale M-1 4990 EUR", "goal-7  500 EUR", "sale M-2 1000 EUR");
        var line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (
            line["clicks"]!.GetValue<int>(),
            line["leads"]!.GetValue<int>(),
            line["customers"]!.GetValue<int>(),
            line["conversions"]!.GetValue<int>(),
            line["revenue"]![0]!["amount"]!.GetValue<long>(),
            line["commission"]![0]!["amount"]!.GetValue<long>()
        )
            .Should()
            .Be((1, 1, 1, 3, 6490, 599));
    }

    /// <summary>Up to 2,000 characters the body is empty and the address says all; above, the body does; images say what the page is by
    /// their Referer.</summary>
    [Fact]
    public async Task beacons_with_and_without_a_body_images_and_lists_are_taken_as_matomo_takes_them()
    {
        var workspace = await server.NewWorkspace();
        var site = (await NewSite(workspace))["matomoId"]!.ToString();
        string Hit(string title, string more = "") =>
            Encoded(
                ("idsite", site),
                ("rec", "1"),
                ("apiv", "1"),
                ("action_name", title),
                ("url", Page),
                ("_id", Visitor),
                ("pv_id", "abc123"),
                ("rand", "1")
            ) + more;
        const string Form = "application/x-www-form-urlencoded; charset=UTF-8";

        var empty = await Send(HttpMethod.Post, Hit("empty", "&send_image=0"), "", Form, ("Origin", "https://www.silva.example.org"));
        (empty.Status, empty.Text, empty.Header("Access-Control-Allow-Origin"), empty.Header("Access-Control-Allow-Credentials"))
            .Should()
            .Be((204, "", "https://www.silva.example.org", "true"));
        (await Send(HttpMethod.Post, "", Hit("full", "&send_image=0&dimension1=" + new string('x', 3000)))).Status.Should().Be(204);
        (await Send(HttpMethod.Post, "send_image=0", Hit("both"), "text/plain")).Status.Should().Be(204);
        var image = await Send(HttpMethod.Get, Hit("image"));
        (
            image.Status,
            image.Header("Content-Type"),
            image.Header("Content-Length"),
            image.Header("Cache-Control"),
            image.Header("Set-Cookie")
        )
            .Should()
            .Be((200, "image/gif", "43", "no-store", null));
        (await Send(HttpMethod.Get, Encoded(("idsite", site), ("rec", "1")), headers: ("Referer", Page + "by-image")))
            .Status.Should()
            .Be(200);
        (
            await Send(
                HttpMethod.Post,
                "",
                $$"""{"requests":["?{{Hit("list")}}",{"idsite":{{site}},"rec":1,"url":"{{Page}}","action_name":"object"}],"send_image":0}""",
                Form
            )
        )
            .Status.Should()
            .Be(204);
        var list = await Send(
            HttpMethod.Post,
            "",
            $$"""{"requests":["?{{Hit("one")}}","?idsite=1&rec=1","?{{Hit("two")}}",7],"token_auth":"{{workspace.Key}}"}""",
            Form
        );
        (list.Status, list.Text).Should().Be((200, """{"status":"success","tracked":2,"invalid":2,"invalid_indices":[1,3]}"""));
        var ask = await Send(HttpMethod.Options, "", headers: ("Origin", "https://www.silva.example.org"));
        (ask.Status, ask.Header("Access-Control-Allow-Headers")).Should().Be((204, "content-type"));

        // What is nothing yet, and what does not ask to be recorded.
        (await Send(HttpMethod.Get, ""))
            .Should()
            .Match<Reply>(r => r.Status == 200 && r.Header("Content-Type") == "text/plain; charset=utf-8");
        (await Send(HttpMethod.Get, Hit("ping", "&ping=1"))).Status.Should().Be(200);
        (await Send(HttpMethod.Get, Hit("quiet").Replace("rec=1", "rec=0"))).Status.Should().Be(200);
        foreach (var (name, value) in new[] { ("X-Purpose", "preview"), ("X-Moz", "prefetch"), ("Sec-Purpose", "prefetch") })
            (await Send(HttpMethod.Get, Hit("ahead"), headers: (name, value))).Header("Content-Type").Should().Be("image/gif");
        (await Send(HttpMethod.Head, Hit("head"))).Status.Should().Be(200);

        var touches = await workspace.All("/v1/touches?sort=createdAt");
        touches.Select(t => t["note"]?.ToString()).Should().Equal("empty", "full", "both", "image", null, "list", "object", "one", "two");
        touches[4]["page"]!.ToString().Should().Be(Page + "by-image");
        (await workspace.All("/v1/visitors")).Should().HaveCount(3, "the browser, the page without script, and the object without an id");
    }

    [Fact]
    public async Task a_stranger_neither_takes_a_visitor_over_nor_says_what_only_a_key_may_say()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var site = (await NewSite(workspace))["matomoId"]!.ToString();
        var theirs = (await NewSite(other))["matomoId"]!.ToString();
        string Hit(params (string, string)[] more) => Encoded([("idsite", site), ("rec", "1"), ("url", Page), .. more]);
        var old = TimeProvider
            .System.GetUtcNow()
            .AddDays(-2)
            .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        var reader = (await workspace.Post("/v1/api-keys", new { name = "Reader", scopes = new[] { "touches:read" } }))["key"]!.ToString();
        foreach (var token in new[] { "", "x", reader, other.Key, "crm_sk_" + new string('0', 50) })
        {
            foreach (var more in new[] { ("cip", "203.0.113.9"), ("cdt", old), ("cdo", "200000") })
            {
                var refused = await Send(HttpMethod.Get, Hit(more, ("token_auth", token)));
                (refused.Status, refused["status"]!.ToString()).Should().Be((400, "error"), $"{more} {token}");
            }
        }
        foreach (
            var wrong in new[]
            {
                ("cip", "nowhere"),
                ("cdt", "yesterday"),
                ("cdt", "1999-01-01"),
                ("cdo", "1e9"),
                ("cid", "0123"),
                ("cid", new string('g', 16)),
            }
        )
            (await Send(HttpMethod.Get, Hit(wrong, ("token_auth", workspace.Key)))).Status.Should().Be(400, wrong.ToString());
        (await workspace.All("/v1/touches")).Should().BeEmpty();

        // The browser's own id is his; a name is only believed with a key.
        await Send(HttpMethod.Get, Hit(("_id", Visitor), ("uid", "ana")));
        await Send(HttpMethod.Get, Hit(("cid", Visitor.ToUpperInvariant())));
        await Send(HttpMethod.Get, Hit(("uid", "ana"), ("token_auth", workspace.Key)));
        await Send(HttpMethod.Get, Hit(("uid", "ana")));
        await Send(HttpMethod.Get, Hit(("uid", "ana"), ("token_auth", other.Key)));
        await Send(HttpMethod.Get, Hit(("uid", "ana"), ("_id", "fedcba9876543210"), ("token_auth", workspace.Key)));
        var touches = await workspace.All("/v1/touches?sort=createdAt");
        var by = touches.Select(t => t["visitor"]!.ToString()).ToList();
        (by[0] == by[1], by[2] == by[5], by.Distinct().Count()).Should().Be((true, true, 4));
        // The same id in another workspace is another visitor, and no id of ours passes for one of Matomo's.
        await Send(HttpMethod.Get, Encoded(("idsite", theirs), ("rec", "1"), ("_id", Visitor)));
        (await other.All("/v1/visitors")).Should().ContainSingle();
        foreach (var told in new[] { by[2], by[0], "ana", Visitor[..15], Visitor + "0", new string('x', 5000) })
            (
                await workspace.Submit(
                    await workspace.ContactForm(),
                    new { email = $"p{Guid.NewGuid():N}@silva.example.org", _visitor = told }
                )
            )
                .Status.Should()
                .Be(201);
        (await workspace.All("/v1/visitors")).Should().OnlyContain(v => v["lead"] == null);
        (await other.Submit(await other.ContactForm(), new { email = "b@silva.example.org", _visitor = Visitor })).Status.Should().Be(201);
        (await other.All("/v1/visitors")).Single()["lead"].Should().NotBeNull();
        (await workspace.All("/v1/visitors")).Should().OnlyContain(v => v["lead"] == null);
    }

    [Fact]
    public async Task robots_are_kept_apart_and_who_asks_not_to_be_tracked_or_has_not_agreed_is_nobody()
    {
        var workspace = await server.NewWorkspace();
        var site = (await NewSite(workspace))["matomoId"]!.ToString();
        var careful = (await NewSite(workspace, new { name = "Careful", trackingNeedsConsent = true }))["matomoId"]!.ToString();
        string Order(string to, params (string, string)[] more) =>
            Encoded([
                ("idsite", to),
                ("rec", "1"),
                ("url", Page + "?gclid=G-1"),
                ("_id", Visitor),
                ("idgoal", "0"),
                ("ec_id", Guid.NewGuid().ToString()),
                ("revenue", "1"),
                .. more,
            ]);
        await Send(HttpMethod.Get, Order(site), headers: ("User-Agent", "Googlebot/2.1"));
        await Send(HttpMethod.Get, Order(site, ("ua", "curl/8")));
        await Send(HttpMethod.Get, Order(site), headers: ("User-Agent", ""));
        await Send(HttpMethod.Get, Order(site, ("token_auth", workspace.Key)), headers: ("User-Agent", "node"));
        foreach (var signal in new[] { "Sec-GPC", "DNT" })
            await Send(HttpMethod.Get, Order(site), headers: (signal, "1"));
        await Send(HttpMethod.Get, Order(careful));
        await Send(HttpMethod.Get, Order(careful, ("consent", "1")));
        var touches = await workspace.All("/v1/touches?sort=createdAt");
        touches
            .Select(t => $"{t["signals"]} {t["visitor"] is not null} {t["clickIds"]!.AsArray().Count}")
            .Select(t => t.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal))
            .Should()
            .Equal(
                """["robot"]True1""",
                """["robot"]True1""",
                """["no_user_agent"]True1""",
                "[]True1",
                "[]False0",
                "[]False0",
                "[]False1",
                "[]True1"
            );
        (await workspace.All("/v1/conversions")).Should().HaveCount(5, "the robots' three orders are none");
    }

    [Fact]
    public async Task forty_first_requests_of_one_browser_at_once_are_one_visitor_and_its_order_one_conversion()
    {
        var workspace = await server.NewWorkspace();
        var site = (await NewSite(workspace))["matomoId"]!.ToString();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    Send(
                        HttpMethod.Post,
                        Encoded([
                            ("idsite", site),
                            ("rec", "1"),
                            ("url", Page),
                            ("_id", Visitor),
                            .. i % 2 == 0 ? [("idgoal", "0"), ("ec_id", "A-1"), ("revenue", "12.345")] : Array.Empty<(string, string)>(),
                        ]),
                        ""
                    )
                )
        );
        answers.Should().OnlyContain(a => a.Status == 200);
        (await workspace.All("/v1/visitors")).Should().ContainSingle();
        (await workspace.All("/v1/touches")).Should().HaveCount(40);
        (await workspace.All("/v1/conversions")).Should().ContainSingle().Which["value"]!["amount"]!.GetValue<long>().Should().Be(1235);
    }

    [Fact]
    public async Task a_sites_number_can_be_chosen_once_in_the_installation()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var made = await NewSite(workspace);
        made["matomoId"]!.ToString().Should().MatchRegex("^[1-9][0-9]{8}$");
        var chosen = Random.Shared.Next(1, 100_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        (await workspace.Patch($"/v1/sites/{made["id"]}", new { matomoId = chosen }))["matomoId"]!.ToString().Should().Be(chosen);
        (await Send(HttpMethod.Get, Encoded(("idsite", made["matomoId"]!.ToString()), ("rec", "1"))))
            .Status.Should()
            .Be(400, "it was given up");
        (await Send(HttpMethod.Get, Encoded(("idsite", chosen), ("rec", "1")))).Status.Should().Be(200);
        (await other.Post("/v1/sites", new { name = "Late", matomoId = chosen })).Errors.Should().Equal("matomoId:taken");
        foreach (var wrong in new[] { "0", "01", "-1", "1.5", "2147483648", "99999999999", "١", "x" })
            (await other.Post("/v1/sites", new { name = "Wrong", matomoId = wrong })).Status.Should().Be(422, wrong);
    }

    [Fact]
    public async Task nothing_a_stranger_sends_is_a_500()
    {
        var workspace = await server.NewWorkspace();
        var site = (await NewSite(workspace))["matomoId"]!.ToString();
        string[] bodies =
        [
            "\0",
            "{",
            "{}",
            "[]",
            """{"requests":[]}""",
            """{"requests":7}""",
            """{"requests":["?"],"requests":[]}""",
            $$"""{"requests":[{{string.Join(',', Enumerable.Repeat("\"\"", 201))}}]}""",
            "{\"requests\":[\"\\ud800\"]}",
            "{" + new string('[', 5000),
            "idsite=%ff%fe",
            "idsite=1&idsite=2",
            new('x', 300_000),
            "&&&===",
            "idsite",
            "idsite=" + new string('9', 5000),
        ];
        foreach (var body in bodies)
            (await Send(HttpMethod.Post, "", body)).Status.Should().BeOneOf([400, 413], body.Length > 100 ? body[..100] : body);
        (await Send(HttpMethod.Post, "idsite=" + site, "", headers: ("Origin", "https://a b.example"))).Status.Should().Be(200);
        foreach (
            var (revenue, amount) in new[]
            {
                ("NaN", null),
                ("-1", null),
                ("1e3", null),
                ("Infinity", null),
                ("99999999999999999999", null),
                ("0.005", "1"),
                ("", null),
                ("12,5", null),
                ("79228162514264337593543950335", null),
                ("1000000000000", null),
            }
        )
        {
            var order = Guid.NewGuid().ToString();
            (await Send(HttpMethod.Get, Encoded(("idsite", site), ("rec", "1"), ("idgoal", "0"), ("ec_id", order), ("revenue", revenue))))
                .Status.Should()
                .Be(200, revenue);
            (await workspace.All($"/v1/conversions?orderId={order}")).Single()["value"]?["amount"]!.ToString().Should().Be(amount, revenue);
        }
        (
            await Send(
                HttpMethod.Get,
                Encoded(
                    ("idsite", site),
                    ("rec", "1"),
                    ("url", "javascript:alert(1)"),
                    ("urlref", "<script>alert(2)</script>"),
                    ("action_name", "<img src=x onerror=alert(3)>"),
                    ("ua", "<script>"),
                    ("e_c", "\0"),
                    ("e_a", "\ud83d"),
                    ("cdt", "99999999999999")
                )
            )
        )
            .Status.Should()
            .Be(400);
        (
            await Send(
                HttpMethod.Get,
                Encoded(
                    ("idsite", site),
                    ("rec", "1"),
                    ("url", "javascript:alert(1)"),
                    ("urlref", "<script>alert(2)</script>"),
                    ("action_name", "<img src=x onerror=alert(3)>"),
                    ("cdt", "2099-01-01 00:00:00")
                )
            )
        )
            .Status.Should()
            .Be(200);
        var odd = (await workspace.All("/v1/touches?sort=-createdAt"))[0];
        (odd["page"], odd["clock"]!.ToString(), odd["note"]!.ToString()).Should().Be((null, "future", "<img src=x onerror=alert(3)>"));
    }
}
