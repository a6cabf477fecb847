// Refunds of a part, corrections and what is given again: facts with amounts, and everything that goes by the value follows to the cent.

using System.Text.Json.Nodes;
using Crm.Tests.Deliveries;
using Xunit;

namespace Crm.Tests.Conversions;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class AdjustmentTests(CrmServer server)
{
    static object Eur(long amount) => new { amount, currency = "EUR" };

    sealed record Shop(TestWorkspace Workspace, string Affiliate, string Key, string Click, string Lead)
    {
        public async Task<string> Postback(string rest) =>
            (await Workspace.Server.Default.With("").Get($"/postback/{Key}?click_id={Click}&{rest}"))["status"]!.ToString();

        public async Task<Reply> Verb(string verb, object? body) => await Workspace.Post($"/v1/conversions/{await Only()}/{verb}", body);

        public async Task<string> Only() => (await Workspace.All("/v1/conversions")).Single()["id"]!.ToString();

        /// <summary>Net value, revenue of the report, commissions that stand, what the purchase comes to, and the shares of every
        /// model.</summary>
        public async Task Comes(long net, long commission, bool stands = true)
        {
            var conversion = (await Workspace.All("/v1/conversions")).Single();
            var value = conversion["value"]?["amount"]?.GetValue<long>() ?? 0;
            conversion["netValue"]!["amount"]!.GetValue<long>().Should().Be(net);
            (conversion["reversedAt"] is null).Should().Be(stands);
            conversion["adjustments"]!.AsArray().Sum(a => a!["amount"]!["amount"]!.GetValue<long>()).Should().Be(net - value);
            var line = (await Workspace.Get("/v1/reports/affiliates")).Data.Single()!;
            (line["conversions"]!.GetValue<long>(), Sum(line["revenue"]!), Sum(line["commission"]!))
                .Should()
                .Be((stands ? 1 : 0, net, commission));
            (await Workspace.All("/v1/commissions"))
                .Where(c => c["status"]!.ToString() != "reversed")
                .Sum(c => c["amount"]!["amount"]!.GetValue<long>())
                .Should()
                .Be(commission);
            (await Workspace.All("/v1/purchases")).Single()["netTotal"]!["amount"]!.GetValue<long>().Should().Be(net);
            foreach (var model in new[] { "first", "last", "lastNonDirect", "linear", "positionBased", "timeDecay" })
            {
                var owed = await Workspace.Get($"/v1/attribution/{conversion["id"]}?model={model}");
                owed["value"]!["amount"]!.GetValue<long>().Should().Be(net);
                owed["shares"]!.AsArray().Sum(s => s!["amount"]!["amount"]!.GetValue<long>()).Should().Be(net, model);
            }
        }

        static long Sum(JsonNode money) => money.AsArray().Sum(m => m!["amount"]!.GetValue<long>());
    }

    async Task<Shop> NewShop(long share = 1000)
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new
            {
                name = "Garden blog",
                currency = "EUR",
                commissionRules = new object[] { new { on = "sale", share } },
            }
        );
        var link = await workspace.Post(
            "/v1/links",
            new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"]!.ToString() }
        );
        var click = await DeliveryTests.Click(workspace, link["slug"]!.ToString());
        (
            await workspace.Submit(
                await workspace.ContactForm(),
                new
                {
                    name = "Ana",
                    email = "ana@example.org",
                    message = "Hi",
                    _click = click,
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!["id"]!.ToString();
        return new(workspace, affiliate["id"]!.ToString(), affiliate["postbackKey"]!.ToString(), click, lead);
    }

    [Fact]
    public async Task a_part_that_is_given_back_is_taken_off_everywhere_and_the_last_part_is_all()
    {
        var shop = await NewShop(share: 333);
        (await shop.Postback("order_id=A&amount=100.01")).Should().Be("recorded");
        await shop.Comes(10_001, 333);
        var part = await shop.Verb("reverse", new { amount = Eur(1_000), reason = "One came back" });
        (part.Status, part["netValue"]!["amount"]!.GetValue<int>(), part["value"]!["amount"]!.GetValue<int>())
            .Should()
            .Be((200, 9_001, 10_001), part.Text);
        var fact = part["adjustments"]!.AsArray().Single()!;
        (fact["amount"]!["amount"]!.GetValue<int>(), fact["reason"]!.ToString()).Should().Be((-1_000, "One came back"));
        (fact["id"]!.ToString().Length, fact["by"]!.ToString().StartsWith("key_"), fact["at"] is not null).Should().Be((26, true, true));
        await shop.Comes(9_001, 300);
        foreach (
            var (body, error) in new[]
            {
                (new { amount = Eur(9_002) }, "amount.amount:out_of_range"),
                (new { amount = Eur(0) }, "amount.amount:out_of_range"),
                (new { amount = Eur(-5) }, "amount.amount:out_of_range"),
                (new { amount = (object)new { amount = 5, currency = "USD" } }, "amount.currency:not_a_choice"),
            }
        )
            (await shop.Verb("reverse", body)).Errors.Should().Equal(error);
        (await shop.Verb("reverse", new { amount = Eur(9_001) })).Status.Should().Be(200);
        await shop.Comes(0, 0, stands: false);
        (await shop.Verb("reverse", null)).Status.Should().Be(200);
        (await shop.Verb("reverse", new { amount = Eur(1) })).Code.Should().Be("wrong_state");
    }

    [Fact]
    public async Task a_network_gives_back_a_part_corrects_and_approves_again()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A&amount=100&status=1")).Should().Be("recorded");
        (await shop.Postback("order_id=A&amount=10&status=refunded")).Should().Be("reversed");
        await shop.Comes(9_000, 900);
        (await shop.Postback("order_id=A&amount=10&status=refunded")).Should().Be("duplicate", "nobody can say that it is another one");
        (await shop.Postback("order_id=A&amount=10&status=refunded&refund_id=2")).Should().Be("reversed");
        await shop.Comes(8_000, 800);
        (await shop.Postback("order_id=A&amount=-5.50")).Should().Be("reversed");
        await shop.Comes(7_450, 745);
        (await shop.Postback("order_id=A&amount=120&status=1")).Should().Be("adjusted");
        await shop.Comes(12_000, 1_200);
        (await shop.Postback("order_id=A&amount=100&status=1")).Should().Be("duplicate", "it was heard before");
        (await shop.Postback("order_id=A&amount=5&currency=USD&status=1")).Should().Be("unclear");
        (await shop.Postback("order_id=A&status=partially_refunded")).Should().Be("unclear");
        await shop.Comes(12_000, 1_200);
        (await shop.Postback("order_id=A&amount=3&status=rejected")).Should().Be("reversed", "what was rejected never was a sale");
        await shop.Comes(0, 0, stands: false);
        (await shop.Postback("order_id=A&amount=120")).Should().Be("duplicate", "without a word it may be an old one");
        (await shop.Postback("order_id=A&status=approved")).Should().Be("reapproved");
        await shop.Comes(12_000, 1_200);
        (await shop.Postback("order_id=A&amount=3&status=rejected")).Should().Be("reversed", "it is taken back as often as it is given");
        (await shop.Postback("order_id=A&status=approved")).Should().Be("reapproved");
        (await shop.Postback("order_id=A&amount=-500")).Should().Be("reversed");
        await shop.Comes(0, 0, stands: false);
        (await shop.Verb("adjust", new { value = Eur(50) })).Status.Should().Be(200);
        await shop.Comes(50, 5);
        (await shop.Verb("reverse", new { reason = "Fraud" })).Status.Should().Be(200);
        (await shop.Postback("order_id=A&status=approved")).Should().Be("duplicate", "what the team took back stays so");
        await shop.Comes(0, 0, stands: false);
        (await shop.Workspace.All($"/v1/events?subject={shop.Affiliate}&type=affiliate.postbackDuplicate"))
            .Should()
            .HaveCount(4)
            .And.OnlyContain(e => e["data"]!["order_id"]!.ToString() == "A");
    }

    [Fact]
    public async Task what_was_paid_is_set_off_by_the_difference_each_time()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A&amount=100")).Should().Be("recorded");
        var commission = (await shop.Workspace.All("/v1/commissions")).Single()["id"];
        (await shop.Workspace.Post($"/v1/commissions/{commission}/approve")).Status.Should().Be(200);
        var payments = 0;
        async Task<string> Pay() =>
            (await shop.Workspace.Post($"/v1/affiliates/{shop.Affiliate}/pay", new { reference = $"x{++payments}" })).Text;
        (await Pay()).Should().Contain("\"amount\":1000");
        (await shop.Verb("reverse", new { amount = Eur(1_000) })).Status.Should().Be(200);
        await shop.Comes(9_000, 900);
        (await Pay()).Should().Contain("\"amount\":-100");
        (await shop.Verb("reverse", new { amount = Eur(500) })).Status.Should().Be(200);
        (await shop.Verb("adjust", new { value = Eur(20_000), reason = "Final amount" })).Status.Should().Be(200);
        await shop.Comes(20_000, 2_000);
        (await Pay()).Should().Contain("\"amount\":-50", "what is more waits for its approval");
        (await shop.Verb("reverse", null)).Status.Should().Be(200);
        await shop.Comes(0, 0, stands: false);
        (await shop.Verb("adjust", new { value = Eur(10_000) })).Status.Should().Be(200);
        await shop.Comes(10_000, 1_000);
        (await shop.Workspace.Post($"/v1/affiliates/{shop.Affiliate}/recompute")).Status.Should().Be(200);
        await shop.Comes(10_000, 1_000);
        // What the team takes back itself stays so.
        (await shop.Workspace.Post($"/v1/commissions/{commission}/reverse")).Status.Should().Be(200);
        await shop.Comes(10_000, 0);
        (await shop.Verb("adjust", new { value = Eur(30_000) })).Status.Should().Be(200);
        await shop.Comes(30_000, 0);
    }

    [Fact]
    public async Task an_approved_commission_that_becomes_more_waits_for_its_approval_again_and_one_that_becomes_less_does_not()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A&amount=100")).Should().Be("recorded");
        async Task<(string, long)> Commission()
        {
            var one = (await shop.Workspace.All("/v1/commissions")).Single();
            return (one["status"]!.ToString(), one["amount"]!["amount"]!.GetValue<long>());
        }
        var id = (await shop.Workspace.All("/v1/commissions")).Single()["id"];
        (await shop.Workspace.Post($"/v1/commissions/{id}/approve")).Status.Should().Be(200);
        (await shop.Verb("adjust", new { value = Eur(8_000) })).Status.Should().Be(200);
        (await Commission()).Should().Be(("approved", 800));
        (await shop.Verb("adjust", new { value = Eur(8_001) })).Status.Should().Be(200);
        (await Commission()).Should().Be(("approved", 800));
        (await shop.Verb("adjust", new { value = Eur(9_000) })).Status.Should().Be(200);
        (await Commission()).Should().Be(("pending", 900));
        (await shop.Workspace.All("/v1/commissions")).Single()["why"]!.ToString().Should().StartWith("10 % of 90.00 EUR");
    }

    [Fact]
    public async Task a_sale_whose_worth_is_known_later_earns_then_by_the_place_it_had()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A")).Should().Be("recorded");
        (await shop.Workspace.All("/v1/commissions")).Should().BeEmpty();
        (await shop.Postback("order_id=A&amount=70")).Should().Be("adjusted");
        await shop.Comes(7_000, 700);
        var earned = (await shop.Workspace.All("/v1/commissions")).Single();
        (earned["position"]!.GetValue<int>(), earned["nth"]!.GetValue<int>()).Should().Be((1, 1));
        (await shop.Verb("adjust", new { value = Eur(0) })).Status.Should().Be(200);
        await shop.Comes(0, 0);
        (await shop.Verb("adjust", new { value = Eur(1_000) })).Status.Should().Be(200);
        await shop.Comes(1_000, 100);
    }

    [Fact]
    public async Task a_correction_that_cannot_be_is_told_what_is_wrong()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A&amount=100")).Should().Be("recorded");
        (await shop.Verb("adjust", new { value = Eur(-1) })).Errors.Should().Equal("value.amount:out_of_range");
        (await shop.Verb("adjust", new { value = new { amount = 1, currency = "BRL" } }))
            .Errors.Should()
            .Equal("value.currency:not_a_choice");
        (await shop.Verb("adjust", new { reason = "x" })).Errors.Should().Equal("value:required");
        var same = await shop.Verb("adjust", new { value = Eur(10_000) });
        (same.Status, same["adjustments"]!.AsArray().Count).Should().Be((200, 0));
        (
            await shop.Workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "A",
                    adjustments = Array.Empty<object>(),
                    netValue = Eur(5),
                }
            )
        ).Errors.Should().Contain("netValue:read_only");
    }

    [Fact]
    public async Task many_refunds_at_once_are_all_taken_off_exactly_once()
    {
        var shop = await NewShop();
        (await shop.Postback("order_id=A&amount=100")).Should().Be("recorded");
        var id = await shop.Only();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    i % 2 == 0
                        ? shop.Workspace.Post($"/v1/conversions/{id}/reverse", new { amount = Eur(i + 1) })
                        : shop
                            .Workspace.Server.Default.With("")
                            .Get($"/postback/{shop.Key}?click_id={shop.Click}&order_id=A&refund={i}&amount=-0.0{(i % 9) + 1}")
                )
        );
        answers.Should().OnlyContain(a => a.Status == 200, string.Join("; ", answers.Select(a => a.Text)));
        var taken = Enumerable.Range(0, 12).Sum(i => i % 2 == 0 ? i + 1 : (i % 9) + 1);
        await shop.Comes(10_000 - taken, (10_000 - taken + 5) / 10);
    }
}
