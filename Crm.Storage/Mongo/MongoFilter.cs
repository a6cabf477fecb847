// A filter as a condition for the server, and the same filter asked of one document for what a server cannot be asked.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// Writes a condition that every match meets. "Contains" has none (a regular expression would be the only one, and it takes no NUL), and
/// a range over several values has no opposite: there the condition is true for all, and <see cref="Exact"/> says that the answers must be
/// looked through.
/// </summary>
sealed class MongoFilter(MongoPlan plan, long ws)
{
    const int DeepestTree = 32;
    const int MostTerms = 2000;
    int terms;

    /// <summary>Whether the condition is met by matches only.</summary>
    public bool Exact { get; private set; } = true;

    /// <summary>Writes the workspace and the filter as fields of an open document.</summary>
    public MongoFilter Write(BsonWriter into, Filter? filter)
    {
        into.Is(ws);
        if (filter is null)
            return this;
        into.Array("$and");
        Term(into, filter, negated: false, 0);
        into.Close();
        return this;
    }

    /// <summary>Each term is one document of the array that is open.</summary>
    void Term(BsonWriter into, Filter filter, bool negated, int depth)
    {
        if (depth > DeepestTree || ++terms > MostTerms)
            throw new ArgumentException("The filter is too large.");
        switch (filter)
        {
            case Filter.And and:
                Join(into, and.Terms, all: !negated, negated, depth);
                break;
            case Filter.Or or:
                Join(into, or.Terms, all: negated, negated, depth);
                break;
            case Filter.Not not:
                Term(into, not.Term, !negated, depth + 1);
                break;
            case Filter.Compare { Comparison: Comparison.Ne } ne:
                Leaf(into, new Filter.Compare(ne.Field, Comparison.Eq, ne.Value), !negated);
                break;
            default:
                Leaf(into, filter, negated);
                break;
        }
    }

    void Join(BsonWriter into, IReadOnlyList<Filter> filters, bool all, bool negated, int depth)
    {
        if (filters.Count == 0)
        {
            _ = all ? Always(into) : Never(into);
            return;
        }
        into.Document(null).Array(all ? "$and" : "$or");
        foreach (var term in filters)
            Term(into, term, negated, depth + 1);
        into.Close().Close();
    }

    static BsonWriter Always(BsonWriter into) => into.Document(null).Close();

    static BsonWriter Never(BsonWriter into) => into.Document(null).Document("_id").Array("$in").Close().Close().Close();

    void Widen(BsonWriter into)
    {
        Exact = false;
        Always(into);
    }

    void Leaf(BsonWriter into, Filter filter, bool negated)
    {
        switch (filter)
        {
            case Filter.Compare compare:
                Compare(into, plan.Field(compare.Field), compare.Comparison, compare.Value, negated);
                break;
            case Filter.In any:
                In(into, plan.Field(any.Field), any.Values, negated);
                break;
            case Filter.Exists exists:
                into.Document(null).Document(plan.Field(exists.Field).Path).Bool("$exists", !negated).Close().Close();
                break;
            case Filter.Ids ids when !negated:
                into.Document(null)
                    .Document("_id")
                    .Text("$gte", MongoPlan.RowId(ws, ids.From))
                    .Text("$lt", MongoPlan.RowId(ws, ids.Before))
                    .Close()
                    .Close();
                break;
            case Filter.Ids ids:
                into.Document(null).Array("$or");
                into.Document(null).Document("_id").Text("$lt", MongoPlan.RowId(ws, ids.From)).Close().Close();
                into.Document(null).Document("_id").Text("$gte", MongoPlan.RowId(ws, ids.Before)).Close().Close();
                into.Close().Close();
                break;
            case Filter.Search search:
                Search(into, search, negated);
                break;
            default:
                throw new ArgumentException($"Unknown filter: {filter.GetType().Name}.");
        }
    }

    void Compare(BsonWriter into, FieldPlan field, Comparison comparison, Key value, bool negated)
    {
        CheckKind(field, value, comparison);
        if (comparison == Comparison.Contains || negated && comparison != Comparison.Eq)
        {
            Widen(into);
            return;
        }
        into.Document(null).Document(field.Custom ? "e" : field.Path);
        if (comparison == Comparison.Eq)
        {
            var equal = negated ? "$ne" : "$eq";
            _ = field.Custom ? into.Text(equal, MongoPlan.Entry(field, value)) : into.Key(equal, value);
        }
        else
        {
            var several = field.Custom || field.Many;
            if (several)
                into.Document("$elemMatch"); // Both bounds on the same value.
            Range(into, field, comparison, value);
            if (several)
                into.Close();
        }
        into.Close().Close();
    }

    /// <summary>A server compares values of one type with each other only; the texts of "e" say their type themselves, so there the range
    /// has both ends.</summary>
    static void Range(BsonWriter into, FieldPlan field, Comparison comparison, Key value)
    {
        var kind = value.IsText ? "t" : "n";
        (Key? low, bool lowOpen, Key? high, bool highOpen) = comparison switch
        {
            Comparison.Gt => ((Key?)value, true, (Key?)null, false),
            Comparison.Gte => (value, false, null, false),
            Comparison.Lt => (null, false, value, true),
            Comparison.Lte => (null, false, value, false),
            Comparison.StartsWith => (value, false, After(value.Text!) is { } after ? Key.Of(after) : (Key?)null, true),
            _ => throw new ArgumentException($"No condition for {comparison}."),
        };
        if (!field.Custom)
        {
            if (low is { } from)
                into.Key(lowOpen ? "$gt" : "$gte", from);
            if (high is { } to)
                into.Key(highOpen ? "$lt" : "$lte", to);
            return;
        }
        var head = MongoPlan.EntryHead(field) + kind;
        into.Text(lowOpen ? "$gt" : "$gte", low is { } first ? MongoPlan.Entry(field, first) : head);
        if (high is { } last)
            into.Text(highOpen ? "$lt" : "$lte", MongoPlan.Entry(field, last));
        else
            into.Text("$lt", After(head)!);
    }

    public static void CheckKind(FieldPlan field, Key value, Comparison comparison)
    {
        if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
            throw new ArgumentException($"The key '{field.Name}' is compared with a value of the other kind.");
        if (comparison is Comparison.Contains or Comparison.StartsWith && !value.IsText)
            throw new ArgumentException($"'{comparison}' is for text.");
    }

    static void In(BsonWriter into, FieldPlan field, IReadOnlyList<Key> values, bool negated)
    {
        foreach (var value in values)
            CheckKind(field, value, Comparison.Eq);
        into.Document(null).Document(field.Custom ? "e" : field.Path).Array(negated ? "$nin" : "$in");
        foreach (var value in values)
            _ = field.Custom ? into.Text(null, MongoPlan.Entry(field, value)) : into.Key(null, value);
        into.Close().Close().Close();
    }

    void Search(BsonWriter into, Filter.Search search, bool negated)
    {
        if (negated)
        {
            Widen(into);
            return;
        }
        if (search.Words.Count == 0)
        {
            Always(into);
            return;
        }
        var letters = Letters(search);
        if (letters.Count == 0)
        {
            Never(into);
            return;
        }
        into.Document(null).Array("$and");
        foreach (var word in search.Words)
        {
            // With the workspace in each: then each walks the index of words.
            into.Document(null).Array("$or");
            foreach (var letter in letters)
                into.Document(null)
                    .Is(ws)
                    .Document("s")
                    .Document("$elemMatch")
                    .Text("$gte", letter + word)
                    .Text("$lt", After(letter + word)!)
                    .Close()
                    .Close()
                    .Close();
            into.Close().Close();
        }
        into.Close().Close();
    }

    static List<string> Letters(Filter.Search search) =>
        [.. MongoPlan.Letters.Where(one => (one.Class & search.Classes) != 0).Select(one => one.Letter)];

    /// <summary>The smallest text above all that start like this, in the order of UTF-8's bytes, which is that of the code points; null
    /// when there is none.</summary>
    public static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0 && runes[^1].Value == 0x10FFFF)
            runes.RemoveAt(runes.Count - 1);
        if (runes.Count == 0)
            return null;
        runes[^1] = new(runes[^1].Value == 0xD7FF ? 0xE000 : runes[^1].Value + 1);
        return string.Concat(runes);
    }

    /// <summary>Whether a document matches, from its stored keys and words.</summary>
    public bool Matches(ReadOnlySpan<byte> document, Filter? filter)
    {
        if (filter is null || Exact)
            return true;
        ReadOnlySpan<byte> keys = default,
            words = default,
            id = default;
        for (var fields = new BsonReader(document); fields.Next(); )
            if (fields.Is("_id"u8))
                id = fields.Bytes;
            else if (fields.Is("k"u8))
                keys = fields.Whole;
            else if (fields.Is("s"u8))
                words = fields.Whole;
        return Matches(filter, id, keys, words);
    }

    bool Matches(Filter filter, ReadOnlySpan<byte> id, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> words)
    {
        switch (filter)
        {
            case Filter.And and:
                foreach (var term in and.Terms)
                    if (!Matches(term, id, keys, words))
                        return false;
                return true;
            case Filter.Or or:
                foreach (var term in or.Terms)
                    if (Matches(term, id, keys, words))
                        return true;
                return false;
            case Filter.Not not:
                return !Matches(not.Term, id, keys, words);
            case Filter.Compare { Comparison: Comparison.Ne } ne:
                return !Any(keys, plan.Field(ne.Field), Comparison.Eq, ne.Value);
            case Filter.Compare compare:
                return Any(keys, plan.Field(compare.Field), compare.Comparison, compare.Value);
            case Filter.In any:
                foreach (var value in any.Values)
                    if (Any(keys, plan.Field(any.Field), Comparison.Eq, value))
                        return true;
                return false;
            case Filter.Exists exists:
                return Any(keys, plan.Field(exists.Field), null, default);
            case Filter.Ids ids:
                var row = MongoPlan.IdOf(id);
                return row.CompareTo(ids.From) >= 0 && row.CompareTo(ids.Before) < 0;
            case Filter.Search search:
                foreach (var word in search.Words)
                    if (!BeginsOne(words, word, search))
                        return false;
                return true;
            default:
                throw new ArgumentException($"Unknown filter: {filter.GetType().Name}.");
        }
    }

    /// <param name="comparison">Null: any value will do.</param>
    static bool Any(ReadOnlySpan<byte> keys, FieldPlan field, Comparison? comparison, Key with)
    {
        var name = Encoding.UTF8.GetBytes(field.Leaf);
        for (var fields = new BsonReader(keys); fields.Next(); )
        {
            if (!fields.Is(name))
                continue;
            if (comparison is not { } asked)
                return true;
            if (fields.Type != BsonType.Array)
                return Meets(fields, asked, with);
            for (var values = fields.Document; values.Next(); )
                if (Meets(values, asked, with))
                    return true;
            return false;
        }
        return false;
    }

    static bool Meets(in BsonReader value, Comparison comparison, Key with)
    {
        if (value.Type == BsonType.Text != with.IsText)
            return false;
        int order;
        if (with.Text is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (comparison == Comparison.Contains)
                return value.Bytes.IndexOf(bytes) >= 0;
            if (comparison == Comparison.StartsWith)
                return value.Bytes.StartsWith(bytes);
            order = value.Bytes.SequenceCompareTo(bytes);
        }
        else
            order = value.Double.CompareTo(with.Number == 0 ? 0 : with.Number);
        return comparison switch
        {
            Comparison.Eq => order == 0,
            Comparison.Gt => order > 0,
            Comparison.Gte => order >= 0,
            Comparison.Lt => order < 0,
            _ => order <= 0,
        };
    }

    static bool BeginsOne(ReadOnlySpan<byte> words, string word, Filter.Search search)
    {
        if (words.IsEmpty)
            return false;
        foreach (var letter in Letters(search))
        {
            var prefix = Encoding.UTF8.GetBytes(letter + word);
            for (var own = new BsonReader(words); own.Next(); )
                if (own.Bytes.StartsWith(prefix))
                    return true;
        }
        return false;
    }
}
