// What capture loses while a retention policy takes a million touches beside it, and whether counters are a recount's afterwards.

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Crm.Bench;

/// <summary>
/// On a copy of the store that <c>load</c> keeps: its touches are spread over a year, and the policy takes those older than 30 days, eleven
/// of twelve. Capture alone is measured before and behind the run, so that a machine that grows slower does not count as the run's cost.
/// </summary>
internal static class ExpireBench
{
    private const double LeastRatio = 0.8;

    private const string Usage = """
        dotnet run --project Crm.Bench -c Release -- expire [--leads 100000] [--touches 1100000] [--seconds 8] [--runs 3] [--data FOLDER]

          --leads, --touches  of the store, which is loaded first unless `load` kept it; eleven twelfths of the touches expire
          --seconds 8         length of each measured piece of capture
          --runs 3            pieces of capture alone before the run, and as many behind it
          --data /var/tmp     folder on a real disk
        """;

    private sealed record Settings(long Leads, long Touches, int Seconds, int Runs, string Data);

    public static async Task<int> Run(string[] args)
    {
        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ending.Cancel();
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Server.KillAll();
        try
        {
            if (Read(args) is not { } settings)
            {
                await Console.Error.WriteLineAsync(Usage);
                return 2;
            }
            await Wrk.EnsureInstalled();
            return await Measure(settings, ending.Token);
        }
        catch (BenchException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static Settings? Read(string[] args)
    {
        var settings = new Settings(100_000, 1_100_000, 8, 3, "/var/tmp");
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
                return null;
            var value = args[i + 1];
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : (int?)null;
            if ((args[i], number) is not (("--data", _) or (_, not null)))
                return null;
            switch (args[i])
            {
                case "--leads":
                    settings = settings with { Leads = number!.Value };
                    break;
                case "--touches":
                    settings = settings with { Touches = number!.Value };
                    break;
                case "--seconds":
                    settings = settings with { Seconds = number!.Value };
                    break;
                case "--runs":
                    settings = settings with { Runs = number!.Value };
                    break;
                case "--data":
                    settings = settings with { Data = Path.GetFullPath(value) };
                    break;
                default:
                    return null;
            }
        }
        return settings;
    }

    private static async Task<int> Measure(Settings settings, CancellationToken ending)
    {
        var (leads, touches) = (Text(settings.Leads), Text(settings.Touches));
        if (await BigStore.Run(["--leads", leads, "--touches", touches, "--data", settings.Data]) is not 0 and var code)
            return code;
        var folder = Path.Combine(settings.Data, "crm-bench", $"expire-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            var kept = new BigStoreSize(settings.Leads, 0, 0, settings.Touches).FolderIn(settings.Data);
            foreach (var file in Directory.EnumerateFiles(kept, "crm.db*"))
                if (Path.GetExtension(file) is ".db" or ".db-wal")
                    File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            return await Measure(settings, folder, ending);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> Measure(Settings settings, string folder, CancellationToken ending)
    {
        var options = new Options { Data = settings.Data };
        var (product, wrk) = (new Product(options, TimeProvider.System), new Wrk(options));
        List<Load> alone = [],
            meanwhile = [];
        long done;
        TimeSpan took;
        await using (var server = await product.StartReady("product", folder, ending, ("Crm__Retention__FirstRunAfterDays", "0")))
        {
            var path = "/f/" + await Product.FormKey(server, ending);
            Task<Load> Capture() => wrk.Capture(server, path, settings.Seconds, ending);

            await Capture(); // until everything is compiled
            await Alone();
            var policy = await Post(server, "/v1/retention-policies", new { on = "touches", olderThan = "P30D" }, ending);
            var address = $"/v1/retention-policies/{policy.GetProperty("id").GetString()}";
            while (await Status(server, address, ending) != "unconfirmed")
                await Task.Delay(20, ending);
            await Post(server, address + "/confirm", new { }, ending);
            var began = Stopwatch.GetTimestamp();
            while (true)
            {
                var load = await Capture();
                // A piece in which the run came to its end would flatter it.
                if (await Status(server, address, ending) != "running")
                    break;
                Add(meanwhile, "while touches expire", load);
            }
            took = Stopwatch.GetElapsedTime(began);
            using (var now = await Product.GetJson(server, address, ending))
                done = now.RootElement.GetProperty("done").GetInt64();
            await Alone();

            async Task Alone()
            {
                for (var run = 0; run < settings.Runs; run++)
                    Add(alone, "capture alone", await Capture());
            }
        }
        if (meanwhile.Count == 0)
            throw new BenchException($"{done:N0} touches were gone before a piece was measured: say fewer --seconds or more --touches.");
        Rounds.NoteDisturbance(
            "expire",
            [
                [.. alone],
                [.. meanwhile],
            ],
            new Figures()
        );
        var (_, _, said) = await product.Recount(folder, ending);
        var isRight = said.Contains("; 0 counters differed.", StringComparison.Ordinal);
        var (before, during) = (Rounds.MedianRate([.. alone]), Rounds.MedianRate([.. meanwhile]));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""

                {done:N0} touches expired within {took.TotalSeconds:F0} s, about {done / took.TotalSeconds:N0} a second beside capture
                capture alone {before:N0}/s, meanwhile {during:N0}/s: {during / before:F2} x, goal {LeastRatio} x or more: {(
                    during / before >= LeastRatio ? "reached" : "NOT reached"
                )}
                recount: {said.Trim().Split('\n')[^1]}
                """
            )
        );
        return during / before >= LeastRatio && isRight ? 0 : 1;
    }

    private static void Add(List<Load> to, string what, Load load)
    {
        to.Add(load);
        Console.WriteLine(
            $"  {what, -24} {load.Rate, 9:N0}/s   p50 {load.P50, 7:F2}  p99 {load.P99, 7:F2} ms   CPU {load.ServerMicros, 5:F0} us an answer, others {load.Others, 4:P0}, stolen {load.Stolen, 4:P0}"
        );
    }

    private static async Task<string?> Status(Server server, string address, CancellationToken ending)
    {
        using var policy = await Product.GetJson(server, address, ending);
        return policy.RootElement.GetProperty("status").GetString();
    }

    private static async Task<JsonElement> Post(Server server, string path, object body, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", Product.AdminKey);
        using var answer = await server.Http.SendAsync(request, ending);
        var text = await answer.Content.ReadAsStringAsync(ending);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.Clone()
            : throw new BenchException($"POST {path} answered {(int)answer.StatusCode}: {text}");
    }

    private static string Text(long n) => n.ToString(CultureInfo.InvariantCulture);
}
