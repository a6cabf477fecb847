// Every fragment is used by an operation.

namespace Crm.GraphQL.Validation.Rules;

static class NoUnusedFragmentsRule
{
    public static void Begin(Walk walk) =>
        walk.AtEnd(document =>
        {
            if (document.Fragments.Count == 0)
                return;
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var operation in document.Operations)
            foreach (var fragment in walk.Reached(operation))
                used.Add(fragment.Name);
            foreach (var fragment in document.Fragments)
                if (!used.Contains(fragment.Name))
                    walk.Wrong($"The fragment {fragment.Name} is not used.", fragment.At);
        });
}
