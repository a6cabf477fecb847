// "restore --from FILE": a backup becomes the embedded database, where none is.

using System.CommandLine;
using System.Globalization;
using Crm.Api.Backups;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Commands;

static class RestoreCommand
{
    public static Command Make()
    {
        var from = new Option<string>("--from")
        {
            Required = true,
            HelpName = "FILE",
            Description = "A backup that 'backup' wrote, encrypted or not.",
        };
        var passphrase = Passphrase.Option();
        var erasures = new Option<string?>("--erasures")
        {
            HelpName = "FILE",
            Description =
                "The journal of erasures, when it is not where the server keeps it (beside the database, or Crm__Erasures__Journal).",
        };
        var without = new Option<bool>("--without-erasures")
        {
            Description = "Restores without the journal: people who were erased after the backup are back.",
        };
        var command = new Command(
            "restore",
            "Makes the embedded database of a backup. Stop the server and move the old database away first: nothing is overwritten."
        )
        {
            from,
            passphrase,
            erasures,
            without,
            Settings.Argument(),
        };
        command.SetAction(
            (parsed, _) =>
            {
                var builder = Settings.Builder(parsed);
                return Run(
                    builder,
                    parsed.GetRequiredValue(from),
                    parsed.GetValue(passphrase),
                    parsed.GetValue(without) ? null
                        : parsed.GetValue(erasures) is { } said ? new(Path.GetFullPath(said))
                        : Stores.Journal(builder)
                );
            }
        );
        return command;
    }

    /// <param name="journal">Null: it is done without.</param>
    static async Task<int> Run(WebApplicationBuilder builder, string backup, string? passphraseFile, ErasureJournal? journal)
    {
        var database = BackupCommand.DatabaseOf(builder, connection => ServersOwnTools.ForRestore(connection, backup));
        var passphrase = Passphrase.Read(passphraseFile, builder.Configuration);
        // What is left of a log would be taken for the restored file's.
        foreach (var there in new[] { database, database + "-wal", database + "-shm" })
            if (File.Exists(there))
                throw new StoreConfigurationException(
                    $"'{there}' exists: stop the server, and move '{database}', '{database}-wal' and '{database}-shm' away first."
                );
        if (journal is not null && !File.Exists(journal.Path) && File.Exists(backup))
            throw new StoreConfigurationException(
                $"There is no journal of erasures at '{journal.Path}', which says who must not come back: say where it is with --erasures, or restore --without-erasures."
            );
        var keys = MasterKeyFile.Of(builder).Keys(builder.Configuration, mustOpen: false);
        var part = database + ".restoring";
        try
        {
            var manifest = await NewFile.Written(database, async () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(database)!);
                Remove(part); // of a restore that was killed
                return await OpenBackup.Run(backup, part, passphrase);
            });
            await OpenBackup.Check(part, backup, manifest);
            var erased = journal is null ? 0 : await Replay(part, journal, manifest, keys);
            File.Move(part, database);
            if (journal is not null && Stores.Journal(builder) is { Path: { } kept } && !File.Exists(kept))
                File.Copy(journal.Path!, kept);
            if (erased > 0)
                Console.Out.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{erased:N0} erasures from after the backup were done again in it.")
                );
            Console.Out.WriteLine(
                manifest is null
                    ? $"'{backup}' is restored to {database}. It had no manifest: SQLite's own check found it whole."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{backup}' is restored to {database}: {manifest.AllRecords:N0} records of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
                    )
            );
            if (await SealedSecrets.Lacking(database, keys) is { } key)
                Console.Out.WriteLine(
                    $"The secrets in it are sealed by the master key {key}, which is not here: before the start, bring it back to '{MasterKeyFile.Of(builder).Path}' or to Crm__MasterKey."
                );
            return CommandLine.Done;
        }
        finally
        {
            Remove(part);
        }
    }

    static void Remove(string part)
    {
        foreach (var end in new[] { "", "-wal", "-shm", ".lock" })
            File.Delete(part + end);
    }

    /// <summary>Before the file has its name, so that nobody ever is served who was erased.</summary>
    static async Task<int> Replay(string part, ErasureJournal journal, BackupManifest? manifest, MasterKeys keys)
    {
        var known = await journal.Count();
        if (known < manifest?.Erasures)
            throw new StoreConfigurationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The journal of erasures '{journal.Path}' is older than the backup: it knows {known} erasures, the backup {manifest.Erasures}."
                )
            );
        if (known == 0)
            return 0;
        var done = 0;
        await using (var store = new SqliteStore(new() { Path = part, MakeMissing = false }, TimeProvider.System))
        {
            var installation = Installation.NotYetOpen(store, CrmCatalog.Standard, TimeProvider.System);
            installation.Configure(keys);
            await installation.Open(CancellationToken.None);
            done = await ReplayErasures.Run(installation, await journal.ReadOf(installation), CancellationToken.None);
        }
        if (done > 0)
            await SqliteBackup.Rewrite(part);
        return done;
    }
}
