// What types have in common, and the two that wrap another: lists and what is never null.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

public abstract class GraphType
{
    public NonNullType NonNull => this as NonNullType ?? new NonNullType(this);
    public ListType List => new(this);

    /// <summary>The type without list and non-null around it.</summary>
    public NamedType Named
    {
        get
        {
            var type = this;
            while (true)
                switch (type)
                {
                    case NonNullType n:
                        type = n.Inner;
                        break;
                    case ListType l:
                        type = l.Item;
                        break;
                    default:
                        return (NamedType)type;
                }
        }
    }

    public GraphType Nullable => this is NonNullType n ? n.Inner : this;
    public bool IsInput => Named is ScalarType or EnumType or InputObjectType;
    public bool IsOutput => Named is not InputObjectType;
    public bool IsComposite => this is ObjectType or InterfaceType or UnionType;
    public bool IsLeaf => this is ScalarType or EnumType;

    /// <summary>Whether the two are written alike.</summary>
    public static bool Same(GraphType one, GraphType other) =>
        (one, other) switch
        {
            (NonNullType a, NonNullType b) => Same(a.Inner, b.Inner),
            (ListType a, ListType b) => Same(a.Item, b.Item),
            (NamedType a, NamedType b) => a.Name == b.Name,
            _ => false,
        };
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

    /// <summary>Of the language itself: what introspection answers with.</summary>
    public bool IsIntrospection => Introspection.Has(name);

    /// <summary>The word of the schema language that defines types of this kind.</summary>
    public TypeKeyword Keyword =>
        this switch
        {
            ScalarType => TypeKeyword.Scalar,
            ObjectType => TypeKeyword.Type,
            InterfaceType => TypeKeyword.Interface,
            UnionType => TypeKeyword.Union,
            EnumType => TypeKeyword.Enum,
            _ => TypeKeyword.Input,
        };

    /// <summary>What defines it and what extends it, when it came from a text.</summary>
    public IReadOnlyList<TypeDefinitionNode> Nodes { get; internal set; } = [];

    public override string ToString() => name;
}
