// Reads a template in one pass: text outside of {{ and }} is the author's, inside stands one expression or one word of the language.

using System.Collections.Immutable;
using System.Text;

namespace Crm.Domain.Templates;

public sealed class ParseTemplate
{
    const string Open = "{{",
        Close = "}}";

    /// <summary>Characters of a text that is written in a template's expression.</summary>
    const int LongestLiteral = 1000;

    static readonly string[] Words = ["if", "else", "each", "end", "not", "is", "as"];

    readonly TemplateKind kind;
    readonly string text;
    int at,
        expressions;

    ParseTemplate(TemplateKind kind, string text) => (this.kind, this.text) = (kind, text);

    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static Template Run(TemplateKind kind, string text)
    {
        var parse = new ParseTemplate(kind, text);
        if (text.Length > Template.Longest)
            throw parse.Error(Template.Longest, $"A template has at most {Template.Longest:N0} characters.");
        var nodes = parse.Nodes(0, null, out _);
        return new(kind, nodes);
    }

    /// <summary>What ended a run of nodes.</summary>
    enum Ended
    {
        AtEnd,
        ByElse,
        ByEnd,
    }

    /// <param name="opened">Where the block was opened that they stand in; null: outside of all.</param>
    ImmutableArray<TemplateNode> Nodes(int depth, int? opened, out Ended ended)
    {
        var nodes = ImmutableArray.CreateBuilder<TemplateNode>();
        while (true)
        {
            var tag = text.IndexOf(Open, at, StringComparison.Ordinal);
            if (tag < 0)
            {
                if (opened is { } open)
                    throw Error(open, "This is not closed: {{ end }} is missing.");
                AddLiteral(text.Length);
                ended = Ended.AtEnd;
                return nodes.ToImmutable();
            }
            AddLiteral(tag);
            at = tag + Open.Length;
            Space();
            var start = at;
            switch (PeekName())
            {
                case "if":
                    Take("if");
                    Count(tag, depth);
                    nodes.Add(If(tag, depth));
                    break;
                case "each":
                    Take("each");
                    Count(tag, depth);
                    nodes.Add(Each(tag, depth));
                    break;
                case "else" or "end" when opened is null:
                    throw Error(start, "Nothing is open here that this could belong to.");
                case "else":
                    Take("else");
                    CloseTag(tag);
                    ended = Ended.ByElse;
                    return nodes.ToImmutable();
                case "end":
                    Take("end");
                    CloseTag(tag);
                    ended = Ended.ByEnd;
                    return nodes.ToImmutable();
                default:
                    Count(tag, 0);
                    var begins = BeginsAttribute(tag);
                    var value = Expression();
                    CloseTag(tag);
                    nodes.Add(new TemplateNode.Output(value, begins));
                    break;
            }
        }

        void AddLiteral(int end)
        {
            if (end > at)
                nodes.Add(new TemplateNode.Literal(text[at..end]));
            at = end;
        }
    }

    TemplateNode.If If(int tag, int depth)
    {
        var not = PeekName() == "not";
        if (not)
            Take("not");
        var value = Expression();
        var (test, word) = (not ? TemplateTest.HasNone : TemplateTest.HasValue, (string?)null);
        if (!not && PeekName() == "is")
        {
            Take("is");
            test = TemplateTest.Is;
            if (PeekName() == "not")
            {
                Take("not");
                test = TemplateTest.IsNot;
            }
            word = Argument();
        }
        CloseTag(tag);
        var then = Nodes(depth + 1, tag, out var ended);
        var otherwise = Otherwise(tag, depth, ended);
        return new(value, test, word, then, otherwise);
    }

    TemplateNode.Each Each(int tag, int depth)
    {
        var list = Expression();
        if (PeekName() != "as")
            throw Error(at, "A list needs a name for each of its entries: {{ each lead.tags as tag }}.");
        Take("as");
        var start = at;
        var name = Name() is { Length: > 0 } said ? said : throw Error(start, "A name is missing behind as.");
        if (Words.Contains(name))
            throw Error(start, $"{name} is a word of the language and cannot be a name here.");
        CloseTag(tag);
        var body = Nodes(depth + 1, tag, out var ended);
        return new(list, name, body, Otherwise(tag, depth, ended));
    }

    ImmutableArray<TemplateNode> Otherwise(int tag, int depth, Ended ended)
    {
        if (ended != Ended.ByElse)
            return [];
        var start = at;
        var otherwise = Nodes(depth + 1, tag, out ended);
        return ended == Ended.ByElse ? throw Error(start, "There is a second {{ else }} here.") : otherwise;
    }

    TemplateExpression Expression()
    {
        Space();
        var path = ImmutableArray.CreateBuilder<string>();
        string? literal = null;
        if (Next is '"' or '\'')
            literal = Quoted();
        else
            do
            {
                var start = at;
                var name = Name();
                if (name.Length == 0)
                    throw Error(
                        start,
                        path.Count == 0
                            ? "The name of a field is expected here, such as lead.firstName."
                            : "A name is missing behind the dot."
                    );
                if (path.Count == 0 && Words.Contains(name))
                    throw Error(start, $"{name} is a word of the language; the name of a field is expected here.");
                path.Add(name);
            } while (TakeChar('.'));
        Space();
        var filters = ImmutableArray.CreateBuilder<TemplateFilterCall>();
        while (Next == '|')
        {
            at++;
            Space();
            var start = at;
            var name = Name();
            if (!TemplateFilters.All.TryGetValue(name, out var filter))
                throw Error(start, $"There is no filter named '{name}'. There are {string.Join(", ", TemplateFilters.All.Keys)}.");
            if (filters.Count == Template.MostFilters)
                throw Error(start, $"A place has at most {Template.MostFilters} filters.");
            filters.Add(new(filter, Arguments(start, filter)));
            Space();
        }
        return new(path.ToImmutable(), literal, filters.ToImmutable());
    }

    ImmutableArray<string> Arguments(int start, TemplateFilter filter)
    {
        Space();
        if (!TakeChar(':'))
            return filter.NeedsArgument ? throw Error(start, $"The filter {filter.Name} needs a value: {filter.Example}.") : [];
        if (!filter.TakesArgument)
            throw Error(start, $"The filter {filter.Name} takes no value.");
        var value = Argument();
        return filter.Fault(value) is { } fault ? throw Error(start, fault) : [value];
    }

    /// <summary>A text in quotes, or a number.</summary>
    string Argument()
    {
        Space();
        if (Next is '"' or '\'')
            return Quoted();
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or '-'))
            at++;
        return at > start ? text[start..at] : throw Error(start, "A text in quotes or a number is expected here.");
    }

    string Quoted()
    {
        var (start, quote) = (at, text[at]);
        at++;
        var value = new StringBuilder();
        while (true)
        {
            if (at >= text.Length || text[at] == '\n')
                throw Error(start, "This text has no closing quote.");
            var c = text[at++];
            if (c == quote)
                return value.ToString();
            if (c == '\\' && at < text.Length)
                c = text[at++];
            value.Append(c);
            if (value.Length > LongestLiteral)
                throw Error(start, $"A text in an expression has at most {LongestLiteral} characters.");
        }
    }

    // ---- Letters

    char Next => at < text.Length ? text[at] : '\0';

    bool TakeChar(char c)
    {
        if (Next != c)
            return false;
        at++;
        return true;
    }

    void Space()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            at++;
    }

    static bool IsNameLetter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    string Name()
    {
        Space();
        var start = at;
        while (at < text.Length && IsNameLetter(text[at]))
            at++;
        return text[start..at];
    }

    string PeekName()
    {
        var before = at;
        var name = Name();
        // A word of the language that goes on as a path is a field's name.
        var isPath = Next == '.';
        at = before;
        return isPath ? "" : name;
    }

    void Take(string word)
    {
        Space();
        at += word.Length;
        Space();
    }

    void CloseTag(int tag)
    {
        Space();
        if (string.CompareOrdinal(text, at, Close, 0, Close.Length) != 0)
            throw at >= text.Length ? Error(tag, "}} is missing for this.") : Error(at, $"}}}} is expected here, not '{text[at]}'.");
        at += Close.Length;
    }

    void Count(int tag, int depth)
    {
        if (++expressions > Template.MostExpressions)
            throw Error(tag, $"A template has at most {Template.MostExpressions} expressions.");
        if (depth >= Template.Deepest)
            throw Error(tag, $"Conditions and lists stand at most {Template.Deepest} deep inside each other.");
    }

    /// <summary>Whether a place is the beginning of an attribute's value. Without quotes around it a space in what data says would begin
    /// another attribute.</summary>
    bool BeginsAttribute(int tag)
    {
        if (kind != TemplateKind.Html)
            return false;
        var end = tag;
        while (end > 0 && text[end - 1] is ' ' or '\t' or '\n' or '\r')
            end--;
        var open = text.LastIndexOf('<', Math.Max(0, tag - 1));
        var inTag = open >= 0 && text.IndexOf('>', open, tag - open) < 0;
        if (!inTag || end == 0)
            return false;
        if (text[end - 1] == '=')
            throw Error(tag, "The value of an attribute needs quotes around it: href=\"{{ ... }}\".");
        if (text[end - 1] is not ('"' or '\''))
            return false;
        end--;
        while (end > 0 && char.IsWhiteSpace(text[end - 1]))
            end--;
        return end > 0 && text[end - 1] == '=';
    }

    TemplateException Error(int where, string message)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < where && i < text.Length; i++)
            (line, column) = text[i] == '\n' ? (line + 1, 1) : (line, column + 1);
        return new(line, column, message);
    }
}
