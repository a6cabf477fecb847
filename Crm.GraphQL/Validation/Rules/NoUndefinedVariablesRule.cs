// A variable that is used is one of each operation that leads there.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class NoUndefinedVariablesRule
{
    public static void Begin(Walk walk) =>
        walk.AtEnd(document =>
        {
            foreach (var operation in document.Operations)
            {
                Check(operation, walk.Of(operation));
                foreach (var fragment in walk.Reached(operation))
                {
                    var uses = walk.Of(fragment);
                    walk.Spend(uses.Variables.Count);
                    Check(operation, uses);
                }
            }

            void Check(Operation operation, Walk.Uses uses)
            {
                foreach (var use in uses.Variables)
                    if (!Defines(operation, use.Variable.Name))
                        walk.Wrong($"${use.Variable.Name} is not defined.", use.Variable.At, operation.At);
            }
        });

    static bool Defines(Operation operation, string name)
    {
        foreach (var variable in operation.Variables)
            if (variable.Name == name)
                return true;
        return false;
    }
}
