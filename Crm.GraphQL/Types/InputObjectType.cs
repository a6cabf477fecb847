// What can be given: input objects, and the arguments and input fields that have a type, a default and perhaps a reason not to be used.

using System.Text.Json;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

/// <summary>An argument, or a field of an input object.</summary>
/// <param name="Default">As it is written.</param>
/// <param name="Deprecated">Why it should not be used any more; null when it may be.</param>
public sealed record ArgumentDefinition(
    string Name,
    GraphType Type,
    string? Description = null,
    Value? Default = null,
    string? Deprecated = null
)
{
    static readonly Dictionary<string, JsonElement> NoVariables = [];

    object? value;

    public bool IsRequired => Type is NonNullType && Default is null;

    /// <summary>The default as its type has it: single items are lists, and what it leaves out of input objects has their defaults.
    /// Undefined when there is none.</summary>
    public JsonElement DefaultValue => Default is null ? default : (JsonElement)(value ??= Coercion.Literal(Default, Type, NoVariables));

    /// <summary>Where it stands, when it came from a text.</summary>
    public InputDefinitionNode? Node { get; init; }
}

/// <param name="isOneOf">Exactly one of its fields must be given.</param>
public sealed class InputObjectType(string name, string? description, bool isOneOf = false) : NamedType(name, description)
{
    readonly List<ArgumentDefinition> fields = [];
    readonly Dictionary<string, ArgumentDefinition> byName = new(StringComparer.Ordinal);

    public bool IsOneOf => isOneOf;
    public IReadOnlyList<ArgumentDefinition> Fields => fields;

    public ArgumentDefinition? Field(string name) => byName.GetValueOrDefault(name);

    /// <summary>Types refer to each other in circles, so fields come after the type was made.</summary>
    public void Add(ArgumentDefinition field)
    {
        byName.Add(field.Name, field);
        fields.Add(field);
    }
}
