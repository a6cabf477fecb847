// What the command line may say, with the defaults that a full measurement uses.

using System.Globalization;

namespace Crm.Bench;

/// <summary>Settings of one run of the command; unknown words are refused with the list of known ones.</summary>
internal sealed record Options
{
    public int Seconds { get; init; } = 8;
    public int Warmup { get; init; } = 3;
    public int Runs { get; init; } = 3;
    public int Connections { get; init; } = 64;
    public int Threads { get; init; } = 1;
    public int Leads { get; init; } = 1_000_000;
    public int ManyLinks { get; init; } = 1_000_000;
    public int Clicks { get; init; } = 10_000_000;
    public double Minutes { get; init; } = 10;
    public int Touches { get; init; } = 10_000_000;
    public int Links { get; init; } = 300;

    /// <summary>Where the stores lie while measuring. /var/tmp outlives a boot by custom, so it is a disk where /tmp may be
    /// memory.</summary>
    public string Data { get; init; } = "/var/tmp";

    /// <summary>Leave the loaded stores in <see cref="Data"/> and take them from there next time.</summary>
    public bool Keep { get; init; }

    public bool NoFail { get; init; }

    /// <summary>postgres://user@host:port of a server on which the bench makes databases of its own; null: SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>Crm.Api.dll to measure; null finds the one that was built with this executable.</summary>
    public string? Product { get; init; }

    public const string Usage = """
        dotnet run --project Crm.Bench -c Release -- BENCH... [options]

          BENCH            {0}
          --seconds 8      length of each measured run
          --warmup 3       seconds of load before each measured run
          --runs 3         measured runs of each program, in turns; the median counts
          --leads 1000000  leads in the large store (list, memory, start)
          --many-links 1000000 and --clicks 10000000 in the large stores (tracking-scale)
          --minutes 10     length of the capture before memory is read
          --touches 10000000 and --links 300 of the year that reports are about
          --connections 64 and --threads 1 of wrk
          --data /var/tmp  folder on a real disk for the databases
          --keep           leave the loaded stores there for the next time
          --product PATH   another Crm.Api.dll
          --postgres URL   product and ceilings on this server (postgres://user:password@host:port), in databases crm_bench_*
          --no-fail        exit with 0 even where a goal was missed
        """;

    /// <summary>Splits the arguments into bench names and settings.</summary>
    /// <exception cref="BenchException">An option is unknown, or its value is not what it needs.</exception>
    public static (List<string> Benches, Options Options) Parse(string[] args)
    {
        var benches = new List<string>();
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            var word = args[i];
            string Value() => ++i < args.Length ? args[i] : throw new BenchException($"{word} needs a value.");
            int Count() =>
                int.TryParse(Value(), CultureInfo.InvariantCulture, out var n) && n > 0
                    ? n
                    : throw new BenchException($"{word} needs a whole number above 0.");
            options = word switch
            {
                "--seconds" => options with { Seconds = Count() },
                "--warmup" => options with { Warmup = Count() },
                "--runs" => options with { Runs = Count() },
                "--connections" => options with { Connections = Count() },
                "--threads" => options with { Threads = Count() },
                "--leads" => options with { Leads = Count() },
                "--many-links" => options with { ManyLinks = Count() },
                "--clicks" => options with { Clicks = Count() },
                "--minutes" => options with { Minutes = ParseMinutes(Value()) },
                "--touches" => options with { Touches = Count() },
                "--links" => options with { Links = Count() },
                "--data" => options with { Data = Path.GetFullPath(Value()) },
                "--keep" => options with { Keep = true },
                "--no-fail" => options with { NoFail = true },
                "--postgres" => options with { Postgres = Value().TrimEnd('/') },
                "--product" => options with { Product = Path.GetFullPath(Value()) },
                _ when word.StartsWith('-') => throw new BenchException($"Unknown option {word}."),
                _ => options,
            };
            if (!word.StartsWith('-'))
                benches.Add(word);
        }
        return (benches, options);
    }

    private static double ParseMinutes(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0
            ? minutes
            : throw new BenchException("--minutes needs a number above 0.");
}

/// <summary>Why a measurement could not be made, in a sentence for the person at the terminal.</summary>
internal sealed class BenchException(string message) : Exception(message);
