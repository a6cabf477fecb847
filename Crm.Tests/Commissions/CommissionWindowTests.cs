// The exact end of what limits a commission rule: the last moment counts, the next tick does not.

using Crm.Domain.Commissions;
using Xunit;

namespace Crm.Tests.Commissions;

public sealed class CommissionWindowTests
{
    static readonly DateTimeOffset Click = new(2026, 1, 31, 10, 15, 30, 123, TimeSpan.Zero);

    static bool IsEarned(CommissionRule rule, Commission fact, DateTimeOffset at) => ChooseRule.Run([rule], fact, at) is not null;

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(400)]
    public void a_window_of_days_ends_with_its_last_tick(int days)
    {
        var rule = new CommissionRule { Share = 1000, WindowDays = days };
        var fact = new Commission
        {
            On = "sale",
            Position = 1,
            Nth = 1,
            Since = Click,
        };
        var end = Click.AddDays(days);
        IsEarned(rule, fact, Click).Should().BeTrue();
        IsEarned(rule, fact, end.AddTicks(-1)).Should().BeTrue();
        IsEarned(rule, fact, end).Should().BeTrue("the last moment is within the window");
        IsEarned(rule, fact, end.AddTicks(1)).Should().BeFalse();
    }

    [Fact]
    public void months_after_the_first_end_with_their_last_tick_also_where_a_month_is_shorter()
    {
        var rule = new CommissionRule
        {
            Share = 1000,
            Repeat = CommissionRepeat.Recurring,
            Months = 1,
        };
        var fact = new Commission
        {
            On = "sale",
            Position = 1,
            Nth = 2,
            FirstAt = Click,
        };
        var end = new DateTimeOffset(2026, 2, 28, 10, 15, 30, 123, TimeSpan.Zero);
        IsEarned(rule, fact, end).Should().BeTrue();
        IsEarned(rule, fact, end.AddTicks(1)).Should().BeFalse();
    }

    [Fact]
    public void the_last_of_so_many_times_counts_and_the_next_does_not()
    {
        var rule = new CommissionRule
        {
            Share = 1000,
            Repeat = CommissionRepeat.Recurring,
            Times = 3,
        };
        for (var nth = 1; nth <= 6; nth++)
            IsEarned(
                    rule,
                    new()
                    {
                        On = "sale",
                        Position = 1,
                        Nth = nth,
                    },
                    Click
                )
                .Should()
                .Be(nth is 2 or 3 or 4, $"number {nth}");
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void a_tier_starts_with_its_own_number(long position, bool earned) =>
        IsEarned(
                new() { Share = 1000, From = 3 },
                new()
                {
                    On = "sale",
                    Position = position,
                    Nth = 1,
                },
                Click
            )
            .Should()
            .Be(earned);
}
