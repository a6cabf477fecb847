// Counts everything anew from the stored records, compares it with the counters, and repairs them on request.

using System.Globalization;
using System.Text;
using Crm.Domain.Budgets;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>A counter that is not what the records add up to.</summary>
public sealed record Difference(WorkspaceKey Workspace, string Counter, long Counted, long Facts);

/// <summary>
/// Goes through a workspace day by day, so that memory holds one day's counters and one page of records, however much there is; then adds
/// the days up to months. A product that runs on the same database goes on: a day whose counters moved while it was read is read again, and
/// a repair adds the difference, which stays right whatever comes after.
/// </summary>
/// <param name="repair">Whether counters are put right.</param>
/// <param name="differ">Told of each difference.</param>
/// <param name="read">Told how many records were read.</param>
public sealed class Recount(Installation installation, bool repair, Action<Difference> differ, Action<int> read)
{
    const int PageSize = 500,
        Batch = 500,
        MostTries = 20;

    readonly ReportList reports = installation.Catalog.Reports;
    readonly IReadOnlyList<ResourceType> counted =
    [
        .. installation.Catalog.Entries.Select(entry => entry.Type).Where(installation.Catalog.Reports.Count),
    ];
    readonly IReadOnlyList<ResourceType> costly =
    [
        .. installation.Catalog.Entries.Select(entry => entry.Type).Where(type => type.Clr.IsAssignableTo(typeof(ICosts))),
    ];
    readonly IReadOnlyList<ResourceType> stored =
    [
        .. installation.Catalog.Entries.Select(entry => entry.Type).Where(type => Budgeted.Of(type) is not null),
    ];

    /// <summary>All workspaces that have anything to count. Returns whether everything could be compared: false when a day or a month was
    /// written to all the time.</summary>
    public async Task<bool> Run(CancellationToken cancel)
    {
        var workspaces = new SortedSet<long>();
        foreach (var entry in installation.Catalog.Entries)
        await foreach (var workspace in installation.Store.Workspaces(entry.Type.Collection, cancel))
            workspaces.Add(workspace.Value);
        var whole = true;
        foreach (var workspace in workspaces)
            whole &= await Run(new WorkspaceKey(workspace), cancel);
        return whole;
    }

    /// <summary>One workspace.</summary>
    public async Task<bool> Run(WorkspaceKey workspace, CancellationToken cancel)
    {
        var store = installation.Store.Open(workspace);
        var whole = true;
        foreach (var month in await Months(store, cancel))
            whole &= await Month(store, month, cancel);
        return whole & await Costs(store, cancel) & await Storage(workspace, cancel);
    }

    /// <summary>Of a workspace what is stored of each budget.</summary>
    public async Task<bool> Storage(WorkspaceKey workspace, CancellationToken cancel)
    {
        var store = installation.Store.Open(workspace);
        return await Compare(
            store,
            [StorageCounters.Start],
            async () =>
            {
                var sums = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (var type in stored)
                    await Each(
                        store,
                        type,
                        null,
                        record => CountStorage.Add(record, (counter, bytes) => AddTo(sums, counter, bytes)),
                        cancel
                    );
                return sums;
            },
            null,
            cancel,
            StorageCounters.WithoutNode
        );
    }

    /// <summary>Every month between the first and the last record, and those that only counters speak of.</summary>
    async Task<IReadOnlyCollection<DateTime>> Months(IWorkspaceStore store, CancellationToken cancel)
    {
        var (times, months) = (new List<DateTime>(), new SortedSet<DateTime>());
        foreach (var type in counted)
        foreach (var descending in new[] { false, true })
        {
            using var page = await store.Query(new(type.Collection, null, [], descending, null, 1), cancel);
            if (page.Count > 0)
                times.Add(page[0].Id.Time.UtcDateTime);
        }
        if (times.Count > 0)
            for (var month = new DateTime(times.Min().Year, times.Min().Month, 1); month <= times.Max(); month = month.AddMonths(1))
                months.Add(month);
        foreach (var level in reports.Kinds.SelectMany(kind => new[] { $"{kind}/m/", $"{kind}/d/" }).Append("t/d/"))
            await Months(store, level, "", months, cancel);
        return months;
    }

    /// <summary>Looks for the months of a level digit by digit: whatever stands in a month, it is found by its first counter.</summary>
    static async Task Months(IWorkspaceStore store, string level, string digits, SortedSet<DateTime> months, CancellationToken cancel)
    {
        if (digits.Length == 6)
        {
            if (DateTime.TryParseExact(digits, "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
                months.Add(month);
            return;
        }
        for (var digit = '0'; digit <= '9'; digit++)
            if ((await store.Counters(level + digits + digit, 1, cancel)).Count > 0)
                await Months(store, level, digits + digit, months, cancel);
    }

    async Task<bool> Month(IWorkspaceStore store, DateTime month, CancellationToken cancel)
    {
        var (whole, found) = (true, new Dictionary<string, long>(StringComparer.Ordinal));
        for (var day = month; day < month.AddMonths(1); day = day.AddDays(1))
            whole &= await Day(store, day, found, cancel);
        // What is wrong in the days was put right there, or has to be thought away here.
        if (repair)
            found.Clear();
        var text = month.ToString("yyyyMM", CultureInfo.InvariantCulture);
        return whole
            & await Compare(
                store,
                [.. reports.Kinds.Select(kind => $"{kind}/m/{text}/")],
                async () =>
                {
                    var days = await store.FoldCounters(
                        [.. reports.Kinds.Select(kind => $"{kind}/d/{text}")],
                        () => new Dictionary<string, long>(StringComparer.Ordinal),
                        (sums, _, name, value) => AddTo(sums, MonthOf(Encoding.UTF8.GetString(name)), value),
                        cancel
                    );
                    foreach (var (name, difference) in found)
                        AddTo(days, MonthOf(name), difference);
                    return days;
                },
                null,
                cancel
            );
    }

    /// <summary>s/d/20261123/... is part of s/m/202611/...</summary>
    static string MonthOf(string name) => $"{name[..2]}m/{name[4..10]}{name[12..]}";

    static void AddTo(Dictionary<string, long> sums, string name, long value) => sums[name] = sums.GetValueOrDefault(name) + value;

    Task<bool> Day(IWorkspaceStore store, DateTime day, Dictionary<string, long> found, CancellationToken cancel)
    {
        var text = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        IReadOnlyList<string> prefixes =
        [
            .. reports.Kinds.SelectMany(kind => new[] { 'd', 'q' }.Select(level => $"{kind}/{level}/{text}")),
            $"t/d/{text}/",
            .. Enumerable.Range(0, 24).Select(hour => $"t/h/{hour:00}/{text}/"),
            .. Enumerable.Range(0, 96).Select(quarter => $"t/q/{quarter / 4:00}{quarter % 4 * 15:00}/{text}/"),
        ];
        return Compare(
            store,
            prefixes,
            () => Facts(store, day, cancel),
            difference =>
            {
                if (difference.Counter[0] != 't' && difference.Counter[2] == 'd')
                    found[difference.Counter] = difference.Facts - difference.Counted;
            },
            cancel
        );
    }

    async Task<Dictionary<string, long>> Facts(IWorkspaceStore store, DateTime day, CancellationToken cancel)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        var (from, before) = (Id.FirstAt(new(day, TimeSpan.Zero)), Id.FirstAt(new(day.AddDays(1), TimeSpan.Zero)));
        foreach (var type in counted)
            await Each(
                store,
                type,
                new Filter.Ids(from, before),
                record =>
                {
                    foreach (var (of, measure, amount) in reports.CountsOf(type, record))
                    foreach (var counters in ReportCounters.Counters(record.Id.Time, of, measure))
                    // Months follow from their days.
                    foreach (var counter in counters.Names.Where(name => name[2] != 'm'))
                        AddTo(sums, counter, amount);
                },
                cancel
            );
        return sums;
    }

    /// <summary>Costs have days of their own, so all are added up at once: as many counters as there are entries.</summary>
    Task<bool> Costs(IWorkspaceStore store, CancellationToken cancel) =>
        Compare(
            store,
            [$"{Spending.Kind}/"],
            async () =>
            {
                var sums = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (var type in costly)
                    await Each(
                        store,
                        type,
                        null,
                        record => Spending.Each((ICosts)record, (counter, amount) => AddTo(sums, counter, amount)),
                        cancel
                    );
                return sums;
            },
            null,
            cancel
        );

    async Task Each(IWorkspaceStore store, ResourceType type, Filter? filter, Action<Resource> each, CancellationToken cancel)
    {
        await foreach (var page in store.Pages(new(type.Collection, filter, [], false, null, PageSize), cancel))
        {
            for (var i = 0; i < page.Count; i++)
                each(type.FromRow(page[i]));
            read(page.Count);
        }
    }

    /// <summary>Compares the counters with what they should be, and repairs them. False when they were written to at every
    /// attempt.</summary>
    /// <param name="sum">Of which counter one is a part; null: each is its own.</param>
    async Task<bool> Compare(
        IWorkspaceStore store,
        IReadOnlyList<string> prefixes,
        Func<Task<Dictionary<string, long>>> should,
        Action<Difference>? found,
        CancellationToken cancel,
        Func<string, string>? sum = null
    )
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var before = await Counters();
            var facts = await should();
            if (before.Count == 0 && facts.Count == 0)
                return true;
            var after = await Counters();
            // A record and its counters are one commit: counters that did not move mean that no record came.
            if (before.Count != after.Count || before.Any(counter => after.GetValueOrDefault(counter.Key, long.MinValue) != counter.Value))
                continue;
            var changes = new List<Change>();
            foreach (var name in before.Keys.Union(facts.Keys).Order(StringComparer.Ordinal))
            {
                var (counted, real) = (before.GetValueOrDefault(name), facts.GetValueOrDefault(name));
                if (counted == real)
                    continue;
                var difference = new Difference(store.Workspace, name, counted, real);
                differ(difference);
                found?.Invoke(difference);
                changes.Add(new Change.Increment(name, real - counted));
            }
            if (repair)
                foreach (var some in changes.Chunk(Batch))
                    await store.Commit(some, cancel);
            return true;
        }
        return false;

        ValueTask<Dictionary<string, long>> Counters() =>
            store.FoldCounters(
                prefixes,
                () => new Dictionary<string, long>(StringComparer.Ordinal),
                (counters, _, name, value) =>
                {
                    var counter = Encoding.UTF8.GetString(name);
                    AddTo(counters, sum?.Invoke(counter) ?? counter, value);
                },
                cancel
            );
    }
}
