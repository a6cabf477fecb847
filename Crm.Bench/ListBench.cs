// What a page of leads costs: the first and a far one, of few leads and of many, beside reading the same rows by key.

using System.Text;
using System.Text.Json;
using Crm.Bench.Ceilings;

namespace Crm.Bench;

internal static class ListBench
{
    private const int Few = 10_000,
        FarPage = 10_000,
        WalkSize = 200;
    private const double MostOfCheapest = 1.3,
        LeastOfRows = 0.5;

    /// <summary>A page to measure: where it is asked for, and what it holds.</summary>
    private sealed record Target(string Name, Server Server, string Path, List<byte[]> Rows, int Bytes);

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        var fewFolder = await bench.Product.StoreWith(Math.Min(Few, bench.Options.Leads), bench.Folder, ending);
        var manyFolder = await bench.Product.StoreWith(bench.Options.Leads, bench.Folder, ending);
        await using var few = await bench.Product.StartReady("product with few leads", fewFolder, ending);
        var targets = new List<Target>(await Targets("few", few, ending));
        // One store twice, for a trial with few leads, would be two writers on one file.
        await using var many =
            manyFolder == fewFolder ? null : await bench.Product.StartReady("product with many leads", manyFolder, ending);
        if (many is not null)
            targets.AddRange(await Targets("many", many, ending));

        RowReader.Fill(bench.CeilingFile(Ceiling.Rows), targets.SelectMany(t => t.Rows));
        await using var rows = await bench.StartCeiling(Ceiling.Rows, "ceiling of rows", ending);

        // A page and its ceiling stand next to each other: their ratio is what counts.
        var contestants = targets
            .SelectMany(
                (target, i) =>
                    new[]
                    {
                        new Contestant($"rows of: {target.Name}", rows, (seconds, end) =>
                            Measure(bench, rows, $"/rows/{i * RowReader.PageSize + 1}", target, seconds, end)
                        ),
                        new Contestant(target.Name, target.Server, (seconds, end) =>
                            Measure(bench, target.Server, target.Path, target, seconds, end)
                        ),
                    }
            )
            .ToList();
        var loads = await Rounds.Measure(contestants, bench.Options, ending);

        var rates = loads.Select(Rounds.MedianRate).ToArray();
        for (var i = 0; i < contestants.Count; i++)
            bench.Figures.Note("list", contestants[i].Name, rates[i], "/s", [.. loads[i].Select(l => l.Rate)]);
        var cheapest = targets.Select((_, i) => rates[2 * i + 1]).Max();
        for (var i = 0; i < targets.Count; i++)
        {
            // The machine is busy throughout, so time for a page is 1 / rate.
            bench.Figures.AtMost("list", $"{targets[i].Name}: time / cheapest", cheapest / rates[2 * i + 1], MostOfCheapest, "x");
            if (bench.Options.Postgres is null) // The tiny program reads its rows from SQLite.
                bench.Figures.AtLeast("list", $"{targets[i].Name}: rate / rows", rates[2 * i + 1] / rates[2 * i], LeastOfRows, "x");
        }
        Rounds.NoteDisturbance("list", loads, bench.Figures);
    }

    private static async Task<Load> Measure(
        Workbench bench,
        Server server,
        string path,
        Target target,
        double seconds,
        CancellationToken ending
    )
    {
        var load = await bench.Wrk.Get(server, path, seconds, ending);
        // wrk does not look into bodies: an empty or broken page would pass for a fast one. The end of a run cuts some off.
        return load.BytesPerAnswer > 0.95 * target.Bytes
            ? load
            : throw new BenchException(
                $"{server.Name} sent {load.BytesPerAnswer:F0} bytes an answer for {path} where {target.Bytes} were due."
            );
    }

    private static async Task<Target[]> Targets(string size, Server server, CancellationToken ending)
    {
        var path = $"/v1/leads?limit={RowReader.PageSize}";
        var (number, cursor) = await WalkTo(FarPage, server, ending);
        return
        [
            await Fetch($"first page of {size}", server, path, ending),
            await Fetch($"page {number} of {size}", server, $"{path}&after={Uri.EscapeDataString(cursor)}", ending),
        ];
    }

    private static async Task<Target> Fetch(string name, Server server, string path, CancellationToken ending)
    {
        using var page = await Product.GetJson(server, path, ending);
        var rows = page.RootElement.GetProperty("data").EnumerateArray().Select(row => Encoding.UTF8.GetBytes(row.GetRawText())).ToList();
        return rows.Count == RowReader.PageSize
            ? new Target(name, server, path, rows, rows.Sum(row => row.Length))
            : throw new BenchException(
                $"GET {path} should hold {RowReader.PageSize} leads and holds {rows.Count}: load more with --leads."
            );
    }

    /// <summary>
    /// The cursor before page <paramref name="page"/> of <see cref="RowReader.PageSize"/> rows, or before the last full page where
    /// there are not so many. Large strides of ids only, and small ones at the end: 10,000 pages in about 2,500 requests.
    /// </summary>
    private static async Task<(int Page, string Cursor)> WalkTo(int page, Server server, CancellationToken ending)
    {
        var seen = new List<(int Rows, string Cursor)>();
        var skipped = 0;
        var target = (page - 1) * RowReader.PageSize;
        // Strides of 200 while they fit before the target and the list goes on; then strides of 50 from there.
        foreach (var stride in new[] { WalkSize, RowReader.PageSize })
        {
            // Where the list ended early, the large strides may have gone past the target.
            seen.RemoveAll(s => s.Rows > target);
            skipped = seen.Count == 0 ? 0 : seen[^1].Rows;
            while (skipped + stride <= target)
            {
                var after = seen.Count == 0 ? "" : $"&after={Uri.EscapeDataString(seen[^1].Cursor)}";
                using var answer = await Product.GetJson(server, $"/v1/leads?limit={stride}&fields=id{after}", ending);
                var rows = answer.RootElement.GetProperty("data").GetArrayLength();
                var next = answer.RootElement.GetProperty("page").GetProperty("next");
                if (next.ValueKind != JsonValueKind.String)
                {
                    // The list ends here: the last full page starts before the rows that were just seen, or among them.
                    target = Math.Min(target, (skipped + rows) / RowReader.PageSize * RowReader.PageSize - RowReader.PageSize);
                    break;
                }
                skipped += rows;
                seen.Add((skipped, next.GetString()!));
            }
        }
        var (reached, cursor) = seen.FindLast(s => s.Rows <= target);
        return cursor is null
            ? throw new BenchException("There are too few leads for a second page: load more with --leads.")
            : (reached / RowReader.PageSize + 1, cursor);
    }
}
