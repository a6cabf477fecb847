// One rule of what an affiliate earns, and what it comes to: whole minor units, computed from facts alone.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Commissions;

/// <summary>Recurring: only what a person brings after his first.</summary>
public enum CommissionRepeat
{
    Always,
    FirstOnly,
    Recurring,
}

public sealed record CommissionRule
{
    /// <summary>What a new lead of the affiliate counts as; every other word is a conversion's type.</summary>
    public const string Lead = "lead";

    [Field("What is rewarded: lead for a new lead, or a conversion's type.", Max = 40, Example = "sale", Is = Is.NoPerson)]
    public string On { get; init; } = "sale";

    [Field("A share of the value in basis points, hundredths of a percent: 750 is 7.5 %.", Min = 1, Max = 10_000, Example = "750")]
    public long? Share { get; init; }

    [Field(
        "The share as people read it. Follows from share: what is written here is not looked at.",
        Max = 20,
        Example = "7.5 %",
        Is = Is.NoPerson
    )]
    public string? SharePercent
    {
        get => Share is { } share ? Percent(share) : null;
        init { }
    }

    [Field("A fixed amount, instead of a share or in addition to it.")]
    public Money? Amount { get; init; }

    [Field("For tiers: counts from so many in a calendar month (UTC) on.", Min = 1, Max = 1_000_000)]
    public long From { get; init; } = 1;

    [Field("Counts only so many days after the click, or after the first contact when there was none.", Min = 1, Max = 400)]
    public long? WindowDays { get; init; }

    [Field("Which of one person are rewarded: all (always), the first only, or the later ones (recurring), whatever led to these.")]
    public CommissionRepeat Repeat { get; init; }

    [Field("With recurring: at most so many later ones of each person.", Min = 1, Max = 1_000)]
    public long? Times { get; init; }

    [Field("With recurring: only so many months after the person's first.", Min = 1, Max = 120)]
    public long? Months { get; init; }

    static string Percent(long share) => string.Create(CultureInfo.InvariantCulture, $"{share / 100m:0.##} %");

    /// <summary>Null when nothing is odd.</summary>
    public string? Warning(string path) =>
        Share is { } share and < 100
            ? $"{path}.share is {share}, which is {Percent(share)}: it counts hundredths of a percent. {Percent(share * 100)} is {share * 100}."
            : null;

    public void Check(string path, FieldErrors errors)
    {
        if (Share is null && Amount is null)
            errors.Add(path + ".share", "required", "A rule needs a share or an amount.");
        if (Amount is { Amount: < 0 })
            errors.Add(path + ".amount.amount", "out_of_range", "Must not be negative.");
        if (On == Lead && Share is not null)
            errors.Add(path + ".share", "not_allowed", "A lead has no value to have a share of; use an amount.");
        if (Repeat == CommissionRepeat.Recurring)
        {
            if (On == Lead)
                errors.Add(path + ".repeat", "not_allowed", "A person becomes a lead once; recurring is for conversions.");
            if (WindowDays is not null)
                errors.Add(path + ".windowDays", "not_allowed", "A recurring rule is limited by months or times.");
            return;
        }
        if (Times is not null)
            errors.Add(path + ".times", "not_allowed", "Only a recurring rule has it.");
        if (Months is not null)
            errors.Add(path + ".months", "not_allowed", "Only a recurring rule has it.");
    }

    /// <summary>Null when the rule gives nothing: a share of nothing, or two currencies that do not add up.</summary>
    public Money? For(Money? value)
    {
        // Halves are rounded up; the product of the largest value and share does not fit 64 bits.
        var part = value is null || Share is not { } share ? 0 : (long)(((Int128)value.Amount * share + 5_000) / 10_000);
        if (Amount is null)
            return part > 0 ? value! with { Amount = part } : null;
        return part == 0
            ? Amount.Amount > 0
                ? Amount
                : null
            : Amount.Currency == value!.Currency
                ? Amount with
                {
                    Amount = Math.Min(Money.Most, Amount.Amount + part),
                }
                : null;
    }
}
