// What customers bought comes to what their sales are worth, to the cent, after any sequence of sales, refunds of a part, corrections, full
// refunds and what is given again.

using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Customers;

[Collection(nameof(CrmServer))]
public sealed class CustomerTotalTests(CrmServer server, ITestOutputHelper output)
{
    static object Eur(long amount) => new { amount, currency = "EUR" };

    static long? Amount(JsonNode? money) => money?["amount"]?.GetValue<long>();

    /// <summary>An order in the plainest words.</summary>
    sealed class Order(int customer, string number, long? value, long? byHand)
    {
        public int Customer => customer;
        public string Number => number;
        public string Id { get; set; } = "";
        public long? Net { get; set; } = value;
        public bool Stands { get; set; } = true;
        public long? First { get; set; } = value;
        public long? Total { get; set; } = byHand ?? value;
        public bool IsAdjusted { get; set; }

        /// <summary>What the purchase comes to.</summary>
        public long? Comes =>
            Total is not { } total ? (IsAdjusted ? Net : null)
            : !Stands ? 0
            : IsAdjusted && Net is { } net ? Math.Max(0, total + net - First!.Value)
            : total;
    }

    [NeedsQuickStoreFact]
    public async Task totals_of_customers_are_exact_after_any_sequence_of_sales_refunds_corrections_and_reapprovals()
    {
        var (seed, rounds) = (Seed.Of(output), Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 5_000 : 150);
        var random = new Random(seed);
        var workspace = await server.NewWorkspace();
        var (leads, customers) = (new List<string>(), new List<string>());
        for (var i = 0; i < 3; i++)
        {
            var lead = await workspace.Post("/v1/leads", new { email = $"p{i}@silva.example.org" });
            leads.Add(lead["id"]!.ToString());
            customers.Add((await workspace.Post($"/v1/leads/{lead["id"]}/convert"))["customer"]!.ToString());
        }
        var orders = new List<Order>();
        for (var i = 0; i < rounds; i++)
        {
            if (orders.Count < 4 || random.Next(12) == 0)
                orders.Add(await Sale(workspace, leads, customers, random, $"A-{orders.Count}"));
            else
                await Step(workspace, orders[random.Next(orders.Count)], random);
            if (i % 15 == 14 || i == rounds - 1)
                await Check(workspace, customers, orders, $"seed {seed}, round {i}");
        }
    }

    static async Task<Order> Sale(TestWorkspace workspace, List<string> leads, List<string> customers, Random random, string number)
    {
        var who = random.Next(leads.Count);
        long? value = random.Next(5) == 0 ? null : random.Next(10_000);
        // Entered by hand before, with a total of its own.
        long? byHand = random.Next(4) == 0 ? random.Next(10_000) : null;
        if (byHand is { } total)
            (
                await workspace.Post(
                    "/v1/purchases",
                    new
                    {
                        customer = customers[who],
                        orderId = number,
                        total = Eur(total),
                    }
                )
            ).Status.Should().Be(201);
        var sale = await workspace.Post(
            "/v1/conversions",
            value is { } worth
                ? new
                {
                    lead = leads[who],
                    orderId = number,
                    value = Eur(worth),
                }
                : (object)new { lead = leads[who], orderId = number }
        );
        sale.Status.Should().Be(201, sale.Text);
        return new(who, number, value, byHand) { Id = sale["id"]!.ToString() };
    }

    static async Task Step(TestWorkspace workspace, Order order, Random random)
    {
        async Task Verb(string verb, object? body)
        {
            var reply = await workspace.Post($"/v1/conversions/{order.Id}/{verb}", body);
            reply.Status.Should().Be(200, reply.Text);
        }
        switch (random.Next(5))
        {
            case 0 or 1 when order is { Stands: true, Net: > 1 }:
                var part = 1 + random.NextInt64(order.Net.Value - 1);
                await Verb("reverse", new { amount = Eur(part) });
                (order.Net, order.IsAdjusted) = (order.Net - part, true);
                break;
            case 2:
                await Verb(
                    "reverse",
                    random.Next(2) == 0 && order is { Stands: true, Net: > 0 } ? new { amount = Eur(order.Net.Value) } : null
                );
                (order.Net, order.Stands, order.IsAdjusted) = (order.Net is null ? null : 0, false, true);
                break;
            case 3:
                // A correction, or what was taken back is given again.
                var now = random.NextInt64(12_000);
                if (order.Stands && order.Net == now)
                    break;
                await Verb("adjust", new { value = Eur(now) });
                (order.Net, order.Stands, order.First, order.IsAdjusted) = (now, true, order.First ?? now, true);
                break;
            case 4 when random.Next(3) == 0:
                var purchase = (await workspace.Get($"/v1/purchases?orderId={order.Number}")).Data.Single()!;
                order.Total = random.NextInt64(12_000);
                (await workspace.Patch($"/v1/purchases/{purchase["id"]}", new { total = Eur(order.Total.Value) })).Status.Should().Be(200);
                break;
        }
    }

    static async Task Check(TestWorkspace workspace, List<string> customers, List<Order> orders, string because)
    {
        for (var who = 0; who < customers.Count; who++)
        {
            var own = orders.Where(order => order.Customer == who).ToList();
            var purchases = await workspace.All($"/v1/purchases?customer={customers[who]}");
            purchases
                .Select(p => $"{p["orderId"]}: {Amount(p["netTotal"])}")
                .Should()
                .BeEquivalentTo(own.Select(order => $"{order.Number}: {order.Comes}"), because);
            purchases.Sum(p => Amount(p["netTotal"]) ?? 0).Should().Be(own.Sum(order => order.Comes ?? 0), because);
        }
        var sales = (await workspace.All("/v1/conversions")).ToDictionary(c => c["id"]!.ToString());
        sales.Should().HaveCount(orders.Count, because);
        foreach (var order in orders)
            Amount(sales[order.Id]["netValue"]).Should().Be(order.Net, because);
        var totals = (await workspace.Get("/v1/reports/channels"))["totals"]!;
        (totals["conversions"]!.GetValue<long>(), totals["revenue"]!.AsArray().Sum(m => Amount(m) ?? 0))
            .Should()
            .Be((orders.Count(order => order.Stands), orders.Where(order => order.Stands).Sum(order => order.Net ?? 0)), because);
    }

    [Fact]
    public async Task a_purchase_by_hand_follows_a_sale_whose_worth_is_known_later_and_comes_to_nothing_with_it()
    {
        var workspace = await server.NewWorkspace();
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }))["id"]!.ToString();
        var customer = (await workspace.Post($"/v1/leads/{lead}/convert"))["customer"]!.ToString();
        await workspace.Post(
            "/v1/purchases",
            new
            {
                customer,
                orderId = "A",
                total = Eur(10_000),
            }
        );
        var sale = (await workspace.Post("/v1/conversions", new { lead, orderId = "A" }))["id"];
        async Task Comes(long net, string verb, object? body)
        {
            (await workspace.Post($"/v1/conversions/{sale}/{verb}", body)).Status.Should().Be(200);
            Amount((await workspace.All("/v1/purchases")).Single()["netTotal"]).Should().Be(net, verb);
        }

        await Comes(0, "reverse", null);
        await Comes(10_000, "adjust", new { value = Eur(7_000) });
        await Comes(8_000, "reverse", new { amount = Eur(2_000) });
        await Comes(0, "reverse", null);
        (await workspace.Patch($"/v1/purchases/{(await workspace.All("/v1/purchases")).Single()["id"]}", new { total = Eur(12_000) }))[
            "netTotal"
        ]!["amount"]!
            .GetValue<long>()
            .Should()
            .Be(0, "it was taken back, whatever was paid");
        await Comes(11_500, "adjust", new { value = Eur(6_500) });
    }
}
