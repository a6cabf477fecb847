// A page in a total order: picks the way to the rows, and walks it in segments that an index answers without sorting.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// "After (A, B, id)" written as one condition with OR loses the index. So it is asked in pieces, one after another until the page is full:
/// a = A and b = B and id after; a = A and b after B; a after A. Missing values are a piece of their own: first when ascending, last when
/// descending.
/// </summary>
sealed class SqliteQuery
{
    readonly SqliteLink link;
    readonly CollectionPlan plan;
    readonly Names names;
    readonly long ws;
    readonly Query query;
    readonly FieldPlan[] sort;
    readonly Position? after;
    readonly Page page;
    readonly Cell[] lastKeys;
    Id lastId;
    Bounds bounds;
    Bounds ids;
    SqliteLists? lists;
    bool more;

    /// <summary>The page, by the way that reads the fewest rows.</summary>
    public static Page Page(SqliteLink link, CollectionPlan plan, Names names, long ws, Query query)
    {
        var asked = new SqliteQuery(link, plan, names, ws, query);
        return asked.IsWalked()
            ? asked.Run((HashSet<long>?)null)
            : SqliteCandidates.Choose(
                link,
                plan,
                names,
                ws,
                query.Filter,
                rows => new SqliteQuery(link, plan, names, ws, query).Run(rows),
                lists => new SqliteQuery(link, plan, names, ws, query).Run(lists)
            );
    }

    SqliteQuery(SqliteLink link, CollectionPlan plan, Names names, long ws, Query query)
    {
        (this.link, this.plan, this.names, this.ws, this.query) = (link, plan, names, ws, query);
        if (query.Limit is < 1 or > 500)
            throw new ArgumentException("A page has 1 to 500 rows.");
        if (query.Sort.Count > 3)
            throw new ArgumentException("A sort has at most 3 keys.");
        sort = [.. query.Sort.Select(by => plan.Field(by.Field))];
        if (sort.Any(field => field.Key?.Many == true))
            throw new ArgumentException("A key with several values has no order.");
        after = query.After;
        if (after is not null && after.Keys.Count != sort.Length)
            throw new ArgumentException("The position is of another sort.");
        lastKeys = new Cell[sort.Length];
        page = new(query.Limit);
    }

    Page Run(HashSet<long>? among)
    {
        ids = Bounds.OfIds(query.Filter);
        if (among is not null)
            Sorted(among);
        else if (sort.Length == 0 && EqualColumn() is { } equal)
            ByIdWithin(equal.Field, equal.Value);
        else if (sort.Length == 0)
            ById();
        else if (sort[0].Index is not null || sort[0].Ordered)
            BySort();
        else
            Sorted(null);
        if (more)
            page.Next = new([.. lastKeys.Select(cell => cell.ToKey())], lastId);
        return page;
    }

    /// <summary>Without a sort the page comes in the order of the lists. With one, what is in all of them is sorted while it is little;
    /// otherwise the sort's own index is walked, and a row is read once it is in all lists.</summary>
    Page Run(SqliteLists lists)
    {
        ids = Bounds.OfIds(query.Filter);
        if (sort.Length == 0)
        {
            Take(lists.Ids(after is null ? ids : ids.Behind(Cell.Of(after.Id), query.IdDescending), query.IdDescending));
            if (more)
                page.Next = new([], lastId);
            return page;
        }
        if (lists.Few(link.MostCandidates) is { } few)
            return Run(few);
        this.lists = lists;
        return Run((HashSet<long>?)null);
    }

    /// <summary>The conditions that must all hold.</summary>
    public static List<Filter> Terms(Filter? filter)
    {
        var terms = new List<Filter>();
        Collect(filter, 0);
        return terms;

        void Collect(Filter? term, int depth)
        {
            if (term is Filter.And and && depth < 32)
                foreach (var inner in and.Terms)
                    Collect(inner, depth + 1);
            else if (term is not null)
                terms.Add(term);
        }
    }

    /// <summary>Without a sort, an index on the only other condition is in the order of the ids already.</summary>
    (FieldPlan Field, Key Value)? EqualColumn()
    {
        (FieldPlan, Key)? found = null;
        foreach (var term in Terms(query.Filter))
        {
            if (term is Filter.Ids)
                continue;
            if (
                found is not null
                || term is not Filter.Compare { Comparison: Comparison.Eq } compare
                || plan.Field(compare.Field) is not { Index: not null } field
            )
                return null;
            SqliteFilter.CheckKind(field, compare.Value, compare.Comparison);
            found = (field, compare.Value);
        }
        return found;
    }

    /// <summary>Whether the walk meets nothing but matches: every condition is a bound of the walked index.</summary>
    bool IsWalked() =>
        sort.Length == 0
            ? EqualColumn() is not null || Terms(query.Filter).All(term => term is Filter.Ids)
            : sort[0].Index is not null && Terms(query.Filter).All(term => Bounds.Binds(term, sort[0].Name));

    void ByIdWithin(FieldPlan field, Key value)
    {
        var sql = Select($"INDEXED BY {field.Index}");
        sql.Add($" AND t.{field.Column} = {sql.Value(Cell.Of(value))}");
        AddIds(sql, "t.id", afterPosition: true);
        Take(sql.Add($" ORDER BY t.id{Descending(query.IdDescending)}"));
    }

    void ById()
    {
        var sql = Select($"INDEXED BY {plan.IdIndex}");
        AddFilter(sql, "t.id");
        AddIds(sql, "t.id", afterPosition: true);
        Take(sql.Add($" ORDER BY t.id{Descending(query.IdDescending)}"));
    }

    /// <summary>All rows, or the candidates, sorted in memory: for few rows, or for a key without an index within the budget.</summary>
    void Sorted(HashSet<long>? among)
    {
        var sql = Select(among is null ? "" : "NOT INDEXED", onlyKeys: true);
        if (among is not null)
            sql.Add(" AND " + SqliteCandidates.Among(among, sql));
        if (query.Filter is { } filter)
            sql.Add(" AND " + new SqliteFilter(plan, sql, plain: among is null).Condition(filter));
        if (after is not null)
        {
            var pieces = new List<string>();
            for (var level = sort.Length; level >= 0; level--)
            {
                var conditions = Enumerable
                    .Range(0, level)
                    .Select(i => $"{Expression(i, sql)} IS {sql.Value(Cell.Of(after.Keys[i]))}")
                    .ToList();
                conditions.Add(
                    level == sort.Length ? $"t.id {(query.IdDescending ? "<" : ">")} {sql.Value(Cell.Of(after.Id))}" : Beyond(level, sql)
                );
                pieces.Add("(" + string.Join(" AND ", conditions) + ")");
            }
            sql.Add($" AND ({string.Join(" OR ", pieces)})");
        }
        Take(sql.Add(" ORDER BY " + Order(0, sql)));
    }

    void BySort()
    {
        bounds = Bounds.Of(query.Filter, sort[0].Name);
        var descending = query.Sort[0].Descending;
        var start = after?.Keys[0];
        var fromMissing = after is not null && start is null;
        if (!descending)
        {
            if (after is null || fromMissing)
                Missing(fromMissing);
            Values(fromMissing ? null : after);
        }
        else
        {
            if (!fromMissing)
                Values(after);
            Missing(fromMissing);
        }
    }

    /// <summary>The rows without the first sort key; <paramref name="inside"/>: the page before ended among them.</summary>
    void Missing(bool inside)
    {
        if (more || bounds.ExcludesMissing)
            return;
        if (!inside)
            Segment(null, 0);
        else
            for (var level = sort.Length; level >= 1 && !more; level--)
                Segment(null, level);

        void Segment(Key? _, int level)
        {
            if (more)
                return;
            SqlText sql;
            if (sort[0].Index is { } index)
                sql = Select($"INDEXED BY {index}", onlyKeys: sort.Length > 1).Add($" AND t.{sort[0].Column} IS NULL");
            else
            {
                sql = Select($"INDEXED BY {plan.IdIndex}", onlyKeys: sort.Length > 1);
                sql.Add($" AND NOT {SqliteFilter.Has(sort[0], sql)}");
            }
            Finish(sql, "t.id", level);
        }
    }

    /// <summary>The rows that have the first sort key, behind the position if there is one.</summary>
    void Values(Position? behind)
    {
        if (behind is not null)
            for (var level = sort.Length; level >= 1; level--)
                Equal(Cell.Of(behind.Keys[0]), level);
        var range = behind is null ? bounds : bounds.Behind(Cell.Of(behind.Keys[0]), query.Sort[0].Descending);
        // An index runs forwards or backwards as a whole. When the ids shall run against the values, each value is a piece of its own.
        if (sort.Length == 1 && query.Sort[0].Descending != query.IdDescending)
        {
            while (!more && NextValue(range) is { IsNull: false } value)
            {
                Equal(value, 0);
                range = range.Behind(value, query.Sort[0].Descending);
            }
            return;
        }
        if (more)
            return;
        var sql = From();
        range.Add(sql, Value);
        AddFilter(sql, IdColumn);
        Take(sql.Add($" ORDER BY {Value}{Descending(query.Sort[0].Descending)}, {Order(1, sql)}"));
    }

    /// <summary>Level 0: all rows with this first key; otherwise those whose further keys are behind the position from this level
    /// on.</summary>
    void Equal(in Cell value, int level)
    {
        if (more)
            return;
        var sql = From();
        sql.Add($" AND {Value} = {sql.Value(value)}");
        Finish(sql, IdColumn, level);
    }

    Cell NextValue(Bounds range)
    {
        var sql = new SqlText(ws);
        if (sort[0].Index is { } index)
            sql.Add($"SELECT {Value} FROM {plan.Table} t INDEXED BY {index} WHERE {Workspace.Is("t")} AND {Value} IS NOT NULL");
        else
            sql.Add(
                $"SELECT e.value FROM entry e WHERE {Workspace.Is("e")} AND e.field = {sql.Value(Cell.Of(names.Find(plan.Collection, sort[0].Name)))}"
            );
        range.Add(sql, Value);
        using var rows = sql.Add($" ORDER BY {Value}{Descending(query.Sort[0].Descending)} LIMIT 1").On(link);
        return rows.Step() ? rows.Cell(0) : Cell.Null;
    }

    string Value => sort[0].Index is not null ? "t." + sort[0].Column : "e.value";
    string IdColumn => sort[0].Index is not null ? "t.id" : "e.id";

    SqlText From()
    {
        if (sort[0].Index is { } index)
            return Select($"INDEXED BY {index}", onlyKeys: sort.Length > 1).Add($" AND {Value} IS NOT NULL");
        var sql = new SqlText(ws, plan) { OnlyKeys = sort.Length > 1 };
        sql.Add(
            $"SELECT {Columns(sql)} FROM entry e CROSS JOIN {plan.Table} t ON t.seq = e.seq{SqliteAnnotations.Join(plan, names, sql)} WHERE {Workspace.Is("t")} AND {Workspace.Is("e")}"
        );
        return sql.Add($" AND e.field = {sql.Value(Cell.Of(names.Find(plan.Collection, sort[0].Name)))}");
    }

    /// <summary>A segment in which the first key is one value: the keys before the level are equal, the level's is behind, the rest is
    /// free.</summary>
    void Finish(SqlText sql, string idColumn, int level)
    {
        AddFilter(sql, idColumn);
        for (var i = 1; i < level; i++)
            sql.Add($" AND {Expression(i, sql)} IS {sql.Value(Cell.Of(after!.Keys[i]))}");
        if (level > 0 && level < sort.Length)
            sql.Add(" AND " + Beyond(level, sql));
        AddIds(sql, idColumn, afterPosition: level == sort.Length);
        var order = Order(Math.Max(1, level), sql);
        Take(sql.Add(" ORDER BY " + (order == OrderOfIds ? idColumn + Descending(query.IdDescending) : order)));
    }

    /// <param name="onlyKeys">The statement has to sort, and gives no more than what is sorted: <see cref="WithRows"/>.</param>
    SqlText Select(string how, bool onlyKeys = false)
    {
        var sql = new SqlText(ws, plan) { OnlyKeys = onlyKeys };
        return sql.Add(
            $"SELECT {Columns(sql)} FROM {plan.Table} t {how}{SqliteAnnotations.Join(plan, names, sql)} WHERE {Workspace.Is("t")}"
        );
    }

    string Columns(SqlText sql) =>
        sql.OnlyKeys
            ? "t.seq AS seq" + string.Concat(Enumerable.Range(0, sort.Length).Select(i => $", {Expression(i, sql)} AS k{i}"))
            : $"t.id, t.version, t.json{string.Concat(Enumerable.Range(0, sort.Length).Select(i => ", " + Expression(i, sql)))}{SqliteAnnotations.Members(sql)}";

    /// <summary>A sort key as a value of the row, without an index.</summary>
    string Expression(int i, SqlText sql) =>
        sort[i] is { Column: { } column }
            ? "+t." + column
            : $"crm_value({SqliteAnnotations.Many(sort[i], sql)}, {sql.Value(Cell.Blob(KeyBytes.Head(sort[i].Place!.Value, sort[i].Name)))})";

    /// <summary>The key of this level is behind the position's.</summary>
    string Beyond(int level, SqlText sql)
    {
        var at = Cell.Of(after!.Keys[level]);
        if (at.IsNull)
            return query.Sort[level].Descending ? "0" : $"{Expression(level, sql)} IS NOT NULL";
        return query.Sort[level].Descending
            ? $"({Expression(level, sql)} < {sql.Value(at)} OR {Expression(level, sql)} IS NULL)"
            : $"{Expression(level, sql)} > {sql.Value(at)}";
    }

    string OrderOfIds => "t.id" + Descending(query.IdDescending);

    string Order(int from, SqlText sql) =>
        string.Concat(
            Enumerable
                .Range(from, Math.Max(0, sort.Length - from))
                .Select(i => $"{Expression(i, sql)}{Descending(query.Sort[i].Descending)}, ")
        ) + OrderOfIds;

    static string Descending(bool descending) => descending ? " DESC" : "";

    void AddFilter(SqlText sql, string idColumn)
    {
        if (lists is not null)
            sql.Add(lists.Looked(sql, idColumn, idColumn == "e.id" ? "e.seq" : "t.seq"));
        if ((lists is null ? query.Filter : lists.Rest) is { } filter)
            sql.Add(" AND " + new SqliteFilter(plan, sql, plain: false).Condition(filter));
    }

    /// <summary>The ids' bounds, the position included: the tighter one only, for an index takes one bound on each side.</summary>
    void AddIds(SqlText sql, string column, bool afterPosition) =>
        (afterPosition && after is not null ? ids.Behind(Cell.Of(after.Id), query.IdDescending) : ids).Add(sql, column);

    /// <summary>
    /// Fills the page from a statement; one row more than asked, or than there is room for, tells that there is a next page. Rows are
    /// fetched one by one.
    /// </summary>
    void Take(SqlText sql)
    {
        if (more)
            return;
        sql.Add($" LIMIT {sql.Value(Cell.Of(query.Limit + 1 - page.Count))}");
        if (sql.OnlyKeys)
            WithRows(sql);
        using var rows = sql.On(link);
        while (rows.Step())
        {
            var json = rows.Bytes(2);
            var members = sql.Annotated ? rows.Bytes(3 + sort.Length) : default;
            if (page.Count == query.Limit || !page.HasRoom(json.Length + members.Length, query.MostBytes))
            {
                more = true;
                return;
            }
            lastId = Id.FromBytes(rows.Bytes(0));
            page.Add(lastId, rows.Integer(1), json, members);
            for (var i = 0; i < lastKeys.Length; i++)
                lastKeys[i] = rows.Cell(3 + i);
        }
    }

    /// <summary>The rows to a statement that has sorted their keys, in its order: what is sorted in memory is small, however large the
    /// rows are.</summary>
    void WithRows(SqlText sql)
    {
        var keys = string.Concat(Enumerable.Range(0, sort.Length).Select(i => $", x.k{i}"));
        sql.Wrap(
            $"SELECT t.id, t.version, t.json{keys}{SqliteAnnotations.Members(sql)} FROM (",
            $") x CROSS JOIN {plan.Table} t ON t.seq = x.seq{SqliteAnnotations.Join(plan, names, sql)}"
        );
    }
}
