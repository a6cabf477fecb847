// An enum and what extends it have different values.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueEnumValueNamesRule
{
    public static void Begin(Walk walk)
    {
        var known = new Dictionary<(string Type, string Value), Location>();
        walk.OnDefinition(definition =>
        {
            if (definition is not TypeDefinitionNode { Keyword: TypeKeyword.Enum } type)
                return;
            foreach (var value in type.Values)
                if ((walk.Schema?.Type(type.Name) as EnumType)?.Has(value.Name) == true)
                    walk.Wrong($"{type.Name} has a value {value.Name} already.", value.NameAt);
                else if (!known.TryAdd((type.Name, value.Name), value.NameAt))
                    walk.Wrong($"{type.Name} has two values called {value.Name}.", known[(type.Name, value.Name)], value.NameAt);
        });
    }
}
