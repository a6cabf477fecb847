// Counts everything anew from the stored records, compares it with the counters, and repairs them on request.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>A counter that is not what the records add up to.</summary>
public sealed record Difference(WorkspaceKey Workspace, string Counter, long Counted, long Facts);

/// <summary>
/// Goes through a workspace month by month, so that memory holds one month's counters and one page of records, however much there is. A product that runs on
/// the same database goes on: a month whose counters moved while it was read is read again, and a repair adds the difference, which stays right whatever comes after.
/// </summary>
/// <param name="repair">Whether counters are put right.</param>
/// <param name="differ">Told of each difference.</param>
/// <param name="read">Told how many records were read.</param>
public sealed class Recount(Installation installation, bool repair, Action<Difference> differ, Action<int> read)
{
    const int PageSize = 500, Batch = 500, MostTries = 20;

    IReadOnlyList<ResourceType> Counted => [.. installation.Catalog.Entries.Select(entry => entry.Type).Where(type => type.Clr.IsAssignableTo(typeof(ICounted)))];

    /// <summary>All workspaces that have anything to count. Returns whether every month could be compared: false when one was written to all the time.</summary>
    public async Task<bool> Run(CancellationToken cancel)
    {
        var workspaces = new SortedSet<long>();
        foreach (var entry in installation.Catalog.Entries)
            for (var next = await installation.Store.NextWorkspace(entry.Type.Collection, null, cancel); next is { } workspace; next = await installation.Store.NextWorkspace(entry.Type.Collection, workspace, cancel))
                workspaces.Add(workspace.Value);
        var whole = true;
        foreach (var workspace in workspaces)
        {
            var store = installation.Store.Open(new(workspace));
            foreach (var month in await Months(store, cancel))
                whole &= await Month(store, month, cancel);
        }
        return whole;
    }

    /// <summary>Every month between the first and the last record, and those that only counters speak of.</summary>
    async Task<IReadOnlyCollection<DateTime>> Months(IWorkspaceStore store, CancellationToken cancel)
    {
        var (times, months) = (new List<DateTime>(), new SortedSet<DateTime>());
        foreach (var type in Counted)
            foreach (var descending in new[] { false, true })
            {
                using var page = await store.Query(new(type.Collection, null, [], descending, null, 1), cancel);
                if (page.Count > 0)
                    times.Add(page[0].Id.Time.UtcDateTime);
            }
        if (times.Count > 0)
            for (var month = new DateTime(times.Min().Year, times.Min().Month, 1); month <= times.Max(); month = month.AddMonths(1))
                months.Add(month);
        foreach (var level in new[] { "s/m/", "f/m/", "s/d/", "f/d/", "t/d/" })
            foreach (var (name, _) in await store.Counters(level, int.MaxValue, cancel))
                if (DateTime.TryParseExact(name.AsSpan(4, Math.Min(6, name.Length - 4)), "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
                    months.Add(month);
        return months;
    }

    async Task<bool> Month(IWorkspaceStore store, DateTime month, CancellationToken cancel)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var before = await Counters(store, month, cancel);
            var facts = await Facts(store, month, cancel);
            var after = await Counters(store, month, cancel);
            // A record and its counters are one commit: counters that did not move mean that no record came.
            if (before.Count != after.Count || before.Any(counter => after.GetValueOrDefault(counter.Key, long.MinValue) != counter.Value))
                continue;
            var changes = new List<Change>();
            foreach (var name in before.Keys.Union(facts.Keys).Order(StringComparer.Ordinal))
            {
                var (counted, real) = (before.GetValueOrDefault(name), facts.GetValueOrDefault(name));
                if (counted == real)
                    continue;
                differ(new(store.Workspace, name, counted, real));
                changes.Add(new Change.Increment(name, real - counted));
            }
            if (repair)
                foreach (var some in changes.Chunk(Batch))
                    await store.Commit(some, cancel);
            return true;
        }
        return false;
    }

    async Task<Dictionary<string, long>> Facts(IWorkspaceStore store, DateTime month, CancellationToken cancel)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        var (from, before) = (Id.FirstAt(new(month, TimeSpan.Zero)), Id.FirstAt(new(month.AddMonths(1), TimeSpan.Zero)));
        foreach (var type in Counted)
        {
            Position? after = null;
            do
            {
                using var page = await store.Query(new(type.Collection, new Filter.Ids(from, before), [], false, after, PageSize), cancel);
                for (var i = 0; i < page.Count; i++)
                    foreach (var (of, measure, amount) in Counts.Of((ICounted)type.FromRow(page[i])).Entries)
                        Tally.Each(page[i].Id.Time, of, measure, counter => sums[counter] = sums.GetValueOrDefault(counter) + amount);
                read(page.Count);
                after = page.Next;
            }
            while (after is not null);
        }
        return sums;
    }

    /// <summary>The month's counters.</summary>
    static async Task<Dictionary<string, long>> Counters(IWorkspaceStore store, DateTime month, CancellationToken cancel)
    {
        var text = month.ToString("yyyyMM", CultureInfo.InvariantCulture);
        IEnumerable<string> prefixes = [.. new[] { "s", "f" }.SelectMany(kind => new[] { "m", "d", "q" }.Select(level => $"{kind}/{level}/{text}")), $"t/d/{text}",
            .. Enumerable.Range(0, 24).Select(hour => $"t/h/{hour:00}/{text}"), .. Enumerable.Range(0, 96).Select(quarter => $"t/q/{quarter / 4:00}{quarter % 4 * 15:00}/{text}")];
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var prefix in prefixes)
            foreach (var (name, value) in await store.Counters(prefix, int.MaxValue, cancel))
                counters[name] = value;
        return counters;
    }
}
