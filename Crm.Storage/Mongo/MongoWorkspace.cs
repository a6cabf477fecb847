// The rows of one workspace in MongoDB: what the contract asks, handed to the readers and to the writer.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

sealed class MongoWorkspace(MongoStore store, WorkspaceKey workspace) : IWorkspaceStore
{
    static readonly string[] WholeRow = ["v", "j", "m"];
    readonly long ws = workspace.Value;

    public WorkspaceKey Workspace => workspace;

    public ValueTask<Row?> Get(Collection collection, Id id, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        return store.Read<Row?>(
            async (link, stop) =>
            {
                Row? found = null;
                await link.Find(
                    plan.Name,
                    new BsonWriter().Is(ws).Text("_id", MongoPlan.RowId(ws, id)),
                    document =>
                    {
                        var row = MongoDocument.Read(document);
                        found = Row.Of(row.Id, row.Version, row.Json.ToArray(), row.Members);
                        return false;
                    },
                    stop,
                    limit: 1,
                    fields: WholeRow,
                    budget: store.Options.QueryBudget
                );
                return found;
            },
            cancel
        );
    }

    public ValueTask<Page> GetMany(Collection collection, IReadOnlyList<Id> ids, CancellationToken cancel, long mostBytes)
    {
        if (ids.Count > 500)
            throw new ArgumentException("At most 500 ids.");
        var plan = store.PlanOf(collection);
        if (ids.Count == 0)
            return new(new Page());
        return store.Read(
            async (link, stop) =>
            {
                // A server answers in its own order. What does not fit is asked for again in pieces, from the start.
                var wanted = ids.Distinct().ToList();
                var (page, last) = (new Page(wanted.Count), Id.Empty);
                for (var (from, most) = (0, wanted.Count); from < wanted.Count; )
                {
                    var some = wanted.Slice(from, Math.Min(most, wanted.Count - from));
                    if (await Found(link, plan, some, some.Count == 1 ? long.MaxValue : mostBytes, stop) is not { } found)
                    {
                        most = Math.Max(1, Math.Min(most, PieceOfLarge * 2) / 2);
                        continue;
                    }
                    foreach (var id in some)
                    {
                        if (!found.TryGetValue(id, out var row))
                            continue;
                        if (!page.HasRoom(row.Json.Length + row.Members.Length, mostBytes))
                        {
                            page.Next = new([], last);
                            return page;
                        }
                        page.Add(last = id, row.Version, row.Json, row.Members);
                    }
                    from += some.Count;
                }
                return page;
            },
            cancel
        );
    }

    /// <summary>So many ids are asked for together when the rows are large.</summary>
    const int PieceOfLarge = 16;

    /// <summary>The rows of these ids; null when they are more bytes than that.</summary>
    async Task<Dictionary<Id, (long Version, byte[] Json, byte[] Members)>?> Found(
        MongoLink link,
        MongoPlan plan,
        List<Id> ids,
        long mostBytes,
        CancellationToken stop
    )
    {
        var wanted = new BsonWriter().Is(ws).Document("_id").Array("$in");
        foreach (var id in ids)
            wanted.Text(null, MongoPlan.RowId(ws, id));
        var (found, bytes) = (new Dictionary<Id, (long, byte[], byte[])>(), 0L);
        await link.Find(
            plan.Name,
            wanted.Close().Close(),
            document =>
            {
                var row = MongoDocument.Read(document);
                bytes += row.Json.Length + row.Members.Length + 1;
                found.Add(row.Id, (row.Version, row.Json.ToArray(), row.Members.ToArray()));
                return bytes <= mostBytes;
            },
            stop,
            limit: 500,
            fields: WholeRow,
            budget: store.Options.QueryBudget
        );
        return bytes <= mostBytes ? found : null;
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancel)
    {
        var asked = new MongoQuery(store.PlanOf(query.Collection), ws, query, store.Options);
        return store.Read(asked.Run, cancel);
    }

    public ValueTask<long> Count(Collection collection, Filter? filter, long atMost, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        var condition = new BsonWriter();
        var asked = new MongoFilter(plan, ws).Write(condition, filter);
        if (atMost <= 0)
            return new(0);
        return store.Read(
            async (link, stop) =>
            {
                var count = 0L;
                if (!asked.Exact)
                {
                    var budget = new Budget(store.Options);
                    await link.Find(
                        plan.Name,
                        condition,
                        document => budget.Goes() && (!asked.Matches(document, filter) || ++count < atMost),
                        stop,
                        fields: ["k", "s"],
                        budget: store.Options.QueryBudget
                    );
                    return count;
                }
                await link.Aggregate(
                    plan.Name,
                    [
                        new BsonWriter().Document("$match", condition.End()),
                        new BsonWriter().Long("$limit", atMost),
                        new BsonWriter().Text("$count", "n"),
                    ],
                    document =>
                    {
                        for (var fields = new BsonReader(document); fields.Next(); )
                            if (fields.Is("n"u8))
                                count = fields.Long;
                        return true;
                    },
                    stop,
                    store.Options.QueryBudget
                );
                return count;
            },
            cancel
        );
    }

    public ValueTask<IReadOnlyList<Group>> GroupAndSum(
        Collection collection,
        Filter? filter,
        IReadOnlyList<string> groupBy,
        IReadOnlyList<string> sum,
        CancellationToken cancel
    )
    {
        var plan = store.PlanOf(collection);
        return store.Read((link, stop) => MongoGroups.Run(link, plan, ws, filter, groupBy, sum, store.Options, stop), cancel);
    }

    public async ValueTask<Id?> FindByKey(Collection collection, string field, string value, CancellationToken cancel)
    {
        var owner = await store.FindClaim(store.PlanOf(collection), ws, field, value, cancel);
        return owner is { } found && found.Workspace == workspace ? found.Id : null;
    }

    public async ValueTask<IReadOnlyList<Id>> FindHolders(
        Collection collection,
        string field,
        string value,
        int limit,
        CancellationToken cancel
    )
    {
        var plan = store.PlanOf(collection);
        var owner = await FindByKey(collection, field, value, cancel);
        return await store.Read<IReadOnlyList<Id>>(
            async (link, stop) =>
            {
                var holders = new List<Id>();
                if (owner is { } first)
                    holders.Add(first);
                await link.Find(
                    plan.Name,
                    new BsonWriter().Is(ws).Text(plan.Field(field).Path, value),
                    document =>
                    {
                        if (MongoDocument.Read(document).Id is var id && id != owner)
                            holders.Add(id);
                        return holders.Count < limit;
                    },
                    stop,
                    limit + 1,
                    new BsonWriter().Int("_id", 1),
                    ["_id"],
                    store.Options.QueryBudget
                );
                return [.. holders.Take(limit)];
            },
            cancel
        );
    }

    public ValueTask<IReadOnlyList<Change.Annotate>> GetAnnotations(Collection collection, IReadOnlyList<Id> ids, CancellationToken cancel)
    {
        if (ids.Count > 500)
            throw new ArgumentException("At most 500 ids.");
        var plan = store.PlanOf(collection);
        if (ids.Count == 0)
            return new([]);
        return store.Read<IReadOnlyList<Change.Annotate>>(
            async (link, stop) =>
            {
                var wanted = new BsonWriter().Is(ws).Document("_id").Array("$in");
                foreach (var id in ids.Distinct())
                    wanted.Text(null, MongoPlan.RowId(ws, id));
                var found = new Dictionary<Id, Change.Annotate>();
                await link.Find(
                    plan.Name,
                    wanted.Close().Close(),
                    document =>
                    {
                        var row = MongoDocument.Read(document);
                        if (MongoComputed.Of(plan, row) is { } computed)
                            found.Add(row.Id, computed.ToChange(plan.Collection, row.Id));
                        return true;
                    },
                    stop,
                    limit: 500,
                    fields: [.. plan.ComputedPaths],
                    budget: store.Options.QueryBudget
                );
                return [.. ids.Distinct().Where(found.ContainsKey).Select(id => found[id])];
            },
            cancel
        );
    }

    public ValueTask<CommitResult> Commit(IReadOnlyList<Change> changes, CancellationToken cancel) => store.Commit(ws, changes, cancel);

    public ValueTask<IReadOnlyList<(string Name, long Value)>> Counters(string prefix, int limit, CancellationToken cancel) =>
        store.Read<IReadOnlyList<(string, long)>>(
            async (link, stop) =>
            {
                var head = string.Create(CultureInfo.InvariantCulture, $"{ws}|");
                var condition = new BsonWriter()
                    .Is(ws)
                    .Document("_id")
                    .Text("$gte", head + prefix)
                    .Text("$lt", MongoFilter.After(head + prefix)!)
                    .Close();
                var counters = new List<(string, long)>();
                await link.Find(
                    MongoStore.CountersName,
                    condition,
                    document =>
                    {
                        var (name, value) = ("", 0L);
                        for (var fields = new BsonReader(document); fields.Next(); )
                            if (fields.Is("_id"u8))
                                name = fields.Text[head.Length..];
                            else if (fields.Is("n"u8))
                                value = fields.Long;
                        counters.Add((name, value));
                        return true;
                    },
                    stop,
                    limit,
                    new BsonWriter().Int("_id", 1),
                    budget: store.Options.QueryBudget
                );
                return counters;
            },
            cancel
        );

    public ValueTask<T> FoldCounters<T>(IReadOnlyList<string> prefixes, Func<T> begin, CounterFold<T> each, CancellationToken cancel) =>
        store.Read(
            async (link, stop) =>
            {
                var (sums, head) = (begin(), string.Create(CultureInfo.InvariantCulture, $"{ws}|"));
                for (var i = 0; i < prefixes.Count; i++)
                {
                    var place = i;
                    var condition = new BsonWriter()
                        .Is(ws)
                        .Document("_id")
                        .Text("$gte", head + prefixes[i])
                        .Text("$lt", MongoFilter.After(head + prefixes[i])!)
                        .Close();
                    await link.Find(
                        MongoStore.CountersName,
                        condition,
                        document =>
                        {
                            ReadOnlySpan<byte> name = default;
                            var value = 0L;
                            for (var fields = new BsonReader(document); fields.Next(); )
                                if (fields.Is("_id"u8))
                                    name = fields.Bytes[head.Length..];
                                else if (fields.Is("n"u8))
                                    value = fields.Long;
                            each(sums, place, name, value);
                            return true;
                        },
                        stop,
                        budget: store.Options.QueryBudget
                    );
                }
                return sums;
            },
            cancel
        );
}
