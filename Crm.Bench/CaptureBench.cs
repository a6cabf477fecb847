// How many leads a second the product accepts, beside two programs that only store the same bytes as durably.

using Crm.Bench.Ceilings;

namespace Crm.Bench;

internal static class CaptureBench
{
    private const double LeastOfInsert = 2.5,
        LeastOfGroupInsert = 0.4,
        MostMilliseconds = 50;

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        await using var insert = await bench.StartCeiling(Ceiling.Insert, "ceiling A", ending);
        await using var group = await bench.StartCeiling(Ceiling.GroupInsert, "ceiling B", ending);
        await using var product = await bench.Product.StartReady("product", await bench.NewFolder("capture", ending), ending);
        var path = "/f/" + await Product.FormKey(product, ending);

        Contestant Posting(string name, Server server) =>
            new(name, server, (seconds, end) => bench.Wrk.Capture(server, path, seconds, end));
        var loads = await Rounds.Measure(
            [
                Posting("A: a commit for each row", insert),
                Posting("B: rows share a commit", group),
                Posting("product: POST /f/{formKey}", product),
            ],
            bench.Options,
            ending
        );

        product.Resume();
        await CheckThatLeadsExist(bench, product, ending);

        var (a, b, ours) = (loads[0], loads[1], loads[2]);
        var rates = loads.Select(Rounds.MedianRate).ToArray();
        bench.Figures.Note("capture", "A: a commit for each row", rates[0], "/s", [.. a.Select(l => l.Rate)]);
        bench.Figures.Note("capture", "B: rows share a commit", rates[1], "/s", [.. b.Select(l => l.Rate)]);
        bench.Figures.Note("capture", "product", rates[2], "/s", [.. ours.Select(l => l.Rate)]);
        bench.Figures.AtLeast("capture", "product / A", rates[2] / rates[0], bench.Options.Postgres is null ? LeastOfInsert : 2, "x");
        bench.Figures.AtLeast(
            "capture",
            "product / B",
            rates[2] / rates[1],
            bench.Options.Postgres is null ? LeastOfGroupInsert : 0.35,
            "x"
        );
        bench.Figures.AtMost(
            "capture",
            "product p99",
            Figures.Median(ours.Select(l => l.P99)),
            MostMilliseconds,
            "ms",
            [.. ours.Select(l => l.P99)]
        );
        Rounds.NoteDisturbance("capture", loads, bench.Figures);
    }

    /// <summary>Fast answers are worth nothing unless each made a lead: people from the whole range are looked up.</summary>
    private static async Task CheckThatLeadsExist(Workbench bench, Server product, CancellationToken ending)
    {
        var (first, next) = bench.Wrk.People(product);
        foreach (var part in new[] { 0, 0.1, 0.3, 0.6, 0.9 })
        {
            var person = first + (long)((next - first) * part);
            var found = 0;
            // Some numbers were never answered: wrk makes one request up to look at it, cuts off those under way at the end of
            // a run, and its slower thread leaves every other number out. One of these four was.
            foreach (var near in new[] { person, person + 1, person + 100, person + 101 })
            {
                var path = $"/v1/leads?email=cliente.{near:D8}%40mail.example.com&limit=2";
                using var leads = await Product.GetJson(product, path, ending);
                var count = leads.RootElement.GetProperty("data").GetArrayLength();
                if (count > 1)
                    throw new BenchException($"One person became several leads: {path}.");
                found += count;
            }
            if (found == 0)
                throw new BenchException($"Person {person} was posted and answered with 2xx, but there is no such lead.");
        }
    }
}
