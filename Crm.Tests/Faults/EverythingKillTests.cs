// kill -9 in a flood of everything at once that strangers, shops and networks send: clicks, page events, forms, postbacks, Matomo's hits
// and Dub's leads and sales.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class EverythingKillTests
{
    const int Visitors = 18;
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";
    static int Rounds => Long ? 40 : 3;

    /// <summary>Answered things, by what they are found by afterwards.</summary>
    readonly ConcurrentBag<string> clicks = [],
        events = [],
        emails = [],
        orders = [],
        hits = [];

    string slug = "",
        affiliate = "",
        postback = "",
        site = "",
        matomo = "";

    [Fact]
    public async Task whatever_was_answered_is_there_once_after_kill_9_and_every_counter_is_what_a_recount_says()
    {
        var folder = OnDisk.NewFolder("crm-everything-").FullName;
        var database = Path.Combine(folder, "crm.db");
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var crm = await CrmProcess.Start(database);
                if (round == 0)
                    await Make(crm);
                var (enough, wanted, r) = (
                    new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
                    40 * (round + 1),
                    round
                );
                var visitors = Enumerable
                    .Range(0, Visitors)
                    .Select(visitor =>
                        Task.Run(async () =>
                        {
                            for (var n = 0; ; n++)
                                try
                                {
                                    await One(crm, (visitor + n) % 6, $"{r}-{visitor}-{n}");
                                    if (new[] { clicks, events, emails, orders, hits }.All(answered => answered.Count >= wanted))
                                        enough.TrySetResult();
                                }
                                catch (Exception over) when (CrmProcess.IsGone(over))
                                {
                                    return;
                                }
                        })
                    )
                    .ToList();
                // Somebody who asserts in vain ends too, and says so below.
                await Task.WhenAny(enough.Task, Task.WhenAll(visitors)).WaitAsync(TimeSpan.FromSeconds(120));
                await crm.Kill();
                await Task.WhenAll(visitors);
            }

            var recount = await CrmProcess.Run(database, arguments: ["recount"]);
            (recount.ExitCode, recount.Output.Contains("; 0 counters differed.")).Should().Be((0, true), recount.Output);
            await using var last = await CrmProcess.Start(database);
            Once(clicks, (await last.All("/v1/clicks")).Select(c => c["id"]!.ToString()), "clicks");
            var touches = await last.All("/v1/touches");
            Once(events, touches.Where(t => t["kind"]!.ToString() == "formView").Select(t => t["note"]!.ToString()), "events");
            Once(hits, touches.Where(t => t["kind"]!.ToString() == "pageView").Select(t => t["note"]!.ToString()), "Matomo's pages");
            var leads = await last.All("/v1/leads");
            Once(emails, leads.SelectMany(l => l["emails"]!.AsArray()).Select(e => e!["address"]!.ToString()), "people");
            var conversions = await last.All("/v1/conversions");
            Once(
                orders,
                conversions.Where(c => c["orderId"] is not null && c["type"]!.ToString() == "sale").Select(c => c["orderId"]!.ToString()),
                "orders"
            );
            var commissions = await last.All("/v1/commissions");
            commissions.Select(c => c["conversion"]!.ToString()).Should().OnlyHaveUniqueItems();
            var line = (await last.Get("/v1/reports/affiliates")).Data.Single()!;
            (line["clicks"]!.GetValue<int>(), line["sales"]!.GetValue<int>())
                .Should()
                .Be(
                    (
                        (await last.All("/v1/clicks")).Count,
                        conversions.Count(c => c["type"]!.ToString() == "sale" && c["affiliate"] is not null)
                    )
                );
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        static void Once(IReadOnlyCollection<string> answered, IEnumerable<string> stored, string what)
        {
            var all = stored.ToList();
            all.Should().OnlyHaveUniqueItems(what);
            answered.Except(all).Should().BeEmpty($"{what}: each of them was answered");
            answered.Should().NotBeEmpty();
        }
    }

    async Task Make(CrmProcess crm)
    {
        var made = await Post(
            crm,
            "/v1/affiliates",
            new
            {
                name = "Garden blog",
                currency = "EUR",
                commissionRules = new object[] { new { on = "sale", share = 1000 } },
            }
        );
        (affiliate, postback) = (made["id"]!.ToString(), made["postbackKey"]!.ToString());
        slug = (await Post(crm, "/v1/links", new { destination = "https://www.silva.example.org/", affiliate }))["slug"]!.ToString();
        var shop = await Post(crm, "/v1/sites", new { name = "Shop", currency = "EUR" });
        (site, matomo) = (shop["key"]!.ToString(), shop["matomoId"]!.ToString());
    }

    async Task One(CrmProcess crm, int kind, string name)
    {
        switch (kind)
        {
            case 0:
                clicks.Add((await Click(crm)).Split('.')[0]);
                break;
            case 1:
                var form = crm.SubmitUrl.Segments[^1];
                var told = await Sent(
                    crm,
                    HttpMethod.Post,
                    $"/t/events?site={site}",
                    JsonContent.Create(
                        new
                        {
                            events = new[]
                            {
                                new
                                {
                                    kind = "formView",
                                    form,
                                    name,
                                },
                            },
                        }
                    )
                );
                if (JsonNode.Parse(told!)!["accepted"]!.GetValue<int>() == 1)
                    events.Add(name);
                break;
            case 2:
                await Sent(
                    crm,
                    HttpMethod.Post,
                    crm.SubmitUrl.PathAndQuery,
                    new FormUrlEncodedContent([new("email", $"p{name}@example.org"), new("message", "Hi"), new("_key", name)])
                );
                emails.Add($"p{name}@example.org");
                break;
            case 3:
                var click = await Click(crm);
                clicks.Add(click.Split('.')[0]);
                // Many at once want the next place in the affiliate's month: who is told 409 says it again, as networks do.
                string? said;
                do said = await Sent(
                    crm,
                    HttpMethod.Get,
                    $"/postback/{postback}?click_id={click}&order_id=net-{name}&amount=10",
                    null,
                    409
                );
                while (said is null);
                JsonNode.Parse(said)!["status"]!.ToString().Should().Be("recorded");
                orders.Add("net-" + name);
                break;
            case 4:
                await Sent(
                    crm,
                    HttpMethod.Get,
                    $"/matomo.php?idsite={matomo}&rec=1&action_name={name}&url=https%3A%2F%2Fwww.silva.example.org%2F&_id={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..16]}",
                    null
                );
                hits.Add(name);
                break;
            default:
                await Post(
                    crm,
                    "/track/sale",
                    new
                    {
                        customerExternalId = "user-" + name,
                        customerEmail = $"d{name}@example.org",
                        amount = 500,
                        currency = "eur",
                        invoiceId = "inv-" + name,
                    }
                );
                emails.Add($"d{name}@example.org");
                orders.Add("inv-" + name);
                break;
        }
    }

    async Task<string> Click(CrmProcess crm)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(crm.Address, "/l/" + slug))
        {
            Headers = { { "Accept", "text/html" } },
        };
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await crm.Http.SendAsync(request);
        return System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
    }

    /// <summary>The body of a good answer, null for the one that asks to try again; any other fails.</summary>
    static async Task<string?> Sent(CrmProcess crm, HttpMethod method, string path, HttpContent? content, int again = 0)
    {
        using var request = new HttpRequestMessage(method, new Uri(crm.Address, path))
        {
            Content = content,
            Headers = { { "Accept", "application/json" } },
        };
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var answer = await crm.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode == again)
            return null;
        ((int)answer.StatusCode).Should().BeInRange(200, 299, $"{path}: {text}");
        return text;
    }

    static async Task<JsonNode> Post(CrmProcess crm, string path, object body)
    {
        using var answer = await crm.Http.PostAsJsonAsync(new Uri(crm.Address, path), body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().BeInRange(200, 299, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
