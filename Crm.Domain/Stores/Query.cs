// What can be asked of a collection: a filter tree over keys, a sort, a position and a limit.

namespace Crm.Domain.Stores;

/// <summary>A page of a collection in a total order.</summary>
/// <param name="Sort">Declared or <c>custom.*</c> keys that are not <see cref="KeyField.Many"/>; at most 3. Empty: by id.</param>
/// <param name="IdDescending">The direction of the id, which decides between equal sort keys.</param>
/// <param name="After">The position of the last row of the page before; null for the first page.</param>
/// <param name="Limit">1 to 500.</param>
public sealed record Query(Collection Collection, Filter? Filter, IReadOnlyList<Sort> Sort, bool IdDescending, Position? After, int Limit)
{
    /// <summary>What every page ends at unless something else is asked for: 8 MiB with what stands around the rows.</summary>
    public const int UsualBytes = 8 * 1024 * 1024 - 4096;

    /// <summary>The page ends before the row with which its bytes would be more, but has at least one row. Rows behind that are not in
    /// memory.</summary>
    public long MostBytes { get; init; } = UsualBytes;
}

public readonly record struct Sort(string Field, bool Descending);

/// <summary>Where a row stands in an order: its sort keys (null: missing) and its id.</summary>
public sealed record Position(IReadOnlyList<Key?> Keys, Id Id);

/// <summary>A condition on a document's keys. A missing key never matches a comparison, except <c>Ne</c> and <c>Nin</c>, which are the
/// exact opposites of <c>Eq</c> and <c>In</c>.</summary>
public abstract record Filter
{
    /// <summary>All of them. Empty: always true.</summary>
    public sealed record And(IReadOnlyList<Filter> Terms) : Filter;

    /// <summary>Any of them. Empty: never true.</summary>
    public sealed record Or(IReadOnlyList<Filter> Terms) : Filter;

    public sealed record Not(Filter Term) : Filter;

    /// <summary>One key against a value; the value's kind is the key's. <c>Contains</c> and <c>StartsWith</c> are for text and take every
    /// character literally.</summary>
    public sealed record Compare(string Field, Comparison Comparison, Key Value) : Filter;

    /// <summary>The key is one of these; at most 500.</summary>
    public sealed record In(string Field, IReadOnlyList<Key> Values) : Filter;

    /// <summary>The key has a value.</summary>
    public sealed record Exists(string Field) : Filter;

    /// <summary>The id lies in [From, Before): how creation times are compared.</summary>
    public sealed record Ids(Id From, Id Before) : Filter;

    /// <summary>
    /// Each of these words begins one of the document's search words that has one of these classes. What is in other classes shows neither
    /// in what is found nor in what finding it costs.
    /// No words: always true.
    /// </summary>
    public sealed record Search(IReadOnlyList<string> Words, WordClasses Classes = WordClasses.All) : Filter;
}

public enum Comparison
{
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    Contains,
    StartsWith,
}
