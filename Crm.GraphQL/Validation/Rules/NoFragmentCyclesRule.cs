// No fragment leads to itself.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class NoFragmentCyclesRule
{
    /// <summary>Each fragment is followed once. The stack is the path, so a document with many fragments needs none of the
    /// machine's.</summary>
    public static void Begin(Walk walk) =>
        walk.AtEnd(document =>
        {
            if (document.Fragments.Count == 0)
                return;
            var visited = new HashSet<string>(StringComparer.Ordinal);
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            var steps = new List<(Fragment Fragment, List<FragmentSpread> Spreads, int Next)>();
            var path = new List<FragmentSpread>();
            foreach (var start in document.Fragments)
            {
                Enter(start);
                while (steps.Count > 0)
                {
                    var (fragment, spreads, next) = steps[^1];
                    if (next == spreads.Count)
                    {
                        steps.RemoveAt(steps.Count - 1);
                        places.Remove(fragment.Name);
                        if (path.Count > 0)
                            path.RemoveAt(path.Count - 1);
                        continue;
                    }
                    steps[^1] = (fragment, spreads, next + 1);
                    var spread = spreads[next];
                    path.Add(spread);
                    if (places.TryGetValue(spread.Name, out var from))
                        walk.Wrong($"The fragment {spread.Name} leads to itself.", [.. path.Skip(from).Select(s => s.At)]);
                    else if (document.Fragment(spread.Name) is { } into && Enter(into))
                        continue;
                    path.RemoveAt(path.Count - 1);
                }
            }

            bool Enter(Fragment fragment)
            {
                if (!visited.Add(fragment.Name))
                    return false;
                var spreads = SpreadsOf(fragment);
                walk.Spend(spreads.Count);
                if (spreads.Count == 0)
                    return false;
                places[fragment.Name] = path.Count;
                steps.Add((fragment, spreads, 0));
                return true;
            }
        });

    /// <summary>Those of a selection first, then what is inside it, the last first: the order in which the reference implementation meets
    /// them, and so the circles it names.</summary>
    static List<FragmentSpread> SpreadsOf(Fragment fragment)
    {
        var spreads = new List<FragmentSpread>();
        var waiting = new Stack<IReadOnlyList<Selection>>([fragment.Selections]);
        while (waiting.TryPop(out var selections))
            foreach (var selection in selections)
                switch (selection)
                {
                    case FragmentSpread spread:
                        spreads.Add(spread);
                        break;
                    case FieldNode { Selections.Count: > 0 } field:
                        waiting.Push(field.Selections);
                        break;
                    case InlineFragment inline:
                        waiting.Push(inline.Selections);
                        break;
                }
        return spreads;
    }
}
