// Text to document: every executable production of the specification. Depth and tokens are counted, so no text can make it run away.

using System.Globalization;
using System.Text;

namespace Crm.GraphQL.Language;

/// <summary>The text is no document, or one beyond the limits.</summary>
public sealed class SyntaxException(string message, Location at) : Exception(message)
{
    public Location At { get; } = at;
}

public ref struct Parser
{
    enum Kind { End, Punctuator, Name, Int, Float, String }

    readonly string text;
    readonly Limits limits;
    int position, line = 1, lineStart, tokens, nesting, directives;
    Kind kind;
    string word = "";
    Location at;

    Parser(string text, Limits limits) => (this.text, this.limits) = (text, limits);

    /// <summary>Throws <see cref="SyntaxException"/> and nothing else.</summary>
    public static Document Parse(string text, Limits limits)
    {
        if (text.Length > limits.Characters)
            throw new SyntaxException($"The document may have at most {limits.Characters} characters.", new(1, 1));
        var parser = new Parser(text, limits);
        parser.Next();
        return parser.Document();
    }

    Document Document()
    {
        var operations = new List<Operation>();
        var fragments = new List<Fragment>();
        do
        {
            if (kind == Kind.String)
            {
                Next(); // A description of what follows.
                if (kind != Kind.Name)
                    throw Unexpected();
            }
            if (Is("{"))
                operations.Add(new(OperationKind.Query, null, [], [], Selections(), at));
            else if (kind != Kind.Name)
                throw Unexpected();
            else if (word == "fragment")
                fragments.Add(Fragment());
            else
                operations.Add(Operation());
            if (fragments.Count > limits.Fragments)
                throw new SyntaxException($"A document may have at most {limits.Fragments} fragments.", at);
        }
        while (kind != Kind.End);
        return new(operations, fragments);
    }

    Operation Operation()
    {
        var start = at;
        var of = word switch { "query" => OperationKind.Query, "mutation" => OperationKind.Mutation, "subscription" => OperationKind.Subscription, _ => throw Unexpected() };
        Next();
        var name = kind == Kind.Name ? Name() : null;
        var variables = new List<Variable>();
        if (Take("("))
            do
            {
                if (kind == Kind.String)
                    Next();
                var place = at;
                Expect("$");
                var variable = Name();
                Expect(":");
                variables.Add(new(variable, Type(), Take("=") ? Value(true) : null, Directives(true), place));
            }
            while (!Take(")"));
        return new(of, name, variables, Directives(false), Selections(), start);
    }

    Fragment Fragment()
    {
        var start = at;
        Next();
        if (word == "on" && kind == Kind.Name)
            throw Unexpected();
        var name = Name();
        if (kind != Kind.Name || word != "on")
            throw Unexpected();
        Next();
        var place = at;
        return new(name, Name(), Directives(false), Selections(), start, place);
    }

    IReadOnlyList<Selection> Selections()
    {
        Deeper();
        Expect("{");
        var selections = new List<Selection>();
        do
            selections.Add(Selection());
        while (!Take("}"));
        nesting--;
        return selections;
    }

    Selection Selection()
    {
        var start = at;
        if (Take("..."))
        {
            if (kind == Kind.Name && word != "on")
                return new FragmentSpread(Name(), Directives(false), start);
            string? on = null;
            if (kind == Kind.Name)
            {
                Next();
                on = Name();
            }
            return new InlineFragment(on, Directives(false), Selections(), start);
        }
        var name = Name();
        string? alias = null;
        if (Take(":"))
            (alias, name) = (name, Name());
        return new FieldNode(alias, name, Arguments(false), Directives(false), Is("{") ? Selections() : [], start);
    }

    IReadOnlyList<Argument> Arguments(bool constant)
    {
        if (!Take("("))
            return [];
        var arguments = new List<Argument>();
        do
            arguments.Add(Member(constant));
        while (!Take(")"));
        return arguments;
    }

    Argument Member(bool constant)
    {
        var start = at;
        var name = Name();
        Expect(":");
        return new(name, Value(constant), start);
    }

    IReadOnlyList<Directive> Directives(bool constant)
    {
        if (!Is("@"))
            return [];
        var here = new List<Directive>();
        while (Is("@"))
        {
            var start = at;
            Next();
            if (++directives > limits.Directives || here.Count == Limits.DirectivesInOnePlace)
                throw new SyntaxException($"A document may have at most {limits.Directives} directives, {Limits.DirectivesInOnePlace} in one place.", start);
            here.Add(new(Name(), Arguments(constant), start));
        }
        return here;
    }

    TypeNode Type()
    {
        var start = at;
        Deeper();
        TypeNode type;
        if (Take("["))
        {
            type = new ListTypeNode(Type(), start);
            Expect("]");
        }
        else
            type = new NamedTypeNode(Name(), start);
        nesting--;
        return Take("!") ? new NonNullTypeNode(type, start) : type;
    }

    Value Value(bool constant)
    {
        var start = at;
        switch (kind)
        {
            case Kind.Int: return new IntValue(Taken(), start);
            case Kind.Float: return new FloatValue(Taken(), start);
            case Kind.String: return new StringValue(Taken(), start);
            case Kind.Name:
                return Taken() switch { "true" => new BooleanValue(true, start), "false" => new BooleanValue(false, start), "null" => new NullValue(start), var name => new EnumValue(name, start) };
        }
        if (!constant && Take("$"))
            return new VariableValue(Name(), start);
        Deeper();
        Value value;
        if (Take("["))
        {
            var items = new List<Value>();
            while (!Take("]"))
                items.Add(Value(constant));
            if (items.Count > limits.ListItems)
                throw new SyntaxException($"A list may have at most {limits.ListItems} entries.", start);
            value = new ListValue(items, start);
        }
        else
        {
            Expect("{");
            var fields = new List<Argument>();
            while (!Take("}"))
                fields.Add(Member(constant));
            value = new ObjectValue(fields, start);
        }
        nesting--;
        return value;
    }

    // ---- Tokens

    void Deeper()
    {
        if (++nesting > limits.Nesting)
            throw new SyntaxException($"The document may be nested {limits.Nesting} deep at most.", at);
    }

    readonly bool Is(string punctuator) => kind == Kind.Punctuator && word == punctuator;

    bool Take(string punctuator)
    {
        if (!Is(punctuator))
            return false;
        Next();
        return true;
    }

    void Expect(string punctuator)
    {
        if (!Take(punctuator))
            throw Unexpected();
    }

    string Name() => kind == Kind.Name ? Taken() : throw Unexpected();

    string Taken()
    {
        var taken = word;
        Next();
        return taken;
    }

    readonly SyntaxException Unexpected() => new(kind == Kind.End ? "The document ends too early." : $"Not expected here: {(word.Length > 40 ? word[..40] : word)}.", at);

    void Next()
    {
        SkipIgnored();
        at = new(line, position - lineStart + 1);
        if (position == text.Length)
        {
            (kind, word) = (Kind.End, "");
            return;
        }
        if (++tokens > limits.Tokens)
            throw new SyntaxException($"A document may have at most {limits.Tokens} tokens.", at);
        var c = text[position];
        if (char.IsAsciiLetter(c) || c == '_')
        {
            var start = position;
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
                position++;
            (kind, word) = (Kind.Name, text[start..position]);
        }
        else if (char.IsAsciiDigit(c) || c == '-')
            Number();
        else if (c == '"')
            String();
        else if (c == '.')
        {
            if (!text.AsSpan(position).StartsWith("..."))
                throw Illegal();
            position += 3;
            (kind, word) = (Kind.Punctuator, "...");
        }
        else if ("!$&()*:=@[]{|}".Contains(c))
        {
            position++;
            (kind, word) = (Kind.Punctuator, c.ToString());
        }
        else
            throw Illegal();
    }

    readonly SyntaxException Illegal() => new("A character is not allowed here.", new(line, position - lineStart + 1));

    void SkipIgnored()
    {
        for (; position < text.Length; position++)
            switch (text[position])
            {
                case ' ' or '\t' or ',' or '\uFEFF':
                    break;
                case '\n':
                    NewLine();
                    break;
                case '\r':
                    if (position + 1 < text.Length && text[position + 1] == '\n')
                        position++;
                    NewLine();
                    break;
                case '#':
                    while (position + 1 < text.Length && text[position + 1] is not ('\n' or '\r'))
                        position++;
                    break;
                default:
                    return;
            }
    }

    void NewLine()
    {
        line++;
        lineStart = position + 1;
    }

    void Number()
    {
        var start = position;
        var isFloat = false;
        if (text[position] == '-')
            position++;
        if (Peek() == '0')
        {
            position++;
            if (char.IsAsciiDigit(Peek()))
                throw Illegal();
        }
        else
            Digits();
        if (Peek() == '.')
        {
            isFloat = true;
            position++;
            Digits();
        }
        if (Peek() is 'e' or 'E')
        {
            isFloat = true;
            position++;
            if (Peek() is '+' or '-')
                position++;
            Digits();
        }
        if (Peek() is '.' or '_' || char.IsAsciiLetter(Peek()))
            throw Illegal();
        (kind, word) = (isFloat ? Kind.Float : Kind.Int, text[start..position]);
    }

    readonly char Peek() => position < text.Length ? text[position] : '\0';

    void Digits()
    {
        if (!char.IsAsciiDigit(Peek()))
            throw Illegal();
        while (char.IsAsciiDigit(Peek()))
            position++;
    }

    void String()
    {
        kind = Kind.String;
        if (text.AsSpan(position).StartsWith("\"\"\""))
        {
            Block();
            return;
        }
        var value = new StringBuilder();
        for (position++; ; position++)
            switch (Peek())
            {
                case '"':
                    position++;
                    word = value.ToString();
                    return;
                case '\0' or '\n' or '\r':
                    throw new SyntaxException("A text does not end.", new(line, position - lineStart + 1));
                case '\\':
                    position++;
                    Escape(value);
                    break;
                case var c:
                    value.Append(c);
                    break;
            }
    }

    void Escape(StringBuilder value)
    {
        switch (Peek())
        {
            case '"' or '\\' or '/': value.Append(Peek()); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'u' when position + 1 < text.Length && text[position + 1] == '{':
                var end = text.IndexOf('}', position, Math.Min(12, text.Length - position));
                if (end < 0 || !int.TryParse(text.AsSpan(position + 2, end - position - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var scalar) || !Rune.IsValid(scalar))
                    throw Illegal();
                value.Append(new Rune(scalar).ToString());
                position = end;
                break;
            case 'u':
                var unit = Unit(position + 1);
                position += 4;
                if (char.IsHighSurrogate(unit) && text.AsSpan(position + 1).StartsWith("\\u") && char.IsLowSurrogate(Unit(position + 3)))
                {
                    value.Append(unit).Append(Unit(position + 3));
                    position += 6;
                }
                else if (char.IsSurrogate(unit))
                    throw Illegal();
                else
                    value.Append(unit);
                break;
            default:
                throw Illegal();
        }
    }

    readonly char Unit(int from) => from + 4 <= text.Length && ushort.TryParse(text.AsSpan(from, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : throw Illegal();

    void Block()
    {
        position += 3;
        var raw = new StringBuilder();
        while (!text.AsSpan(position).StartsWith("\"\"\""))
        {
            if (position == text.Length)
                throw new SyntaxException("A text does not end.", new(line, position - lineStart + 1));
            if (text.AsSpan(position).StartsWith("\\\"\"\""))
            {
                raw.Append("\"\"\"");
                position += 4;
                continue;
            }
            var c = text[position];
            if (c == '\r')
            {
                if (position + 1 < text.Length && text[position + 1] == '\n')
                    position++;
                c = '\n';
            }
            raw.Append(c);
            if (c == '\n')
                NewLine();
            position++;
        }
        position += 3;
        word = Dedented(raw.ToString());
    }

    /// <summary>A block's value without the indentation that all its lines but the first share, and without blank lines around it.</summary>
    static string Dedented(string raw)
    {
        var lines = raw.Split('\n');
        var common = lines.Skip(1).Where(l => l.Trim(' ', '\t').Length > 0).Select(l => l.Length - l.TrimStart(' ', '\t').Length).DefaultIfEmpty(0).Min();
        var kept = lines.Select((l, i) => i == 0 ? l : l[Math.Min(common, l.Length)..]).ToList();
        while (kept.Count > 0 && kept[0].Trim(' ', '\t').Length == 0)
            kept.RemoveAt(0);
        while (kept.Count > 0 && kept[^1].Trim(' ', '\t').Length == 0)
            kept.RemoveAt(kept.Count - 1);
        return string.Join('\n', kept);
    }
}
