// kill -9 in a flood of clicks, again and again: every answered click is there once, and the counters are what a recount says.

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class ClickKillTests
{
    const int Rounds = 6,
        Visitors = 24;

    [Fact]
    public async Task every_answered_click_is_there_once_after_kill_9_and_counters_are_what_a_recount_says()
    {
        var folder = OnDisk.NewFolder("crm-clicks-").FullName;
        var database = Path.Combine(folder, "crm.db");
        var answered = new ConcurrentBag<string>();
        var slugs = new List<string>();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var crm = await CrmProcess.Start(database);
                while (slugs.Count < 3)
                {
                    using var made = await crm.Http.PostAsJsonAsync(
                        new Uri(crm.Address, "/v1/links"),
                        new { destination = "https://www.silva.example.org/" }
                    );
                    slugs.Add(JsonNode.Parse(await made.Content.ReadAsStringAsync())!["slug"]!.ToString());
                }
                var (wanted, enough) = (
                    answered.Count + 200 * (round + 1),
                    new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
                );
                var visitors = Enumerable
                    .Range(0, Visitors)
                    .Select(visitor =>
                        Task.Run(async () =>
                        {
                            for (var n = 0; ; n++)
                                try
                                {
                                    using var request = new HttpRequestMessage(
                                        HttpMethod.Get,
                                        new Uri(crm.Address, $"/l/{slugs[(visitor + n) % 3]}")
                                    );
                                    request.Headers.TryAddWithoutValidation(
                                        "User-Agent",
                                        n % 5 == 0
                                            ? "examplebot/1.0"
                                            : "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
                                    );
                                    using var went = await crm.Http.SendAsync(request);
                                    answered.Add(
                                        System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!.Split('.')[0]
                                    );
                                    if (answered.Count >= wanted)
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
            var stored = new List<JsonNode>();
            for (string? after = null; ; )
            {
                var page = JsonNode.Parse(
                    await last.Http.GetStringAsync(new Uri(last.Address, "/v1/clicks?limit=200" + (after is null ? "" : "&after=" + after)))
                )!;
                stored.AddRange(page["data"]!.AsArray()!);
                if ((after = page["page"]!["next"]?.ToString()) is null)
                    break;
            }
            var ids = stored.Select(click => click["id"]!.ToString()).ToHashSet();
            ids.Count.Should().Be(stored.Count);
            answered.Where(id => !ids.Contains(id)).Should().BeEmpty("each of them was answered");
            answered.Distinct().Count().Should().Be(answered.Count).And.BeGreaterThan(200 * Rounds);
            // Those whose answer did not get out: at most one for each visitor and kill.
            (ids.Count - answered.Count).Should().BeInRange(0, Rounds * Visitors);
            var totals = JsonNode.Parse(await last.Http.GetStringAsync(new Uri(last.Address, "/v1/reports/links")))!["totals"]!;
            (totals["clicks"]!.GetValue<int>(), totals["robots"]!.GetValue<int>())
                .Should()
                .Be((stored.Count(c => c["human"]!.GetValue<bool>()), stored.Count(c => !c["human"]!.GetValue<bool>())));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
