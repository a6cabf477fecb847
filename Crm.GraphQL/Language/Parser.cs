// Text to document: every production of the specification. Depth and tokens are counted, so no text can make it run away.

using System.Text;

namespace Crm.GraphQL.Language;

/// <summary>The text is no document, or one beyond the limits.</summary>
public sealed class SyntaxException(string message, Location at) : Exception(message)
{
    public Location At { get; } = at;
}

public ref partial struct Parser
{
    readonly Limits limits;
    Lexer lexer;
    Token token;
    int tokens,
        nesting,
        directives;

    Parser(ReadOnlySpan<byte> bytes, Limits limits)
    {
        lexer = new(bytes);
        this.limits = limits;
    }

    /// <summary>Throws <see cref="SyntaxException"/> and nothing else.</summary>
    public static Document Parse(string text, Limits limits) =>
        text.Length > limits.Characters ? throw TooLong(limits) : Read(Lexer.Encode(text), limits);

    /// <summary>The same for UTF-8.</summary>
    public static Document Parse(ReadOnlySpan<byte> bytes, Limits limits) =>
        bytes.Length > limits.Characters && (bytes.Length > limits.Characters * 3L || Encoding.UTF8.GetCharCount(bytes) > limits.Characters)
            ? throw TooLong(limits)
            : Read(bytes, limits);

    static SyntaxException TooLong(Limits limits) => new($"The document may have at most {limits.Characters} characters.", new(1, 1));

    static Document Read(ReadOnlySpan<byte> bytes, Limits limits)
    {
        var parser = new Parser(bytes, limits);
        parser.Next();
        return parser.Document();
    }

    Document Document()
    {
        var definitions = new List<Definition>();
        var fragments = 0;
        do
        {
            definitions.Add(Definition());
            if (definitions[^1] is Fragment && ++fragments > limits.Fragments)
                throw new SyntaxException($"A document may have at most {limits.Fragments} fragments.", token.At);
        } while (token.Kind != TokenKind.End);
        return new(definitions);
    }

    Definition Definition()
    {
        var start = token.At;
        if (Is("{"))
            return new Operation(OperationKind.Query, null, [], [], Selections(), start, start);
        var description = Description();
        if (description is not null && Is("{"))
            throw new SyntaxException("A short query takes no description.", start);
        if (token.Kind != TokenKind.Name)
            throw Unexpected();
        Definition? read = token.Word switch
        {
            "query" or "mutation" or "subscription" => Operation(start),
            "fragment" => Fragment(start),
            _ => SchemaPart(start, false),
        };
        if (read is not null)
            return read with { Description = description };
        if (description is not null)
            throw new SyntaxException("Only definitions take a description.", start);
        if (token.Word != "extend")
            throw Unexpected();
        Next();
        return SchemaPart(start, true) ?? throw Unexpected();
    }

    StringValue? Description() => token.Kind is TokenKind.String or TokenKind.BlockString ? Text() : null;

    StringValue Text()
    {
        var (kind, at) = (token.Kind, token.At);
        return new(Taken(), at, kind == TokenKind.BlockString);
    }

    OperationKind KindOfOperation()
    {
        var kind = token;
        return Name() switch
        {
            "query" => OperationKind.Query,
            "mutation" => OperationKind.Mutation,
            "subscription" => OperationKind.Subscription,
            _ => throw Unexpected(kind),
        };
    }

    Operation Operation(Location start)
    {
        var of = KindOfOperation();
        var nameAt = token.At;
        var name = token.Kind == TokenKind.Name ? Name() : null;
        var variables = new List<Variable>();
        if (Take("("))
            do
            {
                var place = token.At;
                var description = Description();
                Expect("$");
                var variableAt = token.At;
                var variable = Name();
                Expect(":");
                variables.Add(
                    new(variable, Type(), Take("=") ? Value(true) : null, Directives(true), place, variableAt) { Description = description }
                );
            } while (!Take(")"));
        return new(of, name, variables, Directives(false), Selections(), start, nameAt);
    }

    Fragment Fragment(Location start)
    {
        Next();
        if (IsWord("on"))
            throw Unexpected();
        var place = token.At;
        var name = Name();
        ExpectWord("on");
        return new(name, NamedType(), Directives(false), Selections(), start, place);
    }

    IReadOnlyList<Selection> Selections()
    {
        Deeper();
        Expect("{");
        var selections = new List<Selection>();
        do selections.Add(Selection());
        while (!Take("}"));
        nesting--;
        return selections;
    }

    Selection Selection()
    {
        var start = token.At;
        if (Take("..."))
        {
            var place = token.At;
            if (token.Kind == TokenKind.Name && token.Word != "on")
                return new FragmentSpread(Name(), Directives(false), start, place);
            NamedTypeNode? on = null;
            if (token.Kind == TokenKind.Name)
            {
                Next();
                on = NamedType();
            }
            return new InlineFragment(on, Directives(false), Selections(), start);
        }
        var name = Name();
        string? alias = null;
        if (Take(":"))
            (alias, name) = (name, Name());
        var (takes, here, brace) = (Arguments(false), Directives(false), token.At);
        return new FieldNode(alias, name, takes, here, Is("{") ? Selections() : [], start, brace);
    }

    IReadOnlyList<Argument> Arguments(bool constant)
    {
        if (!Take("("))
            return [];
        var arguments = new List<Argument>();
        do arguments.Add(Member(constant));
        while (!Take(")"));
        return arguments;
    }

    Argument Member(bool constant)
    {
        var start = token.At;
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
            var start = token.At;
            Next();
            if (++directives > limits.Directives || here.Count == limits.DirectivesInOnePlace)
                throw new SyntaxException(
                    $"A document may have at most {limits.Directives} directives, {limits.DirectivesInOnePlace} in one place.",
                    start
                );
            here.Add(new(Name(), Arguments(constant), start));
        }
        return here;
    }

    TypeNode Type()
    {
        var start = token.At;
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
        var start = token.At;
        switch (token.Kind)
        {
            case TokenKind.Int:
                return new IntValue(Taken(), start);
            case TokenKind.Float:
                return new FloatValue(Taken(), start);
            case TokenKind.String or TokenKind.BlockString:
                return Text();
            case TokenKind.Name:
                return Taken() switch
                {
                    "true" => new BooleanValue(true, start),
                    "false" => new BooleanValue(false, start),
                    "null" => new NullValue(start),
                    var name => new EnumValue(name, start),
                };
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
            throw new SyntaxException($"The document may be nested {limits.Nesting} deep at most.", token.At);
    }

    /// <summary>Each punctuator begins with another character.</summary>
    readonly bool Is(string punctuator) => token.Kind == TokenKind.Punctuator && token.Word[0] == punctuator[0];

    readonly bool IsWord(string keyword) => token.Kind == TokenKind.Name && token.Word == keyword;

    bool Take(string punctuator)
    {
        if (!Is(punctuator))
            return false;
        Next();
        return true;
    }

    bool TakeWord(string keyword)
    {
        if (!IsWord(keyword))
            return false;
        Next();
        return true;
    }

    void Expect(string punctuator)
    {
        if (!Take(punctuator))
            throw Unexpected();
    }

    void ExpectWord(string keyword)
    {
        if (!TakeWord(keyword))
            throw Unexpected();
    }

    string Name() => token.Kind == TokenKind.Name ? Taken() : throw Unexpected();

    string Taken()
    {
        var taken = token.Word;
        Next();
        return taken;
    }

    readonly SyntaxException Unexpected() => Unexpected(token);

    static SyntaxException Unexpected(Token one) =>
        new(
            one.Kind == TokenKind.End
                ? "The document ends too early."
                : $"Not expected here: {(one.Word.Length > 40 ? one.Word[..40] : one.Word)}.",
            one.At
        );

    void Next()
    {
        token = lexer.Next();
        if (token.Kind != TokenKind.End && ++tokens > limits.Tokens)
            throw new SyntaxException($"A document may have at most {limits.Tokens} tokens.", token.At);
    }
}
