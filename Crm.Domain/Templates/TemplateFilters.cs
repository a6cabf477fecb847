// The filters of templates: what a place does with its value before it is shown. None makes a text longer than its value by more than a
// fixed factor.

using System.Globalization;

namespace Crm.Domain.Templates;

/// <param name="Name">As it is written behind the bar.</param>
/// <param name="Example">As it is written with its value; null: it takes none.</param>
/// <param name="NeedsArgument">Whether it must have one.</param>
/// <param name="Run">Value, argument ("" for none) and culture.</param>
public sealed record TemplateFilter(
    string Name,
    string Does,
    string? Example,
    bool NeedsArgument,
    Func<object?, string, CultureInfo, object?> Run
)
{
    public bool TakesArgument => Example is not null;

    /// <summary>What is wrong with an argument; null: nothing.</summary>
    public Func<string, string?> Fault { get; init; } = _ => null;
}

public static class TemplateFilters
{
    const int MostCut = 10_000;

    static readonly string[] TimeStyles = ["date", "time", "both"];

    /// <summary>By name, in the order in which they are documented.</summary>
    public static readonly IReadOnlyDictionary<string, TemplateFilter> All = new TemplateFilter[]
    {
        OfText("upper", "in capitals", (text, culture) => text.ToUpper(culture)),
        OfText("lower", "in small letters", (text, culture) => text.ToLower(culture)),
        OfText("capitalize", "the first letter as a capital", Capitalized),
        OfText("line", "on one line: every run of white space is one space", (text, _) => OneLine(text)),
        OfText("encode", "percent-encoded, for the query of an address", (text, _) => Uri.EscapeDataString(text)),
        new("cut", "the first characters", "cut: 40", true, (value, most, _) => Cut(TemplateData.Text(value), Count(most)))
        {
            Fault = value => Count(value) is > 0 and <= MostCut ? null : $"cut takes a whole number from 1 to {MostCut}.",
        },
        new("default", "this where there is no value", "default: \"friend\"", true, (value, other, _) =>
            TemplateData.Is(value) ? value : other
        ),
        new("join", "a list in one line", "join: \", \"", false, (value, between, _) =>
            value is IReadOnlyList<object?> list ? TemplateData.Joined(list, between.Length == 0 ? ", " : between) : value
        ),
        new("count", "how many entries a list has", null, false, (value, _, _) =>
            value is IReadOnlyList<object?> list ? (decimal)list.Count : 0m
        ),
        new("first", "the first entry of a list", null, false, (value, _, _) =>
            value is IReadOnlyList<object?> list ? list.FirstOrDefault() : value
        ),
        new("last", "the last entry of a list", null, false, (value, _, _) =>
            value is IReadOnlyList<object?> list ? list.LastOrDefault() : value
        ),
        new("number", "a number as the language writes it", null, false, Number),
        new("date", "a time as the language writes it: date, time or both", "date: \"date\"", false, Date)
        {
            Fault = value => TimeStyles.Contains(value) ? null : "date takes \"date\", \"time\" or \"both\".",
        },
    }.ToDictionary(filter => filter.Name, StringComparer.Ordinal);

    static TemplateFilter OfText(string name, string does, Func<string, CultureInfo, string> run) =>
        new(name, does, null, false, (value, _, culture) => run(TemplateData.Text(value), culture));

    static string Capitalized(string text, CultureInfo culture)
    {
        if (text.Length == 0)
            return text;
        var first = StringInfo.GetNextTextElementLength(text);
        return string.Concat(text[..first].ToUpper(culture), text.AsSpan(first));
    }

    internal static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    static string Cut(string text, int most) => text.Length <= most ? text : Resources.TextRules.Cut(text, most - 1) + "\u2026";

    static object? Number(object? value, string argument, CultureInfo culture) =>
        value switch
        {
            decimal number => number.ToString("#,0.####", culture),
            string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number.ToString(
                "#,0.####",
                culture
            ),
            _ => value,
        };

    static object? Date(object? value, string style, CultureInfo culture)
    {
        if (
            value is not string { Length: <= 40 } text
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        )
            return value;
        return style switch
        {
            "time" => time.ToString("t", culture),
            "both" => time.ToString("g", culture),
            _ => time.ToString("d", culture),
        };
    }
}
