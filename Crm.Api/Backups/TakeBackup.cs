// Takes a backup of the embedded database beside the running product: a whole copy of one moment, with its manifest, encrypted if asked.

using System.Reflection;
using System.Security.Cryptography;
using Crm.Storage.Sqlite;

namespace Crm.Api.Backups;

public static class TakeBackup
{
    /// <summary>The product's version, as its manifests and <c>--version</c> have it.</summary>
    public static string Product { get; } =
        typeof(TakeBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>
    /// Under their final names the files are whole or not there at all. Encrypted it is one file with the manifest in it; the copy that is
    /// read for it lies beside the database, so nothing readable ever is where the backup goes.
    /// </summary>
    /// <param name="passphrase">Null: not encrypted.</param>
    public static async Task<BackupManifest> Run(
        string database,
        string target,
        string? passphrase,
        ErasureJournal journal,
        TimeProvider clock
    )
    {
        var (part, done) = (target + ".part", false);
        var copy = passphrase is null ? part : $"{database}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.copy";
        try
        {
            if (File.Exists(database))
                RemoveLeftovers(database, part, clock);
            var (at, erasures) = (clock.GetUtcNow(), await journal.Count());
            await SqliteBackup.Write(database, copy);
            string hash;
            long bytes;
            await using (var written = File.OpenRead(copy))
                (hash, bytes) = (Convert.ToHexStringLower(await SHA256.HashDataAsync(written)), written.Length);
            var manifest = new BackupManifest(
                BackupManifest.CurrentFormat,
                Product,
                at,
                bytes,
                hash,
                await SqliteBackup.Count(copy),
                erasures
            );
            if (passphrase is null)
                await WriteSynced(BackupManifest.FileOf(target), to => to.WriteAsync(manifest.ToJson()).AsTask());
            else
                await WriteSynced(part, async to =>
                {
                    await using var plain = File.OpenRead(copy);
                    await SealedFile.Write(manifest.ToJson(), plain, to, passphrase);
                });
            File.Move(part, target);
            done = true;
            return manifest;
        }
        finally
        {
            File.Delete(copy);
            File.Delete(part);
            if (!done && passphrase is null)
                File.Delete(BackupManifest.FileOf(target));
        }
    }

    /// <summary>Of backups that were killed. A copy that is younger than a day may be another backup's that is under way.</summary>
    static void RemoveLeftovers(string database, string part, TimeProvider clock)
    {
        File.Delete(part);
        foreach (var copy in Directory.EnumerateFiles(Path.GetDirectoryName(database)!, $"{Path.GetFileName(database)}.*.copy"))
            if (clock.GetUtcNow() - File.GetLastWriteTimeUtc(copy) > TimeSpan.FromDays(1))
                File.Delete(copy);
    }

    static async Task WriteSynced(string file, Func<Stream, Task> write)
    {
        await using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await write(to);
        to.Flush(flushToDisk: true);
    }
}
