// Counts stored records in the commit that stores them: what reports read instead of the facts.

using System.Collections.Concurrent;
using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>
/// The names of counters. Each number is kept by subject in UTC months, days and quarters of an hour (<c>s/m/202611/{subject}/clicks</c>,
/// <c>s/d/20261123/...</c>,
/// <c>s/q/202611231415/...</c>; the measures of a subject are neighbours, because one click changes several), and as a series over all
/// subjects in days, and in hours and quarters by their time of day (<c>t/d/20261123/clicks/{groups}</c>,
/// <c>t/h/14/20261123/...</c>, <c>t/q/1415/20261123/...</c>). Every offset of a time zone is a whole number of quarters, so the days, weeks
/// and months of any zone add up exactly, also on the day its clocks change, and a workspace may change its zone at any time. Months and
/// days keep a year's report at some hundred rows for each link; the time of day comes first in a series because a zone needs the same few
/// hours of every day. What the first letters mean is said by
/// <see cref="ReportList.Kinds"/>; a number whose letter no report has is not counted.
/// </summary>
public static class ReportCounters
{
    /// <summary>Counts every change in its own commit.</summary>
    public static readonly FollowUp FollowUp = new("report-counters") { Each = Count };

    /// <summary>Counts the difference between a record as it was and as it will be.</summary>
    static void Count(UnitOfWork work, RecordChange change)
    {
        var (type, before, after) = (change.Type, change.Before, change.After);
        Spending.Count(work, before, after);
        var reports = work.Installation.Catalog.Reports;
        var (old, now) = (reports.CountsOf(type, before), reports.CountsOf(type, after));
        if (old.Count == now.Count && old.SequenceEqual(now))
            return;
        foreach (var (of, measure, amount) in old)
            Add(before!, of, measure, -amount);
        foreach (var (of, measure, amount) in now)
            Add(after!, of, measure, amount);

        void Add(Resource record, in Subject of, string measure, long amount)
        {
            foreach (var counters in Counters(record.Id.Time, of, measure))
                work.Count(counters, amount);
        }
    }

    /// <summary>A quarter's counters are asked for at every click in it: of each subject, and of all subjects of the same groups.</summary>
    static readonly ConcurrentDictionary<(Subject Of, string Measure, long Quarter), CounterNames[]> Known = new();
    static readonly ConcurrentDictionary<(string Groups, string Measure, long Quarter), CounterNames> KnownOfAll = new();
    static long known;

    /// <summary>Some four kilobytes each.</summary>
    const int MostKnown = 2000;

    /// <summary>
    /// All counters that a number at a time is kept in: the subject's own, and the series over all subjects of its groups. Sources have the
    /// latter in one object for all of them: many links are clicked in one batch, which then adds them up before it writes. Elsewhere a
    /// record counts for few values, and both are one change.
    /// </summary>
    public static ReadOnlySpan<CounterNames> Counters(DateTimeOffset time, in Subject of, string measure)
    {
        var quarter = time.UtcTicks / (TimeSpan.TicksPerMinute * 15);
        if (!Known.TryGetValue((of, measure, quarter), out var names))
        {
            if (Interlocked.Increment(ref known) > MostKnown)
            {
                Volatile.Write(ref known, 0);
                Known.Clear();
                KnownOfAll.Clear();
            }
            names = NamesOf(time.UtcDateTime, of, measure, quarter);
            Known.TryAdd((of, measure, quarter), names);
        }
        return names;
    }

    static CounterNames[] NamesOf(DateTime t, Subject of, string measure, long quarter)
    {
        var minutes = t.Minute / 15 * 15;
        var culture = CultureInfo.InvariantCulture;
        var (text, groups) = (of.Text, of.Groups);
        string[] ofSubject =
        [
            string.Create(culture, $"{of.Kind}/m/{t:yyyyMM}/{text}/{measure}"),
            string.Create(culture, $"{of.Kind}/d/{t:yyyyMMdd}/{text}/{measure}"),
            string.Create(culture, $"{of.Kind}/q/{t:yyyyMMddHH}{minutes:00}/{text}/{measure}"),
        ];
        return of.Kind == Subject.Source
            ? [new(ofSubject), KnownOfAll.GetOrAdd((groups, measure, quarter), _ => new(OfAll()))]
            : [new([.. ofSubject, .. OfAll()])];

        string[] OfAll() =>
            [
                string.Create(culture, $"t/d/{t:yyyyMMdd}/{measure}/{groups}"),
                string.Create(culture, $"t/h/{t:HH}/{t:yyyyMMdd}/{measure}/{groups}"),
                string.Create(culture, $"t/q/{t:HH}{minutes:00}/{t:yyyyMMdd}/{measure}/{groups}"),
            ];
    }
}
