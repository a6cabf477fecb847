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
    public static async Task<BackupManifest> Run(string database, string target, string? passphrase, TimeProvider clock)
    {
        var part = target + ".part";
        var copy = passphrase is null ? part : $"{database}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.copy";
        try
        {
            File.Delete(part); // of a backup that was killed
            var at = clock.GetUtcNow();
            await SqliteBackup.Write(database, copy);
            string hash;
            long bytes;
            await using (var written = File.OpenRead(copy))
                (hash, bytes) = (Convert.ToHexStringLower(await SHA256.HashDataAsync(written)), written.Length);
            var manifest = new BackupManifest(BackupManifest.CurrentFormat, Product, at, bytes, hash, await SqliteBackup.Count(copy));
            if (passphrase is null)
                await WriteSynced(BackupManifest.FileOf(target), to => to.WriteAsync(manifest.ToJson()).AsTask());
            else
                await WriteSynced(part, async to =>
                {
                    await using var plain = File.OpenRead(copy);
                    await SealedFile.Write(manifest.ToJson(), plain, to, passphrase);
                });
            File.Move(part, target);
            return manifest;
        }
        finally
        {
            File.Delete(copy);
            File.Delete(part);
        }
    }

    static async Task WriteSynced(string file, Func<Stream, Task> write)
    {
        await using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await write(to);
        to.Flush(flushToDisk: true);
    }
}
