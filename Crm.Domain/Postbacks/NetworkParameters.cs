// What an affiliate's network says of a click in the link's own parameters, kept so that it can be told what became of it.

using System.Collections.Immutable;

namespace Crm.Domain.Postbacks;

public static class NetworkParameters
{
    /// <summary>Parameters of one click, and characters of one value.</summary>
    public const int Most = 12,
        Longest = 200;

    /// <summary>In the order in which they count as the network's name of the click.</summary>
    static readonly string[] OfClick = ["click_id", "clickid", "click-id", "cid", "tid", "transaction_id", "subid", "aff_click_id"];

    static readonly HashSet<string> Known = new(
        [
            .. OfClick,
            "aff_id",
            "offer_id",
            "source",
            .. Enumerable.Range(1, 5).SelectMany(i => new[] { $"sub{i}", $"s{i}", $"aff_sub{i}" }),
            "aff_sub",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>As <c>name=value</c>, names in lower case; of a name that is repeated the first.</summary>
    public static ImmutableArray<string> Of(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (query.Count == 0)
            return [];
        return
        [
            .. query
                .Where(p => p.Value.Length is > 0 and <= Longest && Known.Contains(p.Key))
                .DistinctBy(p => p.Key, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(p => $"{p.Key.ToLowerInvariant()}={p.Value}"),
        ];
    }

    public static string? Click(ImmutableArray<string> kept) => First(kept, OfClick);

    /// <param name="number">1 to 5.</param>
    public static string? Sub(ImmutableArray<string> kept, int number) =>
        First(kept, number == 1 ? ["sub1", "s1", "aff_sub1", "aff_sub"] : [$"sub{number}", $"s{number}", $"aff_sub{number}"]);

    public static string? First(ImmutableArray<string> kept, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        foreach (var pair in kept)
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return pair[(name.Length + 1)..];
        return null;
    }
}
