// Several conditions at once, each of which meets many rows: what they have in common is read from their indexes, in the order of the ids.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// An index gives the rows of one value in the order of their ids. So the shortest such list of a filter is walked, and each id in it is
/// looked for in the others: no row is read before all of them have it. What is left of the filter decides last, row by row. Words are such
/// a list too, and may be the shortest; the rows of a word that very many have are not even looked at.
/// The driving list goes by the alias x.
/// </summary>
sealed class SqliteLists
{
    /// <summary>So many values of one condition are walked side by side; a condition of more is only looked up.</summary>
    const int MostArms = 8;

    /// <summary>The search index gives no ids: they are read with the row, which costs as much as so many entries of a list.</summary>
    const int Row = 4;

    /// <param name="Values">Any of them; none: the rows without a value.</param>
    sealed record Listed(FieldPlan Field, IReadOnlyList<Key> Values);

    readonly SqliteLink link;
    readonly CollectionPlan plan;
    readonly Names names;
    readonly long ws;
    readonly List<Listed> lists = [];
    readonly List<Filter.Search> searches = [];

    /// <summary>The words that are worth looking for, of each search that has such.</summary>
    readonly Dictionary<Filter.Search, IReadOnlyList<string>> rarest = [];

    readonly List<Filter> others = [];
    readonly Bounds bounds;
    long? searchedUpTo;
    bool isChosen;
    Listed? walked;
    Filter.Search? found;

    /// <summary>Null when no condition of the filter has such a list.</summary>
    public static SqliteLists? Of(SqliteLink link, CollectionPlan plan, Names names, long ws, Filter filter)
    {
        var found = new SqliteLists(link, plan, names, ws, filter);
        return found.lists.Count + found.searches.Count > 0 ? found : null;
    }

    SqliteLists(SqliteLink link, CollectionPlan plan, Names names, long ws, Filter filter)
    {
        (this.link, this.plan, this.names, this.ws) = (link, plan, names, ws);
        foreach (var term in SqliteQuery.Terms(filter))
            if (ListOf(term) is { } list)
                lists.Add(list);
            else if (term is not Filter.Ids)
            {
                others.Add(term);
                if (term is Filter.Search search && plan.Collection.Searchable && WordLists.Telling(search).Count > 0)
                    searches.Add(search);
            }
        bounds = Bounds.OfIds(filter);
    }

    Listed? ListOf(Filter term)
    {
        switch (term)
        {
            case Filter.Compare { Comparison: Comparison.Eq } compare when HasLists(plan.Field(compare.Field)):
                return Of(compare.Field, [compare.Value]);
            case Filter.In { Values.Count: > 0 } any when HasLists(plan.Field(any.Field)):
                return Of(any.Field, any.Values);
            case Filter.Not { Term: Filter.Exists exists } when plan.Field(exists.Field) is { Index: not null } field:
                return new(field, []);
            default:
                return null;
        }

        Listed Of(string name, IReadOnlyList<Key> values)
        {
            var field = plan.Field(name);
            foreach (var value in values)
                SqliteFilter.CheckKind(field, value, Comparison.Eq);
            return new(field, [.. values.Distinct()]);
        }
    }

    static bool HasLists(FieldPlan field) => field.Index is not null || field.Entered;

    /// <summary>"SELECT id, seq" of the rows that match, by id; the caller says how many.</summary>
    public SqlText Ids(Bounds within, bool descending)
    {
        var order = descending ? " DESC" : "";
        return Rows(within).Add($" ORDER BY id{order}, seq{order}");
    }

    /// <summary>The same in no order: the first comes before the last is known.</summary>
    public SqlText Ids() => Rows(bounds);

    SqlText Rows(Bounds within)
    {
        var sql = new SqlText(ws, plan) { OnlyKeys = true };
        Choose();
        var arms = found is not null ? FoundBy(found, sql) : [];
        var count = found is not null ? arms.Length : Math.Max(1, walked?.Values.Count ?? 0);
        for (var arm = 0; arm < count; arm++)
        {
            // A row may have several of an entered field's values: UNION gives it once.
            if (arm > 0)
                sql.Add(found is null && walked!.Field.Entered ? " UNION " : " UNION ALL ");
            sql.Add("SELECT x.id AS id, x.seq AS seq");
            if (found is not null)
                sql.Add(arms[arm]);
            else if (walked is null)
                sql.Add($" FROM {plan.Table} x INDEXED BY {plan.IdIndex} WHERE {Workspace.Is("x")}");
            else
                Walk(walked, arm, "x", sql);
            within.Add(sql, "x.id");
            sql.Add(Looked(sql, "x.id", "x.seq", walked, found));
            if (others.Count > 0)
                // Behind a lookup of its own, or SQLite would read the row before it looks for the id elsewhere.
                sql.Add(
                    $" AND (SELECT 1 FROM {plan.Table} t{SqliteAnnotations.Join(plan, names, sql)} WHERE t.seq = x.seq AND {new SqliteFilter(plan, sql, plain: false).Condition(new Filter.And(others))}) IS NOT NULL"
                );
        }
        return sql;
    }

    /// <summary>The numbers of all rows that match; null when they are more.</summary>
    public HashSet<long>? Few(int most)
    {
        var sql = Ids();
        var found = new HashSet<long>();
        using var rows = sql.Add($" LIMIT {sql.Value(Cell.Of(most + 1))}").On(link);
        while (rows.Step())
            if (found.Add(rows.Integer(1)) && found.Count > most)
                return null;
        return found;
    }

    /// <summary>What is left of the filter once <see cref="Looked"/> is true.</summary>
    public Filter? Rest => others.Count > 0 ? new Filter.And(others) : null;

    /// <summary>" AND ..." that the row is in each of the lists.</summary>
    public string Looked(SqlText sql, string id, string seq)
    {
        Choose();
        return Looked(sql, id, seq, null, null);
    }

    /// <param name="but">The list that the row comes from.</param>
    /// <param name="butWords">The search that it comes from.</param>
    string Looked(SqlText sql, string id, string seq, Listed? but, Filter.Search? butWords) =>
        string.Concat(lists.Where(list => list != but).Select(list => $" AND (SELECT 1{Found(list, id, sql)}) IS NOT NULL"))
        + string.Concat(
            searches
                .Where(search => search != butWords && rarest.ContainsKey(search))
                .Select(search => $" AND ({string.Join(" OR ", Proposing(search, sql).Select(from => $"{seq} {from}"))})")
        );

    string Found(Listed list, string id, SqlText sql)
    {
        var value = list.Values.Count == 0 ? " IS NULL" : $" IN ({SqliteFilter.Marks(list.Values, sql)})";
        return list.Field.Index is { } index
            ? $" FROM {plan.Table} o INDEXED BY {index} WHERE {Workspace.Is("o")} AND o.{list.Field.Column}{value} AND o.id = {id}"
            : $" FROM entry o WHERE {Workspace.Is("o")} AND o.field = {Number(list.Field, sql)} AND o.value{value} AND o.id = {id}";
    }

    /// <summary>" FROM ... WHERE ..." of the rows that the search index knows, and of those that it does not know yet.</summary>
    string[] FoundBy(Filter.Search search, SqlText sql)
    {
        var proposing = Proposing(search, sql);
        return
        [
            .. proposing.Select(
                (from, arm) =>
                    $" FROM {plan.Table} x WHERE +{Workspace.Is("x")} AND x.seq {from}"
                    + string.Concat(proposing.Take(arm).Select(before => $" AND NOT +x.seq {before}"))
            ),
        ];
    }

    /// <summary>The search index does not know the row yet, knows older words of it, or knows it: each is what its number may be.</summary>
    string[] Proposing(Filter.Search search, SqlText sql)
    {
        searchedUpTo ??= long.Parse(
            link.First("SELECT value FROM meta WHERE name = ?1", Cell.Text("searched:" + plan.Collection.Name)).ToKey()?.Text ?? "0",
            CultureInfo.InvariantCulture
        );
        var match = SqliteSearch.Match(ws, rarest[search], search.Classes);
        return
        [
            $"> {sql.Value(Cell.Of(searchedUpTo.Value))}",
            $"IN (SELECT p.seq FROM search_pending p WHERE p.field = {sql.Value(Cell.Of(names.Find(plan.Collection, SqliteSearch.Field)))})",
            $"IN (SELECT rowid FROM {plan.Search} WHERE {plan.Search} MATCH {sql.Value(Cell.Text(match))})",
        ];
    }

    /// <summary>" FROM ... WHERE ..." of one value's rows.</summary>
    void Walk(Listed list, int arm, string alias, SqlText sql)
    {
        var value = list.Values.Count == 0 ? " IS NULL" : $" = {sql.Value(Cell.Of(list.Values[arm]))}";
        sql.Add(
            list.Field.Index is { } index
                ? $" FROM {plan.Table} {alias} INDEXED BY {index} WHERE {Workspace.Is(alias)} AND {alias}.{list.Field.Column}{value}"
                : $" FROM entry {alias} WHERE {Workspace.Is(alias)} AND {alias}.field = {Number(list.Field, sql)} AND {alias}.value{value}"
        );
    }

    string Number(FieldPlan field, SqlText sql) => sql.Value(Cell.Of(names.Find(plan.Collection, field.Name)));

    /// <summary>All are counted a little, then more, until one ends: that costs as much as the shortest is long.</summary>
    void Choose()
    {
        if (isChosen)
            return;
        isChosen = true;
        var few = lists.Where(list => list.Values.Count <= MostArms).ToList();
        walked = few.FirstOrDefault();
        if (few.Count + searches.Count < 2 && walked is not null)
            return;
        var rows = long.MaxValue;
        for (var most = (long)link.MostCandidates; rows == long.MaxValue && few.Count > 0; most *= 8)
            foreach (var list in few)
                if (Count(list, most) is var count && count < most && count < rows)
                    (walked, rows) = (list, count);
        var words = new WordLists(link, plan, ws);
        foreach (var search in searches)
        {
            var (rare, have) = words.Rarest(WordLists.Telling(search), search.Classes, rows);
            if (rare.Count > 0)
                rarest[search] = rare;
            if (rare.Count > 0 && have < rows / Row)
                (walked, found, rows) = (null, search, have);
        }
    }

    /// <summary>How many rows a list has, no more than so many of each value.</summary>
    long Count(Listed list, long most)
    {
        var rows = 0L;
        for (var arm = 0; arm < Math.Max(1, list.Values.Count); arm++)
        {
            var sql = new SqlText(ws).Add("SELECT count(*) FROM (SELECT 1");
            Walk(list, arm, "x", sql);
            using var counted = sql.Add($" LIMIT {sql.Value(Cell.Of(most))})").On(link);
            counted.Step();
            rows += counted.Integer(0);
        }
        return rows;
    }
}
