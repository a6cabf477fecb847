// An operation's variables have different names.

namespace Crm.GraphQL.Validation.Rules;

static class UniqueVariableNamesRule
{
    public static void Begin(Walk walk) =>
        walk.OnOperation(operation =>
        {
            if (operation.Variables.Count > 1)
                Repeated.Find(operation.Variables, v => (v.Name, v.NameAt), (name, at) => walk.Wrong($"${name} is defined twice.", at));
        });
}
