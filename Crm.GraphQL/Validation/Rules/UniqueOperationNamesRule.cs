// Operations have different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueOperationNamesRule
{
    public static void Begin(Walk walk)
    {
        Dictionary<string, Location>? known = null;
        walk.OnOperation(operation =>
        {
            if (operation.Name is { } name && !(known ??= new(StringComparer.Ordinal)).TryAdd(name, operation.NameAt))
                walk.Wrong($"There are two operations called {name}.", known[name], operation.NameAt);
        });
    }
}
