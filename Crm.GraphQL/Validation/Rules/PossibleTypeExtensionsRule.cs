// What extends a type is of its kind, and the type is there.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class PossibleTypeExtensionsRule
{
    public static void Begin(Walk walk)
    {
        var defined = new Dictionary<string, TypeDefinitionNode>(StringComparer.Ordinal);
        foreach (var definition in walk.Document.Definitions)
            if (definition is TypeDefinitionNode { Extends: false } type)
                defined[type.Name] = type;
        walk.OnDefinition(definition =>
        {
            if (definition is not TypeDefinitionNode { Extends: true } extension)
                return;
            if (defined.TryGetValue(extension.Name, out var type))
            {
                if (type.Keyword != extension.Keyword)
                    walk.Wrong($"{extension.Name} is of another kind.", type.At, extension.At);
            }
            else if (walk.Schema?.Type(extension.Name) is not { } known)
                walk.Wrong($"There is no type {extension.Name} to extend.", extension.NameAt);
            else if (known.Keyword != extension.Keyword)
                walk.Wrong($"{extension.Name} is of another kind.", extension.At);
        });
    }
}
