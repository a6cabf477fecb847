// A directive stands once in its place, unless it can be repeated. A type and what extends it are one place.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueDirectivesPerLocationRule
{
    public static void Begin(Walk walk)
    {
        Dictionary<string, Dictionary<string, Location>>? ofTypes = null;
        walk.OnDirectives(here =>
        {
            var seen = here.Owner switch
            {
                SchemaNode => Of(""),
                TypeDefinitionNode type => Of(type.Name),
                _ => here.Directives.Count > 1 ? new Dictionary<string, Location>(StringComparer.Ordinal) : null,
            };
            if (seen is null)
                return;
            foreach (var directive in here.Directives)
                if (walk.Directive(directive.Name) is { IsRepeatable: false } && !seen.TryAdd(directive.Name, directive.At))
                    walk.Wrong($"@{directive.Name} stands here twice.", seen[directive.Name], directive.At);
        });

        Dictionary<string, Location> Of(string type)
        {
            ofTypes ??= new(StringComparer.Ordinal);
            if (!ofTypes.TryGetValue(type, out var seen))
                ofTypes.Add(type, seen = new(StringComparer.Ordinal));
            return seen;
        }
    }
}
