// kill -9 under many writers, and two who read the feed meanwhile: they see one order, and every fact once.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class FeedKillTests
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static int Kills => Long ? 100 : 2;

    const int Writers = 64;

    /// <summary>Facts that are answered before each kill.</summary>
    static readonly int Wanted = 150;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task two_readers_of_the_feed_see_one_order_and_every_fact_once_through_kills()
    {
        var folder = OnDisk.NewFolder("crm-feed-").FullName;
        try
        {
            await Check(Path.Combine(folder, "crm.db"), Kills);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [NeedsPostgresFact]
    public async Task two_readers_of_the_feed_see_one_order_and_every_fact_once_through_kills_on_postgres() =>
        await Check(await (await Stores.PostgresCluster.Shared()).NewDatabase(), Long ? Kills : 1);

    static async Task Check(string database, int kills)
    {
        var crm = await CrmProcess.Start(database);
        var answered = new ConcurrentBag<string>();
        using var ending = new CancellationTokenSource();
        try
        {
            var start = (await crm.Get("/v1/events?after=latest"))["page"]!["next"]!.ToString();
            var (enough, read) = (new SemaphoreSlim(0), new[] { new List<string>(), new List<string>() });
            var all = 0;
            var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(writer))).ToList();
            var readers = new[] { Task.Run(() => Read(read[0], 7)), Task.Run(() => Read(read[1], 200)) };
            for (var kill = 0; kill < kills; kill++)
            {
                await Answered(Wanted * (kill + 1));
                var before = crm;
                await before.Kill();
                Volatile.Write(ref crm, await CrmProcess.Start(database));
                await before.DisposeAsync();
            }
            await Answered(Wanted * (kills + 1));
            await ending.CancelAsync();
            await Task.WhenAll(writers);
            var stored = (await crm.All("/v1/leads")).Select(lead => lead["id"]!.ToString()).ToList();
            answered.Except(stored).Should().BeEmpty("each of them was answered");
            Volatile.Write(ref all, stored.Count);
            await Task.WhenAll(readers).WaitAsync(Patience);
            read[0].Should().Equal(read[1], "two readers see one order");
            read[0].Should().OnlyHaveUniqueItems();
            read[0].Should().BeEquivalentTo(stored);

            async Task Answered(int wanted)
            {
                while (answered.Count < wanted)
                    (await enough.WaitAsync(Patience)).Should().BeTrue("the product takes leads");
            }

            async Task Write(int writer)
            {
                for (var n = 0; !ending.IsCancellationRequested; n++)
                    try
                    {
                        var now = Volatile.Read(ref crm);
                        using var made = await now.Http.PostAsJsonAsync(
                            new Uri(now.Address, "/v1/leads"),
                            new { lastName = $"L{writer}.{n}" }
                        );
                        answered.Add(JsonNode.Parse(await made.Content.ReadAsStringAsync())!["id"]!.ToString());
                        enough.Release();
                    }
                    catch (Exception over) when (CrmProcess.IsGone(over) || over is ObjectDisposedException)
                    {
                        await Task.Delay(20);
                    }
            }

            async Task Read(List<string> subjects, int limit)
            {
                for (var after = start; ; )
                    try
                    {
                        var now = Volatile.Read(ref crm);
                        var page = await now.Get($"/v1/events?after={after}&types=lead.created&wait=1&limit={limit}");
                        page.Status.Should().Be(200, page.Text);
                        subjects.AddRange(page.Data.Select(happened => happened!["subject"]!.ToString()));
                        after = page["page"]!["next"]!.ToString();
                        if (Volatile.Read(ref all) is > 0 and var wanted && subjects.Count >= wanted && page.Data.Count == 0)
                            return;
                    }
                    catch (Exception over) when (CrmProcess.IsGone(over) || over is ObjectDisposedException)
                    {
                        await Task.Delay(20);
                    }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await crm.DisposeAsync();
        }
    }
}
