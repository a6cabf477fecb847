// What the lines of a report stand for: the counters they are added up from, and the part of their names that tells the lines apart.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

/// <summary>Which part of a counter's subject a line is. The first four stand in this order in the name of what brought people.</summary>
public enum SubjectPart
{
    Link,
    Campaign,
    Affiliate,
    Channel,

    /// <summary>No part: everything is one line.</summary>
    None,

    /// <summary>All of it, in dimensions that have counters of their own.</summary>
    Whole,
}

/// <param name="Kind">The first letter of its counters' names.</param>
/// <param name="Type">Whose ids, without prefix, its values are; null: plain words.</param>
public sealed record Dimension(char Kind, SubjectPart Part, ResourceType? Type)
{
    /// <summary>Letters that begin other counters or stand in the groups of a series.</summary>
    public const string Reserved = "stlca";

    /// <summary>What brought people: links with their campaigns, affiliates and channels. These share their counters.</summary>
    public static Dimension OfSource(SubjectPart part) => new(Subject.Source, part, null);

    /// <inheritdoc cref="OfSource(SubjectPart)"/>
    public static Dimension OfSource<T>(SubjectPart part)
        where T : Resource => new(Subject.Source, part, ResourceType.Of<T>());

    /// <summary>A dimension with counters of its own, whose values are words: no slash at the end, at most 200 characters.</summary>
    /// <param name="kind">A lower case letter that no other dimension has, for ever: it is stored.</param>
    public static Dimension Of(char kind) => new(kind, SubjectPart.Whole, null);

    /// <summary>A dimension with counters of its own, whose values are records.</summary>
    /// <inheritdoc cref="Of(char)"/>
    public static Dimension Of<T>(char kind)
        where T : Resource => new(kind, SubjectPart.Whole, ResourceType.Of<T>());

    /// <summary>The letter that its counters have among the groups of a series; null: those of every source.</summary>
    public char? Group =>
        Part switch
        {
            SubjectPart.Link => 'l',
            SubjectPart.Campaign => 'c',
            SubjectPart.Affiliate => 'a',
            SubjectPart.Whole => Kind,
            _ => null,
        };

    /// <summary>What a record counts for under this value; only for words with counters of their own.</summary>
    public Subject Value(string value) => Subject.OfValue(Kind, value);
}
