// The copy command: a whole installation to another database, so that starting on the embedded store is never a trap.

using System.CommandLine;
using Crm.Api.Copy;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Spectre.Console;

namespace Crm.Api.Commands;

public static class CopyCommand
{
    public static Command Make()
    {
        var from = new Option<string>("--from")
        {
            Required = true,
            HelpName = "DATABASE",
            Description = "sqlite:PATH, postgres://user:password@host/database or mongodb://host/database.",
        };
        var to = new Option<string>("--to")
        {
            Required = true,
            HelpName = "DATABASE",
            Description = "The same; empty, or with a copy that was begun.",
        };
        var plain = new Option<bool>("--plain") { Description = "No progress bar." };
        var command = new Command(
            "copy",
            "Copies an installation to another database and compares both. Stop the servers first; killed, it goes on where it stopped."
        )
        {
            from,
            to,
            plain,
        };
        command.SetAction(
            (parsed, _) =>
                Run(
                    parsed.GetRequiredValue(from),
                    parsed.GetRequiredValue(to),
                    parsed.GetValue(plain) || Console.IsOutputRedirected,
                    CrmCatalog.Standard
                )
        );
        return command;
    }

    /// <summary>0: copied and equal; 1: a difference, which is said.</summary>
    public static async Task<int> Run(string from, string to, bool plain, Catalog catalog)
    {
        if (from == to)
            throw new StoreConfigurationException("The source and the target are the same database.");
        await using var source = await Open(from, catalog, MissingDatabase.Refuse);
        await using var target = await Open(to, catalog, MissingDatabase.Make);
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
        if (
            equal
            && Stores.EmbeddedFile(from, Directory.GetCurrentDirectory()) is { } file
            && MasterKeyFile.Beside(file) is { Exists: true } key
        )
            Console.Out.WriteLine(
                $"Secrets are copied as they are sealed: what '{key.Path}' holds is Crm__MasterKey of every server of the target."
            );
        return equal ? CommandLine.Done : CommandLine.Failed;
    }

    static async Task<IStore> Open(string connection, Catalog catalog, MissingDatabase missing)
    {
        var store = new CheckedStore(
            Stores.Make(connection, Directory.GetCurrentDirectory(), TimeProvider.System, Console.Error.WriteLine, missing),
            catalog.Types
        );
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
        await foreach (var workspace in store.Workspaces(collection, default))
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
