// Several nodes send from one outbox: each delivery is one node's, and kill -9 or a stop in the middle loses none.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Tests.Deliveries;
using Crm.Tests.Faults;
using Crm.Tests.Stores;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Nodes;

[Collection(nameof(NodesCollection))]
public sealed class DeliveryNodesTests(ITestOutputHelper output)
{
    const int SigStop = 19,
        SigCont = 18;
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";
    static readonly string[] Settings =
    [
        "--Crm:Outbound:Allow=127.0.0.1",
        "--Crm:Outbound:Schedule=0.05s,0.1s,0.2s,0.4s,0.8s,1s,1s,1s",
        "--Crm:Outbound:Timeout=1s",
    ];

    [NeedsPostgresFact]
    public async Task three_nodes_send_each_delivery_once()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var network = await Receiver.Start();
        var nodes = new List<CrmProcess>();
        try
        {
            // Nobody is killed here, and a node that a busy machine lets wait is not to lose what it claimed.
            for (var i = 0; i < 3; i++)
                nodes.Add(await CrmProcess.StartWith(address, [.. Settings[..^1], "--Crm:Outbound:Timeout=60s"]));
            var postback = await Made(nodes[0], "/v1/postbacks", new { url = $"{network.Address}p?o={{order_id}}", on = new[] { "sale" } });
            await Task.Delay(1000); // every node has seen it
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Made(nodes[i % 3], "/v1/conversions", new { orderId = $"o{i}" })));
            // What failed is in front of all three at the same time.
            network.Answer = http =>
                Task.FromResult(
                    http.Request.Query["o"].ToString().EndsWith('3') && network.Ledger.All(h => h.Query["o"] != http.Request.Query["o"])
                        ? 500
                        : 200
                );
            await Task.WhenAll(Enumerable.Range(60, 60).Select(i => Made(nodes[i % 3], "/v1/conversions", new { orderId = $"o{i}" })));
            var deliveries = await DeliveryTests.Finished(() => nodes[1].All($"/v1/deliveries?postback={postback}"), 120);
            deliveries.Should().HaveCount(120).And.OnlyContain(d => d["status"]!.ToString() == "delivered");
            network
                .Ledger.Where(h => h.Answered == 200)
                .Select(h => h.Id)
                .Should()
                .OnlyHaveUniqueItems("each was one node's at a time")
                .And.HaveCount(120);
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public Task kill_9_in_the_middle_loses_no_delivery_and_tells_no_fact_under_two_ids() => Flooded("sqlite");

    [NeedsPostgresFact]
    public Task of_three_nodes_one_killed_or_stopped_in_the_middle_loses_no_delivery_and_tells_no_fact_under_two_ids() =>
        Flooded("postgres");

    async Task Flooded(string store)
    {
        var folder = OnDisk.NewFolder("crm-deliveries-");
        await using var network = await Receiver.Start();
        var random = new Random(11);
        network.Answer = async http =>
        {
            int dice;
            lock (random)
                dice = random.Next(100);
            await Task.Delay(dice % 10 * 10, http.RequestAborted);
            return dice < 20 ? 500
                : dice < 25 ? 0
                : 200;
        };
        var address = store == "sqlite" ? Path.Combine(folder.FullName, "crm.db") : await (await PostgresCluster.Shared()).NewDatabase();
        var nodes = new List<CrmProcess>();
        var sold = new ConcurrentBag<string>();
        try
        {
            for (var i = 0; i < (store == "sqlite" ? 1 : 3); i++)
                nodes.Add(await CrmProcess.StartWith(address, Settings));
            await Made(nodes[0], "/v1/postbacks", new { url = $"{network.Address}p?o={{order_id}}", on = new[] { "sale" } });
            await Task.Delay(1000);
            var (kills, rounds) = (0, Long ? 60 : 4);
            for (var round = 0; round < rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                var selling = nodes
                    .SelectMany(
                        (node, n) =>
                            Enumerable
                                .Range(0, 2)
                                .Select(s =>
                                    Task.Run(async () =>
                                    {
                                        for (var i = 0; !stop.IsCancellationRequested; i++)
                                        {
                                            var order = $"n{round}-{n}-{s}-{i}";
                                            try
                                            {
                                                await Made(node, "/v1/conversions", new { orderId = order });
                                            }
                                            catch (Exception over) when (CrmProcess.IsGone(over))
                                            {
                                                return;
                                            }
                                            sold.Add(order);
                                        }
                                    })
                                )
                    )
                    .ToList();
                var enough = sold.Count + 60;
                while (sold.Count < enough)
                    await Task.Delay(10);
                var victim = round % nodes.Count;
                if (round % 3 == 2 && store != "sqlite")
                {
                    // Longer than the lease: another node takes over, and what this one says then of its tries is too late.
                    CrmProcess.Signal(nodes[victim].Pid, SigStop);
                    await Task.Delay(3000);
                    CrmProcess.Signal(nodes[victim].Pid, SigCont);
                    await stop.CancelAsync();
                    await Task.WhenAll(selling);
                    continue;
                }
                await nodes[victim].Kill();
                kills++;
                await stop.CancelAsync();
                await Task.WhenAll(selling);
                await nodes[victim].DisposeAsync();
                nodes[victim] = await CrmProcess.StartWith(address, Settings);
            }
            var deliveries = await DeliveryTests.Finished(() => nodes[0].All("/v1/deliveries"), sold.Count);
            deliveries.Select(d => d["subject"]!.ToString()).Should().OnlyHaveUniqueItems();
            var told = deliveries
                .Where(d => d["status"]!.ToString() == "delivered")
                .Select(d => d["url"]!.ToString())
                .Select(url => url[(url.IndexOf('=') + 1)..])
                .ToHashSet();
            var dead = deliveries
                .Where(d => d["status"]!.ToString() == "dead")
                .Select(d => d["url"]!.ToString())
                .Select(url => url[(url.IndexOf('=') + 1)..])
                .ToHashSet();
            sold.Except(told).Except(dead).Should().BeEmpty("each sale that was answered is told, or listed as dead");
            var heard = network.Ledger.Where(h => h.Answered == 200).GroupBy(h => h.Query["o"]).ToDictionary(g => g.Key, g => g.ToList());
            told.Except(heard.Keys).Should().BeEmpty("what is called delivered has arrived");
            heard.Values.Should().OnlyContain(same => same.Select(h => h.Id).Distinct().Count() == 1);
            var twice = heard.Values.Sum(same => same.Count - 1);
            twice.Should().BeLessThanOrEqualTo(rounds * 5, "at most what was in flight when a node ended or slept");
            output.WriteLine($"{sold.Count} sales, {told.Count} delivered, {dead.Count} dead, {kills} kills, {twice} arrived twice");
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
            folder.Delete(true);
        }
    }

    static async Task<string> Made(CrmProcess node, string path, object body)
    {
        using var answer = await node.Http.PostAsJsonAsync(new Uri(node.Address, path), body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(201, text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }
}
