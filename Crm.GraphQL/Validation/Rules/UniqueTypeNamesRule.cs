// Types have different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueTypeNamesRule
{
    public static void Begin(Walk walk)
    {
        var known = new Dictionary<string, Location>(StringComparer.Ordinal);
        walk.OnDefinition(definition =>
        {
            if (definition is not TypeDefinitionNode { Extends: false } type)
                return;
            if (walk.Schema?.Type(type.Name) is not null)
                walk.Wrong($"There is a type {type.Name} already.", type.NameAt);
            else if (!known.TryAdd(type.Name, type.NameAt))
                walk.Wrong($"There are two types called {type.Name}.", known[type.Name], type.NameAt);
        });
    }
}
