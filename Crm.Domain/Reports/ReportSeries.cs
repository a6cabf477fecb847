// The course of a report's period: its totals by day, week or month of the workspace's zone.

using System.Buffers.Text;
using System.Globalization;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <summary>
/// A UTC day is counted with the part that its noon lies in. Where a part begins within the day, the few hours and quarters between that
/// moment and the nearer midnight are moved to the neighbour; they stand together in the counters' order.
/// </summary>
sealed class ReportSeries
{
    /// <summary>Periods of up to so many days are read by month, longer ones by year.</summary>
    const int FewDays = 62;

    static readonly TimeSpan Noon = TimeSpan.FromHours(12);

    readonly ReportQuestion asked;
    readonly List<SeriesPart> parts;
    readonly List<DateTime> starts;
    readonly Dimension by;

    ReportSeries(ReportQuestion asked, Interval interval, LocalDays days)
    {
        this.asked = asked;
        parts = [.. LocalDays.Parts(asked.From, asked.To, interval).Select(part => new SeriesPart(part.From, part.To, new()))];
        starts = [.. parts.Select(part => days.StartOf(part.From).UtcDateTime), days.StartOf(asked.To.AddDays(1)).UtcDateTime];
        by = asked.Report.By;
    }

    public static async ValueTask<IReadOnlyList<SeriesPart>> Read(
        WorkspaceSettings settings,
        ReportQuestion asked,
        Interval interval,
        CancellationToken cancel
    )
    {
        var reads = new ReportSeries(asked, interval, settings.Days).Reads();
        // Made anew when a read starts over.
        var folded = await settings.Store.FoldCounters(
            [.. reads.Select(read => read.Prefix)],
            () => new Fold(new(asked, interval, settings.Days), reads),
            static (fold, read, name, value) => fold.Add(read, name, value),
            cancel
        );
        return folded.Series.parts;
    }

    /// <summary>The same with the numbers of the period before beside each part: those of as many days, a whole period earlier. A month is
    /// not compared with one that has another length.</summary>
    public static async ValueTask<IReadOnlyList<SeriesPart>> ReadCompared(
        WorkspaceSettings settings,
        ReportQuestion asked,
        Interval interval,
        CancellationToken cancel
    )
    {
        var parts = await Read(settings, asked, interval, cancel);
        if (!asked.Compare)
            return parts;
        var days = await Read(settings, asked.Before, Interval.Day, cancel);
        var first = asked.From.DayNumber;
        return
        [
            .. parts.Select(part =>
            {
                var before = new Numbers();
                for (var day = part.From.DayNumber; day <= part.To.DayNumber; day++)
                    before.Add(days[day - first].Numbers);
                return part with { Before = before };
            }),
        ];
    }

    /// <summary>A prefix to read. Of a time of day (<c>h/14/</c>), only the days on which it has to be moved, by one part; of days, those
    /// of the period.</summary>
    sealed record Moved(string Prefix, HashSet<DateTime>? Days, int By);

    List<Moved> Reads()
    {
        var reads = Prefixes("d/", [starts[0].Date, starts[^1].Date], all: true).Select(prefix => new Moved(prefix, null, 0)).ToList();
        var moves = new SortedDictionary<string, (HashSet<DateTime> Days, int By)>(StringComparer.Ordinal);
        foreach (var start in starts)
        {
            var (hour, quarter, back) = (start.Hour, start.Minute / 15, start.TimeOfDay <= Noon);
            if (back)
                for (var h = 0; h < hour; h++)
                    Add($"h/{h:00}/");
            else
                for (var h = quarter == 0 ? hour : hour + 1; h < 24; h++)
                    Add($"h/{h:00}/");
            foreach (
                var q in quarter == 0 ? []
                : back ? Enumerable.Range(0, quarter)
                : Enumerable.Range(quarter, 4 - quarter)
            )
                Add($"q/{hour:00}{q * 15:00}/");

            void Add(string level)
            {
                if (!moves.TryGetValue(level, out var move))
                    moves[level] = move = ([], back ? -1 : 1);
                move.Days.Add(start.Date);
            }
        }
        foreach (var (level, move) in moves)
            reads.AddRange(Prefixes(level, move.Days).Select(prefix => new Moved(prefix, move.Days, move.By)));
        if (asked.Report.HasCosts)
            reads.AddRange(
                Prefixes("d/", [asked.From.ToDateTime(TimeOnly.MinValue), asked.To.ToDateTime(TimeOnly.MinValue)], Spending.Kind, all: true)
                    .Select(prefix => new Moved(prefix, null, 0))
            );
        return reads;
    }

    /// <summary>Few reads that cover the days, or with <paramref name="all"/> everything from the first to the last.</summary>
    static IEnumerable<string> Prefixes(string level, HashSet<DateTime> days, char kind = 't', bool all = false)
    {
        var (first, last) = (days.Min(), days.Max());
        // Far between, they are read one by one.
        if (!all && days.Count * 4 < (last - first).Days)
            return days.Order().Select(day => string.Create(CultureInfo.InvariantCulture, $"{kind}/{level}{day:yyyyMMdd}/"));
        if ((last - first).Days < FewDays)
            return Enumerable
                .Range(0, (last.Year - first.Year) * 12 + last.Month - first.Month + 1)
                .Select(i =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{kind}/{level}{new DateTime(first.Year, first.Month, 1).AddMonths(i):yyyyMM}"
                    )
                );
        return Enumerable
            .Range(first.Year, last.Year - first.Year + 1)
            .Select(year => string.Create(CultureInfo.InvariantCulture, $"{kind}/{level}{year}"));
    }

    sealed class Fold(ReportSeries series, IReadOnlyList<Moved> reads)
    {
        readonly MeasureReader measures = new();
        int lastDay;
        DateTime day;

        public ReportSeries Series => series;

        /// <param name="name">t/d/20261123/measure/groups, t/h/14/20261123/measure/groups, t/q/1415/20261123/... or
        /// c/d/20261123/subject/measure</param>
        public void Add(int read, ReadOnlySpan<byte> name, long value)
        {
            var rest = name[4..];
            if (name[2] != 'd')
                rest = rest[(rest.IndexOf((byte)'/') + 1)..];
            if (!Utf8Parser.TryParse(rest[..8], out int number, out _))
                return;
            if (number != lastDay)
                (lastDay, day) = (number, new DateTime(number / 10_000, number / 100 % 100, number % 100));
            rest = rest[9..];
            if (name[0] == Spending.Kind)
            {
                // link/campaign/...: a hyphen stands for none.
                if (
                    series.by.Group is null
                    || rest[
                        series.by.Part == SubjectPart.Link ? 0
                        : rest[0] == '-' ? 2
                        : Id.SuffixLength + 1
                    ] != '-'
                )
                    series.Put(series.PartOf(DateOnly.FromDateTime(day)), measures.Read(rest[(rest.LastIndexOf((byte)'/') + 1)..]), value);
                return;
            }
            var end = rest.IndexOf((byte)'/');
            var measure = measures.Read(rest[..end]);
            var of = rest[(end + 1)..];
            if (!series.Has(of))
                return;
            var part = series.PartOf(day);
            if (reads[read] is not { Days: { } days, By: var by })
                series.Put(part, measure, value);
            else if (days.Contains(day))
            {
                series.Put(part, measure, -value);
                series.Put(part + by, measure, value);
            }
        }
    }

    /// <summary>Whether counters of these groups are the report's (<see cref="Subject.Groups"/>).</summary>
    bool Has(ReadOnlySpan<byte> groups) =>
        by.Kind != Subject.Source ? groups is [var only] && only == by.Kind
        : groups.ContainsAnyExcept("lca"u8) ? false
        : by.Group is not { } group || groups.Contains((byte)group);

    /// <summary>The part that a UTC day's noon lies in; -1 before the first.</summary>
    int PartOf(DateTime day)
    {
        var found = starts.BinarySearch(day + Noon);
        return found < 0 ? ~found - 1 : found;
    }

    int PartOf(DateOnly day)
    {
        var (low, high) = (0, parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = parts[middle].From <= day ? (middle, high) : (low, middle - 1);
        }
        return day < asked.From || day > asked.To ? -1 : low;
    }

    void Put(int part, in Numbers.Measure measure, long value)
    {
        if (part < 0 || part >= parts.Count)
            return;
        parts[part].Numbers.Add(measure, value);
        if (asked.Robots && measure.Is(Measures.Robots))
            parts[part].Numbers.Add(MeasureReader.Clicks, value);
    }
}
