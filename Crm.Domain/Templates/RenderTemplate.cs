// Fills a template in: every step and every character is counted, and at a bound it stops where it is instead of going on.

using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Crm.Domain.Templates;

/// <param name="Text">What was made.</param>
/// <param name="IsCut">A bound was reached: what would follow is missing.</param>
/// <param name="Work">Steps that it took; at most <see cref="RenderTemplate.MostWork"/>.</param>
public sealed record Rendered(string Text, bool IsCut, int Work);

public sealed class RenderTemplate
{
    /// <summary>Bytes of UTF-8 that come out.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>Steps: one for each node and name, one for every 16 characters that a filter takes or makes, and one for every 64 that are
    /// written.</summary>
    public const int MostWork = 20_000;

    /// <summary>Characters of one value that are looked at.</summary>
    public const int LongestValue = 32 * 1024;

    readonly TemplateKind kind;
    readonly CultureInfo culture;
    readonly List<(string Name, object? Value)> scope = [];
    readonly StringBuilder output = new();
    int bytes,
        work;
    bool isCut;

    RenderTemplate(TemplateKind kind, CultureInfo culture) => (this.kind, this.culture) = (kind, culture);

    /// <summary>Never throws.</summary>
    /// <param name="language">A tag, for filters that write numbers and times.</param>
    public static Rendered Run(Template template, IReadOnlyDictionary<string, object?> data, string language)
    {
        var render = new RenderTemplate(template.Kind, CultureOf(language));
        foreach (var (name, value) in data)
            render.scope.Add((name, value));
        render.Add(template.Nodes);
        return new(render.output.ToString(), render.isCut, render.work);
    }

    static CultureInfo CultureOf(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    void Add(ImmutableArray<TemplateNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (!Spend(1))
                return;
            switch (node)
            {
                case TemplateNode.Literal literal:
                    Write(literal.Text);
                    break;
                case TemplateNode.Output place:
                    Write(Shown(place));
                    break;
                case TemplateNode.If condition:
                    Add(Holds(condition) ? condition.Then : condition.Else);
                    break;
                case TemplateNode.Each each:
                    AddEach(each);
                    break;
            }
        }
    }

    void AddEach(TemplateNode.Each each)
    {
        if (ValueOf(each.List) is not IReadOnlyList<object?> { Count: > 0 } list)
        {
            Add(each.Else);
            return;
        }
        for (var i = 0; i < list.Count && i < Template.MostEntries && !isCut; i++)
        {
            scope.Add((each.Name, list[i]));
            Add(each.Body);
            scope.RemoveAt(scope.Count - 1);
        }
    }

    bool Holds(TemplateNode.If condition)
    {
        var value = ValueOf(condition.Value);
        Spend(CostOf(value));
        return condition.Test switch
        {
            TemplateTest.HasValue => TemplateData.Is(value),
            TemplateTest.HasNone => !TemplateData.Is(value),
            TemplateTest.Is => Equal(value, condition.Word!),
            _ => !Equal(value, condition.Word!),
        };
    }

    /// <summary>A list is what one of its entries is.</summary>
    static bool Equal(object? value, string word) =>
        value is IReadOnlyList<object?> list
            ? list.Take(Template.MostEntries).Any(one => Equal(TemplateData.Text(one), word))
            : string.Equals(TemplateData.Text(value), word, StringComparison.OrdinalIgnoreCase);

    string Shown(TemplateNode.Output place)
    {
        var text = Bounded(TemplateData.Text(ValueOf(place.Value)));
        if (kind == TemplateKind.Text)
            return text;
        return place.IsAddress && HasOddScheme(text) ? "" : Escaped(text);
    }

    object? ValueOf(TemplateExpression expression)
    {
        object? value = expression.Literal;
        if (expression.Literal is null)
        {
            // The innermost list's name counts.
            var found = scope.FindLastIndex(one => one.Name == expression.Path[0]);
            value = found < 0 ? null : scope[found].Value;
            for (var i = 1; i < expression.Path.Length; i++)
                value = value is IReadOnlyDictionary<string, object?> named ? named.GetValueOrDefault(expression.Path[i]) : null;
            Spend(expression.Path.Length);
        }
        foreach (var (filter, arguments) in expression.Filters)
        {
            value = value is string text ? Bounded(text) : value;
            if (!Spend(CostOf(value)))
                return null;
            value = filter.Run(value, arguments.IsEmpty ? "" : arguments[0], culture);
            if (!Spend(CostOf(value)))
                return null;
        }
        return value;
    }

    static int CostOf(object? value) =>
        value switch
        {
            string text => 1 + text.Length / 16,
            IReadOnlyList<object?> list => 1 + Math.Min(list.Count, Template.MostEntries),
            _ => 1,
        };

    static string Bounded(string text) => text.Length <= LongestValue ? text : Resources.TextRules.Cut(text, LongestValue);

    /// <summary>Whether an address begins with a scheme that a mail's link does not have, such as javascript:.</summary>
    static bool HasOddScheme(string text)
    {
        var tidy = new string([.. text.Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c))]);
        var colon = tidy.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || tidy.AsSpan(0, colon).ContainsAny('/', '?', '#'))
            return false;
        return tidy[..colon].ToLowerInvariant() is not ("http" or "https" or "mailto" or "tel");
    }

    /// <summary>Safe as text and in both kinds of quotes.</summary>
    public static string Escaped(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        return escaped.ToString();
    }

    bool Spend(int steps)
    {
        if (isCut || work + steps > MostWork)
        {
            isCut = true;
            return false;
        }
        work += steps;
        return true;
    }

    /// <summary>A piece whole or not at all: half of one could end inside an entity.</summary>
    void Write(string piece)
    {
        if (piece.Length == 0 || !Spend(piece.Length / 64))
            return;
        var more = Encoding.UTF8.GetByteCount(piece);
        if (bytes + more > MostBytes)
        {
            isCut = true;
            return;
        }
        bytes += more;
        output.Append(piece);
    }
}
