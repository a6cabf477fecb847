// kill -9 in a flood of whole journeys, from the click to the refund: what was answered is there once, and every sum is what a recount
// says.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class SaleKillTests
{
    const int Rounds = 4,
        Visitors = 12,
        Wanted = 60;

    sealed record Sale(string Order, string Click, string Email);

    [Fact]
    public async Task every_answered_click_form_and_postback_is_one_lead_one_sale_and_one_commission_after_kill_9()
    {
        var folder = OnDisk.NewFolder("crm-sales-").FullName;
        var database = Path.Combine(folder, "crm.db");
        var (sold, refunded, inDoubt) = (new ConcurrentBag<Sale>(), new ConcurrentBag<Sale>(), new ConcurrentQueue<Sale>());
        string? slug = null,
            key = null;
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var crm = await CrmProcess.Start(database);
                if (slug is null)
                {
                    using var affiliate = await crm.Http.PostAsJsonAsync(
                        new Uri(crm.Address, "/v1/affiliates"),
                        new
                        {
                            name = "Garden blog",
                            currency = "EUR",
                            commissionRules = new object[]
                            {
                                new { on = "sale", share = 1000 },
                                new
                                {
                                    on = "sale",
                                    share = 2000,
                                    from = 50,
                                },
                            },
                        }
                    );
                    var made = JsonNode.Parse(await affiliate.Content.ReadAsStringAsync())!;
                    key = made["postbackKey"]!.ToString();
                    using var link = await crm.Http.PostAsJsonAsync(
                        new Uri(crm.Address, "/v1/links"),
                        new { destination = "https://www.silva.example.org/", affiliate = made["id"] }
                    );
                    slug = JsonNode.Parse(await link.Content.ReadAsStringAsync())!["slug"]!.ToString();
                }
                // What got no answer is said again, as networks and shops do: it is recorded now or was before.
                while (inDoubt.TryDequeue(out var again))
                    if (await Postback(crm, again) is "recorded" or "duplicate")
                        sold.Add(again);
                var (until, enough, r) = (
                    sold.Count + Wanted,
                    new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
                    round
                );
                var visitors = Enumerable
                    .Range(0, Visitors)
                    .Select(visitor =>
                        Task.Run(async () =>
                        {
                            for (var n = 0; ; n++)
                            {
                                Sale? asked = null;
                                try
                                {
                                    using var follow = new HttpRequestMessage(HttpMethod.Get, new Uri(crm.Address, $"/l/{slug}"));
                                    follow.Headers.TryAddWithoutValidation(
                                        "User-Agent",
                                        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
                                    );
                                    using var went = await crm.Http.SendAsync(follow);
                                    var name = $"{r}-{visitor}-{n}";
                                    var sale = new Sale(
                                        "order-" + name,
                                        System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!,
                                        $"p{name}@example.org"
                                    );
                                    using var form = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl)
                                    {
                                        Content = new FormUrlEncodedContent(
                                            new Dictionary<string, string>
                                            {
                                                ["email"] = sale.Email,
                                                ["name"] = "Ana " + name,
                                                ["message"] = "Hi",
                                                ["_click"] = sale.Click,
                                                ["_key"] = name,
                                            }
                                        ),
                                    };
                                    form.Headers.TryAddWithoutValidation("Accept", "application/json");
                                    using (var sent = await crm.Http.SendAsync(form))
                                        ((int)sent.StatusCode).Should().Be(201);
                                    asked = sale;
                                    (await Postback(crm, sale)).Should().Be("recorded");
                                    sold.Add(sale);
                                    asked = null;
                                    if (n % 4 == 3 && await Postback(crm, sale, "&status=refunded") == "reversed")
                                        refunded.Add(sale);
                                    if (sold.Count >= until)
                                        enough.TrySetResult();
                                }
                                catch (Exception over) when (CrmProcess.IsGone(over))
                                {
                                    if (asked is not null)
                                        inDoubt.Enqueue(asked);
                                    return;
                                }
                            }
                        })
                    )
                    .ToList();
                await Task.WhenAny(enough.Task, Task.WhenAll(visitors)).WaitAsync(TimeSpan.FromSeconds(90));
                await crm.Kill();
                await Task.WhenAll(visitors);
            }

            var recount = await CrmProcess.Run(database, arguments: ["recount"]);
            (recount.ExitCode, recount.Output.Contains("; 0 counters differed.")).Should().Be((0, true), recount.Output);
            await using var last = await CrmProcess.Start(database);
            var conversions = await last.All("/v1/conversions");
            var commissions = await last.All("/v1/commissions");
            var leads = (await last.All("/v1/leads")).ToDictionary(l => l["id"]!.ToString());
            var purchases = (await last.All("/v1/purchases")).ToDictionary(p => p["orderId"]!.ToString());
            conversions.Select(c => c["orderId"]!.ToString()).Should().OnlyHaveUniqueItems();
            sold.Should().HaveCountGreaterThanOrEqualTo(Wanted * Rounds);
            sold.Select(s => s.Order)
                .Except(conversions.Select(c => c["orderId"]!.ToString()))
                .Should()
                .BeEmpty("each of them was answered");
            foreach (var conversion in conversions)
            {
                var lead = leads[conversion["lead"]!.ToString()];
                (lead["status"]!.ToString(), lead["customer"]!.ToString()).Should().Be(("converted", conversion["customer"]!.ToString()));
                purchases[conversion["orderId"]!.ToString()]["customer"]!.ToString().Should().Be(conversion["customer"]!.ToString());
                var commission = commissions
                    .Where(c => c["conversion"]!.ToString() == conversion["id"]!.ToString())
                    .Should()
                    .ContainSingle()
                    .Which;
                commission["amount"]!["amount"]!.GetValue<long>().Should().Be(commission["position"]!.GetValue<long>() >= 50 ? 200 : 100);
                (commission["status"]!.ToString() == "reversed").Should().Be(conversion["reversedAt"] is not null);
            }
            commissions.Should().HaveSameCount(conversions);
            commissions
                .Select(c => c["position"]!.GetValue<long>())
                .Order()
                .Should()
                .Equal(Enumerable.Range(1, commissions.Count).Select(i => (long)i), "tiers count without gap");
            refunded
                .Select(s => s.Order)
                .Except(conversions.Where(c => c["reversedAt"] is not null).Select(c => c["orderId"]!.ToString()))
                .Should()
                .BeEmpty();
            var line = (await last.Get("/v1/reports/affiliates")).Data.Single()!;
            line["conversions"]!.GetValue<int>().Should().Be(conversions.Count(c => c["reversedAt"] is null));
            line["commission"]![0]!["amount"]!
                .GetValue<long>()
                .Should()
                .Be(commissions.Where(c => c["status"]!.ToString() != "reversed").Sum(c => c["amount"]!["amount"]!.GetValue<long>()));
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        async Task<string> Postback(CrmProcess crm, Sale sale, string more = "")
        {
            var text = await crm.Http.GetStringAsync(
                new Uri(crm.Address, $"/postback/{key}?click_id={sale.Click}&order_id={sale.Order}&amount=10{more}")
            );
            return JsonNode.Parse(text)!["status"]!.ToString();
        }
    }
}
