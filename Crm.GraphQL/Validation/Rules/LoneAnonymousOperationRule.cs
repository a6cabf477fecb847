// An operation without a name is the only one.

namespace Crm.GraphQL.Validation.Rules;

static class LoneAnonymousOperationRule
{
    public static void Begin(Walk walk) =>
        walk.OnOperation(operation =>
        {
            if (operation.Name is null && walk.Document.Operations.Count > 1)
                walk.Wrong("An operation without a name must be the only one.", operation.At);
        });
}
