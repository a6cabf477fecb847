// Fifty rows by primary key with one prepared statement: the least a program can do that answers a page from a database.

using System.Buffers;
using SQLitePCL;

namespace Crm.Bench.Ceilings;

/// <summary>One thread's read connection to the file that <see cref="Fill"/> wrote.</summary>
internal sealed class RowReader
{
    public const int PageSize = 50;

    [ThreadStatic]
    private static RowReader? _ofThisThread;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _select;
    private readonly sqlite3_stmt _commit;
    private readonly ArrayBufferWriter<byte> _page = new(128 * 1024);

    private RowReader(string path)
    {
        _db = Raw.Open(path);
        _begin = Raw.Prepare(_db, "BEGIN");
        _select = Raw.Prepare(_db, "SELECT body FROM rows WHERE id = ?");
        _commit = Raw.Prepare(_db, "COMMIT");
    }

    public static RowReader OfThisThread(string path) => _ofThisThread ??= new RowReader(path);

    /// <summary>The page's bytes; valid until the next call on this thread.</summary>
    public ReadOnlySpan<byte> ReadPage(long firstKey)
    {
        _page.ResetWrittenCount();
        _page.Write("{\"data\":["u8);
        // One transaction around the fifty: otherwise each would take and leave the read lock, which costs as much as the read.
        Raw.Step(_db, _begin);
        for (var i = 0; i < PageSize; i++)
        {
            if (i > 0)
                _page.Write(","u8);
            raw.sqlite3_bind_int64(_select, 1, firstKey + i);
            var code = raw.sqlite3_step(_select);
            if (code != raw.SQLITE_ROW)
                throw Raw.Failure(code, _db);
            _page.Write(raw.sqlite3_column_blob(_select, 0));
            raw.sqlite3_reset(_select);
        }
        Raw.Step(_db, _commit);
        _page.Write("],\"page\":{\"next\":null,\"hasMore\":false}}"u8);
        return _page.WrittenSpan;
    }

    /// <summary>Writes pages of rows one after another, keys from 1; page n starts at n * <see cref="PageSize"/> + 1.</summary>
    public static void Fill(string path, IEnumerable<byte[]> rows)
    {
        using var db = Raw.Open(path);
        Raw.Run(db, "CREATE TABLE rows(id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        using var insert = Raw.Prepare(db, "INSERT INTO rows(body) VALUES(?)");
        Raw.Run(db, "BEGIN IMMEDIATE");
        foreach (var row in rows)
        {
            Raw.Check(raw.sqlite3_bind_blob(insert, 1, row), db);
            Raw.Step(db, insert);
        }
        Raw.Run(db, "COMMIT");
    }
}
