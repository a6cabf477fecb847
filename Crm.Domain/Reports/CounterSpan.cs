// Which counters add up to a span of time: whole months, then days, hours and quarters at its two ends.

using System.Globalization;

namespace Crm.Domain.Reports;

public static class CounterSpan
{
    /// <summary>
    /// The beginnings of counters' names (without the kind) whose sum is what happened in [from, to), each with its sign: a long rest is a
    /// whole without what is missing.
    /// Only spans that are over by <paramref name="now"/> are taken apart that way; where counters still move, two reads at two moments
    /// must not be subtracted.
    /// Counters of plain days, which have no zone and no moment, are spanned with the largest time there is as now.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Of(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var terms = new Dictionary<string, int>(StringComparer.Ordinal);
        var (a, b) = (from.UtcDateTime, to.UtcDateTime);
        if (a >= b || a > now.UtcDateTime)
            return terms;
        // Nothing is counted that has not happened: a span without an end yet is a whole month at its end, and not its days one by one.
        if (b > now.UtcDateTime && now < DateTimeOffset.MaxValue)
            b = new DateTime(now.UtcDateTime.Year, now.UtcDateTime.Month, 1).AddMonths(1);
        var (monthA, monthB) = (new DateTime(a.Year, a.Month, 1), new DateTime(b.Year, b.Month, 1));
        if (monthA == monthB)
        {
            for (var day = a.Date; day < b.Date; day = day.AddDays(1))
                Add(Day(day), 1);
            InDay(b, 1);
            InDay(a, -1);
        }
        else
        {
            for (var month = monthA; month < monthB; month = month.AddMonths(1))
                Add(Month(month), 1);
            InMonth(b, 1);
            InMonth(a, -1);
        }
        foreach (var (term, sign) in terms.ToList())
            if (sign == 0)
                terms.Remove(term);
        return terms;

        void Add(string term, int sign) => terms[term] = terms.GetValueOrDefault(term) + sign;

        // What happened in the month before t, times sign.
        void InMonth(DateTime t, int sign)
        {
            var (month, end) = (new DateTime(t.Year, t.Month, 1), new DateTime(t.Year, t.Month, 1).AddMonths(1));
            // From the front when that is shorter, unless it would leave a month standing that still moves.
            if (sign < 0 && end > now.UtcDateTime)
            {
                Add(Month(month), -1);
                for (var day = t.Date.AddDays(1); day < end && day <= now.UtcDateTime; day = day.AddDays(1))
                    Add(Day(day), 1);
                Add(Day(t.Date), 1);
                InDay(t, -1);
                return;
            }
            if (sign > 0 && end > now.UtcDateTime || (t - month).Days * 2 <= (end - month).Days)
            {
                for (var day = month; day < t.Date; day = day.AddDays(1))
                    Add(Day(day), sign);
                InDay(t, sign);
                return;
            }
            Add(Month(month), sign);
            for (var day = t.Date; day < end; day = day.AddDays(1))
                Add(Day(day), -sign);
            InDay(t, sign);
        }

        // What happened in the day before t, times sign.
        void InDay(DateTime t, int sign)
        {
            var over = t.Date.AddDays(1) <= now.UtcDateTime;
            if (sign < 0 && !over || over && t.Hour > 12)
            {
                // The day without the rest of it.
                Add(Day(t.Date), sign);
                for (var hour = t.Hour + 1; hour < 24; hour++)
                    Add(Hour(t.Date.AddHours(hour)), -sign);
                for (var minute = t.Minute; minute < 60; minute += 15)
                    Add(Quarter(t.Date.AddHours(t.Hour).AddMinutes(minute)), -sign);
                return;
            }
            for (var hour = 0; hour < t.Hour; hour++)
                Add(Hour(t.Date.AddHours(hour)), sign);
            for (var minute = 0; minute < t.Minute; minute += 15)
                Add(Quarter(t.Date.AddHours(t.Hour).AddMinutes(minute)), sign);
        }
    }

    static string Month(DateTime t) => t.ToString("'m/'yyyyMM'/'", CultureInfo.InvariantCulture);

    static string Day(DateTime t) => t.ToString("'d/'yyyyMMdd'/'", CultureInfo.InvariantCulture);

    static string Hour(DateTime t) => t.ToString("'q/'yyyyMMddHH", CultureInfo.InvariantCulture);

    static string Quarter(DateTime t) => t.ToString("'q/'yyyyMMddHHmm'/'", CultureInfo.InvariantCulture);
}
