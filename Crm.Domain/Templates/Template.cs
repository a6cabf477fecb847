// A text with places that data fills in: read once, checked when it is saved, and rendered within bounds whatever stands in it.

using System.Collections.Immutable;

namespace Crm.Domain.Templates;

/// <summary>What a rendered text is: in HTML everything that data says is escaped.</summary>
public enum TemplateKind
{
    Text,
    Html,
}

/// <summary>Where a template cannot be read, and what would be right there.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
public sealed class TemplateException(int line, int column, string message)
    : Exception(FormattableString.Invariant($"Line {line}, column {column}: {message}"))
{
    public int Line => line;
    public int Column => column;
}

/// <summary>Made by <see cref="ParseTemplate"/>. Safe for any number of readers.</summary>
public sealed record Template(TemplateKind Kind, ImmutableArray<TemplateNode> Nodes)
{
    /// <summary>Characters of a template.</summary>
    public const int Longest = 64 * 1024;

    /// <summary>Places, conditions and lists of one template.</summary>
    public const int MostExpressions = 100;

    /// <summary>How deep conditions and lists stand inside each other.</summary>
    public const int Deepest = 8;

    /// <summary>Filters of one place.</summary>
    public const int MostFilters = 5;

    /// <summary>Entries of a list that are shown; the others are left out.</summary>
    public const int MostEntries = 100;

    public static Template Parse(TemplateKind kind, string text) => ParseTemplate.Run(kind, text);
}

public abstract record TemplateNode
{
    /// <summary>What the author wrote, as it is.</summary>
    public sealed record Literal(string Text) : TemplateNode;

    /// <param name="IsAddress">It is the beginning of an attribute's value: an address of another scheme than a mail's links have stays
    /// empty.</param>
    public sealed record Output(TemplateExpression Value, bool IsAddress) : TemplateNode;

    public sealed record If(
        TemplateExpression Value,
        TemplateTest Test,
        string? Word,
        ImmutableArray<TemplateNode> Then,
        ImmutableArray<TemplateNode> Else
    ) : TemplateNode;

    public sealed record Each(TemplateExpression List, string Name, ImmutableArray<TemplateNode> Body, ImmutableArray<TemplateNode> Else)
        : TemplateNode;
}

public enum TemplateTest
{
    HasValue,
    HasNone,
    Is,
    IsNot,
}

/// <param name="Path">Names, from the outermost; empty: it is the literal.</param>
public sealed record TemplateExpression(ImmutableArray<string> Path, string? Literal, ImmutableArray<TemplateFilterCall> Filters);

public sealed record TemplateFilterCall(TemplateFilter Filter, ImmutableArray<string> Arguments);
