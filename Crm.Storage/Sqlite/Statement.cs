// One prepared statement, kept by its connection: bind, step, read columns, and "dispose" to hand it back.

using SQLitePCL;

namespace Crm.Storage.Sqlite;

/// <summary>What SQLite answered instead of a result.</summary>
sealed class SqliteFailure(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    /// <summary>The primary code; the extended one is in the message.</summary>
    public int Code { get; } = code & 0xFF;

    public bool Interrupted => Code == raw.SQLITE_INTERRUPT;

    /// <summary>True when the disk or the file is at fault and not the statement: nothing may be acknowledged until the connections were
    /// reopened.</summary>
    public bool OfTheDisk =>
        Code
            is raw.SQLITE_IOERR
                or raw.SQLITE_FULL
                or raw.SQLITE_CANTOPEN
                or raw.SQLITE_CORRUPT
                or raw.SQLITE_NOTADB
                or raw.SQLITE_READONLY
                or raw.SQLITE_NOMEM
                or raw.SQLITE_BUSY
                or raw.SQLITE_LOCKED
                or raw.SQLITE_PROTOCOL
                or raw.SQLITE_PERM;
}

/// <summary>What SQLite counted while a statement ran.</summary>
/// <param name="Steps">Of its own machine: what a statement costs, whatever else the processor does.</param>
/// <param name="Scanned">Rows that were stepped over without any index.</param>
sealed record StatementRun(string Sql, long Steps, long Scanned);

sealed class Statement(SqliteLink link, sqlite3_stmt handle, string sql) : IDisposable
{
    public void Bind(int index, in Cell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.Null:
                Check(raw.sqlite3_bind_null(handle, index));
                break;
            case CellKind.Integer:
                Check(raw.sqlite3_bind_int64(handle, index, cell.Integer));
                break;
            case CellKind.Real:
                Check(raw.sqlite3_bind_double(handle, index, cell.Real));
                break;
            case CellKind.Text:
                Text(index, cell.Bytes);
                break;
            default:
                Blob(index, cell.Bytes);
                break;
        }
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(handle, index, value));

    public void Text(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and SQLite takes no address for NULL.
        if (utf8.IsEmpty)
            Check(raw.sqlite3_bind_text(handle, index, ""));
        else
            Check(raw.sqlite3_bind_text(handle, index, utf8));
    }

    public void Blob(int index, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            Check(raw.sqlite3_bind_zeroblob(handle, index, 0));
        else
            Check(raw.sqlite3_bind_blob(handle, index, bytes));
    }

    /// <summary>True when there is a row to read, false when the statement is done.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
            return false;
        throw link.Failure(code);
    }

    /// <summary>Runs a statement that has no rows.</summary>
    public void Run()
    {
        while (Step()) { }
        raw.sqlite3_reset(handle);
    }

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public double Real(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>The bytes of a text or a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public Cell Cell(int column) =>
        raw.sqlite3_column_type(handle, column) switch
        {
            raw.SQLITE_NULL => Sqlite.Cell.Null,
            raw.SQLITE_INTEGER => Sqlite.Cell.Of(Integer(column)),
            raw.SQLITE_FLOAT => Sqlite.Cell.Of(Real(column)),
            raw.SQLITE_TEXT => Sqlite.Cell.Text(Bytes(column).ToArray()),
            _ => Sqlite.Cell.Blob(Bytes(column).ToArray()),
        };

    /// <summary>Makes the statement ready for its next use; it stays prepared.</summary>
    public void Dispose()
    {
        raw.sqlite3_reset(handle);
        link.Watch?.Invoke(
            new(
                sql,
                raw.sqlite3_stmt_status(handle, raw.SQLITE_STMTSTATUS_VM_STEP, 1),
                raw.sqlite3_stmt_status(handle, raw.SQLITE_STMTSTATUS_FULLSCAN_STEP, 1)
            )
        );
    }

    public void Close() => handle.Dispose();

    void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw link.Failure(code);
    }
}
