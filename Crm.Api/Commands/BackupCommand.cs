// "backup --to FILE": a whole and consistent copy of the embedded database, while the product goes on. "backup verify FILE": whether one
// is.

using System.CommandLine;
using System.Globalization;
using Crm.Api.Backups;
using Crm.Api.Copy;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Commands;

static class BackupCommand
{
    public static Command Make()
    {
        var to = new Option<string>("--to")
        {
            Required = true,
            HelpName = "FILE",
            Description = "A new file. Its manifest goes beside it (FILE.json), or into it when it is encrypted.",
        };
        var passphrase = Passphrase.Option();
        var command = new Command(
            "backup",
            "Copies the embedded database as it is at one moment, beside the running server. With a passphrase the copy is encrypted."
        )
        {
            to,
            passphrase,
            MakeVerify(),
            Settings.Argument(),
        };
        command.SetAction((parsed, _) => Take(Settings.Builder(parsed), parsed.GetRequiredValue(to), parsed.GetValue(passphrase)));
        return command;
    }

    static Command MakeVerify()
    {
        var backup = new Argument<string>("file") { HelpName = "FILE", Description = "The backup." };
        var passphrase = Passphrase.Option();
        var command = new Command(
            "verify",
            "Restores a backup to a temporary place, compares it with its manifest and reads every record of it."
        )
        {
            backup,
            passphrase,
        };
        command.SetAction((parsed, _) => Verify(parsed.GetRequiredValue(backup), parsed.GetValue(passphrase), CrmCatalog.Standard));
        return command;
    }

    static async Task<int> Take(WebApplicationBuilder builder, string target, string? passphraseFile)
    {
        var database = DatabaseOf(builder, connection => ServersOwnTools.ForBackup(connection, target));
        var passphrase = Passphrase.Read(passphraseFile, builder.Configuration);
        NewFile.Check(target);
        if (passphrase is null)
            NewFile.Check(BackupManifest.FileOf(target));
        var manifest = await NewFile.Written(target, () =>
            TakeBackup.Run(database, Path.GetFullPath(target), passphrase, Stores.Journal(builder), TimeProvider.System)
        );
        try
        {
            new LastBackup(manifest.MadeAt, Path.GetFullPath(target), manifest.Bytes).Note(database);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The backup is there, but the server does not learn of it: {failure.Message}");
        }
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{manifest.AllRecords:N0} records, {new FileInfo(target).Length / 1e6:N1} MB{(passphrase is null ? "" : ", encrypted")}, in {target}"
            )
        );
        if (SealedSecrets.NotInBackup(MasterKeyFile.Of(builder), MasterKeyFile.IsSaid(builder.Configuration)) is { } sentence)
            Console.Out.WriteLine(sentence);
        return CommandLine.Done;
    }

    /// <summary>The embedded database of the settings.</summary>
    /// <param name="otherwise">What to do with a server's.</param>
    public static string DatabaseOf(WebApplicationBuilder builder, Func<string, string> otherwise) =>
        Stores.Connection(builder) is var connection && Stores.EmbeddedFile(connection, builder.Environment.ContentRootPath) is { } file
            ? file
            : throw new StoreConfigurationException(otherwise(connection));

    static async Task<int> Verify(string backup, string? passphraseFile, Catalog catalog)
    {
        var passphrase = Passphrase.Read(passphraseFile, WebApplication.CreateBuilder().Configuration);
        // Only its owner may look into it.
        var folder = Directory.CreateTempSubdirectory("crm-verify-");
        try
        {
            var database = Path.Combine(folder.FullName, "crm.db");
            var manifest = await NewFile.Written(database, () => OpenBackup.Run(backup, database, passphrase));
            if (manifest is null)
                throw new StoreConfigurationException(
                    $"'{backup}' has no manifest beside it ('{BackupManifest.FileOf(backup)}'), so nothing says what must be in it."
                );
            await OpenBackup.Check(database, backup, manifest);
            await using var store = new CheckedStore(
                new SqliteStore(new() { Path = database, MakeMissing = false }, TimeProvider.System),
                catalog.Types
            );
            await store.Start(catalog.Collections, catalog.Rekey, CancellationToken.None);
            var read = 0L;
            foreach (var collection in catalog.Collections)
                read += (await WholeStore.SumOf(store, collection, _ => { }, CancellationToken.None)).Count;
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{backup}' is whole: {read:N0} records of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} were restored, compared and read."
                )
            );
            return CommandLine.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
