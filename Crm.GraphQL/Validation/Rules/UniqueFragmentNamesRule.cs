// Fragments have different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueFragmentNamesRule
{
    public static void Begin(Walk walk)
    {
        Dictionary<string, Location>? known = null;
        walk.OnFragment(fragment =>
        {
            if (!(known ??= new(StringComparer.Ordinal)).TryAdd(fragment.Name, fragment.NameAt))
                walk.Wrong($"There are two fragments called {fragment.Name}.", known[fragment.Name], fragment.NameAt);
        });
    }
}
