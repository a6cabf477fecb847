// A document defines one schema, and none when it extends one.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class LoneSchemaDefinitionRule
{
    public static void Begin(Walk walk)
    {
        var defined = walk.Schema is not null;
        walk.OnDefinition(definition =>
        {
            if (definition is not SchemaNode { Extends: false } schema)
                return;
            if (defined)
                walk.Wrong("There is one schema already.", schema.At);
            defined = true;
        });
    }
}
