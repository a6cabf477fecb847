// Directives have different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueDirectiveNamesRule
{
    public static void Begin(Walk walk)
    {
        var known = new Dictionary<string, Location>(StringComparer.Ordinal);
        walk.OnDefinition(definition =>
        {
            if (definition is not DirectiveDefinitionNode directive)
                return;
            if (walk.Schema?.Directive(directive.Name) is not null)
                walk.Wrong($"There is a directive @{directive.Name} already.", directive.NameAt);
            else if (!known.TryAdd(directive.Name, directive.NameAt))
                walk.Wrong($"There are two directives called @{directive.Name}.", known[directive.Name], directive.NameAt);
        });
    }
}
