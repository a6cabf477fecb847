// Dub's own SDK, with nothing but its host changed: a click, a lead and a sale, each once, and its typed errors.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Conversions;

[Collection(nameof(CrmServer))]
public sealed class DubTests(CrmServer server)
{
    [NeedsNodeFact]
    public async Task dubs_sdk_tells_of_a_lead_and_a_sale_and_both_are_in_the_reports()
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        var link = await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"] });
        string click;
        using (var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}"))
        {
            follow.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
            follow.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
            using var went = await server.Http.SendAsync(follow);
            click = System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        }
        var result = JsonNode.Parse(await Npm.Run("dub.mjs", "", server.Address.ToString(), workspace.Key, click))!;
        result["lead"]!["link"]!["key"]!.ToString().Should().Be(link["slug"]!.ToString());
        result["lead"]!["link"]!["partnerId"]!.ToString().Should().Be(affiliate["id"]!.ToString());
        result["lead"]!["customer"]!
            .ToJsonString()
            .Should()
            .Be("""{"name":"Ana Silva","email":"ana@silva.example.org","avatar":null,"externalId":"user_1001"}""");
        JsonNode.DeepEquals(result["again"], result["lead"]).Should().BeTrue();
        result["sale"]!["sale"]!
            .ToJsonString()
            .Should()
            .Be("""{"amount":4990,"currency":"eur","paymentProcessor":"stripe","invoiceId":"inv_1","metadata":{"seats":3}}""");
        result["saleAgain"]!["sale"]!["amount"]!.GetValue<long>().Should().Be(4990);
        foreach (
            var (name, type, status) in new[]
            {
                ("unknownClick", "NotFound", 404),
                ("noCurrency", "UnprocessableEntity", 422),
                ("wrongKey", "Unauthorized", 401),
            }
        )
            (
                result[name]!["name"]!.ToString(),
                result[name]!["known"]!.GetValue<bool>(),
                result[name]!["status"]?.GetValue<int>() ?? status
            )
                .Should()
                .Be((type, true, status), result[name]!.ToJsonString());

        var lead = (await workspace.Get("/v1/leads")).Data.Should().ContainSingle().Which!;
        (lead["externalId"]!.ToString(), lead["firstName"]!.ToString(), lead["status"]!.ToString())
            .Should()
            .Be(("user_1001", "Ana", "converted"));
        (await workspace.All("/v1/conversions"))
            .Select(c => c["type"]!.ToString())
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal("Sign up", "Trial", "sale");
        (await workspace.Get($"/v1/purchases?customer={lead["customer"]}")).Data.Single()!["orderId"]!.ToString().Should().Be("inv_1");
        var line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (
            line["clicks"]!.GetValue<int>(),
            line["leads"]!.GetValue<int>(),
            line["customers"]!.GetValue<int>(),
            line["revenue"]![0]!["amount"]!.GetValue<long>(),
            line["commission"]![0]!["amount"]!.GetValue<long>()
        )
            .Should()
            .Be((1, 1, 1, 4990, 499));
    }

    /// <summary>Dub's own loader puts our script into pages: what the page's attributes, cookies and globals are called is Dub's.</summary>
    [NeedsNodeFact]
    public async Task pages_written_for_dubs_script_tell_of_a_click_a_lead_and_a_sale_and_all_are_in_the_reports()
    {
        const string Origin = "https://www.silva.example.org";
        var workspace = await server.NewWorkspace();
        var site = await workspace.Post(
            "/v1/sites",
            new
            {
                name = "Shop",
                allowedOrigins = new[] { Origin },
                clientConversions = true,
            }
        );
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        var link = await workspace.Post("/v1/links", new { destination = Origin, affiliate = affiliate["id"] });
        var result = JsonNode.Parse(
            await Npm.Run("dub-page.mjs", "", server.Address.ToString(), $"crm_pk_{site["key"]}", link["slug"]!.ToString(), Origin)
        )!;

        var click = result["cookies"]!["dub_id"]!.ToString();
        result["partner"]!.ToJsonString().Should().Be($$"""{"id":"{{affiliate["id"]}}","name":"Garden blog","image":null}""");
        JsonNode.Parse(result["cookies"]!["dub_partner_data"]!.ToString())!["partner"]!["name"]!.ToString().Should().Be("Garden blog");
        result["stored"]!
            .AsArray()
            .Select(c => c!.ToJsonString())
            .Should()
            .OnlyContain(c =>
                c.EndsWith(""","domain":"silva.example.org","path":"/","sameSite":"lax","days":90}""", StringComparison.Ordinal)
            )
            .And.HaveCount(2);
        result["lead"]!["click"]!["id"]!.ToString().Should().Be(click);
        result["lead"]!["customer"]!
            .ToJsonString()
            .Should()
            .Be("""{"name":"Ana Silva","email":"ana@silva.example.org","avatar":null,"externalId":"user_7"}""");
        result["sale"]!["sale"]!
            .ToJsonString()
            .Should()
            .Be("""{"amount":4990,"currency":"eur","paymentProcessor":"custom","invoiceId":"P-1","metadata":null}""");
        result["refused"].Should().BeNull();
        result["said"]!.AsArray().Should().ContainSingle().Which!.ToString().Should().Contain("unprocessable_entity").And.Contain("amount");
        result["calls"]!
            .ToJsonString()
            .Should()
            .Be(
                """["/track/click 200","/track/lead/client 200","/track/lead/client 200","/track/sale/client 200","/track/sale/client 422"]"""
            );
        result["api"]!.ToString().Should().Be("object");
        result["second"]!["calls"]!.ToJsonString().Should().Be("[]");
        result["second"]!["partner"]!["name"]!.ToString().Should().Be("Garden blog");
        result["second"]!["links"]!
            .AsArray()
            .Select(a => a!.ToString().Replace(click, "C", StringComparison.Ordinal))
            .Should()
            .Equal(
                "https://eu.shop.example.net/x?a=1&dub_id=C#b",
                "https://shop.example.net/",
                "https://www.pay.example.org/?dub_id=C",
                "https://evilpay.example.org/",
                $"{Origin}/own",
                "mailto:a@b.example"
            );
        (result["firstCookie"]!.ToString(), result["lastCookie"]!.ToString(), result["lastDays"]!.GetValue<int>())
            .Should()
            .Be((click, "click_later", 7));
        result["gpc"]!.ToJsonString().Should().StartWith("""{"cookies":{},"calls":["/track/lead/client 200"],"lead":{"click":{"id":""}""");
        result["unknown"]!["cookies"]!.ToJsonString().Should().Be("{}");
        result["unknown"]!["said"]!.ToJsonString().Should().Contain("not_found");

        var leads = await workspace.All("/v1/leads?sort=createdAt");
        leads
            .Select(l => $"{l["externalId"]} {l["source"]!["affiliate"]} {l["status"]}")
            .Should()
            .Equal($"user_7 {affiliate["id"]} converted", "user_8  new");
        (await workspace.All("/v1/conversions"))
            .Select(c => $"{c["type"]} {c["orderId"]}")
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal("Sign up user_7", "Sign up user_8", "sale P-1");
        (await workspace.Get("/v1/clicks")).Data.Should().ContainSingle().Which!["referrer"]!.ToString().Should().Be("garden.example.org");
        var line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (
            line["clicks"]!.GetValue<int>(),
            line["leads"]!.GetValue<int>(),
            line["customers"]!.GetValue<int>(),
            line["revenue"]![0]!["amount"]!.GetValue<long>(),
            line["commission"]![0]!["amount"]!.GetValue<long>()
        )
            .Should()
            .Be((1, 1, 1, 4990, 499));
    }

    [Fact]
    public async Task a_page_neither_reads_nor_takes_over_a_person_and_only_pages_that_may_tell_are_heard()
    {
        const string Origin = "https://www.silva.example.org";
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var site = (
            await workspace.Post(
                "/v1/sites",
                new
                {
                    name = "Shop",
                    allowedOrigins = new[] { Origin },
                    clientConversions = true,
                }
            )
        ).Json!;
        var closed = (await workspace.Post("/v1/sites", new { name = "Closed", allowedOrigins = new[] { Origin } })).Json!;
        Task<Reply> Tell(string path, object body, string? key = null, string? origin = Origin) =>
            workspace
                .With("")
                .Post(
                    path,
                    body,
                    [
                        ("Authorization", "Bearer " + (key ?? "crm_pk_" + site["key"])),
                        .. origin is null ? Array.Empty<(string, string)>() : [("Origin", origin)],
                    ]
                );

        var lead = new
        {
            eventName = "Sign up",
            customerExternalId = "u1",
            customerEmail = "x@example.org",
        };
        foreach (
            var (key, origin, status) in new[]
            {
                (workspace.Key, Origin, 401),
                ("crm_pk_nosuch", Origin, 401),
                ("", Origin, 401),
                ("crm_pk_" + closed["key"], Origin, 403),
                (null, "https://evil.example", 403),
                (null, null, 403),
                (null, "null", 403),
            }
        )
        {
            var refused = await Tell("/track/lead/client", lead, key, origin);
            (refused.Status, refused["error"]!["code"]!.ToString(), refused.Header("Access-Control-Allow-Origin"))
                .Should()
                .Be((status, status == 401 ? "unauthorized" : "forbidden", "*"), $"{key} {origin}");
        }
        // A publishable key opens nothing else.
        foreach (var path in new[] { "/v1/leads", "/v1/sites" })
            (await workspace.With("crm_pk_" + site["key"]).Get(path)).Status.Should().Be(401);
        (await workspace.With("crm_pk_" + site["key"]).Post("/track/lead", lead)).Status.Should().Be(401);
        (await workspace.All("/v1/leads")).Should().BeEmpty();

        // A known person stays as he is, and nothing of him is heard.
        await workspace.Post(
            "/v1/leads",
            new
            {
                firstName = "Bea",
                email = "bea@silva.example.org",
                externalId = "vip",
            }
        );
        await workspace.Post("/v1/leads", new { firstName = "Carla", email = "carla@silva.example.org" });
        var known = await Tell(
            "/track/lead/client",
            new
            {
                eventName = "Sign up",
                customerExternalId = "vip",
                clickId = "old_dub_click",
            }
        );
        known
            .Text.Should()
            .Be("""{"click":{"id":"old_dub_click"},"link":null,"customer":{"name":null,"email":null,"avatar":null,"externalId":"vip"}}""");
        (
            await Tell(
                "/track/lead/client",
                new
                {
                    eventName = "Sign up",
                    customerExternalId = "mine",
                    customerEmail = "carla@silva.example.org",
                }
            )
        ).Text.Should().NotContain("Carla");
        (await Tell("/track/sale/client", new { customerExternalId = "vip", amount = 5 }))
            .Text.Should()
            .NotContain("Bea")
            .And.NotContain("lead_")
            .And.NotContain("@");
        (await workspace.All("/v1/leads?sort=createdAt"))
            .Select(l => $"{l["firstName"]} {l["externalId"]}")
            .Should()
            .Equal("Bea vip", "Carla ");
        (await other.All("/v1/leads")).Should().BeEmpty();

        // Money that is none.
        foreach (
            var body in new[]
            {
                """{"customerExternalId":"v","amount":-1}""",
                """{"customerExternalId":"v","amount":1e300}""",
                """{"customerExternalId":"v","amount":"5"}""",
                """{"customerExternalId":"v","amount":1,"currency":"EUX"}""",
                """{"customerExternalId":"v","amount":99999999999999999999}""",
            }
        )
            (await Tell("/track/sale/client", body)).Status.Should().Be(422, body);
        foreach (var body in new[] { "", "null", "[]", "{", "\0", "NaN", new('[', 5000) })
            (await Tell("/track/lead/client", body)).Status.Should().Be(400, body.Length > 50 ? "deep" : body);
        // Dub's SDKs know no 413.
        (await Tell("/track/lead/client", $$"""{"customerExternalId":"{{new string('x', 70_000)}}"}"""))["error"]!["message"]!
            .ToString()
            .Should()
            .Contain("64 KiB");
    }

    [Fact]
    public async Task a_click_told_by_a_page_is_one_of_a_link_on_that_domain_or_none()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var domain = $"go-{Guid.NewGuid():n}.example.org";
        await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = domain });
        var mine = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        var theirs = (await other.Post("/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        Task<Reply> Tell(object body, params (string, string)[] headers) =>
            workspace
                .With("")
                .Post(
                    "/track/click",
                    body,
                    [("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"), .. headers]
                );

        var first = await Tell(
            new
            {
                domain,
                key = mine["slug"],
                url = "https://www.silva.example.org/?via=x&utm_source=blog&gclid=G-1&crm_click=x&evil=1",
                referrer = "https://garden.example.org/<script>",
            }
        );
        (first.Status, first.Header("Access-Control-Allow-Origin"), first.Header("Set-Cookie"), first["partner"])
            .Should()
            .Be((200, "*", null, null), first.Text);
        (
            await Tell(
                new
                {
                    domain = server.Address.Authority,
                    key = mine["slug"],
                    earlier = first["clickId"],
                }
            )
        ).Status.Should().Be(200);
        (await Tell(new { domain, key = mine["slug"] }, ("Sec-GPC", "1")))["clickId"]!.ToString().Should().BeEmpty();
        (await Tell(new { domain, key = mine["slug"] }, ("User-Agent", "Googlebot/2.1"))).Status.Should().Be(200);
        foreach (
            var (wrongDomain, key) in new[]
            {
                (domain, theirs["slug"]!.ToString()),
                ("dub.sh", mine["slug"]!.ToString()),
                (domain, "nosuch"),
                ("x." + domain, mine["slug"]!.ToString()),
            }
        )
            (await Tell(new { domain = wrongDomain, key }))["error"]!["code"]!.ToString().Should().Be("not_found");
        foreach (
            var body in new object[]
            {
                new { domain },
                new { key = 7, domain },
                new
                {
                    key = mine["slug"],
                    domain,
                    url = 7,
                },
            }
        )
            (await Tell(body)).Status.Should().Be(422);
        await workspace.Patch($"/v1/links/{mine["id"]}", new { active = false });
        (await Tell(new { domain, key = mine["slug"] })).Status.Should().Be(404);

        (await workspace.All("/v1/clicks?sort=createdAt"))
            .Select(c =>
                $"{c["human"]} {c["first"]} {c["referrer"]} {string.Join(',', c["clickIds"]!.AsArray().Select(i => i!.ToString()))}"
            )
            .Should()
            .Equal("true true garden.example.org gclid=G-1", "true false  ", "true true  ", "false true  ");
        (await workspace.Get("/v1/reports/links")).Data.Single()!["clicks"]!.GetValue<int>().Should().Be(3);
        (await other.All("/v1/clicks")).Should().BeEmpty();
    }

    [Fact]
    public async Task forty_calls_of_one_person_at_once_are_one_lead_and_one_sale()
    {
        var workspace = await server.NewWorkspace();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    i % 2 == 0
                        ? workspace.Post(
                            "/track/lead",
                            new
                            {
                                clickId = "",
                                eventName = "Sign up",
                                customerExternalId = "u1",
                                customerEmail = "u1@example.org",
                            }
                        )
                        : workspace.Post(
                            "/track/sale",
                            new
                            {
                                customerExternalId = "u1",
                                customerEmail = "u1@example.org",
                                amount = 100,
                                invoiceId = "i1",
                            }
                        )
                )
        );
        answers.Should().OnlyContain(a => a.Status == 200, string.Join(";", answers.Where(a => a.Status != 200).Select(a => a.Text)));
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await workspace.All("/v1/conversions")).Should().HaveCount(2);
        (await workspace.All("/v1/customers")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("/track/lead", """{"eventName":"Sign up"}""", 422, "unprocessable_entity")]
    [InlineData("/track/lead", """{"customerExternalId":"u","eventName":5}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":1.5}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":-1}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":1,"paymentProcessor":"cash"}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", "{", 400, "bad_request")]
    [InlineData("/track/sale", "[]", 400, "bad_request")]
    public async Task a_wrong_call_gets_dubs_kind_of_error(string path, string body, int status, string code)
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Post(path, body);
        (refused.Status, refused["error"]!["code"]!.ToString()).Should().Be((status, code), refused.Text);
        (await workspace.With("").Post(path, body))["error"]!["code"]!.ToString().Should().Be("unauthorized");
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }
}
