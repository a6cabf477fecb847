// A store whose rows are looked at before anybody reads them: a damaged one is an error that names it, and never part of an answer.

using System.Collections.Concurrent;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <param name="types">For the names of records.</param>
/// <param name="log">Told of each damaged record once.</param>
public sealed class CheckedStore(IStore store, IReadOnlyList<ResourceType> types, Action<string>? log = null) : IStore
{
    const int MostKnown = 10_000;

    readonly ConcurrentDictionary<string, byte> known = new(StringComparer.Ordinal);
    volatile bool isAway;

    /// <summary>Whether the store may not be asked: it could not be started yet.</summary>
    public bool IsAway
    {
        get => isAway;
        set => isAway = value;
    }

    IStore Started =>
        isAway ? throw new StoreUnavailableException("The database has not been reached since this node was started.") : store;

    DamagedRecordException Damaged(Collection collection, Id id)
    {
        var type = types.FirstOrDefault(type => type.Collection.Name == collection.Name);
        var damage = new DamagedRecordException(type?.Text(id) ?? id.ToString(), type?.Plural ?? collection.Name);
        if (known.Count < MostKnown && known.TryAdd(damage.Record, 0))
            log?.Invoke(damage.Message);
        return damage;
    }

    Row? Checked(Collection collection, Row? row) =>
        row is not { } there || SoundJson.Is(there.Json.Span) ? row : throw Damaged(collection, there.Id);

    Page Checked(Collection collection, Page page)
    {
        for (var i = 0; i < page.Count; i++)
            if (page[i] is var row && !SoundJson.Is(row.Json.Span))
                page.MarkDamaged(i, Damaged(collection, row.Id));
        return page;
    }

    public IWorkspaceStore Open(WorkspaceKey workspace) => new CheckedRows(this, store.Open(workspace));

    /// <summary>
    /// One damaged row hinders no upgrade: it has no keys afterwards, and is found by its id. That of an appended collection does, for
    /// others' positions depend on it.
    /// </summary>
    public Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel) =>
        store.Start(
            collections,
            (workspace, collection, id, version, json) =>
                SoundJson.Is(json.Span) ? rekey(workspace, collection, id, version, json)
                : Damaged(collection, id) is var damage && collection.Appended ? throw damage
                : new(collection, id, version, json, [], []),
            cancel
        );

    public ValueTask<Owner?> FindOwner(Collection collection, string field, string value, CancellationToken cancel) =>
        Started.FindOwner(collection, field, value, cancel);

    public ValueTask<WorkspaceKey?> NextWorkspace(Collection collection, WorkspaceKey? after, CancellationToken cancel) =>
        Started.NextWorkspace(collection, after, cancel);

    public ValueTask Scrub(CancellationToken cancel) => Started.Scrub(cancel);

    public ValueTask GiveBack(CancellationToken cancel) => store.GiveBack(cancel);

    public bool IsShared => store.IsShared;

    public bool IsShort => store.IsShort;

    public ValueTask<bool> IsReady(CancellationToken cancel) => isAway ? new(false) : store.IsReady(cancel);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    sealed class CheckedRows(CheckedStore store, IWorkspaceStore rows) : IWorkspaceStore
    {
        public WorkspaceKey Workspace => rows.Workspace;

        IWorkspaceStore Rows
        {
            get
            {
                _ = store.Started;
                return rows;
            }
        }

        public async ValueTask<Row?> Get(Collection collection, Id id, CancellationToken cancel) =>
            store.Checked(collection, await Rows.Get(collection, id, cancel));

        public async ValueTask<Page> GetMany(
            Collection collection,
            IReadOnlyList<Id> ids,
            CancellationToken cancel,
            long mostBytes = Stores.Query.UsualBytes
        ) => store.Checked(collection, await Rows.GetMany(collection, ids, cancel, mostBytes));

        public async ValueTask<Page> Query(Query query, CancellationToken cancel) =>
            store.Checked(query.Collection, await Rows.Query(query, cancel));

        public ValueTask<long> Count(Collection collection, Filter? filter, long atMost, CancellationToken cancel) =>
            Rows.Count(collection, filter, atMost, cancel);

        public ValueTask<IReadOnlyList<Group>> GroupAndSum(
            Collection collection,
            Filter? filter,
            IReadOnlyList<string> groupBy,
            IReadOnlyList<string> sum,
            CancellationToken cancel
        ) => Rows.GroupAndSum(collection, filter, groupBy, sum, cancel);

        public ValueTask<Id?> FindByKey(Collection collection, string field, string value, CancellationToken cancel) =>
            Rows.FindByKey(collection, field, value, cancel);

        public ValueTask<IReadOnlyList<Id>> FindHolders(
            Collection collection,
            string field,
            string value,
            int limit,
            CancellationToken cancel
        ) => Rows.FindHolders(collection, field, value, limit, cancel);

        public ValueTask<CommitResult> Commit(IReadOnlyList<Change> changes, CancellationToken cancel) => Rows.Commit(changes, cancel);

        public ValueTask<IReadOnlyList<Change.Annotate>> GetAnnotations(
            Collection collection,
            IReadOnlyList<Id> ids,
            CancellationToken cancel
        ) => Rows.GetAnnotations(collection, ids, cancel);

        public ValueTask<IReadOnlyList<(string Name, long Value)>> Counters(string prefix, int limit, CancellationToken cancel) =>
            Rows.Counters(prefix, limit, cancel);

        public ValueTask<T> FoldCounters<T>(IReadOnlyList<string> prefixes, Func<T> begin, CounterFold<T> each, CancellationToken cancel) =>
            Rows.FoldCounters(prefixes, begin, each, cancel);
    }
}
