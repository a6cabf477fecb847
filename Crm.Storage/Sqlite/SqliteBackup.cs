// A copy of the database file as it was at one moment, taken beside the process that writes to it.

using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

public static class SqliteBackup
{
    /// <summary>
    /// Reads one snapshot and writes it as a new file, synced. The writer goes on; its log grows meanwhile. This connection never writes to
    /// the source and never copies its log (see DESIGN.md).
    /// </summary>
    /// <exception cref="StoreConfigurationException">There is no such database, or the target exists.</exception>
    public static async Task Write(string source, string target)
    {
        if (!File.Exists(source))
            throw new StoreConfigurationException($"There is no database at '{source}'.");
        if (File.Exists(target))
            throw new StoreConfigurationException($"'{target}' exists: a backup never overwrites.");
        try
        {
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = source,
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                }.ToString()
            );
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = "PRAGMA wal_autocheckpoint=0; VACUUM INTO $target";
            command.Parameters.AddWithValue("$target", target);
            await command.ExecuteNonQueryAsync();
        }
        catch (SqliteException failure)
        {
            File.Delete(target);
            throw new StoreConfigurationException($"The backup could not be written: {failure.Message}", failure);
        }
        await using var written = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }
}
