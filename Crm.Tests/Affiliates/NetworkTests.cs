// What networks really send: words for a state, our click in any parameter, macros that nobody filled in, numbers of their own.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Values;
using Crm.Tests.Deliveries;
using Xunit;

namespace Crm.Tests.Affiliates;

[Collection(nameof(CrmServer))]
public sealed class NetworkTests(CrmServer server)
{
    sealed record Partner(TestWorkspace Workspace, string Id, string Key, string Slug)
    {
        public async Task<string> Click() => await DeliveryTests.Click(Workspace, Slug);

        public Task<Reply> Postback(string query) => Workspace.Server.Default.With("").Get($"/postback/{Key}{query}");

        public async Task<List<JsonNode>> Kept(string outcome) =>
            await Workspace.All($"/v1/events?subject={Id}&type=affiliate.postback{outcome}");
    }

    static async Task<Partner> NewPartner(TestWorkspace workspace, object? statusWords = null)
    {
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new
            {
                name = "Garden blog",
                currency = "EUR",
                statusWords,
                commissionRules = new object[] { new { on = "sale", share = 1000 } },
            }
        );
        affiliate.Status.Should().Be(201, affiliate.Text);
        var link = await workspace.Post(
            "/v1/links",
            new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"]!.ToString() }
        );
        return new(workspace, affiliate["id"]!.ToString(), affiliate["postbackKey"]!.ToString(), link["slug"]!.ToString());
    }

    static string Status(Reply answer) => answer["status"]?.ToString() ?? answer.Text;

    [Theory]
    [InlineData("recorded", "1", "approved", "APPROVED", "Confirmed", "paid", "sale", "completed", "on_payment")]
    [InlineData("waiting", "2", "5", "pending", "Pending", "hold", "on-hold", "On Hold", "in_review", "lead")]
    [InlineData("nothing_to_reverse", "3", "4", "-1", "R", "declined", "refund", "Refunded", "cancel", "CANCELLED", "fraud", "returned")]
    [InlineData("unknown_status", "6", "0", "null", "{status}", "nonsense", "aprooved", "approved?no", "storniert")]
    public async Task a_word_is_paid_waiting_or_taken_back_and_what_nobody_knows_is_no_money(string outcome, params string[] words)
    {
        var partner = await NewPartner(await server.NewWorkspace());
        foreach (var (i, word) in words.Index())
        {
            var answer = await partner.Postback(
                $"?click_id={await partner.Click()}&order_id=A-{i}&amount=10&status={Uri.EscapeDataString(word)}"
            );
            (answer.Status, Status(answer)).Should().Be((200, outcome), word);
            if (outcome == "unknown_status")
                (answer["word"]!.ToString(), answer["message"]!.ToString().Contains(word)).Should().Be((word, true));
        }
        var paid = outcome == "recorded" ? words.Length : 0;
        (await partner.Workspace.All("/v1/conversions")).Should().HaveCount(paid);
        (await partner.Workspace.All("/v1/commissions")).Should().HaveCount(paid);
        if (paid > 0)
            return;
        var kept = await partner.Kept(string.Concat(outcome.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
        kept.Select(e => e["data"]!["status"]!.ToString()).Should().BeEquivalentTo(words);
        kept.Should().OnlyContain(e => e["data"]!["order_id"]!.ToString().StartsWith("A-"));
    }

    [Theory]
    [InlineData("3"), InlineData("declined"), InlineData("Cancel"), InlineData("fraud"), InlineData("returned"), InlineData("R")]
    [InlineData("-1"), InlineData("refund"), InlineData("charge-back")]
    public async Task after_the_sale_a_word_that_takes_back_takes_it_back(string word)
    {
        var partner = await NewPartner(await server.NewWorkspace());
        var click = await partner.Click();
        Status(await partner.Postback($"?click_id={click}&order_id=A&amount=10")).Should().Be("recorded");
        var back = await partner.Postback($"?click_id={click}&order_id=A&amount=10&status={word}");
        (Status(back), back["netValue"]!["amount"]!.GetValue<int>()).Should().Be(("reversed", 0));
        (await partner.Workspace.All("/v1/conversions")).Single()["reversedAt"].Should().NotBeNull();
        (await partner.Workspace.All("/v1/commissions")).Single()["status"]!.ToString().Should().Be("reversed");
    }

    [Fact]
    public async Task what_waits_and_what_nobody_knows_leaves_a_sale_as_it_is_and_is_recorded_once_it_is_paid()
    {
        var partner = await NewPartner(await server.NewWorkspace());
        var click = await partner.Click();
        async Task<string> Send(string status) => Status(await partner.Postback($"?click_id={click}&order_id=A&amount=10&status={status}"));
        (await Send("pending")).Should().Be("waiting");
        (await partner.Workspace.All("/v1/conversions")).Should().BeEmpty();
        (await Send("approved")).Should().Be("recorded");
        (await Send("hold")).Should().Be("waiting");
        (await Send("whatever")).Should().Be("unknown_status");
        (await partner.Workspace.All("/v1/conversions")).Single()["reversedAt"].Should().BeNull();
        (await Send("approved")).Should().Be("duplicate");
        (await partner.Kept("Duplicate")).Single()["data"]!["status"]!.ToString().Should().Be("approved");
    }

    [Fact]
    public async Task an_affiliates_own_words_go_before_the_usual_ones_without_regard_to_case()
    {
        var workspace = await server.NewWorkspace();
        var partner = await NewPartner(
            workspace,
            new
            {
                paid = new[] { "Bezahlt", "0" },
                waiting = new[] { "1" },
                reversed = new[] { "storniert", "2" },
            }
        );
        var click = await partner.Click();
        var answers = new List<string>();
        foreach (var (order, word) in new[] { ("A", "1"), ("A", "0"), ("B", "BEZAHLT"), ("B", "Storniert"), ("A", "2") })
            answers.Add(Status(await partner.Postback($"?click_id={click}&order_id={order}&amount=10&status={word}")));
        answers.Should().Equal("waiting", "recorded", "recorded", "reversed", "reversed");
        (
            await workspace.Patch(
                $"/v1/affiliates/{partner.Id}",
                new
                {
                    statusWords = new
                    {
                        paid = new[] { "x" },
                        waiting = new[] { "X" },
                        reversed = new[] { "--" },
                    },
                }
            )
        ).Errors.Should().Equal("statusWords.waiting.0:duplicate", "statusWords.reversed.0:invalid_value");
    }

    [Fact]
    public async Task a_refund_reported_as_an_event_is_no_new_sale()
    {
        var partner = await NewPartner(await server.NewWorkspace());
        var click = await partner.Click();
        Status(await partner.Postback($"?click_id={click}&order_id=A&amount=10&event=sale")).Should().Be("recorded");
        var back = await partner.Postback($"?click_id={click}&order_id=A&amount=4&event=refund");
        (Status(back), back["netValue"]!["amount"]!.GetValue<int>()).Should().Be(("reversed", 600));
        Status(await partner.Postback($"?click_id={click}&order_id=A&event=chargeback")).Should().Be("reversed");
        (await partner.Workspace.All("/v1/conversions")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("?transaction_id=their-id&sub1={click}&amount=5", "their-id")]
    [InlineData("?transaction_id=their-id&aff_sub2={click}&amount=5", "their-id")]
    [InlineData("?click_id=17&subid1={click}&order_id=A-1&amount=5", "A-1")]
    [InlineData("?clickref={click}&txid=A-1&amount=5", "A-1")]
    [InlineData("?SubId1={click}&ORDER_ID=A-1&Amount=5&CURRENCY=eur&STATUS=Approved", "A-1")]
    [InlineData("?CLICK_ID={click}&OrderId=A-1&amount=5", "A-1")]
    [InlineData("?order_id=A-1&whatever_they_call_it={click}&amount=5", "A-1")]
    [InlineData("?tid={txid}&p3={CLICK}&order_id=A-1&amount=5", "A-1")]
    [InlineData("?click_id=&click_id={click}&order_id=A-1&amount=5", "A-1")]
    [InlineData("?click_id={twice}&order_id=A-1&amount=5", "A-1")]
    [InlineData("?transaction_id={click}&amount=5", null)]
    public async Task whichever_parameter_carries_our_seal_is_the_click(string query, string? order)
    {
        var partner = await NewPartner(await server.NewWorkspace());
        var click = await partner.Click();
        query = query
            .Replace("{click}", click)
            .Replace("{CLICK}", click.ToUpperInvariant())
            .Replace("{twice}", click.Replace(".", "%252E"));
        Status(await partner.Postback(query)).Should().Be("recorded", query);
        var conversion = (await partner.Workspace.All("/v1/conversions")).Single();
        var id = click[..click.IndexOf('.')];
        (conversion["click"]!.ToString(), conversion["orderId"]!.ToString(), conversion["value"]!["amount"]!.GetValue<int>())
            .Should()
            .Be((id, order ?? id, 500));
    }

    [Fact]
    public async Task of_two_clicks_of_ours_the_affiliates_own_counts()
    {
        var workspace = await server.NewWorkspace();
        var (mine, other) = (await NewPartner(workspace), await NewPartner(workspace));
        var own = await mine.Click();
        Status(await mine.Postback($"?click_id={await other.Click()}&sub3={own}&order_id=A&amount=5")).Should().Be("recorded");
        (await workspace.All("/v1/conversions")).Single()["click"]!.ToString().Should().Be(own[..own.IndexOf('.')]);
        Status(await mine.Postback($"?order_id=B&x={await other.Click()}&amount=5")).Should().Be("unknown_click");
    }

    [Theory]
    [InlineData("{txid}"), InlineData("{{order.id}}"), InlineData("${ORDER}"), InlineData("[[order]]"), InlineData("[ORDER_ID]")]
    [InlineData("%%ORDER%%"), InlineData("%ORDER_ID%"), InlineData("#order#"), InlineData("__ORDER__"), InlineData("<order_id>")]
    [InlineData("null"), InlineData("NULL"), InlineData("undefined"), InlineData("none"), InlineData("NaN"), InlineData("n/a")]
    [InlineData("0"), InlineData("000"), InlineData(""), InlineData("-"), InlineData("%7Btxid%7D"), InlineData("{aff_sub2}")]
    [InlineData("[object Object]"), InlineData("ORD-{order_id}"), InlineData("order_id"), InlineData("*|ORDER|*")]
    public async Task a_placeholder_is_no_order_number_and_the_second_sale_is_a_sale(string order)
    {
        var partner = await NewPartner(await server.NewWorkspace());
        foreach (var amount in new[] { 10, 20 })
            Status(await partner.Postback($"?click_id={await partner.Click()}&order_id={Uri.EscapeDataString(order)}&amount={amount}"))
                .Should()
                .Be("recorded", order);
        // The next name that has a number is the order.
        Status(await partner.Postback($"?click_id={await partner.Click()}&order_id={Uri.EscapeDataString(order)}&txid=T-7&amount=5"))
            .Should()
            .Be("recorded");
        var conversions = await partner.Workspace.All("/v1/conversions");
        conversions.Should().HaveCount(3);
        conversions.Count(c => c["orderId"]!.ToString() == "T-7").Should().Be(1);
        // The shop's own server sends the same placeholders.
        foreach (var lead in new[] { "Ana", "Bea" })
        {
            var person = (await partner.Workspace.Post("/v1/leads", new { firstName = lead, email = $"{lead}@example.org" }))["id"];
            var sold = await partner.Workspace.Post("/v1/conversions", new { orderId = order, lead = person });
            (sold.Status, sold["orderId"]).Should().Be((201, null), sold.Text);
        }
        (await partner.Workspace.All("/v1/purchases")).Should().HaveCount(2).And.OnlyContain(p => p["orderId"] == null);
    }

    [Theory]
    [InlineData("A-1001"), InlineData("10"), InlineData("0017"), InlineData("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}"), InlineData("#1001")]
    [InlineData("[A1001]"), InlineData("NULL-7"), InlineData("2026/11/0001"), InlineData("ORD_77"), InlineData("nulla"), InlineData("№7")]
    public void what_is_an_order_number_stays_one(string order) => OrderNumber.Read($" {order} ").Should().Be(order);

    [Fact]
    public async Task macros_that_nobody_filled_in_are_nothing_wherever_they_stand()
    {
        var partner = await NewPartner(await server.NewWorkspace());
        var answer = await partner.Postback(
            $"?click_id={await partner.Click()}&order_id=A&amount={{payout}}&sum=7.50&currency={{cur}}&goal=[[goal]]&event="
        );
        Status(answer).Should().Be("recorded");
        var conversion = (await partner.Workspace.All("/v1/conversions")).Single();
        (conversion["type"]!.ToString(), conversion["value"]!["amount"]!.GetValue<int>()).Should().Be(("sale", 750));
    }

    [OnEveryStore]
    [Fact]
    public async Task order_numbers_belong_to_their_network_and_meet_the_shops_only_where_click_or_lead_agree()
    {
        var workspace = await server.NewWorkspace();
        var (mine, other) = (await NewPartner(workspace), await NewPartner(workspace));
        var (click, others) = (await mine.Click(), await other.Click());
        object Sale(string? click = null, string? lead = null) =>
            new
            {
                orderId = "1001",
                click,
                lead,
                value = new { amount = 9_900, currency = "EUR" },
            };
        // Two networks count to 1001, each for itself, and so does the shop.
        Status(await mine.Postback($"?click_id={click}&order_id=1001&amount=10")).Should().Be("recorded");
        Status(await other.Postback($"?click_id={others}&order_id=1001&amount=20")).Should().Be("recorded");
        Status(await mine.Postback($"?click_id={await mine.Click()}&order_id=1001&amount=10"))
            .Should()
            .Be("duplicate", "it is its own number");
        var shops = await workspace.Post("/v1/conversions", Sale());
        shops.Status.Should().Be(201, shops.Text);
        // The same click is the same sale.
        (await workspace.Post("/v1/conversions", Sale(click))).Status.Should().Be(409);
        (await workspace.All("/v1/conversions")).Should().HaveCount(3);

        // The other way round: the shop was first.
        var again = await server.NewWorkspace();
        var partner = await NewPartner(again);
        var bought = await partner.Click();
        (await again.Post("/v1/conversions", Sale(bought))).Status.Should().Be(201);
        var answer = await partner.Postback($"?click_id={bought}&order_id=1001&amount=99");
        Status(answer).Should().Be("duplicate");
        (await partner.Kept("Duplicate")).Single()["related"]!.AsArray().Single()!.ToString().Should().Be(answer["conversion"]!.ToString());
        Status(await partner.Postback($"?click_id={await partner.Click()}&order_id=1001&amount=5")).Should().Be("recorded");
    }

    [OnEveryStore]
    [Fact]
    public async Task an_order_of_the_same_lead_is_one_sale_of_shop_and_network_and_small_numbers_are_purchases_of_their_own()
    {
        var workspace = await server.NewWorkspace();
        var (mine, other) = (await NewPartner(workspace), await NewPartner(workspace));
        var form = await workspace.ContactForm();
        async Task<(string Click, string Lead)> Person(Partner of, string name)
        {
            var click = await of.Click();
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        name,
                        email = $"{name}@example.org",
                        message = "Hi",
                        _click = click,
                    }
                )
            ).Status.Should().Be(201);
            return (click, (await workspace.Get($"/v1/leads?email={name}@example.org")).Data.Single()!["id"]!.ToString());
        }
        var (ana, bea) = (await Person(mine, "ana"), await Person(other, "bea"));
        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "7",
                    lead = ana.Lead,
                    value = new { amount = 1000, currency = "EUR" },
                }
            )
        ).Status.Should().Be(201);
        Status(await mine.Postback($"?click_id={ana.Click}&order_id=7&amount=10")).Should().Be("duplicate");
        // Another network's 7 is another person's, who has a purchase too.
        Status(await other.Postback($"?click_id={bea.Click}&order_id=7&amount=20")).Should().Be("recorded");
        (await workspace.All("/v1/purchases?sort=createdAt"))
            .Select(p => $"{p["orderId"]} {p["total"]!["amount"]}")
            .Should()
            .Equal("7 1000", " 2000");
        (await workspace.All("/v1/purchases")).Select(p => p["customer"]!.ToString()).Should().OnlyHaveUniqueItems();
    }

    [OnEveryStore]
    [Fact]
    public async Task what_brought_nothing_is_kept_with_what_it_said_and_takes_little_room()
    {
        var workspace = await server.NewWorkspace();
        var partner = await NewPartner(workspace);
        var click = await partner.Click();
        (await partner.Postback($"?click_id={click}&order_id=A&amount=ten")).Status.Should().Be(422);
        var invalid = (await partner.Kept("Invalid")).Single();
        (invalid["data"]!["amount"]!.ToString(), invalid["data"]!["_because"]!.ToString().StartsWith("amount: "))
            .Should()
            .Be(("ten", true));
        using (
            var broken = await server.Http.PostAsync(
                $"/postback/{partner.Key}?order_id=B",
                new StringContent("{\"click_id\":", System.Text.Encoding.UTF8, "application/json")
            )
        )
            ((int)broken.StatusCode).Should().Be(400);
        (await partner.Kept("Invalid")).Count(e => e["data"]!["order_id"]!.ToString() == "B").Should().Be(1);
        var long63 = string.Join(
            '&',
            Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"p{i}={new string('x', 120)}"))
        );
        Status(await partner.Postback($"?click_id=unknown&{long63}")).Should().Be("unknown_click");
        var kept = (await partner.Kept("UnknownClick")).Single();
        kept["data"]!["click_id"]!.ToString().Should().Be("unknown");
        kept["data"]!["_leftOut"]!.GetValue<int>().Should().BeGreaterThan(30);
        kept.ToJsonString().Length.Should().BeLessThan(4_000);
    }
}
