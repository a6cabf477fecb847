// A variable has a type that can be given.

namespace Crm.GraphQL.Validation.Rules;

static class VariablesAreInputTypesRule
{
    public static void Begin(Walk walk) =>
        walk.OnVariable(variable =>
        {
            if (walk.Schema!.Type(variable.Type) is { IsInput: false })
                walk.Wrong($"${variable.Name} has no input type.", variable.Type.At);
        });
}
