// kill -9 while somebody is erased: it goes on where it stopped, counts each record once, and no byte of them is left anywhere, also not in
// what is made of a backup from before.

using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Tests.Erasures;
using Crm.Tests.Startup;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class ErasureKillTests(ITestOutputHelper output) : IDisposable
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    readonly string folder = OnDisk.NewFolder("crm-erasure-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    Task<(int ExitCode, string Output)> Crm(params string[] arguments) => CrmProcess.Run(At("crm.db"), arguments: arguments);

    [Fact]
    public async Task an_erasure_that_is_killed_again_and_again_leaves_no_byte_and_is_done_again_in_a_backup_of_before()
    {
        var (canaries, entries, said) = (Canaries.Make(20), Long ? 4_000 : 700, new StringBuilder());
        var mail = $"{canaries[0]}@example.org";
        await using var collector = await OtlpCollector.Start();
        await using (var crm = await Start())
        {
            for (var i = 0; i < entries; i += 50)
                await Task.WhenAll(Enumerable.Range(i, 50).Select(n => Post(crm, n)));
            (await Crm("backup", "--to", At("before.db"))).ExitCode.Should().Be(0);
            await crm.Stop();
        }
        Canaries.In(canaries, [At("crm.db"), At("before.db")]).Should().HaveCountGreaterThan(35, "they are looked for in the right places");

        string? run = null;
        var (kills, seen) = (0, 0L);
        for (var life = 0; life < (Long ? 12 : 4); life++)
        {
            await using var crm = await Start();
            run ??= await Made(crm, "/v1/erasures", new { match = new { email = mail } });
            // Some batches of each life.
            JsonNode now;
            while (true)
            {
                now = (await crm.Get($"/v1/erasures/{run}")).Json!;
                if (now["status"]!.ToString() == "done" || Seen(now) > seen)
                    break;
                await Task.Delay(2);
            }
            seen = Seen(now);
            if (now["status"]!.ToString() == "done")
                break;
            await crm.Kill();
            said.AppendLine(crm.Output);
            kills++;
        }
        await using (var last = await Start())
        {
            JsonNode done;
            do
            {
                await Task.Delay(50);
                done = (await last.Get($"/v1/erasures/{run}")).Json!;
            } while (done["status"]!.ToString() != "done");
            (Count(done, "submissions"), Count(done, "leads")).Should().Be((entries, 1), "each is counted once");
            (await last.All("/v1/events?type=person.erased")).Should().ContainSingle();
            (await last.All("/v1/submissions?verdict[in]=accepted,merged")).Should().HaveCount(entries);
            (await Crm("backup", "--to", At("after.db"))).ExitCode.Should().Be(0);
            foreach (var report in new[] { "forms", "links", "channels" })
            {
                using var csv = new HttpRequestMessage(HttpMethod.Get, $"/v1/reports/{report}");
                csv.Headers.Accept.Add(new("text/csv"));
                using var answer = await last.Http.SendAsync(csv);
                await File.WriteAllBytesAsync(At(report + ".csv"), await answer.Content.ReadAsByteArrayAsync());
            }
            Canaries.In(canaries, Others()).Should().BeEmpty("while it runs");
            await last.Stop();
            said.AppendLine(last.Output);
        }
        output.WriteLine($"{kills} kills of an erasure of {entries} entries");
        kills.Should().BeGreaterThan(0);
        (await Crm("export", "--from", "sqlite:" + At("crm.db"), "--to", At("export.jsonl"))).ExitCode.Should().Be(0);
        (await Crm("recount")).Output.Should().Contain("; 0 counters differed.");
        Canaries.In(canaries, Others()).Should().BeEmpty();
        Canaries.In(canaries, "log", Encoding.UTF8.GetBytes(said.ToString())).Should().BeEmpty();
        canaries.Should().NotContain(canary => collector.Holds(canary));
        collector.Points.Should().NotBeEmpty("telemetry is looked at");

        // A backup from before the erasure.
        var journal = At("crm.db.erasures");
        (await File.ReadAllLinesAsync(journal)).Should().ContainSingle("it is written once, however often it was killed");
        var (restore, to) = (new[] { "restore", "--from", At("before.db") }, "--ConnectionStrings:Crm=sqlite:" + At("restored.db"));
        (await Crm([.. restore, to]))
            .Should()
            .Match<(int Code, string Text)>(one => one.Code == 1 && one.Text.Contains("no journal of erasures"));
        var line = await File.ReadAllBytesAsync(journal);
        line[line.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(At("changed"), line);
        (await Crm([.. restore, "--erasures", At("changed"), to]))
            .Should()
            .Match<(int Code, string Text)>(one => one.Code == 1 && one.Text.Contains("not as this installation wrote it"));
        (await Crm([.. restore, "--erasures", journal, to]))
            .Should()
            .Match<(int Code, string Text)>(one => one.Code == 0 && one.Text.Contains("1 erasures from after the backup"));
        File.Exists(At("restored.db.erasures")).Should().BeTrue("the restored installation goes on with it");
        Canaries.In(canaries, Others()).Should().BeEmpty();
        await using var restored = await CrmProcess.Start(At("restored.db"));
        (await restored.All("/v1/leads")).Should().ContainSingle().Which["emails"]!.AsArray().Should().BeEmpty();
        (await restored.Get($"/v1/erasures/{run}"))["status"]!.ToString().Should().Be("done");
        using var again = await restored.Http.PostAsJsonAsync("/v1/leads", new { name = "Ana", email = mail });
        ((int)again.StatusCode).Should().Be(422, "who was erased is not brought back there either");

        Task<CrmProcess> Start() =>
            CrmProcess.StartWith(
                At("crm.db"),
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}",
                "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"
            );

        async Task Post(CrmProcess crm, int n)
        {
            string Next(int i) => canaries[1 + (n + i) % 19];
            using var request = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl)
            {
                Content = new FormUrlEncodedContent([
                    new("name", $"{Next(0)} {Next(1)}"),
                    new("email", mail),
                    new("message", $"{n} {Next(2)}"),
                    new("company", Next(3)),
                    new("more", Next(4)),
                ]),
            };
            request.Headers.Referrer = new($"https://www.example.org/{Next(5)}");
            request.Headers.Add("User-Agent", Next(6));
            request.Headers.Add("Accept", "application/json");
            using var answer = await crm.Http.SendAsync(request);
            ((int)answer.StatusCode).Should().Be(201);
        }

        IEnumerable<string> Others() => Directory.GetFiles(folder).Where(file => !Path.GetFileName(file).StartsWith("before.db"));
    }

    static long Seen(JsonNode run) =>
        run["counts"]!.AsArray().Sum(count => count!["emptied"]!.GetValue<long>() + count["deleted"]!.GetValue<long>());

    static long Count(JsonNode run, string resource) =>
        run["counts"]!.AsArray().Single(count => count!["resource"]!.ToString() == resource)!["emptied"]!.GetValue<long>();

    static async Task<string> Made(CrmProcess crm, string path, object body)
    {
        using var answer = await crm.Http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).Should().Be(201, text);
        return JsonNode.Parse(text)!["id"]!.ToString();
    }
}
