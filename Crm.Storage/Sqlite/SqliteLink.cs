// One connection: opened with the product's settings, with its prepared statements and its deadline.

using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Crm.Storage.Sqlite;

/// <summary>Used by one thread at a time.</summary>
sealed class SqliteLink : IDisposable
{
    const int KeptStatements = 256;
    const int QueryPlannerStability = 1007; // SQLITE_DBCONFIG_ENABLE_QPSG

    readonly SqliteConnection connection;
    readonly sqlite3 handle;
    readonly TimeProvider clock;
    readonly Dictionary<string, LinkedListNode<(string Sql, Statement Statement)>> statements = [];
    readonly LinkedList<(string Sql, Statement Statement)> byUse = new();
    readonly delegate_progress onProgress;
    long deadline = long.MaxValue;
    int turns = int.MaxValue;

    /// <summary>A connection is used by one thread at a time and memory is not counted by SQLite: its locks for both cost and serve nobody.
    /// Heard only before first use.</summary>
    static SqliteLink()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Of the SQLite that is loaded: <c>3.53.4</c>.</summary>
    public static string LibraryVersion => raw.sqlite3_libversion().utf8_to_string();

    public SqliteLink(string path, long cacheBytes, SqliteOpenMode mode, TimeProvider clock, bool writes = true)
    {
        this.clock = clock;
        connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        handle = connection.Handle!;
        raw.sqlite3_extended_result_codes(handle, 1);
        // Otherwise every statement with "LIMIT ?" is compiled anew each time it is bound, because its plan might depend on the value.
        raw.sqlite3_db_config(handle, QueryPlannerStability, 1, out _);
        // In this order: a page size is only heard before the file has pages, and the log before the first transaction.
        Execute("PRAGMA busy_timeout=5000");
        Execute("PRAGMA page_size=4096");
        // Pages can be given back to the disk; said of a file that is there already, it would be a write at each opening.
        if (First("PRAGMA page_count").Integer == 0)
            Execute("PRAGMA auto_vacuum=INCREMENTAL");
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA wal_autocheckpoint=0");
        Execute("PRAGMA temp_store=MEMORY");
        Execute("PRAGMA mmap_size=0");
        Execute("PRAGMA cell_size_check=ON");
        // What is deleted is overwritten: nothing of a person stays in a free part of a page.
        Execute("PRAGMA secure_delete=ON");
        Execute($"PRAGMA cache_size=-{Math.Max(256, cacheBytes / 1024)}");
        if (!writes)
            Execute("PRAGMA query_only=ON");
        KeyBytes.Register(handle);
        SqliteSearch.Register(handle);
        onProgress = _ => --turns < 0 || this.clock.GetTimestamp() > deadline ? 1 : 0;
        if (!writes)
            raw.sqlite3_progress_handler(handle, 1000, onProgress, null);
    }

    public bool WalkFirst { get; init; } = true;

    /// <summary>Rows that a filter's own indexes may find before the rows are found another way.</summary>
    public int MostCandidates { get; init; } = 2000;

    /// <summary>Told of each statement that has run; null: nobody asks.</summary>
    public Action<StatementRun>? Watch { get; set; }

    /// <summary>Statements that run past it are interrupted.</summary>
    public void StartBudget(TimeSpan budget) => deadline = clock.GetTimestamp() + (long)(budget.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Runs a read for some hundred rows; false when that was not enough.</summary>
    public bool Briefly<T>(Func<T> read, [MaybeNullWhen(false)] out T result)
    {
        turns = 6;
        try
        {
            result = read();
            return true;
        }
        catch (SqliteFailure failure) when (failure.Interrupted && turns < 0)
        {
            result = default;
            return false;
        }
        finally
        {
            turns = int.MaxValue;
        }
    }

    public SqliteFailure Failure(int code)
    {
        var extended = raw.sqlite3_extended_errcode(handle);
        return new((extended & 0xFF) == (code & 0xFF) ? extended : code, raw.sqlite3_errmsg(handle).utf8_to_string());
    }

    /// <summary>The prepared statement of this text. Dispose it to end its run; the same text cannot run twice at once.</summary>
    public Statement Prepare(string sql)
    {
        if (statements.TryGetValue(sql, out var node))
        {
            if (node != byUse.First)
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
            }
            return node.Value.Statement;
        }
        var code = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var compiled);
        if (code != raw.SQLITE_OK)
            throw Failure(code);
        var statement = new Statement(this, compiled, sql);
        statements.Add(sql, byUse.AddFirst((sql, statement)));
        if (byUse.Count > KeptStatements)
        {
            var (oldSql, old) = byUse.Last!.Value;
            byUse.RemoveLast();
            statements.Remove(oldSql);
            old.Close();
        }
        return statement;
    }

    /// <summary>Runs a text once, without keeping it: settings, tables, transactions of the start.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(handle, sql);
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public Cell First(string sql, params ReadOnlySpan<Cell> values)
    {
        using var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
            statement.Bind(i + 1, values[i]);
        return statement.Step() ? statement.Cell(0) : Cell.Null;
    }

    public void Run(string sql, params ReadOnlySpan<Cell> values)
    {
        using var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
            statement.Bind(i + 1, values[i]);
        statement.Run();
    }

    /// <summary>Rows that were changed since it was opened.</summary>
    public long TotalChanges => raw.sqlite3_total_changes(handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    public void RollBack()
    {
        foreach (var (_, statement) in byUse)
            statement.Dispose();
        if (InTransaction)
            raw.sqlite3_exec(handle, "ROLLBACK");
    }

    /// <summary>Pages this connection wrote to the log since the last call.</summary>
    public long TakePagesWritten()
    {
        raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies the log into the database; true when all of it was copied.</summary>
    public bool Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out var inLog, out var copied);
        if (code is raw.SQLITE_BUSY)
            return false;
        if (code != raw.SQLITE_OK)
            throw Failure(code);
        return inLog == copied;
    }

    public void Dispose()
    {
        foreach (var (_, statement) in byUse)
            statement.Close();
        byUse.Clear();
        statements.Clear();
        connection.Dispose();
    }
}
