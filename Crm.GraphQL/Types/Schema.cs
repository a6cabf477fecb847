// A schema: its types by name, where operations start, and what follows from the types for each other.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

public sealed partial class Schema
{
    readonly Dictionary<string, NamedType> byName = new(StringComparer.Ordinal);
    readonly Dictionary<string, DirectiveDefinition> directives = new(StringComparer.Ordinal);
    readonly Dictionary<InterfaceType, List<ObjectType>> implementers = [];
    readonly List<NamedType> types;

    /// <summary>From code. Types are listed by name.</summary>
    /// <param name="more">Object types that no field names: those behind an interface, and the one called Subscription.</param>
    public Schema(ObjectType query, ObjectType? mutation, params ObjectType[] more)
        : this(query, mutation, more.FirstOrDefault(m => m.Name == "Subscription"), more, DirectiveDefinition.Specified, null, true) { }

    /// <param name="known">Types that need not be named by a field; they come first, in this order, unless all are sorted.</param>
    Schema(
        NamedType? query,
        NamedType? mutation,
        NamedType? subscription,
        IEnumerable<NamedType> known,
        IEnumerable<DirectiveDefinition> directives,
        string? description,
        bool sorted
    )
    {
        (RootTypes, Description) = ([query, mutation, subscription], description);
        foreach (var directive in directives)
            this.directives.Add(directive.Name, directive);
        Introspection = new(this);
        types = [];
        foreach (var type in known)
            if (byName.TryAdd(type.Name, type))
                types.Add(type);
        foreach (var type in types.ToList())
            Include(type, true);
        foreach (var root in RootTypes)
            if (root is not null)
                Include(root);
        foreach (var directive in this.directives.Values)
        foreach (var argument in directive.Arguments)
            Include(argument.Type.Named);
        Include(Introspection.SchemaType);
        if (sorted)
            types.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var type in types.OfType<ObjectType>())
        foreach (var shared in type.Interfaces)
        {
            if (!implementers.TryGetValue(shared, out var all))
                implementers.Add(shared, all = []);
            all.Add(type);
        }
    }

    public string? Description { get; }

    /// <summary>What defines it and what extends it, when it came from a text that says so.</summary>
    public IReadOnlyList<SchemaNode> Nodes { get; private init; } = [];

    /// <summary>Whether results are looked at before they are passed on: scalars that are none, lists that are none. Stored JSON is
    /// trusted.</summary>
    public bool ChecksResults { get; private init; }

    internal Location? At => Nodes.FirstOrDefault(n => !n.Extends)?.At;

    /// <summary>For queries, mutations and subscriptions. A schema that is valid has a query type and only object types.</summary>
    internal NamedType?[] RootTypes { get; }

    public ObjectType Query => RootTypes[0] as ObjectType ?? throw new InvalidOperationException("The schema has no query type.");
    public ObjectType? Mutation => RootTypes[1] as ObjectType;
    public ObjectType? Subscription => RootTypes[2] as ObjectType;

    /// <summary>Where an operation of this kind starts; null when there is no such kind here.</summary>
    public ObjectType? Root(OperationKind kind) => RootTypes[(int)kind] as ObjectType;

    public Introspection Introspection { get; }
    public IReadOnlyList<NamedType> Types => types;

    public NamedType? Type(string name) => byName.GetValueOrDefault(name);

    public IReadOnlyCollection<DirectiveDefinition> Directives => directives.Values;

    public DirectiveDefinition? Directive(string name) => directives.GetValueOrDefault(name);

    /// <summary>The type that is written; null when it names one that is not here.</summary>
    public GraphType? Type(TypeNode node) =>
        node switch
        {
            NonNullTypeNode n => Type(n.Inner)?.NonNull,
            ListTypeNode l => Type(l.Item)?.List,
            NamedTypeNode named => Type(named.Name),
            _ => null,
        };

    /// <summary>The object types that a value of this type can be.</summary>
    public IReadOnlyList<ObjectType> Possible(NamedType type) =>
        type switch
        {
            ObjectType one => [one],
            UnionType union => union.Types,
            InterfaceType shared => implementers.GetValueOrDefault(shared) ?? (IReadOnlyList<ObjectType>)[],
            _ => [],
        };

    /// <summary>Whether a value of the first type can be of the second, which is an object or an interface.</summary>
    public static bool CanBe(NamedType type, NamedType other) =>
        type == other
        || type switch
        {
            UnionType union => other is ObjectType one && union.Types.Contains(one),
            InterfaceType shared => other is FieldsType with && with.Interfaces.Contains(shared),
            _ => false,
        };

    /// <summary>Whether one value can be of both types.</summary>
    public bool Meet(NamedType one, NamedType other)
    {
        if (one == other)
            return true;
        if (other is ObjectType)
            return CanBe(one, other);
        if (one is ObjectType)
            return CanBe(other, one);
        foreach (var possible in Possible(one))
            if (CanBe(other, possible))
                return true;
        return false;
    }

    /// <summary>Whether a value of the first type can stand wherever the second is asked for.</summary>
    public static bool IsSubtype(GraphType one, GraphType of) =>
        (one, of) switch
        {
            (NonNullType a, NonNullType b) => IsSubtype(a.Inner, b.Inner),
            (_, NonNullType) => false,
            (NonNullType a, _) => IsSubtype(a.Inner, of),
            (ListType a, ListType b) => IsSubtype(a.Item, b.Item),
            (NamedType a, NamedType b) => CanBe(b, a),
            _ => false,
        };

    /// <summary>The field of a type, with those that every type and every query has.</summary>
    public FieldDefinition? FieldOf(NamedType type, string name) =>
        name.Length < 2 || name[0] != '_' || name[1] != '_'
            ? (type as FieldsType)?.Field(name)
            : name switch
            {
                "__typename" when type.IsComposite => TypeName,
                "__schema" when type == RootTypes[0] => Introspection.Schema,
                "__type" when type == RootTypes[0] => Introspection.Type,
                _ => (type as FieldsType)?.Field(name),
            };

    public static readonly FieldDefinition TypeName = new("__typename", ScalarType.String.NonNull, "The name of the object's type.");

    /// <summary>Adds the type and whatever it leads to; a stack of its own, because schemas can be deep.</summary>
    /// <param name="again">Look behind it although it is there already.</param>
    void Include(NamedType start, bool again = false)
    {
        var waiting = new Stack<NamedType>();
        void Look(NamedType type)
        {
            if (byName.TryGetValue(type.Name, out var known))
            {
                if (known != type)
                    throw new InvalidOperationException($"Two types are called {type.Name}.");
                return;
            }
            byName.Add(type.Name, type);
            types.Add(type);
            waiting.Push(type);
        }
        if (again)
            waiting.Push(start);
        else
            Look(start);
        while (waiting.TryPop(out var type))
            switch (type)
            {
                case FieldsType with:
                    foreach (var shared in with.Interfaces)
                        Look(shared);
                    foreach (var field in with.Fields)
                    {
                        Look(field.Type.Named);
                        foreach (var argument in field.Takes)
                            Look(argument.Type.Named);
                    }
                    break;
                case UnionType union:
                    foreach (var one in union.Types)
                        Look(one);
                    break;
                case InputObjectType input:
                    foreach (var field in input.Fields)
                        Look(field.Type.Named);
                    break;
            }
    }
}
