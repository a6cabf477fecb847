// The days of a time zone as moments: where a report's days, weeks and months begin.

namespace Crm.Domain.Reports;

public enum Interval
{
    Day,
    Week,
    Month,
}

public sealed class LocalDays(TimeZoneInfo zone)
{
    static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    /// <summary>
    /// The first moment of a day, always at a full quarter. Where clocks change at midnight, the day begins when its date first shows: a
    /// midnight that does not exist begins later, one that comes twice begins the first time.
    /// </summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var moment = midnight - zone.GetUtcOffset(midnight);
        moment = moment.AddTicks(-(moment.Ticks % Quarter.Ticks));
        while (DayOf(moment - Quarter) >= day)
            moment -= Quarter;
        while (DayOf(moment) < day)
            moment += Quarter;
        return moment;
    }

    /// <summary>The period cut at each day, Monday or first of a month: first and last day of each part.</summary>
    public static IEnumerable<(DateOnly From, DateOnly To)> Parts(DateOnly from, DateOnly to, Interval interval)
    {
        while (from <= to)
        {
            var next = interval switch
            {
                Interval.Day => from.AddDays(1),
                Interval.Week => from.AddDays(7 - ((int)from.DayOfWeek + 6) % 7),
                _ => new DateOnly(from.Year, from.Month, 1).AddMonths(1),
            };
            var last = next.AddDays(-1) < to ? next.AddDays(-1) : to;
            yield return (from, last);
            from = last.AddDays(1);
        }
    }
}
