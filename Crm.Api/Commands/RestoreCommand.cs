// "restore --from FILE": a backup becomes the embedded database, where none is.

using System.CommandLine;
using System.Globalization;
using Crm.Api.Backups;
using Crm.Domain.Stores;

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
        var command = new Command(
            "restore",
            "Makes the embedded database of a backup. Stop the server and move the old database away first: nothing is overwritten."
        )
        {
            from,
            passphrase,
            Settings.Argument(),
        };
        command.SetAction((parsed, _) => Run(Settings.Builder(parsed), parsed.GetRequiredValue(from), parsed.GetValue(passphrase)));
        return command;
    }

    static async Task<int> Run(WebApplicationBuilder builder, string backup, string? passphraseFile)
    {
        var database = BackupCommand.DatabaseOf(builder);
        var passphrase = Passphrase.Read(passphraseFile, builder.Configuration);
        // What is left of a log would be taken for the restored file's.
        foreach (var there in new[] { database, database + "-wal", database + "-shm" })
            if (File.Exists(there))
                throw new StoreConfigurationException(
                    $"'{there}' exists: stop the server, and move '{database}', '{database}-wal' and '{database}-shm' away first."
                );
        var part = database + ".restoring";
        try
        {
            var manifest = await NewFile.Written(database, async () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(database)!);
                File.Delete(part); // of a restore that was killed
                return await OpenBackup.Run(backup, part, passphrase);
            });
            await OpenBackup.Check(part, backup, manifest);
            File.Move(part, database);
            Console.Out.WriteLine(
                manifest is null
                    ? $"'{backup}' is restored to {database}. It had no manifest: SQLite's own check found it whole."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{backup}' is restored to {database}: {manifest.AllRecords:N0} records of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
                    )
            );
            return CommandLine.Done;
        }
        finally
        {
            File.Delete(part);
        }
    }
}
