// SQLite without any layer above its C interface, so that a ceiling pays for nothing but the database.

using SQLitePCL;

namespace Crm.Bench.Ceilings;

/// <summary>Opens files and runs statements; every failure is an exception that carries SQLite's own words.</summary>
internal static class Raw
{
    static Raw() => Batteries_V2.Init();

    /// <summary>Opens (or makes) a database in WAL mode where a commit returns only once it is on disk.</summary>
    public static sqlite3 Open(string path)
    {
        // No mutex: each connection here belongs to one thread.
        Check(
            raw.sqlite3_open_v2(path, out var db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null),
            db
        );
        // Threads that open at once meet on the lock that WAL is set up under; without patience one of them would be refused.
        raw.sqlite3_busy_timeout(db, 5000);
        Run(db, "PRAGMA journal_mode=WAL");
        Run(db, "PRAGMA synchronous=FULL");
        return db;
    }

    public static void Run(sqlite3 db, string sql) => Check(raw.sqlite3_exec(db, sql), db);

    public static sqlite3_stmt Prepare(sqlite3 db, string sql)
    {
        Check(raw.sqlite3_prepare_v2(db, sql, out var statement), db);
        return statement;
    }

    /// <summary>Runs a statement that returns no row, and makes it ready for its next use.</summary>
    public static void Step(sqlite3 db, sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
            throw Failure(code, db);
    }

    public static void Check(int code, sqlite3? db)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code, db);
    }

    public static InvalidOperationException Failure(int code, sqlite3? db) =>
        new($"SQLite answered {code}: {(db is null ? "no connection" : raw.sqlite3_errmsg(db).utf8_to_string())}");
}
