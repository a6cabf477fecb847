// Brings a backup back into a database file, and says whether it holds what its manifest says.

using System.Security.Cryptography;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Api.Backups;

public static class OpenBackup
{
    const int BufferBytes = 1 << 20;

    /// <summary>Writes the database of a backup to a new file.</summary>
    /// <returns>Its manifest; null: it has none.</returns>
    public static async Task<BackupManifest?> Run(string backup, string to, string? passphrase)
    {
        if (!File.Exists(backup))
            throw new StoreConfigurationException(
                Directory.Exists(backup) ? $"'{backup}' is a folder and no backup." : $"There is no backup at '{backup}'."
            );
        await using var written = new FileStream(to, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        await using var from = new FileStream(backup, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        BackupManifest? manifest = null;
        if (SealedFile.IsOne(backup))
            manifest = BackupManifest.Read(
                await SealedFile.Read(
                    from,
                    written,
                    passphrase
                        ?? throw new StoreConfigurationException(
                            $"'{backup}' is encrypted: say the passphrase with --passphrase-file, Crm__Backup__PassphraseFile or Crm__Backup__Passphrase."
                        ),
                    backup
                ),
                backup
            );
        else
        {
            if (BackupManifest.FileOf(backup) is var beside && File.Exists(beside))
                manifest = BackupManifest.Read(await File.ReadAllBytesAsync(beside), beside);
            await from.CopyToAsync(written);
        }
        await written.FlushAsync();
        written.Flush(flushToDisk: true);
        written.Position = 0;
        if (
            manifest is not null
            && (written.Length != manifest.Bytes || Convert.ToHexStringLower(await SHA256.HashDataAsync(written)) != manifest.Sha256)
        )
            throw new StoreConfigurationException($"'{backup}' is cut short or was changed since it was written.");
        return manifest;
    }

    /// <summary>A sentence when the opened database is not what the manifest says.</summary>
    public static async Task Check(string database, string backup, BackupManifest? manifest)
    {
        if (await SqliteBackup.Fault(database) is { } fault)
            throw new StoreConfigurationException($"'{backup}' is damaged: {fault}.");
        var records = await SqliteBackup.Count(database);
        if (manifest is not null && !records.SequenceEqual(manifest.Records))
            throw new StoreConfigurationException(
                $"'{backup}' does not hold what its manifest says: {records.Values.Sum()} records and not {manifest.AllRecords}."
            );
    }
}
