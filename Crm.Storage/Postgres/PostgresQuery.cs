// A page in a total order, asked in segments that an index answers without sorting.

using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>
/// The rows fall into classes by their first sort key: missing, numbers, texts (a declared key has one kind). Classes follow each other,
/// and
/// "after (A, B, id)" within a class is asked in pieces: a = A and b = B and id after; a = A and b after B; a after A. Each piece is a
/// range of an index.
/// </summary>
sealed class PostgresQuery
{
    enum Class
    {
        Missing,
        Number,
        Text,
    }

    readonly NpgsqlConnection connection;
    readonly CollectionPlan plan;
    readonly long ws;
    readonly Query query;
    readonly FieldPlan[] sort;
    readonly Position? after;
    readonly Page page;
    readonly Key?[] lastKeys;
    readonly CancellationToken cancel;
    Id lastId;
    bool more;

    public static async Task<Page> Page(NpgsqlConnection connection, CollectionPlan plan, long ws, Query query, CancellationToken cancel)
    {
        var asked = new PostgresQuery(connection, plan, ws, query, cancel);
        await asked.Run();
        if (asked.more)
            asked.page.Next = new([.. asked.lastKeys], asked.lastId);
        return asked.page;
    }

    PostgresQuery(NpgsqlConnection connection, CollectionPlan plan, long ws, Query query, CancellationToken cancel)
    {
        (this.connection, this.plan, this.ws, this.query, this.cancel) = (connection, plan, ws, query, cancel);
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
        lastKeys = new Key?[sort.Length];
        page = new(query.Limit);
    }

    async Task Run()
    {
        if (sort.Length == 0)
        {
            await Take(null, after is null ? null : 0, _ => null);
            return;
        }
        IEnumerable<Class> classes = sort[0].Custom
            ? [Class.Missing, Class.Number, Class.Text]
            : [Class.Missing, sort[0].IsText ? Class.Text : Class.Number];
        if (query.Sort[0].Descending)
            classes = classes.Reverse();
        Class? start = after is null ? null : ClassOf(after.Keys[0]);
        foreach (var one in classes.SkipWhile(one => start is { } at && one != at))
        {
            if (one != start)
                await Take(one, null, _ => null);
            else
                for (var level = sort.Length; level >= 0 && !more; level--)
                    if (level > 0 || one != Class.Missing) // Behind "missing" there is only the next class.
                        await Take(one, level, sql => one == Class.Missing ? null : First(one, level, sql));
            if (more)
                return;
        }
    }

    static Class ClassOf(Key? key) =>
        key is not { } value ? Class.Missing
        : value.IsText ? Class.Text
        : Class.Number;

    /// <summary>The first key against the position's: equal to it down to level 1, behind it at level 0.</summary>
    string First(Class one, int level, SqlText sql)
    {
        var value = Value.Of(after!.Keys[0]!.Value);
        var compare =
            level > 0 ? "="
            : query.Sort[0].Descending ? "<"
            : ">";
        if (sort[0].Column is null && value is byte[] text) // the head alone is in the index
            return $"s0.head {(level > 0 ? "=" : compare + "=")} {sql.Value(Value.Head(text))} AND s0.t {compare} {sql.Value(text)}";
        return $"{Column(0, one)} {compare} {sql.Value(value)}";
    }

    string Column(int i, Class one) =>
        sort[i].Column is { } column ? "t." + column
        : one == Class.Text ? $"s{i}.t"
        : $"s{i}.n";

    /// <summary>One segment: the class of the first key, and which of the further keys are equal to the position's.</summary>
    /// <param name="level">Keys before it are equal, its own is behind, the rest is free; null: no position.</param>
    async Task Take(Class? one, int? level, Func<SqlText, string?> first)
    {
        if (more)
            return;
        var sql = new SqlText(ws);
        var keys = Enumerable
            .Range(0, sort.Length)
            .Select(i =>
                sort[i].Column is { } column
                    ? sort[i].IsText
                        ? $", t.{column}, NULL::float8"
                        : $", NULL::bytea, t.{column}"
                    : one == Class.Missing && i == 0
                        ? ", NULL::bytea, NULL::float8"
                        : $", s{i}.t, s{i}.n"
            );
        sql.Add($"SELECT t.id, t.version, t.json, {plan.Members}{string.Concat(keys)} FROM {plan.Table} t");
        for (var i = 0; i < sort.Length; i++)
            if (sort[i].Column is null && !(one == Class.Missing && i == 0))
                sql.Add(
                    $" {(i == 0 ? "JOIN" : "LEFT JOIN")} {plan.Entries} s{i} ON {Workspace.Is($"s{i}")} AND s{i}.field = {sql.Value(sort[i].Name)} AND s{i}.id = t.id"
                );
        sql.Add($" WHERE {Workspace.Is("t")}");
        switch (one)
        {
            case Class.Missing when sort[0].Column is { } column:
                sql.Add($" AND t.{column} IS NULL");
                break;
            case Class.Missing:
                sql.Add($" AND NOT {new PostgresFilter(plan, sql).Condition(new Filter.Exists(sort[0].Name))}");
                break;
            case { } value:
                sql.Add($" AND {Column(0, value)} IS NOT NULL");
                break;
        }
        if (first(sql) is { } bound)
            sql.Add(" AND " + bound);
        for (var i = 1; i < level; i++)
            sql.Add(" AND " + Equal(i, sql));
        if (level is { } at)
            if (at == sort.Length)
                sql.Add($" AND t.id {(query.IdDescending ? "<" : ">")} {sql.Value(Value.Id(after!.Id))}");
            else if (at > 0)
                sql.Add(" AND " + Beyond(at, sql));
        if (query.Filter is { } filter)
            sql.Add(" AND " + new PostgresFilter(plan, sql).Condition(filter));
        sql.Add(" ORDER BY ");
        if (one is { } ordered && ordered != Class.Missing && level is null or 0)
            sql.Add(
                (sort[0].Column is null && one == Class.Text ? $"s0.head{Direction(0)}, " : "") + $"{Column(0, one!.Value)}{Direction(0)}, "
            );
        for (var i = Math.Max(1, level ?? 1); i < sort.Length; i++)
            sql.Add(
                sort[i].Column is { } column
                    ? $"t.{column}{Direction(i)}, "
                    // Missing, numbers, texts: an entry has the one or the other.
                    : $"CASE WHEN s{i}.n IS NOT NULL THEN 1 WHEN s{i}.t IS NOT NULL THEN 2 ELSE 0 END{Direction(i)}, s{i}.n{Direction(i)}, s{i}.t{Direction(i)}, "
            );
        sql.Add($"t.id{(query.IdDescending ? " DESC" : "")} LIMIT {sql.Value(query.Limit + 1 - page.Count)}");
        await Read(sql);
    }

    string Direction(int i) => query.Sort[i].Descending ? " DESC NULLS LAST" : " NULLS FIRST";

    string Equal(int i, SqlText sql)
    {
        var key = after!.Keys[i];
        if (sort[i].Column is { } column)
            return key is { } value ? $"t.{column} = {sql.Value(Value.Of(value))}" : $"t.{column} IS NULL";
        return key is not { } other ? $"(s{i}.n IS NULL AND s{i}.t IS NULL)" : $"{Column(i, ClassOf(key))} = {sql.Value(Value.Of(other))}";
    }

    /// <summary>The key of this level is behind the position's.</summary>
    string Beyond(int i, SqlText sql)
    {
        var (key, down) = (after!.Keys[i], query.Sort[i].Descending);
        if (sort[i].Column is { } column)
            return (key, down) switch
            {
                (null, true) => "FALSE",
                (null, false) => $"t.{column} IS NOT NULL",
                ({ } value, true) => $"(t.{column} < {sql.Value(Value.Of(value))} OR t.{column} IS NULL)",
                ({ } value, false) => $"t.{column} > {sql.Value(Value.Of(value))}",
            };
        return (ClassOf(key), down) switch
        {
            (Class.Missing, true) => "FALSE",
            (Class.Missing, false) => $"(s{i}.n IS NOT NULL OR s{i}.t IS NOT NULL)",
            (Class.Number, true) => $"(s{i}.n < {sql.Value(Value.Of(key!.Value))} OR s{i}.n IS NULL AND s{i}.t IS NULL)",
            (Class.Number, false) => $"(s{i}.n > {sql.Value(Value.Of(key!.Value))} OR s{i}.t IS NOT NULL)",
            (_, true) => $"(s{i}.t < {sql.Value(Value.Of(key!.Value))} OR s{i}.t IS NULL)",
            (_, false) => $"s{i}.t > {sql.Value(Value.Of(key!.Value))}",
        };
    }

    /// <summary>Fills the page; one row more than asked, or than there is room for, tells that there is a next page. One row is in memory
    /// at a time.</summary>
    async Task Read(SqlText sql)
    {
        await using var command = sql.On(connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var (json, members) = (rows.GetFieldValue<byte[]>(2), MembersAt(rows, 3));
            if (page.Count == query.Limit || !page.HasRoom(json.Length + members.Length, query.MostBytes))
            {
                more = true;
                return;
            }
            lastId = Value.Id(rows.GetGuid(0));
            page.Add(lastId, rows.GetInt64(1), json, members);
            for (var i = 0; i < lastKeys.Length; i++)
                lastKeys[i] = KeyAt(rows, 4 + 2 * i);
        }
    }

    /// <summary>Computed members; empty when there are none.</summary>
    public static byte[] MembersAt(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? [] : rows.GetFieldValue<byte[]>(column);

    /// <summary>A key from two columns: the text, and the number.</summary>
    public static Key? KeyAt(NpgsqlDataReader rows, int column) =>
        !rows.IsDBNull(column) ? Key.Of(System.Text.Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(column)))
        : rows.IsDBNull(column + 1) ? null
        : Key.Of(rows.GetDouble(column + 1));
}
