// A filter as a condition on one row. Every leaf is true or false, never NULL, so that "not" means the opposite.

using Crm.Domain.Stores;

namespace Crm.Storage.Postgres;

sealed class PostgresFilter(CollectionPlan plan, SqlText sql)
{
    const int DeepestTree = 32;
    const int MostTerms = 2000;
    int terms;

    /// <summary>" FROM ... WHERE ..." of all rows that match.</summary>
    public static void From(CollectionPlan plan, Filter? filter, SqlText sql)
    {
        sql.Add($" FROM {plan.Table} t WHERE {Workspace.Is("t")}");
        if (filter is not null)
            sql.Add(" AND " + new PostgresFilter(plan, sql).Condition(filter));
    }

    public string Condition(Filter filter) => Condition(filter, 0);

    string Condition(Filter filter, int depth)
    {
        if (depth > DeepestTree || ++terms > MostTerms)
            throw new ArgumentException("The filter is too large.");
        return filter switch
        {
            Filter.And and => Join(and.Terms, " AND ", "TRUE", depth),
            Filter.Or or => Join(or.Terms, " OR ", "FALSE", depth),
            Filter.Not not => $"NOT {Condition(not.Term, depth + 1)}",
            Filter.Compare { Comparison: Comparison.Ne } ne => $"NOT {Compare(plan.Field(ne.Field), Comparison.Eq, ne.Value)}",
            Filter.Compare compare => Compare(plan.Field(compare.Field), compare.Comparison, compare.Value),
            Filter.In any => In(plan.Field(any.Field), any.Values),
            Filter.Exists exists => Exists(plan.Field(exists.Field)),
            Filter.Ids ids => $"(t.id >= {sql.Value(Value.Id(ids.From))} AND t.id < {sql.Value(Value.Id(ids.Before))})",
            Filter.Search search => Search(search.Words, search.Classes),
            _ => throw new ArgumentException($"Unknown filter: {filter.GetType().Name}."),
        };
    }

    string Join(IReadOnlyList<Filter> filters, string with, string none, int depth) =>
        filters.Count == 0 ? none : "(" + string.Join(with, filters.Select(term => Condition(term, depth + 1))) + ")";

    string Compare(FieldPlan field, Comparison comparison, Key value)
    {
        CheckKind(field, value, comparison);
        return field.Column is { } column
                // With the test for a value the whole is never NULL, and an index on the column still serves it.
                ? $"(t.{column} IS NOT NULL AND {Of($"t.{column}", comparison, value)})"
            : field.Claimed ? Holder(field, Of("c.value", comparison, value), Entered(comparison, value))
            : Entry(field, Entered(comparison, value));
    }

    public static void CheckKind(FieldPlan field, Key value, Comparison comparison)
    {
        if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
            throw new ArgumentException($"The key '{field.Name}' is compared with a value of the other kind.");
        if (comparison is Comparison.Contains or Comparison.StartsWith && !value.IsText)
            throw new ArgumentException($"'{comparison}' is for text.");
    }

    string Of(string column, Comparison comparison, Key value)
    {
        string Mark() => sql.Value(Value.Of(value));
        return comparison switch
        {
            Comparison.Eq => $"{column} = {Mark()}",
            Comparison.Gt => $"{column} > {Mark()}",
            Comparison.Gte => $"{column} >= {Mark()}",
            Comparison.Lt => $"{column} < {Mark()}",
            Comparison.Lte => $"{column} <= {Mark()}",
            Comparison.Contains => $"position({Mark()} in {column}) > 0",
            Comparison.StartsWith when value.Text!.Length == 0 => "TRUE",
            Comparison.StartsWith => $"({column} >= {Mark()} AND {column} < {sql.Value(Value.After(Value.Text(value.Text!)))})",
            _ => throw new ArgumentException($"No condition for {comparison}."),
        };
    }

    /// <summary>A condition on an entry: on the whole value, and on the head of it that is in the index.</summary>
    string Entered(Comparison comparison, Key value)
    {
        if (!value.IsText)
            return Of("e.n", comparison, value);
        var head = Value.Head(Value.Text(value.Text!));
        var indexed = comparison switch
        {
            Comparison.Eq => $"e.head = {sql.Value(head)}",
            Comparison.Gt or Comparison.Gte => $"e.head >= {sql.Value(head)}",
            Comparison.Lt or Comparison.Lte => $"e.head <= {sql.Value(head)}",
            Comparison.StartsWith when head.Length > 0 => $"e.head >= {sql.Value(head)} AND e.head < {sql.Value(Value.After(head))}",
            _ => "e.head IS NOT NULL",
        };
        return $"{indexed} AND {Of("e.t", comparison, value)}";
    }

    string Entry(FieldPlan field, string condition) =>
        $"EXISTS (SELECT 1 FROM {plan.Entries} e WHERE {Workspace.Is("e")} AND e.field = {sql.Value(field.Name)} AND e.id = t.id AND {condition})";

    /// <summary>A unique key with several values: they are its row's claims, or its entries where it does not claim them.</summary>
    string Holder(FieldPlan field, string claimed, string entered)
    {
        var name = sql.Value(field.Name);
        return "EXISTS (SELECT 1 FROM ("
            + $"SELECT c.id FROM claim c WHERE c.space = {(field.InInstallation ? "0" : "$1")} AND c.collection = {sql.Value(plan.Collection.Name)} AND c.field = {name} AND {Workspace.Is("c")} AND NOT c.apart AND {claimed}"
            + $" UNION ALL SELECT e.id FROM {plan.Entries} e WHERE {Workspace.Is("e")} AND e.field = {name} AND {entered}) h WHERE h.id = t.id)";
    }

    string In(FieldPlan field, IReadOnlyList<Key> keys)
    {
        foreach (var key in keys)
            CheckKind(field, key, Comparison.Eq);
        var texts = keys.Where(key => key.IsText).Select(key => Value.Text(key.Text!)).ToArray();
        var numbers = keys.Where(key => !key.IsText).Select(key => Value.Number(key.Number)).ToArray();
        if (field.Column is { } column)
            return $"(t.{column} IS NOT NULL AND t.{column} = ANY({(field.IsText ? sql.Value(texts) : sql.Value(numbers))}))";
        if (field.Claimed)
            return Holder(
                field,
                $"c.value = ANY({sql.Value(texts)})",
                $"e.head = ANY({sql.Value(Array.ConvertAll(texts, Value.Head))}) AND e.t = ANY({sql.Value(texts)})"
            );
        var conditions = new List<string>();
        if (texts.Length > 0)
            conditions.Add($"e.head = ANY({sql.Value(Array.ConvertAll(texts, Value.Head))}) AND e.t = ANY({sql.Value(texts)})");
        if (numbers.Length > 0)
            conditions.Add($"e.n = ANY({sql.Value(numbers)})");
        return conditions.Count == 0 ? "FALSE" : Entry(field, $"({string.Join(" OR ", conditions.Select(c => $"({c})"))})");
    }

    string Exists(FieldPlan field) =>
        field.Column is { } column ? $"t.{column} IS NOT NULL"
        : field.Claimed ? Holder(field, "TRUE", "e.head IS NOT NULL")
        : Entry(field, "TRUE");

    string Search(IReadOnlyList<string> words, WordClasses classes)
    {
        if (words.Count == 0)
            return "TRUE";
        if (classes == WordClasses.None || words.Any(word => word.Any(c => c < 128 && !char.IsAsciiLetterOrDigit(c))))
            return "FALSE";
        return $"t.words @@ {sql.Value(Words.Query(sql.Ws, words, classes))}::tsquery";
    }
}

/// <summary>
/// Search words as lexemes: the workspace, the class and the word, so that looking for a prefix touches nothing of another workspace or
/// class. A word of several classes is there once for each.
/// </summary>
static class Words
{
    static readonly (WordClasses Class, char Letter)[] Letters =
    [
        (WordClasses.Open, 'x'),
        (WordClasses.Contact, 'y'),
        (WordClasses.Sensitive, 'z'),
    ];

    static string Prefix(long ws, char letter) => ws.ToString("x", System.Globalization.CultureInfo.InvariantCulture) + letter;

    /// <summary>Each word begins a lexeme of one of the classes.</summary>
    public static string Query(long ws, IReadOnlyList<string> words, WordClasses classes) =>
        string.Join(
            " & ",
            words.Select(word =>
                "("
                + string.Join(" | ", Letters.Where(one => (one.Class & classes) != 0).Select(one => $"'{Prefix(ws, one.Letter)}{word}':*"))
                + ")"
            )
        );

    /// <summary>All of them with a blank between each two: no word has one in it.</summary>
    public static string Of(long ws, IReadOnlyList<Word> words)
    {
        if (words.Count == 0)
            return "";
        var (prefixes, text) = (Array.ConvertAll(Letters, one => Prefix(ws, one.Letter)), new System.Text.StringBuilder(words.Count * 16));
        foreach (var (word, classes) in words)
            for (var i = 0; i < Letters.Length; i++)
                if ((Letters[i].Class & classes) != 0)
                    text.Append(text.Length == 0 ? "" : " ").Append(prefixes[i]).Append(word);
        return text.ToString();
    }
}
