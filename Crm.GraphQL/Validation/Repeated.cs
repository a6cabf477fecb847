// Names that stand more than once in a list, with all their places.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation;

static class Repeated
{
    public static void Find<T>(IReadOnlyList<T> all, Func<T, (string Name, Location At)> of, Action<string, IReadOnlyList<Location>> tell)
    {
        // Nearly always there are a few and all differ: nothing is made for them.
        if (
            all.Count <= 8
                ? !AnyTwice(all, of)
                : new HashSet<string>(all.Select(one => of(one).Name), StringComparer.Ordinal).Count == all.Count
        )
            return;
        foreach (var same in all.Select(of).GroupBy(one => one.Name, StringComparer.Ordinal))
            if (same.Count() > 1)
                tell(same.Key, [.. same.Select(one => one.At)]);
    }

    static bool AnyTwice<T>(IReadOnlyList<T> all, Func<T, (string Name, Location At)> of)
    {
        for (var i = 1; i < all.Count; i++)
        for (var j = 0; j < i; j++)
            if (of(all[i]).Name == of(all[j]).Name)
                return true;
        return false;
    }
}
