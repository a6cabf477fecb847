// A node's spool: a small SQLite file with full sync, in which what came while the database was away waits in order.

using System.Globalization;
using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

/// <summary>One entry as it waits.</summary>
/// <param name="Number">Its place in the order.</param>
/// <param name="Problem">Why it could not be taken over, and stays for a person to look at; null: it waits for the database.</param>
public sealed record SpoolRow(long Number, Id Id, byte[] Json, string? Problem);

/// <summary>
/// One process owns the folder: the lock on its lock file is given back by the system when the process dies, however it dies. What
/// <see cref="Add"/> returned for is on disk. Entries that come at once share one sync.
/// </summary>
public sealed class SpoolFile : IDisposable
{
    /// <summary>Bounds: of the file, and of what waits in it.</summary>
    public const long MostBytes = 1L << 30,
        MostEntries = 1_000_000;

    /// <summary>Bounds of the forms that are kept beside.</summary>
    public const int MostForms = 2_000,
        MostFormBytes = 128 * 1024;

    const int PageBytes = 4096,
        MostTogether = 500;

    sealed record Adding(Id Id, string? Key, byte[] Json, TaskCompletionSource<Id> Done);

    readonly FileStream owned;
    readonly SqliteConnection connection;
    readonly Lock gate = new();
    readonly List<Adding> adding = [];
    bool isWriting;
    long count;

    SpoolFile(FileStream owned, SqliteConnection connection) => (this.owned, this.connection) = (owned, connection);

    /// <summary>Entries that wait for the database.</summary>
    public long Count => Volatile.Read(ref count);

    volatile bool isFull;

    /// <summary>Whether the last post could not be kept: there is no room, here or on the disk.</summary>
    public bool IsFull => isFull;

    /// <param name="mostBytes">What the file may become.</param>
    /// <exception cref="StoreConfigurationException">The folder cannot be used, or another process has it.</exception>
    public static SpoolFile Open(string folder, long mostBytes = MostBytes)
    {
        _ = SqliteLink.LibraryVersion; // SQLite hears its settings only before its first use
        FileStream? owned = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, "spool.db");
            owned = new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            var file = new SpoolFile(owned, connection);
            // What was taken over is not left on the disk: these are people's data.
            file.Execute(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"PRAGMA page_size={PageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA max_page_count={mostBytes / PageBytes};"
                )
            );
            file.Execute(
                """
                CREATE TABLE IF NOT EXISTS entries(
                  number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, key TEXT UNIQUE, json BLOB NOT NULL, problem TEXT);
                CREATE TABLE IF NOT EXISTS forms(number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, json BLOB NOT NULL);
                """
            );
            file.count = (long)file.Scalar("SELECT count(*) FROM entries WHERE problem IS NULL")!;
            file.EmptyLog();
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            connection?.Dispose();
            owned?.Dispose();
            throw new StoreConfigurationException(
                $"The spool's folder '{folder}' (Crm__Spool__Path) cannot be used, or another process uses it: {failure.Message}",
                failure
            );
        }
    }

    /// <summary>Keeps an entry. When this returns, it is on disk.</summary>
    /// <param name="key">What makes it the same as one that waits already; null: it is one of its own.</param>
    /// <returns>Its id, or that of the one it repeats.</returns>
    /// <exception cref="StoreUnavailableException">The spool is full, or its disk is.</exception>
    public Task<Id> Add(Id id, string? key, byte[] json)
    {
        var mine = new Adding(id, key, json, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (adding)
        {
            adding.Add(mine);
            if (isWriting)
                return mine.Done.Task;
            isWriting = true;
        }
        _ = Task.Run(Write);
        return mine.Done.Task;
    }

    void Write()
    {
        while (true)
        {
            List<Adding> together;
            lock (adding)
            {
                if (adding.Count == 0)
                {
                    isWriting = false;
                    return;
                }
                together = adding[..Math.Min(adding.Count, MostTogether)];
                adding.RemoveRange(0, together.Count);
            }
            try
            {
                var ids = Commit(together);
                isFull = false;
                for (var i = 0; i < ids.Count; i++)
                    together[i].Done.SetResult(ids[i]);
            }
            catch (Exception failure)
            {
                isFull = true;
                foreach (var one in together)
                    one.Done.SetException(
                        new StoreUnavailableException("The database is away, and the spool cannot take the post.", failure)
                    );
            }
        }
    }

    List<Id> Commit(List<Adding> together)
    {
        lock (gate)
        {
            if (count + together.Count > MostEntries)
                throw new InvalidOperationException("It is full.");
            var (ids, added) = (new List<Id>(together.Count), 0);
            using var transaction = connection.BeginTransaction();
            foreach (var one in together)
            {
                using var insert = Command(
                    "INSERT INTO entries(id, key, json) VALUES ($id, $key, $json) ON CONFLICT DO NOTHING",
                    ("$id", one.Id.ToBytes()),
                    ("$key", (object?)one.Key ?? DBNull.Value),
                    ("$json", one.Json)
                );
                insert.Transaction = transaction;
                if (insert.ExecuteNonQuery() == 1)
                {
                    added++;
                    ids.Add(one.Id);
                    continue;
                }
                using var first = Command("SELECT id FROM entries WHERE key = $key", ("$key", (object?)one.Key ?? DBNull.Value));
                first.Transaction = transaction;
                ids.Add(first.ExecuteScalar() is byte[] id ? Id.FromBytes(id) : one.Id);
            }
            transaction.Commit();
            Volatile.Write(ref count, count + added);
            return ids;
        }
    }

    /// <summary>The next entries in their order.</summary>
    /// <param name="after">The number of the last one that was seen.</param>
    public IReadOnlyList<SpoolRow> Next(int most, long after = 0, bool withProblems = false)
    {
        lock (gate)
        {
            using var command = Command(
                "SELECT number, id, json, problem FROM entries WHERE number > $after AND (problem IS NULL OR $all) ORDER BY number LIMIT $most",
                ("$after", after),
                ("$all", withProblems),
                ("$most", most)
            );
            using var reader = command.ExecuteReader();
            var rows = new List<SpoolRow>();
            while (reader.Read())
                rows.Add(
                    new(
                        reader.GetInt64(0),
                        Id.FromBytes(reader.GetFieldValue<byte[]>(1)),
                        reader.GetFieldValue<byte[]>(2),
                        reader.IsDBNull(3) ? null : reader.GetString(3)
                    )
                );
            return rows;
        }
    }

    /// <summary>It is in the database now.</summary>
    public void Remove(SpoolRow row)
    {
        lock (gate)
        {
            using var command = Command("DELETE FROM entries WHERE number = $number", ("$number", row.Number));
            if (command.ExecuteNonQuery() == 1 && row.Problem is null)
                Volatile.Write(ref count, count - 1);
            isFull = false;
            EmptyLog();
        }
    }

    /// <summary>Its log holds what was overwritten in the file. Where posts wait it is emptied with the last of them.</summary>
    void EmptyLog()
    {
        if (count == 0)
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Something of it is not to be kept.</summary>
    public void Change(SpoolRow row, byte[] json)
    {
        lock (gate)
        {
            using var command = Command("UPDATE entries SET json = $json WHERE number = $number", ("$number", row.Number), ("$json", json));
            command.ExecuteNonQuery();
            EmptyLog();
        }
    }

    /// <summary>It cannot be taken over by itself; it stays, and those behind it go on.</summary>
    public void SetAside(SpoolRow row, string problem)
    {
        lock (gate)
        {
            using var command = Command(
                "UPDATE entries SET problem = $problem WHERE number = $number AND problem IS NULL",
                ("$number", row.Number),
                ("$problem", problem)
            );
            if (command.ExecuteNonQuery() == 1)
                Volatile.Write(ref count, count - 1);
            EmptyLog();
        }
    }

    // ---- The forms that were seen

    /// <summary>The form whose key was kept first, of those that are still here; null when there is none.</summary>
    public string? FirstForm
    {
        get
        {
            lock (gate)
                return Scalar("SELECT key FROM forms ORDER BY number LIMIT 1") as string;
        }
    }

    /// <summary>What was kept of a form; null when nothing was.</summary>
    public byte[]? Form(string key)
    {
        lock (gate)
        {
            using var command = Command("SELECT json FROM forms WHERE key = $key", ("$key", key));
            return command.ExecuteScalar() as byte[];
        }
    }

    /// <summary>Keeps what a post of a form needs; one that is the same already costs nothing. Beyond the bound the longest kept ones go,
    /// and one that is too large is not kept.</summary>
    public void KeepForm(string key, byte[] json)
    {
        lock (gate)
        {
            if (json.Length > MostFormBytes)
            {
                Forget(key);
                return;
            }
            using var known = Command("SELECT json FROM forms WHERE key = $key", ("$key", key));
            var before = known.ExecuteScalar() as byte[];
            if (before?.AsSpan().SequenceEqual(json) == true)
                return;
            using var keep = Command(
                "INSERT INTO forms(key, json) VALUES ($key, $json) ON CONFLICT(key) DO UPDATE SET json = excluded.json",
                ("$key", key),
                ("$json", json)
            );
            keep.ExecuteNonQuery();
            if (before is not null)
                return;
            using var surplus = Command(
                "DELETE FROM forms WHERE number <= (SELECT number FROM forms ORDER BY number DESC LIMIT 1 OFFSET $most)",
                ("$most", MostForms)
            );
            surplus.ExecuteNonQuery();
        }
    }

    /// <summary>The form does not exist any more.</summary>
    public void ForgetForm(string key)
    {
        lock (gate)
            Forget(key);
    }

    void Forget(string key)
    {
        using var command = Command("DELETE FROM forms WHERE key = $key", ("$key", key));
        command.ExecuteNonQuery();
    }

    void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar();
    }

    SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text stands in this file
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    public void Dispose()
    {
        lock (gate)
            connection.Dispose();
        owned.Dispose();
    }
}
