// kill -9 while webhooks are sent to a receiver that fails, hangs and cuts connections: every event arrives or is listed as dead, under one
// id.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Tests.Deliveries;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class WebhookKillTests(ITestOutputHelper output)
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static readonly int Lives = Long ? 100 : 3,
        PostsOfLife = Long ? 1_000 : 40;

    const int InFlight = 5;

    static readonly string[] Settings =
    [
        "--Crm:Outbound:Allow=127.0.0.1",
        "--Crm:Outbound:Schedule=0.1s,0.2s,0.5s,1s,1s,1s",
        "--Crm:Outbound:Timeout=2s",
    ];

    [Fact]
    public async Task every_event_arrives_under_one_id_or_is_listed_as_dead_however_often_it_is_killed()
    {
        var folder = OnDisk.NewFolder("crm-webhooks-");
        var database = Path.Combine(folder.FullName, "crm.db");
        await using var receiver = await Receiver.Start();
        await using var hanging = await Receiver.Start();
        var random = new Random(18);
        receiver.Answer = async http =>
        {
            int dice;
            lock (random)
                dice = random.Next(100);
            if (dice is >= 30 and < 35)
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return dice < 30 ? 500
                : dice < 40 ? 0
                : 200;
        };
        hanging.Answer = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return 200;
        };
        try
        {
            var accepted = new ConcurrentBag<string>();
            string well = "",
                stuck = "";
            for (var life = 0; life < Lives; life++)
            {
                await using var crm = await CrmProcess.StartWith(database, Settings);
                if (life == 0)
                    (well, stuck) = (await NewHook(crm, receiver.Address), await NewHook(crm, hanging.Address));
                var posts = Enumerable.Range(0, PostsOfLife).Select(i => Post(crm, $"p{life}.{i}@mail.example.org", accepted)).ToList();
                await Task.WhenAny(Task.WhenAll(posts), Task.Delay(random.Next(100, 1_500)));
                await crm.Kill();
                await Task.WhenAll(posts);
            }
            receiver.Answer = _ => Task.FromResult(200);
            await using var last = await CrmProcess.StartWith(database, Settings);
            var leads = (await last.All("/v1/leads")).ToDictionary(
                lead => lead["id"]!.ToString(),
                lead => lead["emails"]![0]!["address"]!.ToString()
            );
            leads.Values.Should().Contain(accepted, "what was answered is stored");
            var events = (await last.All("/v1/events?type=lead.created")).Select(one => one["id"]!.ToString()).ToList();
            events.Should().HaveCount(leads.Count);

            var deliveries = await DeliveryTests.Finished(() => last.All($"/v1/deliveries?webhook={well}"), leads.Count);
            deliveries
                .Select(one => one["happened"]!.ToString())
                .Should()
                .BeEquivalentTo(events, "each event has one delivery, and no more");
            var arrived = receiver.Ledger.Where(one => one.Answered == 200).ToList();
            foreach (var delivery in deliveries)
                if (delivery["status"]!.ToString() == "delivered")
                    arrived.Should().Contain(one => one.Id == delivery["id"]!.ToString());
                else
                    (delivery["status"]!.ToString(), delivery["reason"]!.ToString()).Should().Be(("dead", "attempts_used"));
            receiver
                .Ledger.GroupBy(one => one.Json["event"]!.ToString())
                .Should()
                .OnlyContain(told => told.Select(one => one.Id).Distinct().Count() == 1, "an event has one id")
                .And.OnlyContain(told => told.Select(one => one.Body).Distinct().Count() == 1, "and one body");
            var twice = arrived.Count - arrived.Select(one => one.Id).Distinct().Count();
            twice.Should().BeLessThanOrEqualTo(Lives * InFlight, "what was in flight at a kill may come again");
            (await last.All($"/v1/deliveries?webhook={stuck}&status=delivered")).Should().BeEmpty("the other one hung all the time");
            output.WriteLine($"{Lives} kills, {leads.Count} leads, {receiver.Ledger.Count} requests, {twice} came twice");
        }
        finally
        {
            folder.Delete(true);
        }
    }

    static async Task<string> NewHook(CrmProcess crm, Uri address)
    {
        using var made = await crm.Http.PostAsJsonAsync(
            new Uri(crm.Address, "/v1/webhooks"),
            new { url = address, events = new[] { "lead.created" } }
        );
        var text = await made.Content.ReadAsStringAsync();
        ((int)made.StatusCode).Should().Be(201, text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }

    static async Task Post(CrmProcess crm, string email, ConcurrentBag<string> accepted)
    {
        try
        {
            using var body = new FormUrlEncodedContent([new("name", "Ana Silva"), new("email", email), new("message", "Hi")]);
            using var request = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl) { Content = body };
            request.Headers.Accept.ParseAdd("application/json");
            using var answer = await crm.Http.SendAsync(request);
            if ((int)answer.StatusCode == 201)
                accepted.Add(email);
        }
        catch (Exception failure) when (CrmProcess.IsGone(failure))
        {
            // It was killed: what was not answered may be stored or not.
        }
    }
}
