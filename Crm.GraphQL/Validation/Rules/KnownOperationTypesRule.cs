// An operation is of a kind that the schema has.

namespace Crm.GraphQL.Validation.Rules;

static class KnownOperationTypesRule
{
    public static void Begin(Walk walk) =>
        walk.OnOperation(operation =>
        {
            if (walk.Schema!.Root(operation.Kind) is null)
                walk.Wrong("This kind of operation does not exist here.", operation.At);
        });
}
