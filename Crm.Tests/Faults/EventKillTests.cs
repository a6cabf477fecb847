// kill -9 in a flood of events: every answered event is there once, and the counters are what a recount says.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class EventKillTests
{
    const int Rounds = 3,
        Visitors = 16,
        Wanted = 300;

    [Fact]
    public async Task every_answered_event_is_there_once_after_kill_9_and_counters_are_what_a_recount_says()
    {
        var folder = OnDisk.NewFolder("crm-events-").FullName;
        var database = Path.Combine(folder, "crm.db");
        var answered = new ConcurrentBag<string>();
        string? site = null,
            form = null;
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var crm = await CrmProcess.Start(database);
                if (site is null)
                {
                    using var made = await crm.Http.PostAsJsonAsync(new Uri(crm.Address, "/v1/sites"), new { name = "Shop" });
                    site = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["key"]!.ToString();
                    form = (await crm.Get("/v1/forms?name=Contact")).Data[0]!["key"]!.ToString();
                }
                var (enough, until, r) = (
                    new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
                    Wanted * (round + 1),
                    round
                );
                var visitors = Enumerable
                    .Range(0, Visitors)
                    .Select(visitor =>
                        Task.Run(async () =>
                        {
                            string? token = null;
                            for (var n = 0; ; n++)
                                try
                                {
                                    string[] names = [.. Enumerable.Range(0, 1 + n % 3).Select(i => $"{r}.{visitor}.{n}.{i}")];
                                    using var request = new HttpRequestMessage(
                                        HttpMethod.Post,
                                        new Uri(crm.Address, $"/t/events?site={site}")
                                    )
                                    {
                                        Content = JsonContent.Create(
                                            new
                                            {
                                                visitor = token,
                                                events = names.Select(name => new
                                                {
                                                    kind = "formView",
                                                    form,
                                                    name,
                                                }),
                                            }
                                        ),
                                    };
                                    request.Headers.TryAddWithoutValidation(
                                        "User-Agent",
                                        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
                                    );
                                    using var told = await crm.Http.SendAsync(request);
                                    token = JsonNode.Parse(await told.Content.ReadAsStringAsync())!["visitor"]!.ToString();
                                    foreach (var name in names)
                                        answered.Add(name);
                                    if (answered.Count >= until)
                                        enough.TrySetResult();
                                }
                                catch (Exception over) when (CrmProcess.IsGone(over))
                                {
                                    return;
                                }
                        })
                    )
                    .ToList();
                await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
                await crm.Kill();
                await Task.WhenAll(visitors);
            }

            var recount = await CrmProcess.Run(database, arguments: ["recount"]);
            (recount.ExitCode, recount.Output.Contains("; 0 counters differed.")).Should().Be((0, true), recount.Output);
            await using var last = await CrmProcess.Start(database);
            var stored = (await last.All("/v1/touches")).Select(t => t["note"]!.ToString()).ToList();
            stored.Should().OnlyHaveUniqueItems();
            answered.Except(stored).Should().BeEmpty("each of them was answered");
            // Those whose answer did not get out: at most one request of three for each visitor and kill.
            (stored.Count - answered.Count).Should().BeInRange(0, Rounds * Visitors * 3);
            (await last.Get("/v1/reports/forms")).Data.Single()!["views"]!.GetValue<int>().Should().Be(stored.Count);
            var visitorsStored = (await last.All("/v1/visitors")).Select(v => v["id"]!.ToString()).ToHashSet();
            (await last.All("/v1/touches"))
                .Should()
                .OnlyContain(t => visitorsStored.Contains(t["visitor"]!.ToString()), "a visitor and its first touch are one commit");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
