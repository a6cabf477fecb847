// How fast somebody who was away reads the event feed: by pages and as a stream, from the first event to the last.

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Work;

namespace Crm.Bench;

internal static class FeedBench
{
    private const double Goal = 20_000;
    private const int Runs = 3,
        PageSize = 200;

    private const string Usage = """
        dotnet run --project Crm.Bench -c Release -- feed [--leads 200000] [--data FOLDER]

          --leads 200000   leads in the store, each with its events
          --data FOLDER    where the store lies while it is measured (/var/tmp); it is removed afterwards
        """;

    public static async Task<int> Run(string[] args)
    {
        var (leads, data) = (200_000L, "/var/tmp");
        for (var i = 0; i < args.Length; i += 2)
            if (
                i + 1 < args.Length
                && args[i] == "--leads"
                && long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1_000 and <= 10_000_000
            )
                leads = n;
            else if (i + 1 < args.Length && args[i] == "--data")
                data = Path.GetFullPath(args[i + 1]);
            else
            {
                await Console.Error.WriteLineAsync(Usage);
                return 2;
            }
        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ending.Cancel();
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Server.KillAll();
        var folder = Path.Combine(data, $"crm-bench-feed-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            await Fill(folder, leads);
            var product = new Product(new Options { Data = data }, TimeProvider.System);
            await using var server = await product.StartReady("product", folder, ending.Token);
            var pages = await Median(() => ByPages(server, ending.Token));
            var stream = await Median(() => ByStream(server, ending.Token));
            Console.WriteLine($"{pages, 12:N0} events/s by pages of {PageSize} (goal {Goal:N0})");
            Console.WriteLine($"{stream, 12:N0} events/s as a stream (goal {Goal:N0})");
            return pages >= Goal && stream >= Goal ? 0 : 1;
        }
        catch (BenchException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Fill(string folder, long leads)
    {
        await using var store = Stores.Make($"sqlite:{Path.Combine(folder, "crm.db")}", "/", TimeProvider.System, null);
        var installation = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
        await FirstStart.Ensure(installation, Product.AdminKey);
        var settings = await installation.Settings.Workspace(FirstStart.Default, default);
        await new BigStore(installation, settings, new(leads, 0, 0, 0)).Fill();
    }

    private static async Task<double> Median(Func<Task<double>> measure)
    {
        var rates = new List<double>();
        for (var run = 0; run < Runs; run++)
            rates.Add(await measure());
        rates.Sort();
        return rates[Runs / 2];
    }

    private static async Task<double> ByPages(Server server, CancellationToken ending)
    {
        var (read, began) = (0L, Stopwatch.GetTimestamp());
        for (var after = "earliest"; ; )
        {
            using var page = await Product.GetJson(server, $"/v1/events?after={after}&limit={PageSize}", ending);
            read += page.RootElement.GetProperty("data").GetArrayLength();
            var place = page.RootElement.GetProperty("page");
            if (!place.GetProperty("hasMore").GetBoolean())
                return read / Stopwatch.GetElapsedTime(began).TotalSeconds;
            after = place.GetProperty("next").GetString()!;
        }
    }

    private static async Task<double> ByStream(Server server, CancellationToken ending)
    {
        string last;
        using (var place = await Product.GetJson(server, "/v1/events?after=latest", ending))
            last = "id: " + place.RootElement.GetProperty("page").GetProperty("next").GetString();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            server.Url.GetLeftPart(UriPartial.Authority) + "/v1/events?after=earliest"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        request.Headers.Accept.Add(new("text/event-stream"));
        var (read, began) = (0L, Stopwatch.GetTimestamp());
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"The stream answered {(int)answer.StatusCode}.");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(ending));
        var isLast = false;
        while (await lines.ReadLineAsync(ending) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                // As whoever reads it does.
                using var happened = JsonDocument.Parse(line.AsMemory("data: ".Length));
                read++;
            }
            else if (isLast |= line == last)
                if (line.Length == 0)
                    return read / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        throw new BenchException("The stream ended.");
    }
}
