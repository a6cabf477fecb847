// Measures several programs in turns, so that a machine that grows slower or faster in between does so for all of them.

namespace Crm.Bench;

/// <summary>One row of a comparison: a name, the server that must be awake for it, and the load it gets for some seconds.</summary>
internal sealed record Contestant(string Name, Server Server, Func<double, CancellationToken, Task<Load>> Run);

internal static class Rounds
{
    private const double MostDisturbed = 10;

    /// <summary>A, B, C, A, B, C, ...: the loads of each contestant, in the contestants' order.</summary>
    public static async Task<Load[][]> Measure(IReadOnlyList<Contestant> contestants, Options options, CancellationToken ending)
    {
        var loads = contestants.Select(_ => new List<Load>()).ToArray();
        foreach (var contestant in contestants)
            contestant.Server.Pause();
        for (var run = 1; run <= options.Runs; run++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                var (name, server, load) = contestants[i];
                server.Resume();
                await load(options.Warmup, ending);
                var found = await load(options.Seconds, ending);
                server.Pause();
                loads[i].Add(found);
                Console.WriteLine(
                    $"  run {run}  {name, -34} {found.Rate, 9:N0}/s   p50 {found.P50, 7:F2}  p99 {found.P99, 7:F2}  max {found.Max, 7:F1} ms   CPU {found.ServerMicros, 5:F0} us an answer, others {found.Others, 4:P0}, stolen {found.Stolen, 4:P0}"
                );
            }
        }
        return [.. loads.Select(l => l.ToArray())];
    }

    /// <summary>Says how disturbed the machine was, beside the figures that it disturbed.</summary>
    public static void NoteDisturbance(string bench, Load[][] loads, Figures figures)
    {
        var others = 100 * loads.Average(l => l.Average(r => r.Others));
        var host = 100 * loads.Average(l => l.Average(r => r.Stolen));
        figures.Note(bench, "processor taken by other programs", others, "%");
        figures.Note(bench, "processor taken by the host", host, "%");
        if (others + host > MostDisturbed)
            Console.WriteLine(
                $"  More than {MostDisturbed} % of the processor went elsewhere: measure again on a quiet machine before believing these."
            );
    }

    public static double MedianRate(Load[] loads) => Figures.Median(loads.Select(l => l.Rate));
}
