// The numbers of one line of a report, and what follows from them.

namespace Crm.Domain.Reports;

/// <summary>Sums by measure; money in minor units by measure and currency. Not for use by two threads at once.</summary>
public sealed class Numbers
{
    static readonly string[] Counted = [Tally.Clicks, Tally.Robots, Tally.Visitors, Tally.Leads, Tally.Customers, Tally.Conversions, Tally.Submissions, Tally.Accepted, Tally.Views, Tally.Starts];
    static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Places =
        Counted.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    readonly long[] counts = new long[Counted.Length];
    SortedDictionary<string, long>? money;

    public long this[string measure] => Places.TryGetValue(measure, out var place) ? counts[place] : money?.GetValueOrDefault(measure) ?? 0;

    /// <summary>A counter that this product does not know is left out.</summary>
    public void Add(ReadOnlySpan<char> measure, long value)
    {
        if (Places.TryGetValue(measure, out var place))
            counts[place] += value;
        else if (measure.StartsWith(Tally.Revenue, StringComparison.Ordinal) || measure.StartsWith(Tally.Commission, StringComparison.Ordinal) || measure.StartsWith(Cost, StringComparison.Ordinal))
        {
            money ??= new(StringComparer.Ordinal);
            var name = measure.ToString();
            money[name] = money.GetValueOrDefault(name) + value;
        }
    }

    public void Add(Numbers other)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        foreach (var (name, value) in other.money ?? [])
            Add(name, value);
    }

    /// <summary>Money that was spent: not counted but taken from campaigns' cost entries.</summary>
    public const string Cost = "cost.";

    /// <summary>Amounts of a money measure by currency, by the currency's code; none of 0.</summary>
    public IEnumerable<(string Currency, long Amount)> Money(string measure) =>
        (money ?? []).Where(pair => pair.Value != 0 && pair.Key.StartsWith(measure, StringComparison.Ordinal)).Select(pair => (pair.Key[measure.Length..], pair.Value));

    public bool Any => Array.Exists(counts, count => count != 0) || money?.Values.Any(amount => amount != 0) == true;

    /// <summary>A share of something; null of nothing.</summary>
    public static double? Rate(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 6);
}
