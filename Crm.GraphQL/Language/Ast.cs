// What a document says, executable or schema language, as small immutable nodes with their places in the text.

namespace Crm.GraphQL.Language;

/// <summary>A place in a document; both count from 1.</summary>
public readonly record struct Location(int Line, int Column);

public sealed record Document(IReadOnlyList<Definition> Definitions)
{
    public IReadOnlyList<Operation> Operations { get; } = [.. Definitions.OfType<Operation>()];
    public IReadOnlyList<Fragment> Fragments { get; } = [.. Definitions.OfType<Fragment>()];

    /// <summary>Of two with one name the later one, as the reference implementation has it; such a document is refused anyway.</summary>
    public Fragment? Fragment(string name)
    {
        for (var i = Fragments.Count - 1; i >= 0; i--)
            if (Fragments[i].Name == name)
                return Fragments[i];
        return null;
    }
}

/// <param name="At">Where it begins, its description included.</param>
public abstract record Definition(Location At)
{
    public StringValue? Description { get; init; }
}

public enum OperationKind
{
    Query,
    Mutation,
    Subscription,
}

public sealed record Operation(
    OperationKind Kind,
    string? Name,
    IReadOnlyList<Variable> Variables,
    IReadOnlyList<Directive> Directives,
    IReadOnlyList<Selection> Selections,
    Location At,
    Location NameAt
) : Definition(At);

public sealed record Fragment(
    string Name,
    NamedTypeNode On,
    IReadOnlyList<Directive> Directives,
    IReadOnlyList<Selection> Selections,
    Location At,
    Location NameAt
) : Definition(At);

/// <param name="At">Where it begins, its description included.</param>
/// <param name="NameAt">Behind the dollar.</param>
public sealed record Variable(string Name, TypeNode Type, Value? Default, IReadOnlyList<Directive> Directives, Location At, Location NameAt)
{
    public StringValue? Description { get; init; }
}

public sealed record Directive(string Name, IReadOnlyList<Argument> Arguments, Location At);

public sealed record Argument(string Name, Value Value, Location At);

public abstract record Selection(IReadOnlyList<Directive> Directives, Location At);

/// <param name="SelectionsAt">The brace that its selections begin with.</param>
public sealed record FieldNode(
    string? Alias,
    string Name,
    IReadOnlyList<Argument> Arguments,
    IReadOnlyList<Directive> Directives,
    IReadOnlyList<Selection> Selections,
    Location At,
    Location SelectionsAt
) : Selection(Directives, At)
{
    public string Key => Alias ?? Name;
}

public sealed record FragmentSpread(string Name, IReadOnlyList<Directive> Directives, Location At, Location NameAt)
    : Selection(Directives, At);

public sealed record InlineFragment(
    NamedTypeNode? On,
    IReadOnlyList<Directive> Directives,
    IReadOnlyList<Selection> Selections,
    Location At
) : Selection(Directives, At);

public abstract record Value(Location At);

public sealed record VariableValue(string Name, Location At) : Value(At);

public sealed record IntValue(string Text, Location At) : Value(At);

public sealed record FloatValue(string Text, Location At) : Value(At);

public sealed record StringValue(string Text, Location At, bool Block = false) : Value(At);

public sealed record BooleanValue(bool Is, Location At) : Value(At);

public sealed record NullValue(Location At) : Value(At);

public sealed record EnumValue(string Name, Location At) : Value(At);

public sealed record ListValue(IReadOnlyList<Value> Items, Location At) : Value(At);

public sealed record ObjectValue(IReadOnlyList<Argument> Fields, Location At) : Value(At);

public abstract record TypeNode(Location At);

public sealed record NamedTypeNode(string Name, Location At) : TypeNode(At);

public sealed record ListTypeNode(TypeNode Item, Location At) : TypeNode(At);

public sealed record NonNullTypeNode(TypeNode Inner, Location At) : TypeNode(At);

// ---- The schema language

/// <param name="Extends">Written after <c>extend</c>.</param>
public sealed record SchemaNode(bool Extends, IReadOnlyList<Directive> Directives, IReadOnlyList<RootNode> Roots, Location At)
    : Definition(At);

public sealed record RootNode(OperationKind Kind, NamedTypeNode Type, Location At);

public enum TypeKeyword
{
    Scalar,
    Type,
    Interface,
    Union,
    Enum,
    Input,
}

/// <summary>One type, of any kind; lists that its kind does not have are empty.</summary>
public sealed record TypeDefinitionNode(
    TypeKeyword Keyword,
    bool Extends,
    string Name,
    IReadOnlyList<Directive> Directives,
    Location At,
    Location NameAt
) : Definition(At)
{
    public IReadOnlyList<NamedTypeNode> Interfaces { get; init; } = [];
    public IReadOnlyList<FieldDefinitionNode> Fields { get; init; } = [];
    public IReadOnlyList<InputDefinitionNode> Inputs { get; init; } = [];
    public IReadOnlyList<EnumValueNode> Values { get; init; } = [];
    public IReadOnlyList<NamedTypeNode> Members { get; init; } = [];
}

public sealed record FieldDefinitionNode(
    StringValue? Description,
    string Name,
    IReadOnlyList<InputDefinitionNode> Arguments,
    TypeNode Type,
    IReadOnlyList<Directive> Directives,
    Location At,
    Location NameAt
);

/// <summary>An argument, or a field of an input type.</summary>
public sealed record InputDefinitionNode(
    StringValue? Description,
    string Name,
    TypeNode Type,
    Value? Default,
    IReadOnlyList<Directive> Directives,
    Location At,
    Location NameAt
);

public sealed record EnumValueNode(
    StringValue? Description,
    string Name,
    IReadOnlyList<Directive> Directives,
    Location At,
    Location NameAt
);

public sealed record DirectiveDefinitionNode(
    string Name,
    IReadOnlyList<InputDefinitionNode> Arguments,
    bool IsRepeatable,
    IReadOnlyList<string> Locations,
    Location At,
    Location NameAt
) : Definition(At);
