// The database file as this process's own: made whole when it is missing, and locked before SQLite opens it until SQLite has closed it.

using System.Security.Cryptography;
using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

/// <summary>
/// Two locks, which the system gives back when the process dies, however it dies. The one on the file itself belongs to its inode: hard
/// links, symbolic links and a removed lock file make no second owner. The one beside it belongs to the name: a file that was put in the
/// place of the one in use has the same log beside it. SQLite's own locks belong to the process and vanish when any descriptor of the file
/// is closed in it, so nothing else here opens the file while SQLite has it open.
/// </summary>
sealed class OwnedFile : IDisposable
{
    readonly FileStream byName;
    readonly FileStream byInode;

    OwnedFile(FileStream byName, FileStream byInode) => (this.byName, this.byInode) = (byName, byInode);

    /// <exception cref="StoreConfigurationException">Another process has it, or there is no database and none is to be made.</exception>
    public static OwnedFile Take(SqliteStoreOptions options, TimeProvider clock)
    {
        var path = SqliteStoreOptions.FileBehind(options.Path);
        if (!options.MakeMissing && !File.Exists(path))
            throw new StoreConfigurationException($"There is no database at '{options.Path}'.");
        var byName = Lock(options.Path, path + ".lock", FileMode.OpenOrCreate);
        try
        {
            Check(options, path);
            if (!File.Exists(path))
                Make(path, clock);
            var byInode = Lock(options.Path, path, FileMode.Open);
            if (!Holds(path))
                options.Log?.Invoke(
                    $"The file system of '{options.Path}' keeps no locks (a network file system?): nothing but you keeps a second process out."
                );
            return new(byName, byInode);
        }
        catch
        {
            byName.Dispose();
            throw;
        }
    }

    static void Check(SqliteStoreOptions options, string path)
    {
        if (Directory.Exists(path))
            throw new StoreConfigurationException($"The database file '{options.Path}' cannot be used: it is a folder.");
        var file = new FileInfo(path);
        if (file is { Exists: true, Length: 0 } && !options.MakeOfEmpty)
            throw new StoreConfigurationException(
                $"The database file '{options.Path}' is empty. If it held an installation, restore a backup; 'crm serve --new' makes a new one of it."
            );
        // A log without its database would be thrown away, or worse, taken for the log of what is made here.
        if ((!file.Exists || file.Length == 0) && new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
            throw new StoreConfigurationException(
                $"'{path}-wal' is there, the log of a database, but '{path}' is {(file.Exists ? "empty" : "missing")}: put the database back, or move the log away."
            );
    }

    /// <summary>In one step: a start that is killed leaves no empty file behind, which the next one would refuse.</summary>
    static void Make(string path, TimeProvider clock)
    {
        var made = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.new";
        try
        {
            new SqliteLink(made, 1 << 20, SqliteOpenMode.ReadWriteCreate, clock).Dispose();
            File.Move(made, path);
        }
        finally
        {
            foreach (var end in new[] { "", "-wal", "-shm", "-journal" })
                File.Delete(made + end);
        }
    }

    static FileStream Lock(string database, string path, FileMode mode)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                return new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0); // flock
            // There a sharing mode would keep SQLite out as well; so it is a byte behind everything that can be stored.
            var file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            try
            {
                file.Lock(long.MaxValue - 1, 1);
            }
            catch
            {
                file.Dispose();
                throw;
            }
            return file;
        }
        catch (Exception failure) when (failure is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new StoreConfigurationException(
                $"The database file '{database}' cannot be used: its folder does not exist or may not be written to.",
                failure
            );
        }
        catch (IOException failure) when (OperatingSystem.IsWindows() || Holds(path))
        {
            throw new StoreConfigurationException(
                $"The database file '{database}' is in use by another process: one process owns the file.",
                failure
            );
        }
    }

    /// <summary>
    /// Whether somebody has the file alone. One that cannot be made or opened (a read-only or full disk) has no owner; one that can be
    /// looked into, but not had alone, has.
    /// </summary>
    static bool Holds(string path)
    {
        if (OperatingSystem.IsWindows())
            return true;
        try
        {
            using var look = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        byInode.Dispose();
        byName.Dispose();
    }
}
