// Hours against a clock that is read minute by minute, around the days on which clocks are put on and back.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.Values;

[Collection(nameof(CrmServer))]
public sealed class HoursTests(CrmServer server)
{
    [Fact]
    public async Task a_workspace_says_its_firm_and_its_hours_and_a_member_their_own()
    {
        var workspace = await server.NewWorkspace();
        var path = $"/v1/workspaces/{workspace.Id}";
        (await workspace.Get(path))["seller"]!["legalName"].Should().BeNull();
        var changed = await workspace.Patch(
            path,
            new
            {
                seller = new
                {
                    legalName = "Silva Energia, Lda.",
                    addresses = new[]
                    {
                        new
                        {
                            line1 = "Rua do Sol 1",
                            city = "Lisboa",
                            country = "PT",
                        },
                    },
                },
                hours = new
                {
                    timeZone = "Europe/Lisbon",
                    windows = new[]
                    {
                        new
                        {
                            day = "monday",
                            from = "09:00",
                            to = "18:00",
                        },
                    },
                },
            }
        );
        changed.Status.Should().Be(200, changed.Text);
        changed["seller"]!["addresses"]![0]!["city"]!.ToString().Should().Be("Lisboa");
        (await workspace.Patch(path, new { seller = new { taxId = "PT500000000" } }))["seller"]!["legalName"]!
            .ToString()
            .Should()
            .StartWith("Silva", "a patch merges");
        foreach (
            var (hours, error) in new (object, string)[]
            {
                (
                    new
                    {
                        windows = new[]
                        {
                            new
                            {
                                day = "monday",
                                from = "9:00",
                                to = "18:00",
                            },
                        },
                    },
                    "hours.windows.0.from:invalid_time"
                ),
                (
                    new
                    {
                        windows = new[]
                        {
                            new
                            {
                                day = "monday",
                                from = "24:00",
                                to = "18:00",
                            },
                        },
                    },
                    "hours.windows.0.from:invalid_time"
                ),
                (
                    new
                    {
                        windows = new[]
                        {
                            new
                            {
                                day = "monday",
                                from = "09:00",
                                to = "24:01",
                            },
                        },
                    },
                    "hours.windows.0.to:invalid_time"
                ),
                (
                    new
                    {
                        windows = new[]
                        {
                            new
                            {
                                day = "someday",
                                from = "09:00",
                                to = "18:00",
                            },
                        },
                    },
                    "hours.windows.0.day:not_a_choice"
                ),
                (new { timeZone = "Mars/Base" }, "hours.timeZone:invalid_time_zone"),
                (
                    new { away = new[] { new { from = "2026-01-02T00:00:00Z", to = "2026-01-01T00:00:00Z" } } },
                    "hours.away.0.to:out_of_range"
                ),
            }
        )
            (await workspace.Patch(path, new { hours })).Errors.Should().Equal(error);
        var member = await workspace.Post(
            "/v1/members",
            new
            {
                name = "Bia",
                email = "bia@silva.example.org",
                hours = new { holidays = new[] { new { on = "2026-12-25", yearly = true } } },
            }
        );
        member.Status.Should().Be(201, member.Text);
        member["hours"]!["timeZone"].Should().BeNull();
        (await workspace.Patch($"/v1/members/{member["id"]}", new { hours = (object?)null }))["hours"].Should().BeNull();
    }

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    static Hours Open(params (WeekDay Day, string From, string To)[] windows) =>
        new()
        {
            Windows =
            [
                .. windows.Select(one => new OpenWindow
                {
                    Day = one.Day,
                    From = one.From,
                    To = one.To,
                }),
            ],
        };

    [Theory]
    // Lisbon: on 29 March 2026 at 01:00 the clock goes to 02:00, on 25 October at 02:00 back to 01:00.
    [InlineData("Europe/Lisbon", WeekDay.Monday, "09:00", "18:00", "2026-11-27T20:00:00Z", "2026-11-30T09:00:00Z")]
    [InlineData("Europe/Lisbon", WeekDay.Monday, "09:00", "18:00", "2026-07-05T20:00:00Z", "2026-07-06T08:00:00Z")]
    [InlineData("Europe/Lisbon", WeekDay.Monday, "09:00", "18:00", "2026-11-30T17:59:00Z", "2026-11-30T17:59:00Z")]
    [InlineData("Europe/Lisbon", WeekDay.Monday, "09:00", "18:00", "2026-11-30T18:00:00Z", "2026-12-07T09:00:00Z")]
    [InlineData("Europe/Lisbon", WeekDay.Sunday, "01:30", "04:00", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // skipped: when the clock goes on
    [InlineData("Europe/Lisbon", WeekDay.Sunday, "01:15", "01:45", "2026-03-28T12:00:00Z", "2026-04-05T00:15:00Z")] // all of it skipped
    [InlineData("Europe/Lisbon", WeekDay.Sunday, "01:30", "01:45", "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z")] // the hour that comes twice
    [InlineData("Europe/Lisbon", WeekDay.Sunday, "00:30", "01:30", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")] // open again when it is put back
    [InlineData("Europe/Lisbon", WeekDay.Saturday, "22:00", "06:00", "2026-11-29T03:00:00Z", "2026-11-29T03:00:00Z")] // over midnight
    [InlineData("Europe/Lisbon", WeekDay.Saturday, "22:00", "24:00", "2026-11-29T00:00:00Z", "2026-12-05T22:00:00Z")]
    [InlineData("Asia/Kathmandu", WeekDay.Monday, "00:00", "24:00", "2026-11-29T18:14:59Z", "2026-11-29T18:15:00Z")]
    public void the_next_moment_is_by_the_clock_on_the_wall(
        string zone,
        WeekDay day,
        string from,
        string to,
        string instant,
        string next
    ) => Open((day, from, to)).NextOpen(At(instant), zone).Should().Be(At(next));

    [Fact]
    public void without_windows_it_is_open_but_for_holidays_and_times_away()
    {
        var hours = new Hours
        {
            TimeZone = "America/Sao_Paulo",
            Holidays = [new() { On = new(2020, 12, 25), Yearly = true }, new() { On = new(2026, 12, 28) }],
            Away = [new() { From = At("2026-12-26T00:00:00-03:00"), To = At("2026-12-27T09:30:00-03:00") }],
        };
        hours.IsOpen(At("2026-12-24T23:59:00-03:00"), "UTC").Should().BeTrue();
        hours.NextOpen(At("2026-12-25T00:00:00-03:00"), "UTC").Should().Be(At("2026-12-27T09:30:00-03:00"));
        hours.NextOpen(At("2026-12-28T12:00:00-03:00"), "UTC").Should().Be(At("2026-12-29T00:00:00-03:00"));
        hours.NextOpen(At("2027-12-28T12:00:00-03:00"), "UTC").Should().Be(At("2027-12-28T12:00:00-03:00"));
    }

    [Fact]
    public void a_holiday_closes_its_day_and_what_would_begin_on_it()
    {
        var nights = Open((WeekDay.Thursday, "22:00", "06:00"), (WeekDay.Friday, "22:00", "06:00")) with
        {
            Holidays = [new() { On = new(2026, 12, 25) }], // a Friday
        };
        nights.IsOpen(At("2026-12-24T23:00:00Z"), "UTC").Should().BeTrue();
        nights.IsOpen(At("2026-12-25T03:00:00Z"), "UTC").Should().BeFalse();
        nights.IsOpen(At("2026-12-26T03:00:00Z"), "UTC").Should().BeFalse("it would have begun on the holiday");
    }

    [Fact]
    public void nobody_is_waited_for_longer_than_two_years() =>
        new Hours { Away = [new() { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue }] }
            .NextOpen(At("2026-11-30T00:00:00Z"), "UTC")
            .Should()
            .BeNull();

    /// <summary>Days on which clocks change in these zones, one of them by half an hour and one at midnight.</summary>
    static readonly (string Zone, string Day)[] Changes =
    [
        ("Europe/Lisbon", "2026-03-29"),
        ("Europe/Lisbon", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Sao_Paulo", "2018-11-04"),
        ("America/Sao_Paulo", "2018-02-18"),
        ("Asia/Kolkata", "2026-05-05"),
    ];

    [Fact]
    public void it_agrees_with_a_clock_that_is_read_minute_by_minute()
    {
        var random = new Random(4711);
        for (var i = 0; i < 200; i++)
        {
            var (zone, day) = Changes[i % Changes.Length];
            var around = At(day + "T00:00:00Z");
            var hours = new Hours
            {
                Windows = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Window(around))],
                Holidays =
                    random.Next(3) == 0 ? [new() { On = DateOnly.FromDateTime(around.UtcDateTime).AddDays(random.Next(-1, 2)) }] : [],
                Away = random.Next(3) == 0 ? [Span(around)] : [],
            };
            var instant = around.AddMinutes(random.Next(-24 * 60, 36 * 60));
            var expected = Enumerable
                .Range(0, 2 * 24 * 60)
                .Select(minutes => instant.AddMinutes(minutes))
                .Cast<DateTimeOffset?>()
                .FirstOrDefault(at => hours.IsOpen(at!.Value, zone));
            var next = hours.NextOpen(instant, zone);
            if (expected is not null)
                next.Should().Be(expected, $"{zone} {instant:O} {hours} {string.Join(", ", hours.Windows)}");
            else
                (next is null || next >= instant.AddDays(2)).Should().BeTrue($"{zone} {instant:O} {next:O}");
        }

        OpenWindow Window(DateTimeOffset around) =>
            new()
            {
                Day = (WeekDay)(((int)around.AddDays(random.Next(-1, 2)).DayOfWeek + 6) % 7),
                From = Time(random.Next(2) == 0 ? random.Next(0, 4 * 60) : random.Next(0, 24 * 60)),
                To = Time(random.Next(2) == 0 ? random.Next(0, 4 * 60) : random.Next(1, 24 * 60 + 1)),
            };

        AwayTime Span(DateTimeOffset around) =>
            around.AddMinutes(random.Next(-600, 600)) is var from
                ? new() { From = from, To = from.AddMinutes(random.Next(1, 900)) }
                : new();

        static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
    }
}
