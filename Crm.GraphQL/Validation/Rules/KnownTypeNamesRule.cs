// A type that is named is one of the schema's or of the document's.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class KnownTypeNamesRule
{
    public static void Begin(Walk walk)
    {
        HashSet<string>? defined = null;
        var inSchema = false;
        foreach (var definition in walk.Document.Definitions)
            if (definition is TypeDefinitionNode { Extends: false } type)
                (defined ??= new(StringComparer.Ordinal)).Add(type.Name);
        walk.OnDefinition(definition => inSchema = definition is not (Operation or Fragment));
        walk.OnTypeName(named =>
        {
            if (
                walk.Schema?.Type(named.Name) is null
                && defined?.Contains(named.Name) != true
                && !(inSchema && (ScalarType.BuiltIn.Any(s => s.Name == named.Name) || Introspection.Has(named.Name)))
            )
                walk.Wrong($"There is no type {named.Name}.", named.At);
        });
    }
}
