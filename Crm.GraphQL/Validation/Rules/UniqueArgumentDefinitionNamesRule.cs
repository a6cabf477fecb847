// A field or directive takes arguments of different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueArgumentDefinitionNamesRule
{
    public static void Begin(Walk walk)
    {
        walk.OnDefinition(definition =>
        {
            if (definition is DirectiveDefinitionNode directive)
                Check(directive.Arguments);
            else if (definition is TypeDefinitionNode type)
                foreach (var field in type.Fields)
                    Check(field.Arguments);
        });

        void Check(IReadOnlyList<InputDefinitionNode> takes) =>
            Repeated.Find(takes, t => (t.Name, t.NameAt), (name, at) => walk.Wrong($"There are two arguments called {name}.", at));
    }
}
