// Random histories of clicks, leads, sales, refunds of all or a part, corrections and payments: commissions, revenue and attribution come
// to the cent to what a plain reckoning says.

using System.Text.Json.Nodes;
using Crm.Tests.Deliveries;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Affiliates;

[Collection(nameof(CrmServer))]
public sealed class HistoryTests(CrmServer server, ITestOutputHelper output)
{
    sealed record Rule(string On, long? Share, long? Amount, long From, string Repeat, long? Times)
    {
        public object Sent =>
            new
            {
                on = On,
                share = Share,
                amount = Amount is { } amount ? new { amount, currency = "EUR" } : null,
                from = From,
                repeat = Repeat,
                times = Times,
            };
    }

    sealed class Partner
    {
        public required string Id;
        public required string Slug;
        public required string Key;
        public required List<Rule> Rules;
        public readonly Dictionary<string, int> Brought = [];
    }

    sealed record Person(string Lead, Partner? By, string Click);

    sealed class Sold
    {
        public required string Id;
        public required string Type;
        public Person? Person;
        public Partner? By;
        public (long Amount, string Currency)? Value;
        public (Partner Partner, Rule Rule)? Rewarded;
        public bool Reversed;

        /// <summary>What refunds and corrections left.</summary>
        public (long Amount, string Currency)? Net;

        /// <summary>What the rule gives for what is left.</summary>
        public (Partner Partner, long Amount, string Currency)? Earned
        {
            get
            {
                if (Rewarded is not var (partner, rule))
                    return null;
                var part = Net is { } value && rule.Share is { } share ? Half(value.Amount, share) : 0;
                if (rule.Amount is not { } amount)
                    return part > 0 ? (partner, part, Net!.Value.Currency) : null;
                if (part == 0)
                    return amount > 0 ? (partner, amount, "EUR") : null;
                return Net!.Value.Currency == "EUR" ? (partner, amount + part, "EUR") : null;
            }
        }
    }

    static long Half(long value, long share) => (long)decimal.Floor(value * share / 10_000m + 0.5m);

    /// <summary>What the rules say in words, reckoned without any of the product's code.</summary>
    static void Earn(Sold sold, List<Sold> before)
    {
        var (partner, later) = sold.By is not null ? (sold.By, false) : (sold.Person?.By, true);
        if (partner is null || !partner.Rules.Any(r => r.On == sold.Type && (!later || r.Repeat == "recurring")))
            return;
        var position = partner.Brought[sold.Type] = partner.Brought.GetValueOrDefault(sold.Type) + 1;
        var nth = sold.Person is null
            ? 1
            : 1 + before.Count(b => b.Person == sold.Person && b.Type == sold.Type && (sold.Person.By == partner || b.By == partner));
        var fit = partner
            .Rules.Where(r =>
                r.On == sold.Type
                && r.From <= position
                && r.Repeat switch
                {
                    "always" => !later,
                    "firstOnly" => !later && nth == 1,
                    _ => nth > 1 && (r.Times is null || nth - 1 <= r.Times),
                }
            )
            .ToList();
        if (
            (fit.Where(r => r.Repeat == "recurring").OrderBy(r => -r.From).FirstOrDefault() ?? fit.OrderBy(r => -r.From).FirstOrDefault())
            is not { } rule
        )
            return;
        sold.Rewarded = (partner, rule);
    }

    [Fact]
    public async Task commissions_revenue_and_attribution_of_random_histories_differ_by_nothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        for (var run = 0; run < (Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 30 : 2); run++)
            await Run(new Random(seed + run), 90);
    }

    async Task Run(Random random, int steps)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        Rule NewRule() =>
            new(
                Any(["sale", "sale", "booking"]),
                null,
                null,
                Any([1L, 1, 2, 4]),
                Any(["always", "always", "firstOnly", "recurring"]),
                null
            );
        var partners = new List<Partner>();
        for (var i = 0; i < 3; i++)
        {
            var rules = Enumerable
                .Range(0, random.Next(1, 5))
                .Select(_ => NewRule())
                .Select(rule =>
                    random.Next(3) switch
                    {
                        0 => rule with { Share = random.Next(1, 10_001) },
                        1 => rule with { Amount = random.Next(0, 900) },
                        _ => rule with { Share = random.Next(1, 3000), Amount = random.Next(1, 500) },
                    }
                )
                .Select(rule => rule.Repeat == "recurring" && random.Next(2) == 0 ? rule with { Times = random.Next(1, 3) } : rule)
                .ToList();
            var made = await workspace.Post(
                "/v1/affiliates",
                new
                {
                    name = $"Partner {i}",
                    currency = "EUR",
                    commissionRules = rules.Select(r => r.Sent),
                }
            );
            var link = await workspace.Post(
                "/v1/links",
                new { destination = "https://www.silva.example.org/", affiliate = DeliveryTests.Id(made) }
            );
            partners.Add(
                new()
                {
                    Id = DeliveryTests.Id(made),
                    Key = made["postbackKey"]!.ToString(),
                    Slug = link["slug"]!.ToString(),
                    Rules = rules,
                }
            );
        }
        var plain = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", channel = "email" }))[
            "slug"
        ]!.ToString();
        var (people, sales, commissions) = (new List<Person>(), new List<Sold>(), new Dictionary<string, string>());

        for (var step = 0; step < steps; step++)
        {
            var what = random.Next(100);
            if (people.Count == 0 || what < 15)
            {
                var by = random.Next(5) == 0 ? null : Any(partners);
                var click = await DeliveryTests.Click(workspace, by?.Slug ?? plain);
                var email = $"p{step}@example.org";
                (
                    await workspace.Submit(
                        form,
                        new
                        {
                            name = "Ana",
                            email,
                            message = "Hi",
                            _click = click,
                        }
                    )
                ).Status.Should().Be(201);
                people.Add(
                    new(
                        DeliveryTests.Id(
                            await workspace.Get($"/v1/leads/{(await workspace.Get($"/v1/leads?email={email}")).Data.Single()!["id"]}")
                        ),
                        by,
                        click
                    )
                );
            }
            else if (what < 75)
            {
                var type = Any(["sale", "sale", "booking"]);
                (long, string)? value =
                    random.Next(8) == 0
                        ? null
                        : (random.Next(4) == 0 ? random.Next(0, 3) : random.NextInt64(1, 2_000_000), Any(["EUR", "EUR", "BRL", "JPY"]));
                var person = Any(people);
                // Named by the lead, by his own click, by another's click, or by both.
                var (lead, click, by, who) = random.Next(5) switch
                {
                    0 => (null, person.Click, person.By, person),
                    1 when Any(partners) is var other => (person.Lead, await DeliveryTests.Click(workspace, other.Slug), other, person),
                    2 => (person.Lead, await DeliveryTests.Click(workspace, plain), null, person),
                    3 when Any(partners) is var other => (null, await DeliveryTests.Click(workspace, other.Slug), other, null),
                    _ => ((string?)person.Lead, (string?)null, person.By, (Person?)person),
                };
                var made = await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        type,
                        orderId = $"o{step}",
                        lead,
                        click,
                        value = value is { } v ? new { amount = v.Item1, currency = v.Item2 } : null,
                    }
                );
                var sold = new Sold
                {
                    Id = DeliveryTests.Id(made),
                    Type = type,
                    Person = who,
                    By = by,
                    Value = value,
                    Net = value,
                };
                Earn(sold, sales);
                sales.Add(sold);
            }
            else if (sales.Count > 0 && what < 85)
            {
                var sold = Any(sales);
                (await workspace.Post($"/v1/conversions/{sold.Id}/reverse")).Status.Should().Be(200);
                sold.Reversed = true;
            }
            else if (sales.Count > 0 && what < 93)
            {
                // A part is given back, or the amount is corrected, also of what was taken back before and of what had none.
                var sold = Any(sales);
                if (random.Next(2) == 0 && !sold.Reversed && sold.Net is { Amount: > 0 } net)
                {
                    var part = random.Next(5) == 0 ? net.Amount : random.NextInt64(1, net.Amount + 1);
                    var back = await workspace.Post(
                        $"/v1/conversions/{sold.Id}/reverse",
                        new { amount = new { amount = part, currency = net.Currency }, reason = $"step {step}" }
                    );
                    back.Status.Should().Be(200, back.Text);
                    sold.Net = (net.Amount - part, net.Currency);
                    sold.Reversed = part == net.Amount;
                }
                else
                {
                    var now = (
                        Amount: random.Next(6) == 0 ? 0 : random.NextInt64(1, 2_000_000),
                        (sold.Net ?? sold.Value)?.Currency ?? "EUR"
                    );
                    var adjusted = await workspace.Post(
                        $"/v1/conversions/{sold.Id}/adjust",
                        new { value = new { amount = now.Amount, currency = now.Item2 } }
                    );
                    adjusted.Status.Should().Be(200, adjusted.Text);
                    (sold.Net, sold.Reversed) = (now, false);
                }
            }
            else if (what < 97)
            {
                foreach (var pending in (await workspace.Get("/v1/commissions?status=pending&limit=3")).Data)
                    (await workspace.Post($"/v1/commissions/{pending!["id"]}/approve")).Status.Should().Be(200);
            }
            else
                (await workspace.Post($"/v1/affiliates/{Any(partners).Id}/pay", new { reference = $"step {step}" }))
                    .Status.Should()
                    .Be(200);
        }

        // Each commission with what is set off against it, and the sum of those that stand.
        var stored = await workspace.All("/v1/commissions");
        foreach (var sold in sales)
        {
            var own = stored.Where(c => c["conversion"]!.ToString() == sold.Id).ToList();
            own.Where(c => c["status"]!.ToString() != "reversed")
                .GroupBy(c => (c["affiliate"]!.ToString(), c["amount"]!["currency"]!.ToString()))
                .Select(g => (g.Key.Item1, g.Sum(c => c["amount"]!["amount"]!.GetValue<long>()), g.Key.Item2))
                .Where(sum => sum.Item2 != 0)
                .Should()
                .Equal(sold is { Reversed: false, Earned: { } e } ? [(e.Partner.Id, e.Amount, e.Currency)] : [], sold.Id);
            own.Count(c => c["reverses"] is null).Should().BeLessThanOrEqualTo(1);
            own.All(c => c["why"]!.ToString().Length > 20 && c["rule"] is not null).Should().BeTrue();
            var conversion = (await workspace.Get($"/v1/conversions/{sold.Id}")).Json!;
            (conversion["value"]?["amount"]?.GetValue<long>(), conversion["reversedAt"] is not null)
                .Should()
                .Be((sold.Value?.Amount, sold.Reversed));
            conversion["netValue"]?["amount"]?.GetValue<long>().Should().Be(sold.Reversed ? 0 : sold.Net?.Amount);
            conversion["adjustments"]!
                .AsArray()
                .Sum(a => a!["amount"]?["amount"]?.GetValue<long>() ?? 0)
                .Should()
                .Be((sold.Reversed ? 0 : sold.Net?.Amount ?? 0) - (sold.Value?.Amount ?? 0));
        }
        // What was bought is worth what its conversion is.
        var purchases = (await workspace.All("/v1/purchases")).ToDictionary(p => p["conversion"]!.ToString());
        foreach (var sold in sales.Where(s => s.Type == "sale" && s.Person is not null))
            purchases[sold.Id]["netTotal"]?["amount"]?.GetValue<long>().Should().Be(sold.Reversed ? 0 : sold.Net?.Amount, sold.Id);
        var standing = sales.Where(s => !s.Reversed).ToList();
        foreach (var currency in new[] { "EUR", "BRL", "JPY" })
        {
            var counted = stored
                .Where(c => c["status"]!.ToString() != "reversed" && c["amount"]!["currency"]!.ToString() == currency)
                .Sum(c => c["amount"]!["amount"]!.GetValue<long>());
            counted.Should().Be(standing.Sum(s => s.Earned is { } e && e.Currency == currency ? e.Amount : 0), currency);
        }
        static Dictionary<string, long> Sums(IEnumerable<JsonNode?> of) =>
            of.GroupBy(m => m!["currency"]!.ToString())
                .ToDictionary(g => g.Key, g => g.Sum(m => m!["amount"]!.GetValue<long>()))
                .Where(p => p.Value != 0)
                .ToDictionary();
        var report = (await workspace.Get("/v1/reports/affiliates")).Data;
        foreach (var partner in partners)
        {
            var line = report.FirstOrDefault(r => r!["affiliate"]!["id"]!.ToString() == partner.Id);
            Sums(line?["commission"]?.AsArray() ?? [])
                .Should()
                .BeEquivalentTo(
                    standing
                        .Where(s => s.Earned?.Partner == partner)
                        .GroupBy(s => s.Earned!.Value.Currency)
                        .ToDictionary(g => g.Key, g => g.Sum(s => s.Earned!.Value.Amount))
                );
            Sums(line?["revenue"]?.AsArray() ?? [])
                .Should()
                .BeEquivalentTo(
                    standing
                        .Where(s => s.By == partner && s.Net is { Amount: > 0 })
                        .GroupBy(s => s.Net!.Value.Currency)
                        .ToDictionary(g => g.Key, g => g.Sum(s => s.Net!.Value.Amount))
                );
        }
        var revenue = standing
            .Where(s => s.Net is { Amount: > 0 })
            .GroupBy(s => s.Net!.Value.Currency)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Net!.Value.Amount));
        Sums((await workspace.Get("/v1/reports/channels")).Data.SelectMany(r => r!["revenue"]!.AsArray())).Should().BeEquivalentTo(revenue);

        // In every model the shares are the revenue.
        foreach (var model in new[] { "first", "last", "lastNonDirect", "linear", "positionBased", "timeDecay" })
        {
            var shares = new List<JsonNode?>();
            foreach (var sold in standing)
            {
                var owed = (await workspace.Get($"/v1/attribution/{sold.Id}?model={model}"))["shares"]!.AsArray();
                owed.Sum(s => s!["perMillion"]!.GetValue<long>()).Should().Be(1_000_000, model);
                shares.AddRange(owed.Select(s => s!["amount"]).Where(a => a is not null));
            }
            Sums(shares).Should().BeEquivalentTo(revenue, model);
        }

        // The same rules give the same sums: a recomputation changes no record.
        foreach (var partner in partners)
            (await workspace.Post($"/v1/affiliates/{partner.Id}/recompute")).Status.Should().Be(200);
        (await workspace.All("/v1/commissions")).Select(c => c.ToJsonString()).Should().Equal(stored.Select(c => c.ToJsonString()));
    }
}
