// Enums and their values.

namespace Crm.GraphQL.Types;

/// <param name="Deprecated">Why it should not be used any more; null when it may be.</param>
public sealed record EnumValueDefinition(string Name, string? Description = null, string? Deprecated = null);

public sealed class EnumType(string name, string? description, IEnumerable<EnumValueDefinition> values) : NamedType(name, description)
{
    readonly List<EnumValueDefinition> values = [.. values];
    readonly HashSet<string> names = new(values.Select(v => v.Name), StringComparer.Ordinal);

    public EnumType(string name, string? description, IEnumerable<string> values)
        : this(name, description, values.Select(v => new EnumValueDefinition(v))) { }

    public IReadOnlyList<EnumValueDefinition> Values => values;

    public bool Has(string value) => names.Contains(value);
}
