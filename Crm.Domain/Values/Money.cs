// An amount of money: whole minor units of one currency.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

/// <summary>An amount in whole minor units: cents, never fractions.</summary>
public sealed record Money
{
    public const long Most = 1_000_000_000_000;

    [Field("In minor units (cents).", Min = -Most, Max = Most, Is = Is.Required, Example = "1250")]
    public long Amount { get; init; }

    [Field("ISO 4217 code.", Kind = TextKind.Currency, Is = Is.Required, Example = "EUR")]
    public string Currency { get; init; } = "";
}
