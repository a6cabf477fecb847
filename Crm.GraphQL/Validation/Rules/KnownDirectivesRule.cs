// A directive is known and stands where it can.

namespace Crm.GraphQL.Validation.Rules;

static class KnownDirectivesRule
{
    public static void Begin(Walk walk) =>
        walk.OnDirectives(here =>
        {
            foreach (var directive in here.Directives)
                if (walk.Directive(directive.Name) is not { } known)
                    walk.Wrong($"There is no directive @{directive.Name}.", directive.At);
                else if (!known.Places.Contains(here.Place))
                    walk.Wrong($"@{directive.Name} cannot stand here.", directive.At);
        });
}
