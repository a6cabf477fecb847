// The load: starts wrk with driver.lua, and turns its one line of figures into a result or a loud failure.

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Crm.Bench;

/// <summary>What one run of wrk found. Times in milliseconds, rate in answers a second.</summary>
internal sealed record Load(double Requests, double Rate, double P50, double P99, double Max, double BytesPerAnswer)
{
    /// <summary>Processor time of the server for one answer, in microseconds: steadier than the rate on a machine with other
    /// work.</summary>
    public double ServerMicros { get; init; }

    /// <summary>Part of the machine's processor time, 0 to 1, that its host gave to others during the run.</summary>
    public double Stolen { get; init; }

    /// <summary>Part of the machine's processor time, 0 to 1, that programs outside the measurement took.</summary>
    public double Others { get; init; }
}

/// <summary>Runs wrk against servers, one at a time.</summary>
internal sealed class Wrk(Options options)
{
    /// <summary>Eight digits that no list of demo people starts with, and room for ninety million of them.</summary>
    private const long FirstPerson = 10_000_000;

    private readonly Dictionary<Server, long> _nextPerson = [];

    public static async Task EnsureInstalled()
    {
        try
        {
            using var wrk = Process.Start(
                new ProcessStartInfo("wrk", "--version") { RedirectStandardOutput = true, RedirectStandardError = true }
            );
            await wrk!.WaitForExitAsync();
        }
        catch (Win32Exception)
        {
            throw new BenchException(
                "wrk, which makes the load, is not installed: on Debian or Ubuntu run `sudo apt-get install wrk`, on a Mac `brew install wrk`."
            );
        }
    }

    /// <summary>
    /// Posts forms of people who never repeat to <paramref name="path"/>. Every server gets the same sequence of people from the start.
    /// </summary>
    /// <exception cref="BenchException">Any answer was not 2xx, or a connection failed.</exception>
    public async Task<Load> Capture(Server server, string path, double seconds, CancellationToken ending)
    {
        var first = _nextPerson.GetValueOrDefault(server, FirstPerson);
        var (load, most) = await Run(
            server,
            server.Url.ToString(),
            [],
            seconds,
            new()
            {
                ["BENCH_SEND"] = "capture",
                ["BENCH_PATH"] = path,
                ["BENCH_HOST"] = server.Url.Authority,
                ["BENCH_FIRST"] = first.ToString(CultureInfo.InvariantCulture),
                ["BENCH_THREADS"] = options.Threads.ToString(CultureInfo.InvariantCulture),
            },
            ending
        );
        // Not the answers but the most that any thread sent: those under way at the end may have arrived.
        _nextPerson[server] = first + most * options.Threads;
        return load;
    }

    /// <summary>The numbers of the people whom <see cref="Capture"/> has posted to this server so far: from, and one past the
    /// last.</summary>
    public (long First, long Next) People(Server server) => (FirstPerson, _nextPerson.GetValueOrDefault(server, FirstPerson));

    /// <summary>Repeats one GET.</summary>
    /// <exception cref="BenchException">Any answer was 400 or above, or a connection failed.</exception>
    public async Task<Load> Get(Server server, string pathAndQuery, double seconds, CancellationToken ending)
    {
        // As text: Uri would tidy the escapes of a cursor.
        var url = server.Url.GetLeftPart(UriPartial.Authority) + pathAndQuery;
        var (load, _) = await Run(
            server,
            url,
            ["-H", $"Authorization: Bearer {Product.AdminKey}"],
            seconds,
            new() { ["BENCH_SEND"] = "get" },
            ending
        );
        return load;
    }

    /// <summary>How the browser of <see cref="BrowserHeaders"/> calls itself.</summary>
    public const string Browser =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    /// <summary>What a browser sends along when somebody clicks on another site's page.</summary>
    private static readonly string[] BrowserHeaders =
    [
        "User-Agent: " + Browser,
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: pt-BR,pt;q=0.9,en;q=0.8",
        "sec-ch-ua: \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"",
        "sec-ch-ua-mobile: ?0",
        "sec-ch-ua-platform: \"Windows\"",
        "Sec-Fetch-Mode: navigate",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Dest: document",
        "Upgrade-Insecure-Requests: 1",
        "Referer: https://www.partner.example.com/reviews/best",
    ];

    private static readonly string[] FromBrowser = [.. BrowserHeaders.SelectMany(header => new[] { "-H", header })];

    /// <summary>Repeats one GET as a browser sends it; with <paramref name="bare"/> as a program does that says nothing of
    /// itself.</summary>
    /// <exception cref="BenchException">Any answer was 400 or above, or a connection failed.</exception>
    public async Task<Load> Browse(Server server, string pathAndQuery, double seconds, CancellationToken ending, bool bare = false)
    {
        var (load, _) = await Run(
            server,
            server.Url.GetLeftPart(UriPartial.Authority) + pathAndQuery,
            bare ? [] : FromBrowser,
            seconds,
            new() { ["BENCH_SEND"] = "get" },
            ending
        );
        return load;
    }

    /// <summary>Clicks, as a browser does, on links of the slugs b0000000 and up, each as often as the others.</summary>
    /// <exception cref="BenchException">Any answer was 400 or above, or a connection failed.</exception>
    public async Task<Load> Follow(Server server, int links, double seconds, CancellationToken ending)
    {
        var (load, _) = await Run(
            server,
            server.Url.GetLeftPart(UriPartial.Authority) + "/",
            FromBrowser,
            seconds,
            new() { ["BENCH_SEND"] = "follow", ["BENCH_LINKS"] = links.ToString(CultureInfo.InvariantCulture) },
            ending
        );
        return load;
    }

    /// <summary>Repeats one POST of text, as a browser's beacon sends it.</summary>
    /// <exception cref="BenchException">Any answer was 400 or above, or a connection failed.</exception>
    public async Task<Load> Post(Server server, string pathAndQuery, string body, double seconds, CancellationToken ending)
    {
        var (load, _) = await Run(
            server,
            server.Url.GetLeftPart(UriPartial.Authority) + pathAndQuery,
            FromBrowser,
            seconds,
            new() { ["BENCH_SEND"] = "post", ["BENCH_BODY"] = body },
            ending
        );
        return load;
    }

    /// <summary>Repeats one POST of JSON with the admin key.</summary>
    /// <exception cref="BenchException">Any answer was 400 or above, or a connection failed.</exception>
    public async Task<Load> Ask(Server server, string path, string json, double seconds, CancellationToken ending)
    {
        var (load, _) = await Run(
            server,
            server.Url.GetLeftPart(UriPartial.Authority) + path,
            ["-H", $"Authorization: Bearer {Product.AdminKey}"],
            seconds,
            new()
            {
                ["BENCH_SEND"] = "post",
                ["BENCH_BODY"] = json,
                ["BENCH_TYPE"] = "application/json",
            },
            ending
        );
        return load;
    }

    private async Task<(Load Load, long Most)> Run(
        Server server,
        string url,
        string[] headers,
        double seconds,
        Dictionary<string, string> settings,
        CancellationToken ending
    )
    {
        server.ThrowIfEnded();
        var whole = Math.Max(1, (int)Math.Round(seconds)).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "wrk",
            [
                "-t",
                options.Threads.ToString(CultureInfo.InvariantCulture),
                "-c",
                options.Connections.ToString(CultureInfo.InvariantCulture),
                "-d",
                whole + "s",
                "--latency",
                "--timeout",
                "10s",
                .. headers,
                "-s",
                Path.Combine(AppContext.BaseDirectory, "driver.lua"),
                url,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var (cpu, ticks) = (server.Cpu, Machine.Ticks());
        using var wrk = Process.Start(start)!;
        string output,
            errors;
        try
        {
            var reading = wrk.StandardError.ReadToEndAsync(ending);
            output = await wrk.StandardOutput.ReadToEndAsync(ending);
            errors = await reading;
            await wrk.WaitForExitAsync(ending);
        }
        finally
        {
            if (!wrk.HasExited)
                wrk.Kill();
        }
        server.ThrowIfEnded();
        var spent = server.Cpu - cpu;
        var now = Machine.Ticks();
        var all = Math.Max(1, now.All - ticks.All);
        var others = now.Busy - ticks.Busy - (now.Own - ticks.Own) - spent.TotalSeconds * 100;

        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("BENCH ", StringComparison.Ordinal))
            ?? throw new BenchException($"wrk gave no figures for {server.Name}:\n{output}{errors}");
        var figures = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));

        var broken = new[] { "connect", "read", "write", "timeout", "status", "bad" }.Where(kind => figures[kind] > 0).ToArray();
        if (broken.Length > 0 || figures["requests"] == 0)
            throw new BenchException(
                $"{server.Name} did not answer every request with 2xx: {figures["requests"]} answers, "
                    + string.Join(", ", broken.Select(kind => $"{kind} errors {figures[kind]}"))
                    + (figures["badStatus"] > 0 ? $", for example status {figures["badStatus"]}" : "")
                    + $". Its last lines:\n{server.LastLines}"
            );

        var requests = figures["requests"];
        return (
            new Load(
                requests,
                requests / (figures["micros"] / 1e6),
                figures["p50"] / 1000,
                figures["p99"] / 1000,
                figures["max"] / 1000,
                figures["bytes"] / requests
            )
            {
                ServerMicros = spent.TotalMicroseconds / requests,
                Stolen = (now.Stolen - ticks.Stolen) / all,
                Others = Math.Max(0, others / all),
            },
            (long)figures["most"]
        );
    }
}
