// Whether a click costs the same however many links there are and however many clicks are stored already.

using Crm.Domain;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Bench;

internal static class TrackingScaleBench
{
    private const double MostOfCheapest = 1.2;
    private const int Few = 1000;

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        if (bench.Options.Postgres is not null)
            throw new BenchException("The stores of this bench are filled through the embedded store.");
        var (links, clicks) = (bench.Options.ManyLinks, bench.Options.Clicks);
        await using var small = await StartWith(bench, Few, 0, ending);
        await using var manyLinks = await StartWith(bench, links, 0, ending);
        await using var manyClicks = await StartWith(bench, Few, clicks, ending);

        Contestant Following(string name, Server server, int among) =>
            new(name, server, (seconds, end) => bench.Wrk.Follow(server, among, seconds, end));
        var names = new[]
        {
            $"{Few:N0} links",
            $"{links:N0} links, {Few:N0} clicked",
            $"{links:N0} links, all clicked",
            $"{clicks:N0} clicks stored",
        };
        var loads = await Rounds.Measure(
            [
                Following(names[0], small, Few),
                Following(names[1], manyLinks, Few),
                Following(names[2], manyLinks, links),
                Following(names[3], manyClicks, Few),
            ],
            bench.Options,
            ending
        );

        // Processor time, because the rate also has wrk in it and whatever else runs.
        var micros = loads.Select(load => Figures.Median(load.Select(l => l.ServerMicros))).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            bench.Figures.Note("tracking-scale", names[i], Rounds.MedianRate(loads[i]), "/s", [.. loads[i].Select(l => l.Rate)]);
            bench.Figures.Note("tracking-scale", names[i] + ", processor", micros[i], "us");
        }
        for (var i = 1; i < names.Length; i++)
            bench.Figures.AtMost("tracking-scale", $"{names[i]} / {names[0]}", micros[i] / micros[0], MostOfCheapest, "x");
        Rounds.NoteDisturbance("tracking-scale", loads, bench.Figures);
    }

    private static async Task<Server> StartWith(Workbench bench, int links, int clicks, CancellationToken ending)
    {
        var folder = await bench.NewFolder($"tracking-{links}-{clicks}", ending);
        // The product makes the workspace; what it holds goes straight into the store, which the product owns alone while it runs.
        await (await bench.Product.StartReady("product", folder, ending)).DisposeAsync();
        Console.WriteLine($"  filling a store with {links:N0} links and {clicks:N0} clicks ...");
        await using (var store = new SqliteStore(new() { Path = Path.Combine(folder, "crm.db") }, bench.Time))
        {
            var installation = await Installation.Open(store, CrmCatalog.Standard, bench.Time, ending);
            var key = await store.NextWorkspace(
                ResourceType.Of<Crm.Domain.Workspaces.Workspace>().Collection,
                WorkspaceKey.Installation,
                ending
            ) ?? throw new BenchException("The product made no workspace.");
            var settings = await installation.Settings.Workspace(key, ending);
            await Each(
                links,
                250,
                (work, i) =>
                    work.Insert(
                        new Link
                        {
                            Slug = Slug(i),
                            Destination = $"https://www.silva.example.org/offer/{i}",
                            Name = $"Link {i}",
                        },
                        null
                    ),
                installation,
                settings,
                ending
            );
            if (clicks > 0)
                await AddClicks(clicks, installation, settings, ending);
        }
        return await bench.Product.StartReady("product", folder, ending);
    }

    /// <summary>As driver.lua spells it.</summary>
    private static string Slug(int number) => $"b{number:D7}";

    private static async Task AddClicks(int clicks, Installation installation, WorkspaceSettings settings, CancellationToken ending)
    {
        var known = new KnownLink[Few];
        for (var i = 0; i < Few; i++)
            known[i] = await installation.Settings.Find(KnownLink.BySlug, Slug(i), ending)
                ?? throw new BenchException($"The link {Slug(i)} is not there.");
        var visit = new Visit([], "https://www.partner.example.com/reviews/best", Wrk.Browser, "127.0.0.0", Navigation.Yes, false, false);
        await Each(
            clicks,
            100,
            (work, i) => work.Insert(((LinkDecision.Go)FollowLink.Decide(known[i % Few], visit, work.NextId(), work.Now)).Click, null),
            installation,
            settings,
            ending
        );
    }

    /// <summary>Calls <paramref name="add"/> with each number; commits after so many, and several commits wait at once.</summary>
    private static async Task Each(
        int count,
        int inCommit,
        Action<UnitOfWork, int> add,
        Installation installation,
        WorkspaceSettings settings,
        CancellationToken ending
    )
    {
        var next = -inCommit;
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            for (var from = Interlocked.Add(ref next, inCommit); from < count; from = Interlocked.Add(ref next, inCommit))
                            {
                                var work = new UnitOfWork(installation, settings, "system");
                                for (var i = from; i < Math.Min(count, from + inCommit); i++)
                                    add(work, i);
                                if (!(await work.Commit(ending)).Committed)
                                    throw new BenchException("A store could not be filled.");
                            }
                        },
                        ending
                    )
                )
        );
    }
}
