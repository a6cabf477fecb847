// Every variable of an operation is used.

namespace Crm.GraphQL.Validation.Rules;

static class NoUnusedVariablesRule
{
    public static void Begin(Walk walk) =>
        walk.AtEnd(document =>
        {
            foreach (var operation in document.Operations)
            {
                if (operation.Variables.Count == 0)
                    continue;
                var used = new HashSet<string>(StringComparer.Ordinal);
                foreach (var use in walk.Of(operation).Variables)
                    used.Add(use.Variable.Name);
                foreach (var fragment in walk.Reached(operation))
                {
                    walk.Spend(walk.Of(fragment).Variables.Count);
                    foreach (var use in walk.Of(fragment).Variables)
                        used.Add(use.Variable.Name);
                }
                foreach (var variable in operation.Variables)
                    if (!used.Contains(variable.Name))
                        walk.Wrong($"${variable.Name} is not used.", variable.At);
            }
        });
}
