// Before a collection is walked in order: is there a part of the filter that only few rows meet? Then only those are read.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// A page walks an index in the order of the sort and drops what does not match. That is quick when many rows match and endless when few
/// do;
/// few are found by the filter's own indexes. Which of the two it is cannot be known beforehand, so both are tried, the cheaper attempt
/// first.
/// </summary>
sealed class SqliteCandidates
{
    readonly SqliteLink link;
    readonly CollectionPlan plan;
    readonly Names names;
    readonly long ws;
    readonly int most;
    readonly int dearest;

    SqliteCandidates(SqliteLink link, CollectionPlan plan, Names names, long ws, int most, int dearest) =>
        (this.link, this.plan, this.names, this.ws, this.most, this.dearest) = (link, plan, names, ws, most, dearest);

    /// <summary>Runs a read among few candidates, or as a walk (null): a handful by exact value, a short walk, thousands by any index, what
    /// several indexes have in common, the whole walk.</summary>
    /// <param name="common">Reads what the lists of several conditions have in common; null: only whether that is little is asked.</param>
    public static T Choose<T>(
        SqliteLink link,
        CollectionPlan plan,
        Names names,
        long ws,
        Filter? filter,
        Func<HashSet<long>?, T> read,
        Func<SqliteLists, T>? common = null
    )
    {
        if (filter is null)
            return read(null);
        if (new SqliteCandidates(link, plan, names, ws, Math.Min(200, link.MostCandidates), ByExactValue).Find(filter) is { } few)
            return read(few);
        if (link.WalkFirst && link.Briefly(() => read(null), out var result))
            return result;
        if (new SqliteCandidates(link, plan, names, ws, link.MostCandidates, int.MaxValue).Find(filter) is { } found)
            return read(found);
        var lists = SqliteLists.Of(link, plan, names, ws, filter);
        return lists is null ? read(null)
            : common is not null ? common(lists)
            : read(lists.Few(link.MostCandidates));
    }

    /// <summary>The numbers of rows among which all matches are; null when no part of the filter finds them or they are too many.</summary>
    HashSet<long>? Find(Filter filter, int depth = 0)
    {
        if (depth > 32)
            throw new ArgumentException("The filter is too large.");
        if (Cost(filter) > dearest)
            return null;
        switch (filter)
        {
            case Filter.And and:
                foreach (var term in and.Terms.Where(term => Cost(term) <= dearest).OrderBy(Cost))
                    if (Find(term, depth + 1) is { } found)
                        return found;
                return null;
            case Filter.Or or:
                var all = new HashSet<long>();
                foreach (var term in or.Terms)
                {
                    if (Find(term, depth + 1) is not { } some)
                        return null;
                    all.UnionWith(some);
                    if (all.Count > most)
                        return null;
                }
                return all;
            case Filter.Compare { Comparison: not Comparison.Ne } compare:
                var field = plan.Field(compare.Field);
                SqliteFilter.CheckKind(field, compare.Value, compare.Comparison);
                return OfField(field, (column, sql) => SqliteFilter.OnColumn(column, compare.Comparison, compare.Value, sql, field.Custom));
            case Filter.In any:
                return any.Values.Count == 0
                    ? []
                    : OfField(plan.Field(any.Field), (column, sql) => $"{column} IN ({SqliteFilter.Marks(any.Values, sql)})");
            case Filter.Ids ids:
                var range = new SqlText(ws);
                return Rows(
                    range.Add(
                        $"SELECT t.seq FROM {plan.Table} t INDEXED BY {plan.IdIndex} WHERE {Workspace.Is("t")} AND t.id >= {range.Value(Cell.Of(ids.From))} AND t.id < {range.Value(Cell.Of(ids.Before))} LIMIT {most + 1}"
                    ),
                    []
                );
            case Filter.Search search:
                return OfWords(search.Words, search.Classes);
            default:
                return null;
        }
    }

    /// <summary>Exact values first; what has to read every value of a field last.</summary>
    const int ByExactValue = 1;

    static int Cost(Filter filter) =>
        filter switch
        {
            Filter.And => 0,
            Filter.Compare { Comparison: Comparison.Eq } => 0,
            Filter.In => 1,
            Filter.Compare { Comparison: Comparison.StartsWith } => 2,
            Filter.Search => 3,
            Filter.Compare { Comparison: Comparison.Contains } => 6,
            Filter.Or => 5,
            _ => 4,
        };

    HashSet<long>? OfField(FieldPlan field, Func<string, SqlText, string> condition)
    {
        var sql = new SqlText(ws);
        if (field.Claimed)
            // Those who do not claim the value are among the entries.
            sql.Add(
                $"SELECT c.seq FROM claim c WHERE c.space = {sql.Value(Cell.Of(field.Installation ? 0 : ws))} AND c.field = {Number(field, sql)} AND {Workspace.Is("c")} AND {condition("c.value", sql)} UNION ALL {Entries(field, condition, sql)}"
            );
        else if (field.Entered)
            sql.Add(Entries(field, condition, sql));
        else if (field.Index is not null)
            sql.Add(
                $"SELECT t.seq FROM {plan.Table} t INDEXED BY {field.Index} WHERE {Workspace.Is("t")} AND {condition("t." + field.Column, sql)}"
            );
        else
            return null;
        return Rows(sql.Add($" LIMIT {most + 1}"), []);
    }

    string Entries(FieldPlan field, Func<string, SqlText, string> condition, SqlText sql) =>
        $"SELECT e.seq FROM entry e WHERE {Workspace.Is("e")} AND e.field = {Number(field, sql)} AND {condition("e.value", sql)}";

    string Number(FieldPlan field, SqlText sql) => sql.Value(Cell.Of(names.Find(plan.Collection, field.Name)));

    HashSet<long>? OfWords(IReadOnlyList<string> words, WordClasses classes)
    {
        if (!words.All(SqliteSearch.IsWord) || classes == WordClasses.None && words.Count > 0)
            return [];
        var telling = WordLists.Telling(new(words, classes));
        if (!plan.Collection.Searchable || telling.Count == 0)
            return null;
        var lists = new WordLists(link, plan, ws);
        var found = lists.Few(telling, classes, most);
        if (found is null && telling.Count > 1 && lists.Rarest(telling, classes, long.MaxValue).Words is { Count: > 1 } rarest)
            found = Proposed(rarest, classes);
        if (found is null)
            return null;
        // What the index does not know yet is proposed unseen.
        var searched = link.First("SELECT value FROM meta WHERE name = ?1", Cell.Text("searched:" + plan.Collection.Name)).ToKey()?.Text
            ?? "0";
        var tail = new SqlText(ws);
        tail.Add(
            $"SELECT t.seq FROM {plan.Table} t WHERE t.seq > {tail.Value(Cell.Of(long.Parse(searched, CultureInfo.InvariantCulture)))} AND +{Workspace.Is("t")}"
        );
        tail.Add(" AND " + SqliteSearch.Condition(new(telling, classes), tail));
        found = Rows(tail, found);
        if (found is null)
            return null;
        var waiting = new SqlText(ws);
        return Rows(
            waiting.Add(
                $"SELECT p.seq FROM search_pending p WHERE ?1 IS NOT NULL AND p.field = {waiting.Value(Cell.Of(names.Find(plan.Collection, SqliteSearch.Field)))}"
            ),
            found
        );
    }

    HashSet<long>? Proposed(IReadOnlyList<string> words, WordClasses classes)
    {
        var match = new SqlText(ws);
        return Rows(
            match.Add(
                $"SELECT rowid FROM {plan.Search} WHERE ?1 IS NOT NULL AND {plan.Search} MATCH {match.Value(Cell.Text(SqliteSearch.Match(ws, words, classes)))} LIMIT {most + 1}"
            ),
            []
        );
    }

    /// <summary>Twice as many as asked for at most: what the search index does not know yet comes on top.</summary>
    HashSet<long>? Rows(SqlText sql, HashSet<long> into)
    {
        var before = into.Count;
        using var rows = sql.On(link);
        while (rows.Step())
            if (into.Add(rows.Integer(0)) && into.Count > before + most)
                return null;
        return into;
    }

    /// <summary>The condition that a row is one of these.</summary>
    public static string Among(HashSet<long> rows, SqlText sql) =>
        $"t.seq IN (SELECT value FROM json_each({sql.Value(Cell.Text("[" + string.Join(',', rows) + "]"))}))";
}
