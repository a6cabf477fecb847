// The copy command: a whole installation to another database, so that starting on the embedded store is never a trap.

using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Spectre.Console;

namespace Crm.Api.Copy;

public static class CopyCommand
{
    const string Usage =
        "Usage: copy --from X --to Y [--plain]   (X and Y: sqlite:PATH, postgres://... or mongodb://...; stop the servers first)";

    /// <summary>0: copied and equal; 1: an error or a difference, which is told; 2: wrong arguments. <c>--plain</c> prints no progress
    /// bar.</summary>
    public static async Task<int> Run(string[] args, Catalog? catalog = null)
    {
        string? from = null,
            to = null;
        var plain = Console.IsOutputRedirected;
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--from" when i + 1 < args.Length:
                    from = args[++i];
                    break;
                case "--to" when i + 1 < args.Length:
                    to = args[++i];
                    break;
                case "--plain":
                    plain = true;
                    break;
                default:
                    from = to = null;
                    i = args.Length;
                    break;
            }
        if (from is null || to is null)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        if (from == to)
            throw new StoreConfigurationException("The source and the target are the same database.");
        catalog ??= CrmCatalog.Standard;
        await using var source = await Open(from, catalog);
        await using var target = await Open(to, catalog);
        var equal = false;
        var lines = new List<string>();
        if (plain)
            equal = await Copy(source, target, catalog, _ => { }, lines);
        else
            await AnsiConsole
                .Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    // Every row is read twice: once to be copied, once to be compared.
                    var task = progress.AddTask("Rows", maxValue: 2 * Math.Max(1, await Rows(source, catalog)));
                    equal = await Copy(source, target, catalog, done => task.Increment(done), lines);
                    task.Value = task.MaxValue;
                });
        foreach (var line in lines)
            Console.Out.WriteLine(line);
        Console.Out.WriteLine(
            equal
                ? "Copied: source and target are equal."
                : "NOT EQUAL: somebody wrote to one of them meanwhile. Stop the servers and copy again into an empty database."
        );
        return equal ? 0 : 1;
    }

    static async Task<IStore> Open(string connection, Catalog catalog)
    {
        var store = Stores.Make(connection, Directory.GetCurrentDirectory(), TimeProvider.System, Console.Error.WriteLine);
        try
        {
            await store.Start(catalog.Collections, catalog.Rekey, CancellationToken.None);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    static async Task<bool> Copy(IStore source, IStore target, Catalog catalog, Action<int> done, List<string> lines)
    {
        var copy = new StoreCopy(source, target, catalog, done, lines.Add);
        await copy.Run(CancellationToken.None);
        return await copy.Compare(lines.Add, CancellationToken.None);
    }

    static async Task<long> Rows(IStore store, Catalog catalog)
    {
        var rows = 0L;
        foreach (var collection in catalog.Collections)
        await foreach (var workspace in WholeStore.Workspaces(store, collection, default))
            try
            {
                rows += await store.Open(workspace).Count(collection, null, 1_000_000_000, default);
            }
            catch (QueryTooCostlyException)
            {
                // Too many to be counted in a query's time: the bar runs ahead, the copy does not mind.
            }
        return rows;
    }
}
