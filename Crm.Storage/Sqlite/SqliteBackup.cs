// A copy of the database file as it was at one moment, taken beside the process that writes to it; and what such a copy holds.

using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

public static class SqliteBackup
{
    const string Tables = "d_";

    /// <summary>The new file's pages get it from the connection: without it what memory held before stands in the room that a page does not
    /// use.</summary>
    const string NoOldBytes = "PRAGMA secure_delete=ON";

    /// <summary>
    /// Reads one snapshot and writes it as a new file, synced. The writer goes on; its log grows meanwhile. This connection never writes to
    /// the source and never copies its log (see DESIGN.md).
    /// </summary>
    /// <exception cref="StoreConfigurationException">There is no such database, or the copy cannot be written.</exception>
    public static async Task Write(string source, string target)
    {
        if (!File.Exists(source))
            throw new StoreConfigurationException($"There is no database at '{source}'.");
        if (new FileInfo(source).Length == 0)
            throw new StoreConfigurationException($"The database file '{source}' is empty: there is nothing to copy.");
        try
        {
            await using var connection = await Open(source);
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = "PRAGMA auto_vacuum";
            // A file that an older version made gives no pages back; the copy will. Said of one that does, it would be written to.
            var gives = Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) != 0;
            command.CommandText =
                $"{(gives ? "" : "PRAGMA auto_vacuum=INCREMENTAL; ")}{NoOldBytes}; PRAGMA wal_autocheckpoint=0; VACUUM INTO $target";
            command.Parameters.AddWithValue("$target", target);
            await command.ExecuteNonQueryAsync();
        }
        catch (SqliteException failure)
        {
            File.Delete(target);
            throw new StoreConfigurationException(
                failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB
                    ? $"'{source}' is no SQLite database."
                    : $"The backup could not be written: {failure.Message.TrimEnd('.')}.",
                failure
            );
        }
        await using var written = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    /// <summary>Writes a file that nobody else has open wholly anew: nothing of what was deleted in it is left.</summary>
    public static async Task Rewrite(string file)
    {
        await using var connection = await Open(file);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"{NoOldBytes}; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Of this call alone: closed, it holds the file no more.</summary>
    static async Task<SqliteConnection> Open(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many rows each collection has in a file that nobody writes to.</summary>
    /// <exception cref="StoreConfigurationException">It is no database of this product.</exception>
    public static Task<SortedDictionary<string, long>> Count(string file) => Ask(file, async connection =>
        {
            var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var table in await Texts(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'd_*'"))
                rows[table[Tables.Length..]] = long.Parse(
                    (await Texts(connection, $"SELECT count(*) FROM \"{table}\""))[0],
                    System.Globalization.CultureInfo.InvariantCulture
                );
            return rows.Count > 0 ? rows : throw new StoreConfigurationException($"'{file}' is no database of this product.");
        });

    /// <summary>The records of a small collection in a file that nobody writes to, as JSON.</summary>
    public static Task<List<string>> Documents(string file, string collection) =>
        Ask(file, async connection =>
            await Texts(connection, $"SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '{Tables}{collection}'") is [var table]
                ? await Texts(connection, $"SELECT CAST(json AS TEXT) FROM \"{table}\"")
                : []
        );

    /// <summary>What SQLite's own check finds wrong in a file that nobody writes to; null: nothing.</summary>
    public static Task<string?> Fault(string file) =>
        Ask(file, async connection =>
            (await Texts(connection, "PRAGMA integrity_check(3)")) is ["ok"] ? null : "SQLite finds its pages damaged"
        );

    static async Task<T> Ask<T>(string file, Func<SqliteConnection, Task<T>> ask)
    {
        try
        {
            // Immutable: no log and no lock is looked for or made beside it.
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = new Uri(Path.GetFullPath(file)).AbsoluteUri + "?immutable=1",
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            );
            await connection.OpenAsync();
            return await ask(connection);
        }
        catch (SqliteException failure)
        {
            throw new StoreConfigurationException($"'{file}' cannot be read as a database: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    static async Task<List<string>> Texts(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
            texts.Add(rows.GetValue(0).ToString()!);
        return texts;
    }
}
