// Which of an affiliate's rules rewards a fact, and the sentence that says why.

using System.Globalization;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Commissions;

public static class ChooseRule
{
    /// <summary>The rule that rewards a fact; null when none does. A recurring rule goes before the others, then the one with the highest
    /// from, then the first.</summary>
    /// <param name="at">When the fact was.</param>
    public static CommissionRule? Run(IEnumerable<CommissionRule> rules, Commission fact, DateTimeOffset at) =>
        rules
            .Where(rule => Fits(rule, fact, at))
            .OrderByDescending(rule => rule.Repeat == CommissionRepeat.Recurring)
            .ThenByDescending(rule => rule.From)
            .FirstOrDefault();

    static bool Fits(CommissionRule rule, Commission fact, DateTimeOffset at)
    {
        if (rule.On != fact.On || rule.From > fact.Position)
            return false;
        if (rule.Repeat == CommissionRepeat.Recurring)
            return fact.Nth > 1
                && (rule.Times is not { } times || fact.Nth - 1 <= times)
                && (rule.Months is not { } months || fact.FirstAt is { } first && at <= first.AddMonths((int)months));
        return !fact.ByCustomer
            && (rule.Repeat == CommissionRepeat.Always || fact.Nth == 1)
            && (rule.WindowDays is not { } days || at - (fact.Since ?? at) <= TimeSpan.FromDays(days));
    }

    /// <summary>One sentence about what a commission was computed from.</summary>
    public static string Why(CommissionRule rule, Commission fact, DateTimeOffset at)
    {
        var (percent, parts) = (CultureInfo.InvariantCulture, new List<string>());
        if (rule.SharePercent is { } share)
            parts.Add($"{share} of {Text(fact.Value)}");
        if (rule.Amount is not null)
            parts.Add(Text(rule.Amount));
        var why = string.Create(
            percent,
            $"{string.Join(" and ", parts)} for {fact.On} number {fact.Position} of the affiliate in {at.UtcDateTime:yyyy-MM}"
        );
        if (rule.Repeat == CommissionRepeat.Recurring)
            return string.Create(
                percent,
                $"{why}: number {fact.Nth} of a customer whose first was on {fact.FirstAt?.UtcDateTime:yyyy-MM-dd}."
            );
        return fact.Since is { } since
            ? string.Create(
                percent,
                $"{why}, {Math.Max(0, (at - since).TotalDays):0.0} days after {(fact.Click is null ? "the first contact" : "the click")}."
            )
            : why + ".";
    }

    static string Text(Money? money)
    {
        if (money is null)
            return "nothing";
        var digits = Currency.Digits(money.Currency);
        return Currency
                .Units(money.Amount, money.Currency)
                .ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            + " "
            + money.Currency;
    }
}
