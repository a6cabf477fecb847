// "erasures replay": in a database that was restored by whatever tool, whom the journal names is erased again before anybody is served.

using System.CommandLine;
using System.Globalization;
using Crm.Api.Backups;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Api.Commands;

static class ErasuresCommand
{
    public static Command Make() =>
        new("erasures", "Who was erased must not come back with a backup that PostgreSQL's or MongoDB's own programs restored.")
        {
            MakeReplay(),
        };

    static Command MakeReplay()
    {
        var erasures = new Option<string?>("--erasures")
        {
            HelpName = "FILE",
            Description =
                "The journal of erasures, unless it is where Crm__Erasures__Journal says. Nodes that kept one each: once for each.",
        };
        var command = new Command(
            "replay",
            "Erases again in the database of ConnectionStrings__Crm whom the journal names. No node may run meanwhile; again it does nothing."
        )
        {
            erasures,
            Settings.Argument(),
        };
        command.SetAction((parsed, cancel) => Replay(Settings.Builder(parsed), parsed.GetValue(erasures), cancel));
        return command;
    }

    static async Task<int> Replay(WebApplicationBuilder builder, string? said, CancellationToken cancel)
    {
        Telemetry.Configure(builder);
        var journal = said is null ? Stores.Journal(builder) : new(Path.GetFullPath(said));
        if (journal.Path is not { } path)
            throw new StoreConfigurationException("Say where the journal of erasures is: --erasures FILE, or Crm__Erasures__Journal.");
        if (!File.Exists(path))
            throw new StoreConfigurationException($"There is no journal of erasures at '{path}': say where it is with --erasures.");
        var installation = await Stores.Open(builder, CrmCatalog.Standard, MissingDatabase.Refuse);
        int known,
            done;
        await using (installation.Store)
        {
            var entries = await journal.ReadOf(installation);
            (known, done) = (entries.Count, await ReplayErasures.Run(installation, entries, cancel));
        }
        if (done > 0 && Stores.EmbeddedFile(Stores.Connection(builder), builder.Environment.ContentRootPath) is { } file)
            await SqliteBackup.Rewrite(file);
        Console.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"The journal knows {known:N0} erasures; {done:N0} of them were done again.")
        );
        return CommandLine.Done;
    }
}
