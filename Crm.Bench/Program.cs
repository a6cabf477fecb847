// The one command that measures the product beside its ceilings: reads what to measure, measures it, says whether it is enough.

using System.Runtime.InteropServices;
using Crm.Bench;
using Crm.Bench.Ceilings;

// The ceilings are this executable as well, started by it as processes of their own.
if (args is [var mode, var database] && Ceiling.IsMode(mode))
{
    await Ceiling.Serve(mode, database);
    return 0;
}

// Memory last: it leaves the disk busy.
(string Name, Func<Workbench, CancellationToken, Task> Run)[] benches =
[
    ("capture", CaptureBench.Run),
    ("tracking", TrackingBench.Run),
    ("tracking-scale", TrackingScaleBench.Run),
    ("list", ListBench.Run),
    ("reports", ReportsBench.Run),
    ("graphql", GraphQLBench.Run),
    ("webhooks", WebhooksBench.Run),
    ("start", StartBench.Run),
    ("memory", MemoryBench.Run),
];

// Benches that measure something else than the whole product: each takes the rest of the line and gives the exit code.
(string Name, Func<string[], Task<int>> Run)[] others =
[
    ("store", StoreBench.Run),
    ("mongo", MongoBench.Run),
    ("load", BigStore.Run),
    ("expire", ExpireBench.Run),
    ("desk", DeskBench.Run),
    ("feed", FeedBench.Run),
];

if (args is [var first, .. var rest] && Array.Find(others, o => o.Name == first) is { Run: { } other })
    return await other(rest);

using var ending = new CancellationTokenSource();

// Ctrl-C and SIGTERM end the measurement in order: servers stopped, files removed.
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
AppDomain.CurrentDomain.ProcessExit += (_, _) => Server.KillAll();

try
{
    var (names, options) = Options.Parse(args);
    var known = string.Join(" ", benches.Select(b => b.Name).Append("all").Concat(others.Select(o => o.Name)));
    if (names.Count == 0 || names.Exists(name => name != "all" && !Array.Exists(benches, b => b.Name == name)))
        throw new BenchException(string.Format(null, Options.Usage, known));
    return await Measure(names, options);
}
catch (BenchException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    Console.Error.WriteLine("Broken off.");
    return 130;
}

async Task<int> Measure(List<string> names, Options options)
{
    await Wrk.EnsureInstalled();
    if (!Directory.Exists(options.Data))
        Directory.CreateDirectory(options.Data);
    var disk = new DriveInfo(options.Data).DriveFormat;
    if (disk is "tmpfs" or "ramfs")
        throw new BenchException(
            $"{options.Data} is memory ({disk}), where a durable commit costs nothing: name a folder on a disk with --data."
        );

    var machine = Machine.Here(TimeProvider.System, options.Data);
    machine.Print();
#if DEBUG
    Console.WriteLine("This is a Debug build: its figures say nothing. Run with -c Release.");
#endif
    var folder = Path.Combine(options.Data, options.Keep ? "crm-bench" : $"crm-bench-{Environment.ProcessId}");
    Directory.CreateDirectory(folder);
    var figures = new Figures();
    var bench = new Workbench(options, TimeProvider.System, new Wrk(options), new Product(options, TimeProvider.System), folder, figures);
    var broken = false;
    try
    {
        foreach (var (name, run) in benches)
        {
            if (!names.Contains("all") && !names.Contains(name))
                continue;
            Console.WriteLine($"\n{name}");
            bench.Clear();
            try
            {
                await run(bench, ending.Token);
            }
            catch (BenchException problem)
            {
                // The others are still worth their minutes; the exit code remembers.
                broken = true;
                Console.Error.WriteLine($"{name} could not be measured. {problem.Message}");
            }
        }
    }
    finally
    {
        bench.Clear();
        if (!options.Keep)
            Directory.Delete(folder, recursive: true);
        figures.Write("bench-results.json", machine, options);
    }
    figures.PrintTable();
    return broken ? 2
        : figures.AllReached || options.NoFail ? 0
        : 1;
}
