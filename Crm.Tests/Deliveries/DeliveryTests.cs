// Postbacks go out: in the network's words, at least once under one id whatever the receiver does, and a receiver that hangs holds up
// nobody.

using System.Text.Json.Nodes;
using Crm.Domain.Deliveries;
using Xunit;

namespace Crm.Tests.Deliveries;

/// <summary>A product that may send to this machine, and does not wait for hours.</summary>
public sealed class DeliveringServer : IAsyncLifetime
{
    /// <summary>Twice as long a claim lasts: the small MongoDB server may take a second for a commit, and nobody may take a delivery over
    /// meanwhile.</summary>
    static string Patience => Environment.GetEnvironmentVariable("CRM_TEST_STORE") == "mongodb" ? "3s" : "2s";

    internal CrmServer Crm { get; } =
        new(
            null,
            "--Crm:Outbound:Allow=127.0.0.1",
            "--Crm:Outbound:Schedule=0.02s,0.05s,0.1s,0.2s,0.3s",
            $"--Crm:Outbound:Timeout={Patience}"
        );

    public Task InitializeAsync() => Crm.InitializeAsync();

    public Task DisposeAsync() => Crm.DisposeAsync();
}

public sealed class DeliveryTests(DeliveringServer fixture) : IClassFixture<DeliveringServer>
{
    readonly CrmServer server = fixture.Crm;

    internal static string Id(Reply made)
    {
        made.Status.Should().BeOneOf([200, 201], made.Text);
        return made["id"]!.ToString();
    }

    internal static async Task<string> Click(TestWorkspace workspace, string slug, string query = "", params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{slug}{query}");
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var went = await workspace.Server.Http.SendAsync(request);
        return System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
    }

    /// <summary>Everything is delivered or dead.</summary>
    internal static async Task<List<JsonNode>> Finished(Func<Task<List<JsonNode>>> all, int count)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); ; )
        {
            var deliveries = await all();
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(3))
                throw new TimeoutException(
                    $"{count} deliveries were awaited: {string.Join("; ", deliveries.GroupBy(d => d["status"]!.ToString()).Select(g => $"{g.Count()} {g.Key}, such as {g.First().ToJsonString()}"))}"
                );
            if (deliveries.Count >= count && deliveries.All(d => d["status"]!.ToString() is "delivered" or "dead"))
                return deliveries;
            await Task.Delay(50);
        }
    }

    static Task<List<JsonNode>> Finished(TestWorkspace workspace, int count) => Finished(() => workspace.All("/v1/deliveries"), count);

    [OnEveryStore]
    [Fact]
    public async Task a_network_hears_of_leads_sales_and_commissions_in_its_own_words()
    {
        await using var network = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var affiliate = Id(
            await workspace.Post(
                "/v1/affiliates",
                new
                {
                    name = "Garden blog",
                    currency = "EUR",
                    commissionRules = new object[]
                    {
                        new { on = "sale", share = 750 },
                        new { on = "lead", amount = new { amount = 300, currency = "EUR" } },
                    },
                }
            )
        );
        var slug = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", affiliate }))[
            "slug"
        ]!.ToString();
        var other = Id(await workspace.Post("/v1/affiliates", new { name = "Another" }));
        await workspace.Post(
            "/v1/postbacks",
            new
            {
                url = $"{network.Address}other?x={{click_id}}",
                on = new[] { "sale" },
                affiliate = other,
            }
        );
        foreach (
            var (url, on) in new[]
            {
                ("lead/{click_id}?s=[[sub1]]&p=#payout#&e={event}&n={nosuch}&st={status}", new[] { "lead" }),
                (
                    "sale?cid={clickid}&amount={amount}&payout={payout}&cur={currency}&txid={order_id}&st={status}&r={random}&d={delivery_id}",
                    ["sale"]
                ),
                (
                    "commission?e={event_name}&txid={txid}&payout={payout}&st={status}",
                    ["commission.approved", "commission.reversed", "conversion.reversed"]
                ),
            }
        )
            Id(
                await workspace.Post(
                    "/v1/postbacks",
                    new
                    {
                        url = network.Address + url,
                        on,
                        affiliate,
                    }
                )
            );

        var click = await Click(workspace, slug, "?click_id=" + Uri.EscapeDataString("N&1/ö?#=x") + "&sub1=a%20b&subid=ignored");
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
        var sale = Id(
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    click,
                    orderId = "A 1&b=2",
                    value = new { amount = 12550, currency = "EUR" },
                }
            )
        );
        var commission = (await workspace.All($"/v1/commissions?conversion={sale}")).Single()["id"]!.ToString();
        (await workspace.Post($"/v1/commissions/{commission}/approve")).Status.Should().Be(200);
        (await workspace.Post($"/v1/conversions/{sale}/reverse")).Status.Should().Be(200);

        var deliveries = await Finished(workspace, 5);
        deliveries
            .Select(d => d["event"]!.ToString())
            .Should()
            .BeEquivalentTo(["lead", "sale", "commission.approved", "commission.reversed", "conversion.reversed"]);
        deliveries.Should().OnlyContain(d => d["status"]!.ToString() == "delivered" && d["deliveredAt"] != null);
        var heard = network.Ledger.ToList();
        heard.Should().HaveCount(5);
        var lead = heard.Single(h => h.Path.StartsWith("/lead/", StringComparison.Ordinal));
        lead.Path.Should()
            .Be("/lead/N&1%2Fö?#=x", "it is one segment of the path: only the slash stays escaped in what the receiver's server shows");
        lead.Query.Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["s"] = "a b",
                    ["p"] = "3.00",
                    ["e"] = "lead",
                    ["n"] = "",
                    ["st"] = "pending",
                }
            );
        var told = heard.Single(h => h.Path == "/sale");
        told.Query.Should()
            .Contain(
                new Dictionary<string, string>
                {
                    ["cid"] = "N&1/ö?#=x",
                    ["amount"] = "125.50",
                    ["payout"] = "9.41",
                    ["cur"] = "EUR",
                    ["txid"] = "A 1&b=2",
                    ["st"] = "pending",
                    ["d"] = told.Id,
                }
            );
        heard
            .Where(h => h.Path == "/commission")
            .Select(h => (h.Query["e"], h.Query["txid"], h.Query["payout"], h.Query["st"]))
            .Should()
            .BeEquivalentTo([
                ("commission.approved", "A 1&b=2", "9.41", "approved"),
                ("commission.reversed", "A 1&b=2", "9.41", "rejected"),
                ("conversion.reversed", "A 1&b=2", "9.41", "rejected"),
            ]);
        heard.Select(h => h.Id).Should().BeEquivalentTo(deliveries.Select(d => d["id"]!.ToString()));
        (await workspace.Get("/v1/deliveries")).Text.Should().NotContain("SECRETANSWER");

        // Without a name of the network's own, and for who asks not to be tracked.
        network.Ledger.Clear();
        var (plain, quiet) = (await Click(workspace, slug), await Click(workspace, slug, "?click_id=SECRET", ("Sec-GPC", "1")));
        foreach (var (c, order) in new[] { (plain, "B"), (quiet, "C") })
            Id(
                await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        click = c,
                        orderId = order,
                        value = new { amount = 5, currency = "JPY" },
                    }
                )
            );
        await Finished(workspace, 7);
        network
            .Ledger.Select(h => (h.Query["txid"], h.Query["cid"], h.Query["amount"]))
            .Should()
            .BeEquivalentTo([("B", plain[..plain.IndexOf('.')], "5"), ("C", quiet[..quiet.IndexOf('.')], "5")]);
    }

    [OnEveryStore]
    [Fact]
    public async Task everything_arrives_under_one_id_or_is_listed_as_dead_whatever_the_receiver_does()
    {
        const int Sales = 80;
        await using var network = await Receiver.Start();
        var random = new Random(7);
        network.Answer = async http =>
        {
            int dice;
            lock (random)
                dice = random.Next(100);
            if (http.Request.Query["o"].ToString().EndsWith('7'))
                return 500; // these never get through
            if (dice is >= 30 and < 35)
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return dice < 30 ? 500
                : dice < 40 ? 0
                : dice < 45 ? 302
                : 204;
        };
        var workspace = await server.NewWorkspace();
        Id(await workspace.Post("/v1/postbacks", new { url = $"{network.Address}p?o={{order_id}}", on = new[] { "sale" } }));
        await Task.WhenAll(
            Enumerable
                .Range(0, Sales)
                .Select(i =>
                    workspace.Post("/v1/conversions", new { orderId = i.ToString(System.Globalization.CultureInfo.InvariantCulture) })
                )
        );
        var deliveries = await Finished(workspace, Sales);
        deliveries.Should().HaveCount(Sales);
        var arrived = network.Ledger.Where(h => h.Answered == 204).Select(h => h.Id).ToHashSet();
        foreach (var delivery in deliveries)
        {
            var (id, status, log) = (delivery["id"]!.ToString(), delivery["status"]!.ToString(), delivery["log"]!.AsArray());
            if (status == "delivered")
                arrived.Should().Contain(id);
            else
                (delivery["reason"]!.ToString(), log.Count, delivery["dueAt"])
                    .Should()
                    .Be(("attempts_used", 6, null), delivery.ToJsonString());
            log.Count.Should().Be(delivery["attempts"]!.GetValue<int>());
        }
        deliveries
            .Where(d => d["status"]!.ToString() == "dead")
            .Select(d => d["url"]!.ToString())
            .Should()
            .Contain(url => url.EndsWith("=7", StringComparison.Ordinal))
            .And.Contain(url => url.EndsWith("=77", StringComparison.Ordinal));
        network.Ledger.Select(h => h.Query["o"]).Distinct().Should().HaveCount(Sales);
        network
            .Ledger.GroupBy(h => h.Query["o"])
            .Should()
            .OnlyContain(order => order.Select(h => h.Id).Distinct().Count() == 1, "one sale is told under one id");
        network.MostAtOnce.Should().BeLessThanOrEqualTo(6, "five, and one whose answer has just left");
        network.Ledger.Should().OnlyContain(h => h.Path == "/p", "redirects are not followed");

        // What died is told again by hand.
        network.Answer = _ => Task.FromResult(200);
        var dead = deliveries.First(d => d["status"]!.ToString() == "dead")["id"]!.ToString();
        (await workspace.Post($"/v1/deliveries/{dead}/retry")).Status.Should().Be(200);
        await Finished(workspace, Sales);
        (await workspace.Get($"/v1/deliveries/{dead}"))["status"]!.ToString().Should().Be("delivered");
        (await workspace.Post($"/v1/deliveries/{dead}/retry")).Code.Should().Be("wrong_state");
    }

    /// <summary>Why a postback is called no more. The small MongoDB server shows the parts of a commit one after another, so it is waited
    /// for.</summary>
    static async Task<string> Disabled(TestWorkspace workspace, string postback)
    {
        for (var i = 0; i < 200; i++)
        {
            var now = await workspace.Get($"/v1/postbacks/{postback}");
            if (!now["active"]!.GetValue<bool>())
                return now["disabledBecause"]!.ToString();
            await Task.Delay(50);
        }
        return "never";
    }

    [OnEveryStore]
    [Fact]
    public async Task a_receiver_that_is_gone_is_asked_no_more_until_it_is_made_active_again()
    {
        await using var network = await Receiver.Start();
        var arrived = new TaskCompletionSource();
        network.Answer = async http =>
        {
            if (http.Request.Query["o"] != "1")
                return 200;
            await arrived.Task.WaitAsync(http.RequestAborted);
            return 410;
        };
        var workspace = await server.NewWorkspace();
        var postback = Id(await workspace.Post("/v1/postbacks", new { url = $"{network.Address}p?o={{order_id}}", on = new[] { "sale" } }));
        Id(await workspace.Post("/v1/conversions", new { orderId = "1" }));
        // That others have just arrived makes no difference to who says that he is gone.
        Id(await workspace.Post("/v1/conversions", new { orderId = "0" }));
        await Finished(() => workspace.All("/v1/deliveries?status=delivered"), 1);
        arrived.SetResult();
        var dead = (await Finished(workspace, 2)).Single(d => d["status"]!.ToString() == "dead");
        (dead["status"]!.ToString(), dead["reason"]!.ToString(), dead["attempts"]!.GetValue<int>()).Should().Be(("dead", "gone", 1));
        (await Disabled(workspace, postback)).Should().Be("gone");
        (await workspace.All($"/v1/events?subject={postback}"))
            .Select(e => e["type"]!.ToString())
            .Should()
            .Contain(["postback.deliveryDied", "postback.disabled"]);
        Id(await workspace.Post("/v1/conversions", new { orderId = "2" }));
        (await workspace.Post($"/v1/deliveries/{dead["id"]}/retry")).Code.Should().Be("wrong_state");
        network.Answer = _ => Task.FromResult(200);
        (await workspace.Patch($"/v1/postbacks/{postback}", new { active = true }))["disabledAt"].Should().BeNull();
        (await workspace.Post($"/v1/deliveries/{dead["id"]}/retry")).Status.Should().Be(200);
        (await Finished(workspace, 2)).Should().OnlyContain(d => d["status"]!.ToString() == "delivered");
        network.Ledger.Should().HaveCount(3);

        // Nothing arrived in all the time of a whole schedule: nobody is there.
        network.Answer = _ => Task.FromResult(503);
        Id(await workspace.Post("/v1/conversions", new { orderId = "3" }));
        await Finished(workspace, 3);
        (await Disabled(workspace, postback)).Should().Be("attempts_used");
    }

    [Fact]
    public async Task a_receiver_that_hangs_holds_up_nobody_else_and_has_five_in_flight()
    {
        await using var crm = new CrmServer(null, "--Crm:Outbound:Allow=127.0.0.1", "--Crm:Outbound:Timeout=60s");
        await crm.InitializeAsync();
        await using var hanging = await Receiver.Start();
        await using var well = await Receiver.Start();
        var release = new TaskCompletionSource();
        hanging.Answer = async http =>
        {
            await release.Task.WaitAsync(http.RequestAborted);
            return 200;
        };
        var workspace = await crm.NewWorkspace();
        Id(await workspace.Post("/v1/postbacks", new { url = $"{hanging.Address}p?o={{order_id}}", on = new[] { "sale" } }));
        for (var i = 0; i < 12; i++)
            Id(await workspace.Post("/v1/conversions", new { orderId = $"first-{i}" }));
        Id(await workspace.Post("/v1/postbacks", new { url = $"{well.Address}p?o={{order_id}}", on = new[] { "sale" } }));
        for (var i = 0; i < 12; i++)
            Id(await workspace.Post("/v1/conversions", new { orderId = $"second-{i}" }));
        while ((await workspace.All($"/v1/deliveries?host=127.0.0.1:{well.Address.Port}")).Any(d => d["status"]!.ToString() != "delivered"))
            await Task.Delay(50);
        well.Ledger.Should().HaveCount(12);
        hanging.Ledger.Should().BeEmpty("all of it still hangs");
        hanging.MostAtOnce.Should().Be(5);
        release.SetResult();
        await Finished(workspace, 36);
        hanging.Ledger.Select(h => h.Query["o"]).Should().OnlyHaveUniqueItems().And.HaveCount(24);
        hanging.MostAtOnce.Should().Be(5);
    }

    [Theory]
    [InlineData("ftp://network.example.org/")]
    [InlineData("https://{click_id}/")]
    [InlineData("https://#click_id#/x")]
    [InlineData("https://a[[x]].example.org/")]
    [InlineData("https://user:{x}@network.example.org/")]
    [InlineData("//network.example.org/{click_id}")]
    [InlineData("javascript:alert({click_id})")]
    public async Task an_address_that_is_none_or_whose_host_is_to_be_filled_in_is_refused(string url) =>
        (await (await server.NewWorkspace()).Post("/v1/postbacks", new { url, on = new[] { "sale" } }))
            .Errors.Should()
            .Equal("url:invalid");

    [Fact]
    public async Task a_postback_needs_something_it_is_called_for_and_there_are_at_most_200()
    {
        var workspace = await server.NewWorkspace();
        (await workspace.Post("/v1/postbacks", new { url = "https://network.example.org/" })).Errors.Should().Equal("on:required");
        for (var i = 0; i < 200; i++)
            Id(await workspace.Post("/v1/postbacks", new { url = "https://network.example.org/", on = new[] { "booking" } }));
        (await workspace.Post("/v1/postbacks", new { url = "https://network.example.org/", on = new[] { "booking" } }))
            .Code.Should()
            .Be("limit_reached");
    }

    [Fact]
    public void the_schedule_is_three_days_longer_only_by_chance_or_by_wish_and_ends()
    {
        var plan = DeliveryPlan.Usual;
        plan.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait).Should().Be(new TimeSpan(75, 35, 5));
        for (var tries = 1; tries <= 9; tries++)
            foreach (var chance in new[] { 0, 0.5, 1 })
                plan.After(tries, null, chance).Should().Be(plan.Waits[tries - 1] * (1 + 0.2 * chance));
        plan.After(10, null, 0.5).Should().BeNull();
        plan.After(1, TimeSpan.FromMinutes(7), 0.5).Should().Be(TimeSpan.FromMinutes(7));
        plan.After(4, TimeSpan.FromMinutes(7), 0).Should().Be(TimeSpan.FromHours(2), "earlier than planned nobody is asked");
        plan.After(1, TimeSpan.FromDays(400), 0).Should().Be(TimeSpan.FromHours(24));
    }
}
