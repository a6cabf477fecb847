// kill -9 while rules are run over history: it goes on where it stopped, and counters are what a recount says.

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class ReclassifyKillTests(ITestOutputHelper output)
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    [Fact]
    public async Task a_run_that_is_killed_again_and_again_ends_and_leaves_every_counter_right()
    {
        var folder = OnDisk.NewFolder("crm-reclassify-");
        var database = Path.Combine(folder.FullName, "crm.db");
        try
        {
            (await CrmProcess.Run(database, arguments: ["demo", "--into-default", "--leads", Long ? "600" : "150", "--plain"]))
                .ExitCode.Should()
                .Be(0);
            string? run = null;
            var (kills, stages) = (0, new HashSet<string>());
            for (var life = 0; life < (Long ? 8 : 4); life++)
            {
                await using var crm = await CrmProcess.Start(database);
                if (run is null)
                {
                    await Made(crm, "/v1/bot-rules", new { userAgent = "Mozilla" });
                    await Made(crm, "/v1/channel-rules", new { channel = "everything", referrer = "*" });
                    run = await Made(crm, "/v1/reclassifications", new { });
                }
                // A batch or a few of each life.
                var (seen, now) = (-1L, await crm.Get($"/v1/reclassifications/{run}"));
                for (
                    ;
                    now["status"]!.ToString() != "done" && (seen < 0 || now["seen"]!.GetValue<long>() < seen + 400 * life);
                    now = await crm.Get($"/v1/reclassifications/{run}")
                )
                {
                    if (seen < 0)
                        seen = now["seen"]!.GetValue<long>();
                    await Task.Delay(3);
                }
                stages.Add(now["stage"]!.ToString());
                if (now["status"]!.ToString() == "done")
                    break;
                await crm.Kill();
                kills++;
                var between = await CrmProcess.Run(database, arguments: ["recount"]);
                (between.ExitCode, between.Output.Contains("; 0 counters differed.")).Should().Be((0, true), between.Output);
            }
            await using var last = await CrmProcess.Start(database);
            JsonNode done;
            do
            {
                await Task.Delay(50); // it works meanwhile, and not on our questions
                done = (await last.Get($"/v1/reclassifications/{run}")).Json!;
            } while (done["status"]!.ToString() != "done");
            (await last.Get("/v1/clicks?human=true&limit=1")).Data.Should().BeEmpty();
            (await last.All("/v1/clicks?channel=referral")).Should().OnlyContain(click => click["referrer"] == null);
            await last.Stop();
            var recount = await CrmProcess.Run(database, arguments: ["recount"]);
            (recount.ExitCode, recount.Output.Contains("; 0 counters differed.")).Should().Be((0, true), recount.Output);
            output.WriteLine($"{kills} kills in {string.Join(", ", stages)}; {done["seen"]} seen, {done["changed"]} changed");
            kills.Should().BeGreaterThan(0);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    static async Task<string> Made(CrmProcess crm, string path, object body)
    {
        using var answer = await crm.Http.PostAsJsonAsync(new Uri(crm.Address, path), body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(201, text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }
}
