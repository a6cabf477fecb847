// The type system, built from code: types, fields with the resolvers the executor calls, and the schema that holds them.

using Crm.GraphQL.Execution;

namespace Crm.GraphQL.Types;

public abstract class GraphType
{
    public NonNullType NonNull => this as NonNullType ?? new NonNullType(this);
    public ListType List => new(this);

    /// <summary>The type without list and non-null around it.</summary>
    public NamedType Named => this switch { NonNullType n => n.Inner.Named, ListType l => l.Item.Named, _ => (NamedType)this };

    public GraphType Nullable => this is NonNullType n ? n.Inner : this;
    public bool IsInput => Named is ScalarType or EnumType or InputObjectType;
    public bool IsComposite => this is ObjectType or InterfaceType or UnionType;

    /// <summary>Whether the two are written alike.</summary>
    public bool Same(GraphType other) => ToString() == other.ToString();
}

public sealed class NonNullType(GraphType inner) : GraphType
{
    public GraphType Inner => inner;
    public override string ToString() => inner + "!";
}

public sealed class ListType(GraphType item) : GraphType
{
    public GraphType Item => item;
    public override string ToString() => $"[{item}]";
}

public abstract class NamedType(string name, string? description) : GraphType
{
    public string Name => name;
    public string? Description => description;
    public override string ToString() => name;
}

/// <summary>What a scalar takes; further checks are the resolver's.</summary>
public enum ScalarTakes { Int, Long, Number, Text, Boolean, Id, Anything }

public sealed class ScalarType(string name, string description, ScalarTakes takes, string? specifiedBy = null) : NamedType(name, description)
{
    public ScalarTakes Takes => takes;
    public string? SpecifiedBy => specifiedBy;

    public static readonly ScalarType Int = new("Int", "A whole number of 32 bits.", ScalarTakes.Int), Float = new("Float", "A number.", ScalarTakes.Number),
        String = new("String", "Text.", ScalarTakes.Text), Boolean = new("Boolean", "true or false.", ScalarTakes.Boolean), ID = new("ID", "An id: text that means nothing but itself.", ScalarTakes.Id);

    public bool IsBuiltIn => this == Int || this == Float || this == String || this == Boolean || this == ID;
}

public sealed class EnumType(string name, string? description, IReadOnlyList<string> values) : NamedType(name, description)
{
    public IReadOnlyList<string> Values => values;
}

public sealed record ArgumentDefinition(string Name, GraphType Type, string? Description = null, string? Default = null)
{
    public bool IsRequired => Type is NonNullType && Default is null;
}

/// <param name="Resolver">null: the member of the same name in the parent's JSON.</param>
public sealed record FieldDefinition(string Name, GraphType Type, string? Description = null, IReadOnlyList<ArgumentDefinition>? Arguments = null, Resolver? Resolver = null)
{
    public IReadOnlyList<ArgumentDefinition> Takes => Arguments ?? [];
    public ArgumentDefinition? Argument(string name) => Takes.FirstOrDefault(a => a.Name == name);
}

public abstract class FieldsType(string name, string? description) : NamedType(name, description)
{
    readonly Dictionary<string, FieldDefinition> byName = new(StringComparer.Ordinal);
    readonly List<FieldDefinition> fields = [];

    public IReadOnlyList<FieldDefinition> Fields => fields;
    public FieldDefinition? Field(string name) => byName.GetValueOrDefault(name);

    /// <summary>Types refer to each other in circles, so fields come after the type was made.</summary>
    public void Add(FieldDefinition field)
    {
        byName.Add(field.Name, field);
        fields.Add(field);
    }
}

public sealed class ObjectType(string name, string? description, params InterfaceType[] interfaces) : FieldsType(name, description)
{
    public IReadOnlyList<InterfaceType> Interfaces => interfaces;
}

/// <param name="typeOf">The name of the object type of a value, from its JSON.</param>
public sealed class InterfaceType(string name, string? description, Func<ReadOnlyMemory<byte>, string> typeOf) : FieldsType(name, description)
{
    public Func<ReadOnlyMemory<byte>, string> TypeOf => typeOf;
}

public sealed class UnionType(string name, string? description, IReadOnlyList<ObjectType> types, Func<ReadOnlyMemory<byte>, string> typeOf) : NamedType(name, description)
{
    public IReadOnlyList<ObjectType> Types => types;
    public Func<ReadOnlyMemory<byte>, string> TypeOf => typeOf;
}

public sealed class InputObjectType(string name, string? description) : NamedType(name, description)
{
    readonly List<ArgumentDefinition> fields = [];
    public IReadOnlyList<ArgumentDefinition> Fields => fields;
    public ArgumentDefinition? Field(string name) => fields.FirstOrDefault(f => f.Name == name);
    public void Add(ArgumentDefinition field) => fields.Add(field);
}

public sealed record DirectiveDefinition(string Name, string Description, IReadOnlyList<string> Locations, IReadOnlyList<ArgumentDefinition> Arguments);

public sealed class Schema
{
    static readonly string[] Selections = ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"];

    readonly SortedDictionary<string, NamedType> types = new(StringComparer.Ordinal);

    /// <param name="more">Object types that no field names: those behind an interface.</param>
    public Schema(ObjectType query, ObjectType? mutation, params ObjectType[] more)
    {
        (Query, Mutation) = (query, mutation);
        Introspection = new(this);
        foreach (var scalar in new[] { ScalarType.String, ScalarType.Boolean })
            types[scalar.Name] = scalar;
        Include(query);
        if (mutation is not null)
            Include(mutation);
        Include(Introspection.SchemaType);
        foreach (var type in more)
            Include(type);
        foreach (var type in types.Values.OfType<ObjectType>())
            foreach (var shared in type.Interfaces)
                implementers.TryAdd(shared.Name, []);
        foreach (var type in types.Values.OfType<ObjectType>())
            foreach (var shared in type.Interfaces)
                implementers[shared.Name].Add(type);
    }

    readonly Dictionary<string, List<ObjectType>> implementers = new(StringComparer.Ordinal);

    public ObjectType Query { get; }
    public ObjectType? Mutation { get; }

    /// <summary>The type of that name, when it is among the further ones.</summary>
    public ObjectType? Subscription => Type("Subscription") as ObjectType;

    /// <summary>Where an operation of this kind starts; null when there is no such kind here.</summary>
    public ObjectType? Root(Language.OperationKind kind) => kind switch { Language.OperationKind.Query => Query, Language.OperationKind.Mutation => Mutation, _ => Subscription };

    public Introspection Introspection { get; }
    public IEnumerable<NamedType> Types => types.Values;
    public NamedType? Type(string name) => types.GetValueOrDefault(name);

    public static readonly IReadOnlyList<DirectiveDefinition> Directives =
    [
        new("include", "Takes the field in only when the condition is true.", Selections, [new("if", ScalarType.Boolean.NonNull)]),
        new("skip", "Leaves the field out when the condition is true.", Selections, [new("if", ScalarType.Boolean.NonNull)]),
        new("deprecated", "Marks what will go away.", ["FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"], [new("reason", ScalarType.String, Default: "\"No longer supported\"")]),
        new("specifiedBy", "Names the text that defines a scalar.", ["SCALAR"], [new("url", ScalarType.String.NonNull)]),
        new("oneOf", "Exactly one field of the input object must be given.", ["INPUT_OBJECT"], []),
    ];

    /// <summary>The object types that a value of this type can be.</summary>
    public IReadOnlyList<ObjectType> Possible(NamedType type) => type switch
    {
        ObjectType one => [one],
        UnionType union => union.Types,
        InterfaceType => implementers.GetValueOrDefault(type.Name) ?? [],
        _ => [],
    };

    /// <summary>Adds the type and whatever it leads to; a stack of its own, because schemas can be deep.</summary>
    void Include(NamedType start)
    {
        var waiting = new Stack<NamedType>([start]);
        while (waiting.TryPop(out var type))
        {
            if (types.TryGetValue(type.Name, out var known))
            {
                if (known != type)
                    throw new InvalidOperationException($"Two types are called {type.Name}.");
                if (type is not ScalarType { IsBuiltIn: true })
                    continue;
            }
            types[type.Name] = type;
            if (type is ObjectType of)
                foreach (var shared in of.Interfaces)
                    waiting.Push(shared);
            if (type is FieldsType with)
                foreach (var field in with.Fields)
                {
                    waiting.Push(field.Type.Named);
                    foreach (var argument in field.Takes)
                        waiting.Push(argument.Type.Named);
                }
            if (type is UnionType union)
                foreach (var one in union.Types)
                    waiting.Push(one);
            if (type is InputObjectType input)
                foreach (var field in input.Fields)
                    waiting.Push(field.Type.Named);
        }
    }

    /// <summary>The field of a type, with those that every type and every query has.</summary>
    public FieldDefinition? FieldOf(NamedType type, string name) => name switch
    {
        "__typename" when type.IsComposite => TypeName,
        "__schema" when type == Query => Introspection.Schema,
        "__type" when type == Query => Introspection.Type,
        _ => (type as FieldsType)?.Field(name),
    };

    public static readonly FieldDefinition TypeName = new("__typename", ScalarType.String.NonNull, "The name of the object's type.");
}
