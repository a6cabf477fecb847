// A report over links, campaigns, affiliates or channels, summed from the counters of its days.

using System.Globalization;
using Crm.Domain.Campaigns;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>One line of a report.</summary>
/// <param name="Of">The id of the link, campaign or affiliate, or the channel's name.</param>
/// <param name="Revenue">In minor units, by currency.</param>
public sealed record ReportLine(string Of, long Clicks, long Robots, long Leads, long Conversions, IReadOnlyDictionary<string, long> Revenue)
{
    /// <summary>Conversions for each click of a person; null without clicks.</summary>
    public double? ConversionRate => Clicks == 0 ? null : (double)Conversions / Clicks;

    public static readonly ReportLine Nothing = new("", 0, 0, 0, 0, new Dictionary<string, long>());

    public ReportLine Plus(ReportLine other) => new(Of, Clicks + other.Clicks, Robots + other.Robots, Leads + other.Leads, Conversions + other.Conversions,
        Revenue.Concat(other.Revenue).GroupBy(pair => pair.Key).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)));

    public ReportLine Plus(string measure, long value) => Plus(measure switch
    {
        Tally.Clicks => Nothing with { Clicks = value },
        Tally.Robots => Nothing with { Robots = value },
        Tally.NewLeads => Nothing with { Leads = value },
        Tally.Sales => Nothing with { Conversions = value },
        _ => Nothing with { Revenue = new Dictionary<string, long> { [measure[Tally.Revenue.Length..]] = value } },
    });
}

public static class CountedReport
{
    /// <summary>What can be asked for; also the counters' first word.</summary>
    public static readonly IReadOnlyList<string> Names = ["links", "campaigns", "affiliates", "channels"];

    /// <summary>So many counters are read at most: a workspace with more asks for a shorter list of things to count by.</summary>
    public const int MostCounters = 500_000;

    /// <summary>Lines with anything in the period, the most clicks first. Days are UTC, both included.</summary>
    public static async ValueTask<IReadOnlyList<ReportLine>> Read(IWorkspaceStore store, string name, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var (first, last) = (Day(from), Day(to));
        var lines = new Dictionary<string, ReportLine>(StringComparer.Ordinal);
        foreach (var (counter, value) in await store.Counters(name + "/", MostCounters, cancel))
        {
            var parts = counter.Split('/');
            if (parts.Length != 4 || string.CompareOrdinal(parts[2], first) < 0 || string.CompareOrdinal(parts[2], last) > 0)
                continue;
            lines[parts[1]] = lines.GetValueOrDefault(parts[1], ReportLine.Nothing with { Of = parts[1] }).Plus(parts[3], value);
        }
        return [.. lines.Values.OrderByDescending(line => line.Clicks).ThenByDescending(line => line.Leads).ThenBy(line => line.Of, StringComparer.Ordinal)];
    }

    static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
