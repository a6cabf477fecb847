// What an executable document says, as small immutable nodes with their places in the text.

namespace Crm.GraphQL.Language;

/// <summary>A place in a document; both count from 1.</summary>
public readonly record struct Location(int Line, int Column);

public sealed record Document(IReadOnlyList<Operation> Operations, IReadOnlyList<Fragment> Fragments)
{
    public Fragment? Fragment(string name) => Fragments.FirstOrDefault(f => f.Name == name);
}

public enum OperationKind { Query, Mutation, Subscription }

public sealed record Operation(OperationKind Kind, string? Name, IReadOnlyList<Variable> Variables, IReadOnlyList<Directive> Directives, IReadOnlyList<Selection> Selections, Location At);

public sealed record Fragment(string Name, string On, IReadOnlyList<Directive> Directives, IReadOnlyList<Selection> Selections, Location At, Location OnAt);

public sealed record Variable(string Name, TypeNode Type, Value? Default, IReadOnlyList<Directive> Directives, Location At);

public sealed record Directive(string Name, IReadOnlyList<Argument> Arguments, Location At);

public sealed record Argument(string Name, Value Value, Location At);

public abstract record Selection(IReadOnlyList<Directive> Directives, Location At);

public sealed record FieldNode(string? Alias, string Name, IReadOnlyList<Argument> Arguments, IReadOnlyList<Directive> Directives, IReadOnlyList<Selection> Selections, Location At) : Selection(Directives, At)
{
    public string Key => Alias ?? Name;
}

public sealed record FragmentSpread(string Name, IReadOnlyList<Directive> Directives, Location At) : Selection(Directives, At);

public sealed record InlineFragment(string? On, IReadOnlyList<Directive> Directives, IReadOnlyList<Selection> Selections, Location At) : Selection(Directives, At);

public abstract record Value(Location At);
public sealed record VariableValue(string Name, Location At) : Value(At);
public sealed record IntValue(string Text, Location At) : Value(At);
public sealed record FloatValue(string Text, Location At) : Value(At);
public sealed record StringValue(string Text, Location At) : Value(At);
public sealed record BooleanValue(bool Is, Location At) : Value(At);
public sealed record NullValue(Location At) : Value(At);
public sealed record EnumValue(string Name, Location At) : Value(At);
public sealed record ListValue(IReadOnlyList<Value> Items, Location At) : Value(At);
public sealed record ObjectValue(IReadOnlyList<Argument> Fields, Location At) : Value(At);

public abstract record TypeNode(Location At);
public sealed record NamedTypeNode(string Name, Location At) : TypeNode(At);
public sealed record ListTypeNode(TypeNode Item, Location At) : TypeNode(At);
public sealed record NonNullTypeNode(TypeNode Inner, Location At) : TypeNode(At);
