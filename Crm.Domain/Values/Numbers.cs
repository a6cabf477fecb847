// The numbers of one line of a report, and what follows from them.

namespace Crm.Domain.Values;

/// <summary>Sums by measure; money in minor units by measure and currency. Not for use by two threads at once.</summary>
public sealed class Numbers
{
    static readonly string[] Counted =
    [
        Measures.Clicks,
        Measures.Robots,
        Measures.Visitors,
        Measures.Leads,
        Measures.Customers,
        Measures.Conversions,
        Measures.Sales,
        Measures.Submissions,
        Measures.Accepted,
        Measures.Views,
        Measures.Starts,
        Measures.Impressions,
        Measures.Opens,
        Measures.RobotOpens,
    ];
    static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Places = Counted
        .Select((name, i) => (name, i))
        .ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    readonly long[] counts = new long[Counted.Length];
    SortedDictionary<string, long>? money;

    public long this[string measure] => Places.TryGetValue(measure, out var place) ? counts[place] : money?.GetValueOrDefault(measure) ?? 0;

    /// <summary>A measure, looked up once for many numbers: its place among what is counted, or the name of a kind of money.</summary>
    public readonly record struct Measure(int Place, string? Money)
    {
        /// <summary>A counter that this product does not know.</summary>
        public static readonly Measure Unknown = new(-1, null);

        public static Measure Of(ReadOnlySpan<char> name) =>
            Places.TryGetValue(name, out var place) ? new(place, null)
            : name.StartsWith(Measures.Revenue, StringComparison.Ordinal)
            || name.StartsWith(Measures.Commission, StringComparison.Ordinal)
            || name.StartsWith(Measures.Cost, StringComparison.Ordinal)
                ? new(-1, name.ToString())
            : Unknown;

        public bool Is(string name) => Place >= 0 && Counted[Place] == name;
    }

    /// <summary>Adds a number; one of an unknown measure is left out.</summary>
    public void Add(in Measure measure, long value)
    {
        if (measure.Place >= 0)
            counts[measure.Place] += value;
        else if (measure.Money is { } name)
            (money ??= new(StringComparer.Ordinal))[name] = money.GetValueOrDefault(name) + value;
    }

    public void Add(Numbers other)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        foreach (var (name, value) in other.money ?? [])
            Add(new Measure(-1, name), value);
    }

    /// <summary>Amounts of a money measure by currency, by the currency's code; none of 0.</summary>
    public IEnumerable<(string Currency, long Amount)> Money(string measure) =>
        (money ?? [])
            .Where(pair => pair.Value != 0 && pair.Key.StartsWith(measure, StringComparison.Ordinal))
            .Select(pair => (pair.Key[measure.Length..], pair.Value));

    public bool Any => Array.Exists(counts, count => count != 0) || money?.Values.Any(amount => amount != 0) == true;

    /// <summary>A share of something; null of nothing.</summary>
    public static double? Rate(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 6);
}
