// An amount of money: whole minor units of one currency.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

/// <summary>An amount in whole minor units: cents, never fractions.</summary>
[Hint("""It is in the smallest unit: {"amount":1250,"currency":"EUR"} for 12.50 EUR.""")]
public sealed record Money
{
    public const long Most = 1_000_000_000_000;

    /// <summary>How it is said to people, everywhere the same.</summary>
    public const string Unit = "In the smallest unit: 1250 for 12.50 EUR.";

    [Hint(Unit)]
    [Field(
        "In the smallest unit of the currency, without decimals: 1250 for 12.50 EUR, 1250 for 1,250 JPY.",
        Min = -Most,
        Max = Most,
        Is = Is.Required,
        Example = "1250"
    )]
    public long Amount { get; init; }

    [Field("ISO 4217 code.", Kind = TextKind.Currency, Is = Is.Required, Example = "EUR")]
    public string Currency { get; init; } = "";
}
