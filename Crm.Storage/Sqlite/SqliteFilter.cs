// A filter as a condition on one row. Every leaf is true or false, never NULL, so that "not" means the opposite.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <param name="plain">Whether SQLite may choose an index for a column. Where we chose the order ourselves it may not: it would
/// sort.</param>
sealed class SqliteFilter(CollectionPlan plan, SqlText sql, bool plain)
{
    const int DeepestTree = 32;
    const int MostTerms = 2000;
    int terms;

    public string Condition(Filter filter) => Condition(filter, negated: false, 0);

    string Condition(Filter filter, bool negated, int depth)
    {
        if (depth > DeepestTree || ++terms > MostTerms)
            throw new ArgumentException("The filter is too large.");
        return filter switch
        {
            Filter.And and => Join(and.Terms, negated ? " OR " : " AND ", negated, depth),
            Filter.Or or => Join(or.Terms, negated ? " AND " : " OR ", negated, depth),
            Filter.Not not => Condition(not.Term, !negated, depth + 1),
            Filter.Compare { Comparison: Comparison.Ne } ne => Leaf(new Filter.Compare(ne.Field, Comparison.Eq, ne.Value), !negated),
            _ => Leaf(filter, negated),
        };
    }

    /// <summary>No terms: all of nothing is true, any of nothing is false, and negated the other way round.</summary>
    string Join(IReadOnlyList<Filter> filters, string with, bool negated, int depth) =>
        filters.Count == 0
            ? with == " AND "
                ? "1"
                : "0"
            : "(" + string.Join(with, filters.Select(term => Condition(term, negated, depth + 1))) + ")";

    string Leaf(Filter filter, bool negated)
    {
        var condition = filter switch
        {
            Filter.Compare compare => Compare(plan.Field(compare.Field), compare.Comparison, compare.Value),
            Filter.In { Values.Count: 0 } => "0",
            Filter.In any => In(plan.Field(any.Field), any.Values),
            Filter.Exists exists => Exists(plan.Field(exists.Field)),
            Filter.Ids ids => $"({Column("id")} >= {sql.Value(Cell.Of(ids.From))} AND {Column("id")} < {sql.Value(Cell.Of(ids.Before))})",
            Filter.Search search => SqliteSearch.Condition(search, sql),
            _ => throw new ArgumentException($"Unknown filter: {filter.GetType().Name}."),
        };
        return negated ? $"coalesce({condition}, 0) = 0" : condition;
    }

    string Column(string name) => plain ? "t." + name : "+t." + name;

    string Compare(FieldPlan field, Comparison comparison, Key value)
    {
        CheckKind(field, value, comparison);
        if (field.Column is not null)
            return OnColumn(Column(field.Column), comparison, value, sql, field.Custom);
        if (comparison == Comparison.Eq)
            return $"instr({SqliteAnnotations.Many(field, sql)}, {sql.Value(Cell.Blob(KeyBytes.Item(field.Place!.Value, field.Name, value)))}) > 0";
        var match = comparison switch
        {
            Comparison.Gt => KeyBytes.Match.Gt,
            Comparison.Gte => KeyBytes.Match.Gte,
            Comparison.Lt => KeyBytes.Match.Lt,
            Comparison.Lte => KeyBytes.Match.Lte,
            Comparison.Contains => KeyBytes.Match.Contains,
            _ => KeyBytes.Match.StartsWith,
        };
        return $"crm_any({SqliteAnnotations.Many(field, sql)}, {Head(field)}, {(int)match}, {sql.Value(Cell.Of(value))})";
    }

    public static void CheckKind(FieldPlan field, Key value, Comparison comparison)
    {
        if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
            throw new ArgumentException($"The key '{field.Name}' is compared with a value of the other kind.");
        if (comparison is Comparison.Contains or Comparison.StartsWith && !value.IsText)
            throw new ArgumentException($"'{comparison}' is for text.");
    }

    /// <summary>A comparison of a column, or of an entry's or a claim's value. <paramref name="mixed"/>: texts and numbers stand in it side
    /// by side.</summary>
    public static string OnColumn(string column, Comparison comparison, Key value, SqlText sql, bool mixed)
    {
        string Mark() => sql.Value(Cell.Of(value));
        return comparison switch
        {
            Comparison.Eq => $"{column} = {Mark()}",
            // Numbers sort before all texts: a comparison must not run over into the other kind.
            Comparison.Gt => mixed && !value.IsText ? $"({column} > {Mark()} AND {column} < '')" : $"{column} > {Mark()}",
            Comparison.Gte => mixed && !value.IsText ? $"({column} >= {Mark()} AND {column} < '')" : $"{column} >= {Mark()}",
            Comparison.Lt => mixed && value.IsText ? $"({column} < {Mark()} AND {column} >= '')" : $"{column} < {Mark()}",
            Comparison.Lte => mixed && value.IsText ? $"({column} <= {Mark()} AND {column} >= '')" : $"{column} <= {Mark()}",
            Comparison.Contains => mixed
                ? $"(typeof({column}) = 'text' AND instr({column}, {Mark()}) > 0)"
                : $"instr({column}, {Mark()}) > 0",
            Comparison.StartsWith => value.Text!.Length == 0
                ? $"{column} >= ''"
                : $"({column} >= {Mark()} AND {column} < {sql.Value(Cell.Text(After(value.Text)))})",
            _ => throw new ArgumentException($"No condition for {comparison}."),
        };
    }

    /// <summary>The smallest bytes above all texts that start like this: no byte of UTF-8 is 255, so the last one can always
    /// grow.</summary>
    public static byte[] After(string prefix)
    {
        var bytes = Encoding.UTF8.GetBytes(prefix);
        bytes[^1]++;
        return bytes;
    }

    string In(FieldPlan field, IReadOnlyList<Key> keys)
    {
        foreach (var key in keys)
            CheckKind(field, key, Comparison.Eq);
        if (field.Column is not null)
            return $"{Column(field.Column)} IN ({Marks(keys, sql)})";
        var packed = new List<byte>();
        foreach (var key in keys)
            KeyBytes.Append(packed, field.Place!.Value, field.Name, key);
        return $"crm_any({SqliteAnnotations.Many(field, sql)}, {Head(field)}, {(int)KeyBytes.Match.In}, {sql.Value(Cell.Blob([.. packed]))})";
    }

    /// <summary>As many marks as the next power of two, the last value repeated: few different texts, so few statements to keep.</summary>
    public static string Marks(IReadOnlyList<Key> keys, SqlText sql)
    {
        var count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys.Count);
        return string.Join(", ", Enumerable.Range(0, count).Select(i => sql.Value(Cell.Of(keys[Math.Min(i, keys.Count - 1)]))));
    }

    string Exists(FieldPlan field) => field.Column is not null ? $"{Column(field.Column)} IS NOT NULL" : Has(field, sql);

    public static string Has(FieldPlan field, SqlText sql) =>
        $"instr({SqliteAnnotations.Many(field, sql)}, {sql.Value(Cell.Blob(KeyBytes.Head(field.Place!.Value, field.Name)))}) > 0";

    string Head(FieldPlan field) => sql.Value(Cell.Blob(KeyBytes.Head(field.Place!.Value, field.Name)));
}
