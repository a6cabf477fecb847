// A fragment that is spread is in the document.

namespace Crm.GraphQL.Validation.Rules;

static class KnownFragmentNamesRule
{
    public static void Begin(Walk walk) =>
        walk.OnSpread(spread =>
        {
            if (walk.Document.Fragment(spread.Name) is null)
                walk.Wrong($"There is no fragment {spread.Name}.", spread.NameAt);
        });
}
