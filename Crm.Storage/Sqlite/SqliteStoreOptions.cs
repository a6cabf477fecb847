// The settings of the embedded store, each with the reason for its default.

namespace Crm.Storage.Sqlite;

public sealed class SqliteStoreOptions
{
    public const long UsualReserve = 512L << 20;

    /// <summary>The database file. Beside it live its "-wal", "-shm" and ".lock".</summary>
    public required string Path { get; init; }

    /// <summary>Where no file is, one is made; otherwise a start there is refused.</summary>
    public bool MakeMissing { get; init; } = true;

    /// <summary>An empty file becomes a database. Otherwise it is refused: it may be what is left of one.</summary>
    public bool MakeOfEmpty { get; init; }

    /// <summary>How many reads run at once; further ones wait.</summary>
    public int ReaderConnections { get; init; } = 4;

    /// <summary>Page cache of the writing connection. More is not faster: SQLite looks through all of it at each commit, and the kernel has
    /// the pages too.</summary>
    public long WriterCacheBytes { get; init; } = 16L << 20;

    /// <summary>Page cache of each reading connection; the kernel's cache stands behind it.</summary>
    public long ReaderCacheBytes { get; init; } = 4L << 20;

    /// <summary>Size of the write-ahead log at which it is copied into the database. Larger: each page is copied less often, but all
    /// commits wait longer for it (32 MiB: up to 75 ms; 8 MiB: 15 ms).</summary>
    public long CheckpointBytes { get; init; } = 8L << 20;

    /// <summary>How long one read may take before it is answered with QueryTooCostlyException.</summary>
    public TimeSpan QueryBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Commits are refused while the disk has less room than this: SQLite never meets a full disk half-way, and a log or a backup
    /// can still be written.</summary>
    public long DiskFloorBytes { get; init; } = 64L << 20;

    /// <summary>Below this much room clicks and views are only counted: between here and the floor the room is for forms. Some hundred
    /// thousand of their posts fit into the default.</summary>
    public long DiskReserveBytes { get; init; } = UsualReserve;

    /// <summary>Told what an operator should know: upgrades, failures of the disk, recoveries. Never what users stored.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Tests set it to false: then also the smallest filter goes through the indexes.</summary>
    internal bool WalkFirst { get; init; } = true;

    /// <summary>Tests lower it: then what several indexes have in common is read of few rows, too.</summary>
    internal int MostCandidates { get; init; } = 2000;

    /// <summary>Tests lower it: then few rows are in the search index, too.</summary>
    internal int SearchTail { get; init; } = SqliteSearch.Tail;

    /// <summary>What the library calls itself. Tests name an older one.</summary>
    internal string LibraryVersion { get; init; } = SqliteLink.LibraryVersion;

    /// <summary>How much room the disk has, in bytes. Null: asks the system.</summary>
    public Func<long>? FreeSpace { get; init; }

    /// <summary>The database itself, where a path is a symbolic link: SQLite follows links too, to the place where the log is.</summary>
    public static string FileBehind(string path) =>
        File.Exists(path) || new FileInfo(path).LinkTarget is not null
            ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path
            : path;
}
