// Affiliates report what became of their clicks, and earn by rules: once for each fact, exact to the cent, and taken back with it.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Affiliates;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class AffiliateTests(CrmServer server)
{
    static object Eur(long amount) => new { amount, currency = "EUR" };

    static string Id(JsonNode? record) => record!["id"]!.ToString();

    sealed record Partner(TestWorkspace Workspace, JsonNode Affiliate, string Slug)
    {
        public string Id => Affiliate["id"]!.ToString();

        /// <summary>Somebody follows the affiliate's link; the signed click that the destination gets.</summary>
        public async Task<string> Click()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{Slug}");
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
            using var went = await Workspace.Server.Http.SendAsync(request);
            return System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        }

        public async Task<Reply> Postback(string query, string? form = null)
        {
            using var request = new HttpRequestMessage(
                form is null ? HttpMethod.Get : HttpMethod.Post,
                $"/postback/{Affiliate["postbackKey"]}{query}"
            );
            if (form is not null)
                request.Content = new StringContent(
                    form,
                    System.Text.Encoding.UTF8,
                    form[0] == '{' ? "application/json" : "application/x-www-form-urlencoded"
                );
            using var response = await Workspace.Server.Http.SendAsync(request);
            return await Reply.Of(response);
        }

        public async Task<List<JsonNode>> Commissions() => await Workspace.All($"/v1/commissions?affiliate={Id}&sort=createdAt");

        public async Task<(long Conversions, long Revenue, long Commission)> Report()
        {
            var row = (await Workspace.Get("/v1/reports/affiliates")).Data.Single(r => r!["affiliate"]!["id"]!.ToString() == Id)!;
            return (row["conversions"]!.GetValue<long>(), Sum(row["revenue"]), Sum(row["commission"]));
            static long Sum(JsonNode? money) => money is JsonArray { Count: > 0 } some ? some[0]!["amount"]!.GetValue<long>() : 0;
        }
    }

    static async Task<Partner> NewPartner(TestWorkspace workspace, params object[] rules)
    {
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new
            {
                name = "Garden blog",
                currency = "EUR",
                commissionRules = rules,
            }
        );
        affiliate.Status.Should().Be(201, affiliate.Text);
        var link = await workspace.Post(
            "/v1/links",
            new { destination = "https://www.silva.example.org/", affiliate = Id(affiliate.Json) }
        );
        return new(workspace, affiliate.Json!, link["slug"]!.ToString());
    }

    [Fact]
    public async Task of_many_sales_of_an_affiliate_at_once_none_is_sent_away()
    {
        var partner = await NewPartner(await server.NewWorkspace(), new { on = "sale", amount = Eur(100) });
        var clicks = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => partner.Click()));
        var answers = await Task.WhenAll(
            clicks.Select((click, n) => partner.Postback($"?click_id={Uri.EscapeDataString(click)}&order_id=O-{n}&amount=10"))
        );
        answers.Should().OnlyContain(answer => answer.Status == 200, string.Join("; ", answers.Select(answer => answer.Text)));
        answers.Select(answer => answer["status"]!.ToString()).Should().OnlyContain(status => status == "recorded");
        (await partner.Report()).Should().Be((24, 24_000, 2_400));
    }

    [Theory]
    [InlineData("?click_id={click}&order_id=A-1&amount=125.50&currency=eur", null)]
    [InlineData("?cid={click}&payout=125.5&txid=A-1&et=sale", null)]
    [InlineData("?transaction_id={click}&amount=125.50&adv_sub=A-1", null)]
    [InlineData("?tid={click}&transaction_id=A-1&sale_amount=125.50", null)]
    [InlineData("", "click-id={click}&name=sale&revenue=125.50&currency=EUR&orderid=A-1")]
    [InlineData("", """{"clickid":"{click}","order_id":"A-1","amount":"125.50","status":"approved"}""")]
    public async Task a_postback_in_the_words_of_each_network_is_one_conversion_however_often_it_comes(string query, string? form)
    {
        var partner = await NewPartner(await server.NewWorkspace(), new { on = "sale", share = 750 });
        var click = await partner.Click();
        (query, form) = (query.Replace("{click}", Uri.EscapeDataString(click)), form?.Replace("{click}", click));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => partner.Postback(query, form)));
        answers.Should().OnlyContain(a => a.Status == 200, string.Join("; ", answers.Select(a => a.Text)));
        answers
            .Select(a => a["status"]!.ToString())
            .Order()
            .Should()
            .Equal(["duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "recorded"]);
        var conversion = (await partner.Workspace.All("/v1/conversions")).Single();
        (
            conversion["type"]!.ToString(),
            conversion["orderId"]!.ToString(),
            conversion["value"]!["amount"]!.GetValue<long>(),
            conversion["affiliate"]!.ToString()
        )
            .Should()
            .Be(("sale", "A-1", 12550, partner.Id));
        var commission = (await partner.Commissions()).Single();
        (
            commission["amount"]!["amount"]!.GetValue<long>(),
            commission["conversion"]!.ToString(),
            commission["click"]!.ToString(),
            commission["rule"]!["share"]!.GetValue<long>(),
            commission["status"]!.ToString()
        )
            .Should()
            .Be((941, Id(conversion), click[..click.IndexOf('.')], 750, "pending"));
        (await partner.Report()).Should().Be((1, 12550, 941));
    }

    [Fact]
    public async Task a_postback_that_is_wrong_or_of_somebody_elses_click_brings_nothing_and_is_remembered()
    {
        var workspace = await server.NewWorkspace();
        var (mine, theirs, stranger) = (
            await NewPartner(workspace),
            await NewPartner(workspace),
            await NewPartner(await server.NewWorkspace())
        );
        var click = await mine.Click();
        var forged = string.Concat(click[..^1], click[^1] == 'a' ? "b" : "a");
        foreach (
            var wrong in new[]
            {
                await theirs.Click(),
                await stranger.Click(),
                forged,
                "x",
                new string('9', 400),
                "' OR 1=1 --",
                "<script>alert(1)</script>",
            }
        )
        {
            var answer = await mine.Postback($"?click_id={Uri.EscapeDataString(wrong)}&amount=5");
            (answer.Status, answer["status"]!.ToString()).Should().Be((200, "unknown_click"));
        }
        (await workspace.All("/v1/conversions")).Should().BeEmpty();
        (await workspace.All($"/v1/events?subject={mine.Id}"))
            .Count(e => e["type"]!.ToString() == "affiliate.postbackUnknownClick")
            .Should()
            .Be(7);
        await workspace.Patch($"/v1/affiliates/{mine.Id}", new { refuseUnknownClicks = true });
        (await mine.Postback("?click_id=x")).Status.Should().Be(404);

        foreach (
            var (query, field) in new[]
            {
                ("?amount=5", "click_id"),
                ("?click_id=x&amount=1e9", "amount"),
                ("?click_id=x&amount=99999999999999999999", "amount"),
                ("?click_id=x&amount=NaN", "amount"),
                ("?click_id=x&amount=5&currency=EUX", "currency"),
                ($"?click_id=x&order_id={new string('1', 130)}", "order_id"),
            }
        )
        {
            var refused = await mine.Postback(query);
            (refused.Status, refused.Errors.Single().Split(':')[0]).Should().Be((422, field), query);
        }
        (await mine.Postback("", "{\"click_id\":")).Status.Should().Be(400);
        (await mine.Postback("", "click_id=" + new string('x', 70_000))).Status.Should().Be(413);
        using var nobody = await server.Http.GetAsync("/postback/nosuchkey?click_id=x");
        ((int)nobody.StatusCode).Should().Be(404);
    }

    [Fact]
    public async Task a_network_is_believed_before_a_page_but_takes_nothing_from_another_partner()
    {
        var workspace = await server.NewWorkspace();
        var (mine, other) = (
            await NewPartner(workspace, new { on = "sale", share = 1000 }),
            await NewPartner(workspace, new { on = "sale", share = 1000 })
        );
        var site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        async Task Paged(string order, string? click)
        {
            var page = "https://www.silva.example.org/" + (click is null ? "" : "?crm_click=" + click);
            (
                await workspace
                    .With("")
                    .Post(
                        $"/t/events?site={site["key"]}",
                        new
                        {
                            kind = "conversion",
                            type = "sale",
                            orderId = order,
                            page,
                            value = Eur(7),
                        },
                        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
                    )
            ).Status.Should().Be(200);
        }
        var click = await mine.Click();
        foreach (var (order, by) in new[] { ("A", null), ("B", await mine.Click()), ("C", await other.Click()) })
            await Paged(order, by);
        var answers = new List<string>();
        foreach (var order in new[] { "A", "B", "C", "A" })
            answers.Add((await mine.Postback($"?click_id={click}&order_id={order}&amount=10"))["status"]!.ToString());
        answers.Should().Equal("recorded", "recorded", "duplicate", "duplicate");
        (await workspace.All("/v1/conversions"))
            .Where(c => c["reversedAt"] is null)
            .Select(c => $"{c["orderId"]} {c["value"]!["amount"]} {c["affiliate"]!.ToString() == mine.Id}")
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal("A 1000 True", "B 1000 True", "C 7 False");
        ((await mine.Report()), (await other.Report())).Should().Be(((2, 2000, 200), (1, 7, 1)));
    }

    [Fact]
    public async Task what_is_taken_back_counts_no_more_and_a_paid_commission_is_set_off()
    {
        var workspace = await server.NewWorkspace();
        var partner = await NewPartner(workspace, new { on = "sale", share = 1000 });
        var click = await partner.Click();
        foreach (var order in new[] { "A", "B", "C" })
            (await partner.Postback($"?click_id={click}&order_id={order}&amount=10")).Status.Should().Be(200);
        (await partner.Report()).Should().Be((3, 3000, 300));
        var commissions = await partner.Commissions();
        foreach (var one in commissions.Take(2))
            (await workspace.Post($"/v1/commissions/{Id(one)}/approve")).Status.Should().Be(200);
        var paid = await workspace.Post($"/v1/affiliates/{partner.Id}/pay", new { reference = "2026-11" });
        paid.Text.Should().Be("""{"commissions":2,"sums":[{"amount":200,"currency":"EUR"}],"more":false}""");
        (await workspace.Post($"/v1/affiliates/{partner.Id}/pay", new { reference = "again" }))
            .Text.Should()
            .Be("""{"commissions":0,"sums":[],"more":false}""");

        var back = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .SelectMany(_ => new[] { "A", "C" })
                .Select(order => partner.Postback($"?click_id={click}&order_id={order}&status=refunded"))
        );
        back.Select(a => a["status"]!.ToString())
            .Order()
            .Should()
            .Equal(["duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "reversed", "reversed"]);
        (await partner.Postback($"?click_id={click}&order_id=never&status=rejected"))["status"]!
            .ToString()
            .Should()
            .Be("nothing_to_reverse");
        (await partner.Report()).Should().Be((1, 1000, 100));
        (await partner.Commissions())
            .Select(c => (c["status"]!.ToString(), c["amount"]!["amount"]!.GetValue<long>()))
            .Should()
            .BeEquivalentTo([("paid", 100L), ("paid", 100L), ("reversed", 100L), ("approved", -100L)]);
        (await workspace.Post($"/v1/affiliates/{partner.Id}/pay", new { reference = "2026-12" }))
            .Text.Should()
            .Be("""{"commissions":1,"sums":[{"amount":-100,"currency":"EUR"}],"more":false}""");
        (await workspace.Post($"/v1/commissions/{Id(commissions[0])}/approve")).Code.Should().Be("wrong_state");
    }

    [Fact]
    public async Task tiers_windows_and_first_purchases_are_counted_without_gap_also_when_all_come_at_once()
    {
        var workspace = await server.NewWorkspace();
        var partner = await NewPartner(
            workspace,
            new { on = "lead", amount = Eur(50) },
            new { on = "sale", share = 500 },
            new
            {
                on = "sale",
                share = 1000,
                from = 4,
                windowDays = 30,
            },
            new
            {
                on = "booking",
                amount = Eur(7),
                repeat = "firstOnly",
            }
        );
        var click = await partner.Click();
        var sales = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => partner.Postback($"?click_id={click}&order_id={i}&amount=100")));
        sales.Should().OnlyContain(a => a["status"]!.ToString() == "recorded");
        var commissions = await partner.Commissions();
        commissions.Select(c => c["position"]!.GetValue<long>()).Order().Should().Equal(1, 2, 3, 4, 5, 6);
        commissions
            .Should()
            .OnlyContain(c => c["amount"]!["amount"]!.GetValue<long>() == (c["position"]!.GetValue<long>() >= 4 ? 1000 : 500));

        // A person who comes by the link: the lead is rewarded, his first booking too, his second not.
        var sent = await workspace.Submit(
            await workspace.ContactForm(),
            new
            {
                name = "Ana",
                email = "ana@example.org",
                message = "Hi",
                _click = click,
            }
        );
        sent.Status.Should().Be(201, sent.Text);
        var lead = Id((await workspace.Get("/v1/leads?email=ana@example.org")).Data.Single());
        foreach (var order in new[] { "b1", "b2" })
            (
                await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        type = "booking",
                        orderId = order,
                        lead,
                    }
                )
            ).Status.Should().Be(201);
        (await partner.Commissions())
            .Where(c => c["on"]!.ToString() != "sale")
            .Select(c => (c["on"]!.ToString(), c["amount"]!["amount"]!.GetValue<long>(), c["lead"]!.ToString()))
            .Should()
            .BeEquivalentTo([("lead", 50L, lead), ("booking", 7L, lead)]);

        // A sale of the click is a sale to the lead who came by it.
        (await partner.Postback($"?click_id={click}&order_id=last&amount=20"))["status"]!.ToString().Should().Be("recorded");
        var customer = (await workspace.Get($"/v1/leads/{lead}"))["customer"]!.ToString();
        (await workspace.Get($"/v1/purchases?customer={customer}")).Data.Single()!["orderId"]!.ToString().Should().Be("last");

        // Other rules, later: what is pending follows them, and the report with it.
        await workspace.Patch(
            $"/v1/affiliates/{partner.Id}",
            new { commissionRules = new object[] { new { on = "sale", share = 100 }, new { on = "lead", amount = Eur(50) } } }
        );
        (await workspace.Post($"/v1/affiliates/{partner.Id}/recompute"))
            .Text.Should()
            .Be("""{"commissions":9,"sums":[{"amount":670,"currency":"EUR"}],"more":false}""");
        (await partner.Report()).Commission.Should().Be(670);
    }

    [Fact]
    public async Task later_purchases_are_rewarded_as_often_as_the_rule_says_whatever_led_to_them()
    {
        var workspace = await server.NewWorkspace();
        var partner = await NewPartner(
            workspace,
            new
            {
                on = "sale",
                share = 1000,
                repeat = "firstOnly",
            },
            new
            {
                on = "sale",
                share = 500,
                repeat = "recurring",
                times = 2,
            },
            new
            {
                on = "booking",
                amount = Eur(9),
                repeat = "recurring",
                months = 1,
            }
        );
        var newsletter = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", channel = "email" }))[
            "slug"
        ]!.ToString();
        var sent = await workspace.Submit(
            await workspace.ContactForm(),
            new
            {
                name = "Ana",
                email = "ana@example.org",
                message = "Hi",
                _click = await partner.Click(),
            }
        );
        sent.Status.Should().Be(201, sent.Text);
        var lead = Id((await workspace.Get("/v1/leads?email=ana@example.org")).Data.Single());
        for (var i = 0; i < 4; i++)
            (
                await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        lead,
                        click = i == 1 ? await Deliveries.DeliveryTests.Click(workspace, newsletter) : null,
                        orderId = $"s{i}",
                        value = Eur(10_000),
                    }
                )
            ).Status.Should().Be(201);
        var earned = (await partner.Commissions())
            .Select(c =>
                (
                    c["nth"]!.GetValue<long>(),
                    c["amount"]!["amount"]!.GetValue<long>(),
                    c["byCustomer"]!.GetValue<bool>(),
                    c["channel"]?.ToString()
                )
            )
            .ToList();
        earned.Select(e => e.Item4 == "email").Should().Equal(false, true, false);
        earned.Select(e => (e.Item1, e.Item2, e.Item3)).Should().Equal((1, 1000, false), (2, 500, true), (3, 500, false));
        (await partner.Commissions())[1]["why"]!
            .ToString()
            .Should()
            .Contain("5 % of 100.00 EUR for sale number 2 of the affiliate in ")
            .And.Contain("number 2 of a customer whose first was on ");
        foreach (var order in new[] { "b1", "b2" })
            (
                await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        type = "booking",
                        orderId = order,
                        lead,
                    }
                )
            ).Status.Should().Be(201);
        (await partner.Commissions())
            .Where(c => c["on"]!.ToString() == "booking")
            .Select(c => c["nth"]!.GetValue<long>())
            .Should()
            .Equal([2L], "the first earns nothing by this rule, and is the first all the same");
    }

    [Fact]
    public async Task a_share_is_echoed_in_percent_and_one_below_a_percent_gets_a_warning()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post(
            "/v1/affiliates",
            new
            {
                name = "Garden blog",
                commissionRules = new object[]
                {
                    new { on = "sale", share = 10 },
                    new { on = "booking", share = 750 },
                    new { on = "lead", amount = Eur(50) },
                },
            }
        );
        made["commissionRules"]!.AsArray().Select(rule => rule!["sharePercent"]?.ToString()).Should().Equal("0.1 %", "7.5 %", null);
        made["warnings"]!
            .AsArray()
            .Select(warning => warning!.ToString())
            .Should()
            .Equal("commissionRules.0.share is 10, which is 0.1 %: it counts hundredths of a percent. 10 % is 1000.");
        // Sent back with another share, the echo follows.
        var rules = made["commissionRules"]!.DeepClone().AsArray();
        rules[0]!["share"] = 1000;
        var changed = await workspace.Patch($"/v1/affiliates/{Id(made.Json)}", new JsonObject { ["commissionRules"] = rules });
        (changed.Status, changed["commissionRules"]![0]!["sharePercent"]?.ToString(), changed["warnings"]!.AsArray().Count)
            .Should()
            .Be((200, "10 %", 0), changed.Text);
    }

    [Theory]
    [InlineData("""{"on":"lead","repeat":"recurring","amount":{"amount":1,"currency":"EUR"}}""", "commissionRules.0.repeat:not_allowed")]
    [InlineData("""{"on":"sale","share":5,"repeat":"recurring","windowDays":3}""", "commissionRules.0.windowDays:not_allowed")]
    [InlineData("""{"on":"sale","share":5,"times":3}""", "commissionRules.0.times:not_allowed")]
    [InlineData("""{"on":"sale","share":5,"months":3}""", "commissionRules.0.months:not_allowed")]
    [InlineData("""{"on":"sale"}""", "commissionRules.0.share:required")]
    [InlineData("""{"on":"lead","share":100}""", "commissionRules.0.share:not_allowed")]
    [InlineData("""{"on":"sale","share":10001}""", "commissionRules.0.share:out_of_range")]
    [InlineData("""{"on":"sale","amount":{"amount":-1,"currency":"EUR"}}""", "commissionRules.0.amount.amount:out_of_range")]
    public async Task a_rule_that_cannot_be_is_told_what_is_wrong(string rule, string error)
    {
        var workspace = await server.NewWorkspace();
        (
            await workspace.Post(
                "/v1/affiliates",
                new JsonObject { ["name"] = "x", ["commissionRules"] = new JsonArray(JsonNode.Parse(rule)) }
            )
        )
            .Errors.Should()
            .Equal(error);
    }
}
