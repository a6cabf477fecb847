// Whether one document meets a filter, for records that are already in hand: the same answer as the store's query gives.

using System.Text;

namespace Crm.Domain.Stores;

public static class FilterMatch
{
    public static bool Matches(this Filter filter, Document document) =>
        filter switch
        {
            Filter.And and => and.Terms.All(term => term.Matches(document)),
            Filter.Or or => or.Terms.Any(term => term.Matches(document)),
            Filter.Not not => !not.Term.Matches(document),
            Filter.Compare { Comparison: Comparison.Ne } other => !Any(document, other.Field, key => key == other.Value),
            Filter.Compare compare => Any(document, compare.Field, key => Meets(key, compare.Comparison, compare.Value)),
            Filter.In any => Any(document, any.Field, any.Values.Contains),
            Filter.Exists exists => Any(document, exists.Field, _ => true),
            Filter.Ids ids => document.Id.CompareTo(ids.From) >= 0 && document.Id.CompareTo(ids.Before) < 0,
            Filter.Search search => search.Words.All(word =>
                document.Words.Any(own => (own.Classes & search.Classes) != 0 && own.Text.StartsWith(word, StringComparison.Ordinal))
            ),
            _ => throw new ArgumentException($"There is no filter {filter.GetType().Name}.", nameof(filter)),
        };

    static bool Any(Document document, string field, Func<Key, bool> meets)
    {
        foreach (var (name, key) in document.Keys)
            if (name == field && meets(key))
                return true;
        return false;
    }

    static bool Meets(Key key, Comparison comparison, Key value)
    {
        if (key.IsText != value.IsText)
            return false;
        switch (comparison)
        {
            case Comparison.Contains:
                return key.Text!.Contains(value.Text!, StringComparison.Ordinal);
            case Comparison.StartsWith:
                return key.Text!.StartsWith(value.Text!, StringComparison.Ordinal);
        }
        // By the bytes of UTF-8, as stores compare: UTF-16 has another order beyond the first 65,536 characters.
        var order = key.IsText
            ? Encoding.UTF8.GetBytes(key.Text!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(value.Text!))
            : key.Number.CompareTo(value.Number);
        return comparison switch
        {
            Comparison.Eq => order == 0,
            Comparison.Gt => order > 0,
            Comparison.Gte => order >= 0,
            Comparison.Lt => order < 0,
            _ => order <= 0,
        };
    }
}
