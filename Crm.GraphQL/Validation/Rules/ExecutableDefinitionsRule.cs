// Only operations and fragments can be run; the schema language cannot.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class ExecutableDefinitionsRule
{
    public static void Begin(Walk walk) =>
        walk.OnDefinition(definition =>
        {
            if (definition is not (Operation or Fragment))
                walk.Wrong("Only operations and fragments can be run.", definition.At);
        });
}
