// The rows of one workspace in PostgreSQL: what the contract asks, handed to connections that read and to the writer.

using Crm.Domain.Stores;

namespace Crm.Storage.Postgres;

sealed class PostgresWorkspace(PostgresStore store, WorkspaceKey workspace) : IWorkspaceStore
{
    const int MostGroups = 10_000;
    readonly long ws = workspace.Value;

    public WorkspaceKey Workspace => workspace;

    public ValueTask<Row?> Get(Collection collection, Id id, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        return store.Read<Row?>(
            async connection =>
            {
                var sql = new SqlText(ws);
                await using var command = sql.Add(
                        $"SELECT t.version, t.json, {plan.Members} FROM {plan.Table} t WHERE {Postgres.Workspace.Is("t")} AND t.id = {sql.Value(Value.Id(id))}"
                    )
                    .On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                return await rows.ReadAsync(cancel)
                    ? Row.Of(id, rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), PostgresQuery.MembersAt(rows, 2))
                    : null;
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
            async connection =>
            {
                var sql = new SqlText(ws);
                sql.Add(
                    $"SELECT t.id, t.version, t.json, {plan.Members} FROM unnest({sql.Value(ids.Select(Value.Id).Distinct().ToArray())}) WITH ORDINALITY asked(id, place) JOIN {plan.Table} t ON t.id = asked.id WHERE {Postgres.Workspace.Is("t")} ORDER BY asked.place"
                );
                var (page, last) = (new Page(ids.Count), Id.Empty);
                await using var command = sql.On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel))
                {
                    var (json, members) = (rows.GetFieldValue<byte[]>(2), PostgresQuery.MembersAt(rows, 3));
                    if (!page.HasRoom(json.Length + members.Length, mostBytes))
                    {
                        page.Next = new([], last);
                        break;
                    }
                    page.Add(last = Value.Id(rows.GetGuid(0)), rows.GetInt64(1), json, members);
                }
                return page;
            },
            cancel
        );
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancel)
    {
        var plan = store.PlanOf(query.Collection);
        return store.Read(connection => PostgresQuery.Page(connection, plan, ws, query, cancel), cancel);
    }

    public ValueTask<long> Count(Collection collection, Filter? filter, long atMost, CancellationToken cancel)
    {
        var plan = store.PlanOf(collection);
        return store.Read(
            async connection =>
            {
                var sql = new SqlText(ws).Add("SELECT count(*) FROM (SELECT 1");
                PostgresFilter.From(plan, filter, sql);
                await using var command = sql.Add($" LIMIT {sql.Value(Math.Max(0, atMost))}) x").On(connection);
                return (long)(await command.ExecuteScalarAsync(cancel))!;
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
        foreach (var field in groupBy.Concat(sum))
            if (plan.Field(field).Key?.Many == true)
                throw new ArgumentException("A key with several values can be neither grouped by nor summed.");
        return store.Read<IReadOnlyList<Group>>(
            async connection =>
            {
                var sql = new SqlText(ws);
                // Each key as two columns, text and number, as in a page.
                var joins = new List<string>();
                string Both(string name)
                {
                    var field = plan.Field(name);
                    if (field.Column is { } column)
                        return field.IsText ? $"t.{column}, NULL::float8" : $"NULL::bytea, t.{column}";
                    var alias = $"g{joins.Count}";
                    joins.Add(
                        $" LEFT JOIN {plan.Entries} {alias} ON {Postgres.Workspace.Is(alias)} AND {alias}.field = {sql.Value(name)} AND {alias}.id = t.id"
                    );
                    return $"{alias}.t, {alias}.n";
                }
                var keys = string.Concat(groupBy.Select(name => Both(name) + ", "));
                var sums = string.Concat(sum.Select(name => $", coalesce(sum({Both(name).Split(", ")[1]}), 0)"));
                sql.Add($"SELECT {keys}count(*){sums} FROM {plan.Table} t{string.Concat(joins)} WHERE {Postgres.Workspace.Is("t")}");
                if (filter is not null)
                    sql.Add(" AND " + new PostgresFilter(plan, sql).Condition(filter));
                sql.Add(
                    groupBy.Count > 0 ? $" GROUP BY {string.Join(", ", Enumerable.Range(1, 2 * groupBy.Count))}" : " HAVING count(*) > 0"
                );
                await using var command = sql.Add($" LIMIT {sql.Value(MostGroups + 1)}").On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                var groups = new List<Group>();
                while (await rows.ReadAsync(cancel))
                {
                    if (groups.Count == MostGroups)
                        throw new QueryTooCostlyException();
                    groups.Add(
                        new(
                            [.. Enumerable.Range(0, groupBy.Count).Select(i => PostgresQuery.KeyAt(rows, 2 * i))],
                            rows.GetInt64(2 * groupBy.Count),
                            [.. Enumerable.Range(2 * groupBy.Count + 1, sum.Count).Select(rows.GetDouble)]
                        )
                    );
                }
                return groups;
            },
            cancel
        );
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
        if (!of.Unique)
            throw new ArgumentException($"The key '{field}' is not unique.");
        return store.Read<IReadOnlyList<Id>>(
            async connection =>
            {
                var sql = new SqlText(ws);
                var (name, text) = (sql.Value(field), Value.Text(value));
                var whole = sql.Value(text);
                await using var command = sql.Add(
                        $"(SELECT 0, c.id FROM claim c WHERE c.space = {(of.InInstallation ? "0" : "$1")} AND c.collection = {sql.Value(plan.Collection.Name)} AND c.field = {name} AND c.value = {whole} AND {Postgres.Workspace.Is("c")})"
                            + $" UNION ALL (SELECT 1, e.id FROM {plan.Entries} e WHERE {Postgres.Workspace.Is("e")} AND e.field = {name} AND e.head = {sql.Value(Value.Head(text))} AND e.t = {whole} ORDER BY e.id LIMIT {sql.Value(limit)})"
                            + $" ORDER BY 1, 2 LIMIT {sql.Value(limit)}"
                    )
                    .On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                var holders = new List<Id>();
                while (await rows.ReadAsync(cancel))
                    holders.Add(Value.Id(rows.GetGuid(1)));
                return holders;
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
            async connection =>
            {
                var sql = new SqlText(ws);
                var wanted = sql.Value(ids.Select(Value.Id).Distinct().ToArray());
                // One statement sees one moment.
                await using var command = sql.Add(
                        $"SELECT a.id, a.members, NULL::text, NULL::bytea, NULL::float8 FROM {plan.Annotations} a WHERE {Postgres.Workspace.Is("a")} AND a.id = ANY({wanted})"
                            + $" UNION ALL SELECT e.id, NULL, e.field, e.t, e.n FROM {plan.Entries} e WHERE {Postgres.Workspace.Is("e")} AND e.id = ANY({wanted}) AND e.field = ANY({sql.Value(plan.Computed)})"
                    )
                    .On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                var (members, keys) = (new Dictionary<Id, byte[]>(), new Dictionary<Id, List<(string, Key)>>());
                while (await rows.ReadAsync(cancel))
                {
                    var id = Value.Id(rows.GetGuid(0));
                    if (!rows.IsDBNull(1))
                        members[id] = rows.GetFieldValue<byte[]>(1);
                    else if (keys.TryGetValue(id, out var more))
                        more.Add((rows.GetString(2), PostgresQuery.KeyAt(rows, 3)!.Value));
                    else
                        keys[id] = [(rows.GetString(2), PostgresQuery.KeyAt(rows, 3)!.Value)];
                }
                return
                [
                    .. ids.Distinct()
                        .Where(members.ContainsKey)
                        .Select(id => new Change.Annotate(plan.Collection, id, members[id], keys.GetValueOrDefault(id) ?? [])),
                ];
            },
            cancel
        );
    }

    public ValueTask<CommitResult> Commit(IReadOnlyList<Change> changes, CancellationToken cancel) => store.Commit(ws, changes, cancel);

    public ValueTask<IReadOnlyList<(string Name, long Value)>> Counters(string prefix, int limit, CancellationToken cancel) =>
        store.Read<IReadOnlyList<(string, long)>>(
            async connection =>
            {
                var sql = new SqlText(ws);
                sql.Add($"SELECT c.name, c.value FROM counter c WHERE {Postgres.Workspace.Is("c")}");
                if (prefix.Length > 0)
                    sql.Add($" AND c.name >= {sql.Value(Value.Text(prefix))} AND c.name < {sql.Value(Value.After(Value.Text(prefix)))}");
                await using var command = sql.Add($" ORDER BY c.name LIMIT {sql.Value(limit)}").On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                var counters = new List<(string, long)>();
                while (await rows.ReadAsync(cancel))
                    counters.Add((System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(0)), rows.GetInt64(1)));
                return counters;
            },
            cancel
        );

    public ValueTask<T> FoldCounters<T>(IReadOnlyList<string> prefixes, Func<T> begin, CounterFold<T> each, CancellationToken cancel) =>
        store.Read(
            async connection =>
            {
                var sums = begin();
                if (prefixes.Count == 0)
                    return sums;
                // One statement sees one moment.
                var sql = new SqlText(ws);
                for (var i = 0; i < prefixes.Count; i++)
                    sql.Add(
                        $"{(i == 0 ? "" : " UNION ALL ")}SELECT {i}, c.name, c.value FROM counter c WHERE {Postgres.Workspace.Is("c")} AND c.name >= {sql.Value(Value.Text(prefixes[i]))} AND c.name < {sql.Value(Value.After(Value.Text(prefixes[i])))}"
                    );
                await using var command = sql.On(connection);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                while (await rows.ReadAsync(cancel))
                    each(sums, rows.GetInt32(0), rows.GetFieldValue<byte[]>(1), rows.GetInt64(2));
                return sums;
            },
            cancel
        );
}
