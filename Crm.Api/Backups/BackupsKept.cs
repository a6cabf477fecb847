// Which of many backups stay: the newest of each of the last days, weeks and months in which there was one.

using System.Globalization;

namespace Crm.Api.Backups;

public sealed record BackupsKept(int Days, int Weeks, int Months)
{
    public static readonly BackupsKept Usual = new(7, 4, 12);

    const int Most = 1000;

    /// <summary><c>7/4/12</c>; nothing is <see cref="Usual"/>. Null when it cannot be read.</summary>
    public static BackupsKept? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Usual;
        var parts = text.Split('/')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= Most ? n : -1)
            .ToArray();
        return parts is [>= 0 and var days, >= 0 and var weeks, >= 0 and var months] ? new(days, weeks, months) : null;
    }

    /// <summary>Those that may go. The newest of all never does. In UTC; weeks begin on Monday.</summary>
    public IReadOnlyList<DateTimeOffset> Surplus(IEnumerable<DateTimeOffset> backups)
    {
        var newestFirst = backups.Distinct().OrderDescending().ToList();
        var staying = newestFirst.Take(1).ToHashSet();
        Stay(Days, at => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        Stay(Weeks, at => $"{ISOWeek.GetYear(at.UtcDateTime)}-{ISOWeek.GetWeekOfYear(at.UtcDateTime)}");
        Stay(Months, at => at.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture));
        return [.. newestFirst.Where(at => !staying.Contains(at))];

        void Stay(int most, Func<DateTimeOffset, string> span) =>
            staying.UnionWith(newestFirst.GroupBy(span).Take(most).Select(those => those.First()));
    }
}
