// The embedded store: opens the file, keeps a second process out, and brings together writer and readers.

using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

/// <summary>One SQLite file that belongs to this process alone. See DESIGN.md beside this folder for the reasons.</summary>
public sealed class SqliteStore(SqliteStoreOptions options, TimeProvider clock) : IStore
{
    readonly SqliteReaders readers = new(options, clock);
    readonly DiskSpace disk = new(options, clock);
    readonly Dictionary<string, CollectionPlan> plans = [];
    readonly Action<string> log = options.Log ?? (_ => { });
    OwnedFile? owned;
    SqliteWriter? writer;

    internal Names Names { get; } = new();

    /// <summary>Told of each statement that a read runs. Tests ask.</summary>
    internal Action<StatementRun>? Watch
    {
        set => readers.Watch = value;
    }

    public async Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel)
    {
        if (writer is not null)
            throw new InvalidOperationException("The store is started already.");
        SqliteVersion.Check(options.LibraryVersion);
        plans.Clear();
        foreach (var collection in collections)
            plans.Add(collection.Name, new(collection));
        SqliteLink? link = null;
        try
        {
            owned = OwnedFile.Take(options, clock);
            link = OpenForWriting();
            var started = link;
            // Indexing after a change of keys takes minutes on a large file: not on the caller's thread.
            await Task.Run(() => new SqliteSchema(started, Names, log).Start([.. plans.Values], rekey, cancel), cancel);
            writer = new(options, clock, link, OpenForWriting, readers.Reopen, Names, [.. plans.Values], disk, log);
        }
        catch (Exception failure)
        {
            link?.Dispose();
            Disown();
            if (failure is SqliteFailure or SqliteException or IOException or UnauthorizedAccessException)
                throw Unusable(failure);
            throw;
        }
    }

    SqliteLink OpenForWriting() => new(options.Path, options.WriterCacheBytes, SqliteOpenMode.ReadWrite, clock);

    StoreConfigurationException Unusable(Exception failure) =>
        new($"The database file '{options.Path}' cannot be used: {Why(failure).TrimEnd('.')}.", failure);

    static string Why(Exception failure) =>
        failure switch
        {
            SqliteFailure { Code: SQLitePCL.raw.SQLITE_NOTADB } or SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB } =>
                "it is no SQLite database",
            SqliteFailure { Code: SQLitePCL.raw.SQLITE_CORRUPT } or SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT } =>
                "it is damaged or cut short; restore a backup",
            _ => failure.Message,
        };

    void Disown()
    {
        owned?.Dispose();
        owned = null;
    }

    public bool IsShared => false;

    public bool IsShort => disk.BelowReserve();

    public IWorkspaceStore Open(WorkspaceKey workspace) => new SqliteWorkspace(this, workspace);

    public ValueTask<Owner?> FindOwner(Collection collection, string field, string value, CancellationToken cancel) =>
        PlanOf(collection).Field(field).Installation
            ? FindClaim(PlanOf(collection), 0, field, value, cancel)
            : throw new ArgumentException($"The key '{field}' is not unique in the installation.");

    internal ValueTask<Owner?> FindClaim(CollectionPlan plan, long ws, string name, string value, CancellationToken cancel)
    {
        var field = plan.Field(name);
        if (!field.Claimed)
            throw new ArgumentException($"The key '{name}' is not unique.");
        return Read<Owner?>(
            link =>
            {
                using var rows = link.Prepare("SELECT c.ws, c.id FROM claim c WHERE c.space = ?1 AND c.field = ?2 AND c.value = ?3");
                rows.Bind(1, field.Installation ? 0 : ws);
                rows.Bind(2, Names.Find(plan.Collection, name));
                rows.Bind(3, Cell.Text(value));
                return rows.Step() ? new Owner(new(rows.Integer(0)), Id.FromBytes(rows.Bytes(1))) : null;
            },
            cancel
        );
    }

    public ValueTask<WorkspaceKey?> NextWorkspace(Collection collection, WorkspaceKey? after, CancellationToken cancel)
    {
        var plan = PlanOf(collection);
        return Read<WorkspaceKey?>(
            link =>
            {
                using var rows = link.Prepare(
                    $"SELECT t.ws FROM {plan.Table} t INDEXED BY {plan.IdIndex} WHERE t.ws > ?1 ORDER BY t.ws LIMIT 1"
                );
                rows.Bind(1, after?.Value ?? long.MinValue);
                return rows.Step() ? new WorkspaceKey(rows.Integer(0)) : null;
            },
            cancel
        );
    }

    public ValueTask Scrub(CancellationToken cancel) =>
        writer is null ? throw new StoreUnavailableException("The store is not started.") : new(writer.Scrub(cancel));

    public ValueTask GiveBack(CancellationToken cancel) =>
        writer is null ? throw new StoreUnavailableException("The store is not started.") : new(writer.GiveBack(cancel));

    public async ValueTask<bool> IsReady(CancellationToken cancel)
    {
        try
        {
            return writer?.Works == true
                && !disk.BelowFloor()
                && await Read(link => !link.First("SELECT value FROM meta WHERE name = 'schema'").IsNull, cancel);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or QueryTooCostlyException or OperationCanceledException)
        {
            return false;
        }
    }

    internal ValueTask<T> Read<T>(Func<SqliteLink, T> read, CancellationToken cancel)
    {
        if (writer is null)
            throw new StoreUnavailableException("The store is not started.");
        return readers.Read(read, cancel);
    }

    internal ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (writer is null)
            throw new StoreUnavailableException("The store is not started.");
        cancel.ThrowIfCancellationRequested();
        return changes.Count == 0 ? new(CommitResult.Done) : writer.Commit(ws, PreparedChange.Prepare(changes, PlanOf), cancel);
    }

    internal CollectionPlan PlanOf(Collection collection) =>
        plans.TryGetValue(collection.Name, out var plan)
            ? plan
            : throw new ArgumentException($"The store was not started with '{collection.Name}'.");

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
            await writer.DisposeAsync();
        readers.Dispose();
        Disown();
    }
}
