// The rows of one workspace in SQLite: what the contract asks, handed to readers and to the writer.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

sealed class SqliteWorkspace(SqliteStore store, WorkspaceKey workspace) : IWorkspaceStore
{
    const int MostGroups = 10_000;
    readonly long ws = workspace.Value;

    public WorkspaceKey Workspace => workspace;

    public ValueTask<Row?> Get(Collection collection, Id id, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        return store.Read<Row?>(
            link =>
            {
                var annotated = plan.Annotated;
                using var rows = Find(link, plan, id, annotated);
                return rows.Step() ? Row.Of(id, rows.Integer(0), rows.Bytes(1).ToArray(), annotated ? rows.Bytes(2) : default) : null;
            },
            cancel
        );
    }

    public ValueTask<Page> GetMany(Collection collection, IReadOnlyList<Id> ids, CancellationToken cancel, long mostBytes)
    {
        if (ids.Count > 500)
            throw new ArgumentException("At most 500 ids.");
        var plan = store.PlanOf(collection);
        return store.Read(
            link =>
            {
                var (page, annotated) = (new Page(ids.Count), plan.Annotated);
                var last = Id.Empty;
                foreach (var id in ids.Distinct())
                {
                    using var rows = Find(link, plan, id, annotated);
                    if (!rows.Step())
                        continue;
                    var json = rows.Bytes(1);
                    var members = annotated ? rows.Bytes(2) : default;
                    if (!page.HasRoom(json.Length + members.Length, mostBytes))
                    {
                        page.Next = new([], last);
                        break;
                    }
                    page.Add(last = id, rows.Integer(0), json, members);
                }
                return page;
            },
            cancel
        );
    }

    Statement Find(SqliteLink link, CollectionPlan plan, Id id, bool annotated)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.CopyTo(bytes);
        var rows = link.Prepare(annotated ? plan.GetAnnotatedSql : plan.GetSql);
        rows.Bind(1, ws);
        rows.Blob(2, bytes);
        if (annotated)
            rows.Bind(3, store.Names.Find(plan.Collection, SqliteAnnotations.Field));
        return rows;
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancel)
    {
        var plan = store.PlanOf(query.Collection);
        return store.Read(link => SqliteQuery.Page(link, plan, store.Names, ws, query), cancel);
    }

    public ValueTask<long> Count(Collection collection, Filter? filter, long atMost, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        return store.Read(
            link =>
            {
                return SqliteCandidates.Choose(
                    link,
                    plan,
                    store.Names,
                    ws,
                    filter,
                    among =>
                    {
                        var sql = new SqlText(ws, plan).Add("SELECT 1");
                        From(plan, store.Names, filter, among, sql);
                        return Counted(sql);
                    },
                    lists => Counted(lists.Ids())
                );

                long Counted(SqlText sql)
                {
                    sql.Add($" LIMIT {sql.Value(Cell.Of(Math.Max(0, atMost)))}");
                    sql.Wrap("SELECT count(*) FROM (", ")");
                    using var rows = sql.On(link);
                    rows.Step();
                    return rows.Integer(0);
                }
            },
            cancel
        );
    }

    /// <summary>" FROM ... WHERE ..." of all rows that match, in no order.</summary>
    static void From(CollectionPlan plan, Names names, Filter? filter, HashSet<long>? among, SqlText sql)
    {
        sql.Add(
            $" FROM {plan.Table} t {(among is null ? "" : "NOT INDEXED")}{SqliteAnnotations.Join(plan, names, sql)} WHERE {Sqlite.Workspace.Is("t")}"
        );
        if (among is not null)
            sql.Add(" AND " + SqliteCandidates.Among(among, sql));
        if (filter is not null)
            sql.Add(" AND " + new SqliteFilter(plan, sql, plain: among is null).Condition(filter));
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
        return store.Read(link => SqliteCandidates.Choose<IReadOnlyList<Group>>(link, plan, store.Names, ws, filter, among =>
                {
                    var sql = new SqlText(ws, plan);
                    var keys = groupBy.Select(field => Single(plan.Field(field), sql)).ToList();
                    var sums = sum.Select(field => Single(plan.Field(field), sql))
                        .Select(value => $"total(CASE WHEN typeof({value}) = 'text' THEN 0 ELSE {value} END)");
                    sql.Add($"SELECT {string.Join(", ", keys.Append("count(*)").Concat(sums))}");
                    From(plan, store.Names, filter, among, sql);
                    if (keys.Count > 0)
                        sql.Add($" GROUP BY {string.Join(", ", Enumerable.Range(1, keys.Count))}");
                    else
                        sql.Add(" HAVING count(*) > 0");
                    using var rows = sql.Add($" LIMIT {MostGroups + 1}").On(link);
                    var groups = new List<Group>();
                    while (rows.Step())
                    {
                        if (groups.Count == MostGroups)
                            throw new QueryTooCostlyException();
                        groups.Add(
                            new(
                                [.. Enumerable.Range(0, keys.Count).Select(i => rows.Cell(i).ToKey())],
                                rows.Integer(keys.Count),
                                [.. Enumerable.Range(keys.Count + 1, sum.Count).Select(rows.Real)]
                            )
                        );
                    }
                    return groups;
                }), cancel);
    }

    static string Single(FieldPlan field, SqlText sql)
    {
        if (field.Key?.Many == true)
            throw new ArgumentException("A key with several values can be neither grouped by nor summed.");
        return field.Column is { } column
            ? "t." + column
            : $"crm_value({SqliteAnnotations.Many(field, sql)}, {sql.Value(Cell.Blob(KeyBytes.Head(field.Place!.Value, field.Name)))})";
    }

    public async ValueTask<Id?> FindByKey(Collection collection, string field, string value, CancellationToken cancel)
    {
        var owner = await store.FindClaim(store.PlanOf(collection), ws, field, value, cancel);
        return owner is { } found && found.Workspace == workspace ? found.Id : null;
    }

    public ValueTask<IReadOnlyList<Id>> FindHolders(Collection collection, string field, string value, int limit, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        var of = plan.Field(field);
        if (!of.Claimed)
            throw new ArgumentException($"The key '{field}' is not unique.");
        return store.Read<IReadOnlyList<Id>>(
            link =>
            {
                var holders = new List<Id>();
                var number = Cell.Of(store.Names.Find(plan.Collection, field));
                var owner = new SqlText(ws);
                Take(
                    owner.Add(
                        $"SELECT c.id FROM claim c WHERE c.space = {owner.Value(Cell.Of(of.Installation ? 0 : ws))} AND c.field = {owner.Value(number)} AND c.value = {owner.Value(Cell.Text(value))} AND {Sqlite.Workspace.Is("c")}"
                    )
                );
                var others = new SqlText(ws);
                Take(
                    others.Add(
                        $"SELECT e.id FROM entry e WHERE {Sqlite.Workspace.Is("e")} AND e.field = {others.Value(number)} AND e.value = {others.Value(Cell.Text(value))} ORDER BY e.id LIMIT {others.Value(Cell.Of(limit))}"
                    )
                );
                return holders;

                void Take(SqlText sql)
                {
                    using var rows = sql.On(link);
                    while (holders.Count < limit && rows.Step())
                        holders.Add(Id.FromBytes(rows.Bytes(0)));
                }
            },
            cancel
        );
    }

    public ValueTask<IReadOnlyList<Change.Annotate>> GetAnnotations(Collection collection, IReadOnlyList<Id> ids, CancellationToken cancel)
    {
        if (ids.Count > 500)
            throw new ArgumentException("At most 500 ids.");
        var plan = store.PlanOf(collection);
        return store.Read<IReadOnlyList<Change.Annotate>>(
            link =>
            {
                var found = new List<Change.Annotate>();
                foreach (var id in plan.Annotated ? ids : [])
                {
                    var sql = new SqlText(ws, plan);
                    using var rows = sql.Add(
                            $"SELECT a.members, a.many FROM {plan.Table} t{SqliteAnnotations.Join(plan, store.Names, sql)} WHERE {Sqlite.Workspace.Is("t")} AND t.id = {sql.Value(Cell.Of(id))} AND a.members IS NOT NULL"
                        )
                        .On(link);
                    if (rows.Step())
                        found.Add(SqliteAnnotations.ToChange(plan, id, rows, 0));
                }
                return found;
            },
            cancel
        );
    }

    public ValueTask<CommitResult> Commit(IReadOnlyList<Change> changes, CancellationToken cancel) => store.Commit(ws, changes, cancel);

    public ValueTask<IReadOnlyList<(string Name, long Value)>> Counters(string prefix, int limit, CancellationToken cancel) =>
        store.Read<IReadOnlyList<(string, long)>>(
            link =>
            {
                var sql = new SqlText(ws);
                sql.Add($"SELECT c.name, c.value FROM counter c WHERE {Sqlite.Workspace.Is("c")}");
                if (prefix.Length > 0)
                    sql.Add(
                        $" AND c.name >= {sql.Value(Cell.Text(prefix))} AND c.name < {sql.Value(Cell.Text(SqliteFilter.After(prefix)))}"
                    );
                using var rows = sql.Add($" ORDER BY c.name LIMIT {sql.Value(Cell.Of(limit))}").On(link);
                var counters = new List<(string, long)>();
                while (rows.Step())
                    counters.Add((System.Text.Encoding.UTF8.GetString(rows.Bytes(0)), rows.Integer(1)));
                return counters;
            },
            cancel
        );

    public ValueTask<T> FoldCounters<T>(IReadOnlyList<string> prefixes, Func<T> begin, CounterFold<T> each, CancellationToken cancel) =>
        store.Read(
            link =>
            {
                var sums = begin();
                for (var i = 0; i < prefixes.Count; i++)
                {
                    var sql = new SqlText(ws);
                    using var rows = sql.Add(
                            $"SELECT c.name, c.value FROM counter c WHERE {Sqlite.Workspace.Is("c")} AND c.name >= {sql.Value(Cell.Text(prefixes[i]))} AND c.name < {sql.Value(Cell.Text(SqliteFilter.After(prefixes[i])))}"
                        )
                        .On(link);
                    while (rows.Step())
                        each(sums, i, rows.Bytes(0), rows.Integer(1));
                }
                return sums;
            },
            cancel
        );
}
