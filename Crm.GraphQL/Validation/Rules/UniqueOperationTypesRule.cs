// A schema has one type for each kind of operation.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueOperationTypesRule
{
    public static void Begin(Walk walk)
    {
        var known = new Dictionary<OperationKind, Location>();
        walk.OnDefinition(definition =>
        {
            if (definition is not SchemaNode schema)
                return;
            foreach (var root in schema.Roots)
                if (walk.Schema?.RootTypes[(int)root.Kind] is not null)
                    walk.Wrong("There is a type for this kind of operation already.", root.At);
                else if (!known.TryAdd(root.Kind, root.At))
                    walk.Wrong("There are two types for this kind of operation.", known[root.Kind], root.At);
        });
    }
}
