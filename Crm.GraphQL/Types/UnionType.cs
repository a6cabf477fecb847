// Unions: values of one of several object types that share nothing else.

namespace Crm.GraphQL.Types;

/// <param name="typeOf">The name of the object type of a value, from its JSON.</param>
public sealed class UnionType(string name, string? description, IEnumerable<ObjectType> types, Func<ReadOnlyMemory<byte>, string> typeOf)
    : NamedType(name, description)
{
    readonly List<ObjectType> types = [.. types];

    public IReadOnlyList<ObjectType> Types => types;
    public Func<ReadOnlyMemory<byte>, string> TypeOf => typeOf;

    /// <summary>For types that refer to each other in circles.</summary>
    public void Add(ObjectType type) => types.Add(type);
}
