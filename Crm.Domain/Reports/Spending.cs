// Counts what links and campaigns cost, in the commit that stores the entry: by the day it was spent, not by the day it was entered.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>The counters: <c>c/m/202611/cost.EUR/{subject}</c> and <c>c/d/20261123/...</c>. A day of an invoice has no time and no
/// zone.</summary>
public static class Spending
{
    public const char Kind = 'c';

    public static void Count(UnitOfWork work, Resource? before, Resource? after)
    {
        if (before is not ICosts && after is not ICosts)
            return;
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (before is ICosts was)
            Each(was, (counter, amount) => sums[counter] = sums.GetValueOrDefault(counter) - amount);
        if (after is ICosts will)
            Each(will, (counter, amount) => sums[counter] = sums.GetValueOrDefault(counter) + amount);
        foreach (var (counter, amount) in sums)
            if (amount != 0)
                work.Increment(counter, amount);
    }

    /// <summary>The names of all counters that a record's costs are kept in, each with its amount in minor units.</summary>
    public static void Each(ICosts record, Action<string, long> to)
    {
        if (record.Costs.IsDefaultOrEmpty)
            return;
        var subject = record.CostsOf.Text;
        foreach (var cost in record.Costs)
            if (cost is { On: { } on, Amount: { } spent })
            {
                to(
                    string.Create(CultureInfo.InvariantCulture, $"{Kind}/m/{on:yyyyMM}/{subject}/{Measures.Cost}{spent.Currency}"),
                    spent.Amount
                );
                to(
                    string.Create(CultureInfo.InvariantCulture, $"{Kind}/d/{on:yyyyMMdd}/{subject}/{Measures.Cost}{spent.Currency}"),
                    spent.Amount
                );
            }
    }
}
