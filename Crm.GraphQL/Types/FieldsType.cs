// Types with fields: objects and the interfaces they implement.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

/// <param name="Resolver">null: the member of the same name in the parent's JSON.</param>
/// <param name="Deprecated">Why it should not be used any more; null when it may be.</param>
public sealed record FieldDefinition(
    string Name,
    GraphType Type,
    string? Description = null,
    IReadOnlyList<ArgumentDefinition>? Arguments = null,
    Resolver? Resolver = null,
    string? Deprecated = null
)
{
    public IReadOnlyList<ArgumentDefinition> Takes { get; } = Arguments ?? [];

    public ArgumentDefinition? Argument(string name)
    {
        foreach (var argument in Takes)
            if (argument.Name == name)
                return argument;
        return null;
    }

    /// <summary>Where it stands, when it came from a text.</summary>
    public FieldDefinitionNode? Node { get; init; }
}

public abstract class FieldsType(string name, string? description, IEnumerable<InterfaceType> interfaces) : NamedType(name, description)
{
    readonly Dictionary<string, FieldDefinition> byName = new(StringComparer.Ordinal);
    readonly List<FieldDefinition> fields = [];
    readonly List<InterfaceType> interfaces = [.. interfaces];

    public IReadOnlyList<InterfaceType> Interfaces => interfaces;
    public IReadOnlyList<FieldDefinition> Fields => fields;

    public FieldDefinition? Field(string name) => byName.GetValueOrDefault(name);

    /// <summary>Types refer to each other in circles, so fields come after the type was made.</summary>
    public void Add(FieldDefinition field)
    {
        byName.Add(field.Name, field);
        fields.Add(field);
    }

    public void Implement(InterfaceType shared) => interfaces.Add(shared);
}

public sealed class ObjectType(string name, string? description, params IEnumerable<InterfaceType> interfaces)
    : FieldsType(name, description, interfaces);

/// <param name="typeOf">The name of the object type of a value, from its JSON.</param>
public sealed class InterfaceType(
    string name,
    string? description,
    Func<ReadOnlyMemory<byte>, string> typeOf,
    params IEnumerable<InterfaceType> interfaces
) : FieldsType(name, description, interfaces)
{
    public Func<ReadOnlyMemory<byte>, string> TypeOf => typeOf;
}
