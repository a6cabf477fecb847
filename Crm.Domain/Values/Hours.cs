// When somebody is there: the one value that quiet hours, deadlines, waits and bookings ask, and nobody else computes.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Resources;

namespace Crm.Domain.Values;

public enum WeekDay
{
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// <summary>A stretch of a day that returns each week.</summary>
public sealed record OpenWindow
{
    [Field("The day it begins on.", Is = Is.Required)]
    public WeekDay Day { get; init; }

    [Field("From: hours and minutes, 24 to the day.", Max = 5, Is = Is.Required | Is.NoPerson, Example = "09:00")]
    public string? From { get; init; }

    [Field(
        "Until, excluded; at or before from it is the next day's. 24:00 is the day's end.",
        Max = 5,
        Is = Is.Required | Is.NoPerson,
        Example = "18:00"
    )]
    public string? To { get; init; }
}

/// <summary>A day on which nobody is there.</summary>
public sealed record Holiday
{
    [Field("The day.", Is = Is.Required, Example = "2026-12-25")]
    public DateOnly On { get; init; }

    [Field("Every year on this day.")]
    public bool Yearly { get; init; }

    [Field("What it is.", Max = 100, Is = Is.NoPerson, Example = "Christmas")]
    public string? Name { get; init; }
}

/// <summary>A time in which nobody is there.</summary>
public sealed record AwayTime
{
    [Field("From.", Is = Is.Required)]
    public DateTimeOffset From { get; init; }

    [Field("Until, excluded.", Is = Is.Required)]
    public DateTimeOffset To { get; init; }
}

/// <summary>
/// By the clock on the wall of its time zone: a window that the change to summer time skips begins when the clock goes on, an hour that
/// comes twice is open twice. A holiday closes its whole day, and what would begin on it.
/// </summary>
[Hint("{\"timeZone\":\"Europe/Lisbon\",\"windows\":[{\"day\":\"monday\",\"from\":\"09:00\",\"to\":\"18:00\"}]}")]
public sealed record Hours
{
    const int MostWindows = 50,
        MostDays = 400;

    /// <summary>Who is not there for longer is not waited for.</summary>
    const int DaysLookedAt = 800;

    [Field(
        "The time zone of the windows and holidays (IANA); the workspace's unless it is said.",
        Kind = TextKind.TimeZone,
        Example = "Europe/Lisbon"
    )]
    public string? TimeZone { get; init; }

    [Field("When somebody is there each week; around the clock when empty.", Max = MostWindows)]
    public ImmutableArray<OpenWindow> Windows { get; init; } = [];

    [Field("Days on which nobody is there.", Max = MostDays)]
    public ImmutableArray<Holiday> Holidays { get; init; } = [];

    [Field("Times in which nobody is there.", Max = MostDays)]
    public ImmutableArray<AwayTime> Away { get; init; } = [];

    /// <param name="path">Before the names of its fields.</param>
    public void Check(FieldErrors errors, string path)
    {
        for (var i = 0; i < Windows.Length; i++)
        {
            if (MinuteOf(Windows[i].From) is not < MinutesOfDay)
                errors.Add($"{path}windows.{i}.from", "invalid_time", "Must be a time of the day such as 09:00.");
            if (MinuteOf(Windows[i].To) is null)
                errors.Add($"{path}windows.{i}.to", "invalid_time", "Must be a time of the day such as 18:00, or 24:00.");
        }
        for (var i = 0; i < Away.Length; i++)
            if (Away[i].To <= Away[i].From)
                errors.Add($"{path}away.{i}.to", "out_of_range", "Must be later than from.");
    }

    const int MinutesOfDay = 24 * 60;

    /// <summary>Null: it is none.</summary>
    static int? MinuteOf(string? time) =>
        time is [var h1, var h2, ':', var m1, var m2]
        && char.IsAsciiDigit(h1)
        && char.IsAsciiDigit(h2)
        && char.IsAsciiDigit(m1)
        && char.IsAsciiDigit(m2)
        && int.Parse(time.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture) is < 60 and var minutes
        && int.Parse(time.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture) * 60 + minutes is <= MinutesOfDay and var all
            ? all
            : null;

    TimeZoneInfo Zone(string usual) => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? usual, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <param name="usualZone">The workspace's.</param>
    public bool IsOpen(DateTimeOffset instant, string usualZone) => IsOpen(instant, Zone(usualZone));

    bool IsOpen(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (Away.Any(away => instant >= away.From && instant < away.To))
            return false;
        var wall = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        var day = DateOnly.FromDateTime(wall);
        if (IsHoliday(day))
            return false;
        if (Windows.Length == 0)
            return true;
        var minute = wall.TimeOfDay.TotalMinutes;
        foreach (var window in Windows)
        {
            var (from, to) = (MinuteOf(window.From)!.Value, MinuteOf(window.To)!.Value);
            if (to > from)
            {
                if (IsOn(window, day) && minute >= from && minute < to)
                    return true;
            }
            else if (IsOn(window, day) && minute >= from || minute < to && IsOn(window, day.AddDays(-1)) && !IsHoliday(day.AddDays(-1)))
                return true;
        }
        return false;
    }

    static bool IsOn(OpenWindow window, DateOnly day) => ((int)day.DayOfWeek + 6) % 7 == (int)window.Day;

    bool IsHoliday(DateOnly day) =>
        Holidays.Any(holiday => holiday.On == day || holiday.Yearly && holiday.On.Month == day.Month && holiday.On.Day == day.Day);

    /// <summary>The first moment from this one on at which somebody is there; null when nobody is for two years.</summary>
    /// <param name="usualZone">The workspace's.</param>
    public DateTimeOffset? NextOpen(DateTimeOffset instant, string usualZone)
    {
        var zone = Zone(usualZone);
        if (IsOpen(instant, zone))
            return instant;
        // Nothing opens but at one of these; which of them is the first that does.
        var ends = Away.Select(away => away.To).Where(end => end > instant).ToList();
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        for (var ahead = 0; ahead <= DaysLookedAt; ahead++)
        {
            var day = first.AddDays(ahead);
            var next = Beginnings(day, zone)
                .Concat(ends.Where(end => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(end, zone).DateTime) == day))
                .Where(at => at > instant)
                .Order()
                .Cast<DateTimeOffset?>()
                .FirstOrDefault(at => IsOpen(at!.Value, zone));
            if (next is not null)
                return next;
        }
        return null;
    }

    /// <summary>Moments of a day at which a window may begin: its own, midnight, and when the clock is put on or back.</summary>
    IEnumerable<DateTimeOffset> Beginnings(DateOnly day, TimeZoneInfo zone)
    {
        foreach (var minute in Windows.Select(window => MinuteOf(window.From)!.Value).Append(0).Distinct())
        foreach (var at in Instants(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute), zone))
            yield return at;
        if (ClockChange(day, zone) is { } change && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(change, zone).DateTime) == day)
            yield return change;
    }

    /// <summary>When the clock shows this: never, once or twice.</summary>
    static IEnumerable<DateTimeOffset> Instants(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(wall))
            return [];
        return zone.IsAmbiguousTime(wall)
            ? zone.GetAmbiguousTimeOffsets(wall).Select(offset => new DateTimeOffset(wall, offset).ToUniversalTime())
            : [new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime()];
    }

    /// <summary>The moment at which the clock is put on or back around this day; null: it is not.</summary>
    static DateTimeOffset? ClockChange(DateOnly day, TimeZoneInfo zone)
    {
        // A day that begins or ends in a skipped hour has its change just outside.
        var noon = new DateTimeOffset(day.ToDateTime(new(12, 0)), TimeSpan.Zero);
        var (low, high) = (noon.AddHours(-27).ToUnixTimeSeconds(), noon.AddHours(27).ToUnixTimeSeconds());
        if (Offset(low) == Offset(high))
            return null;
        var before = Offset(low);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Offset(middle) == before ? (middle, high) : (low, middle);
        }
        return DateTimeOffset.FromUnixTimeSeconds(high);

        TimeSpan Offset(long second) => zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(second));
    }
}
