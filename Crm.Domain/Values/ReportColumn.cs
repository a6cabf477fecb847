// What the columns of a report can be, said once for sorting, JSON, CSV, pictures and the page.

namespace Crm.Domain.Values;

/// <param name="Name">As in JSON and CSV.</param>
/// <param name="Label">As people read it.</param>
public abstract record ReportColumn(string Name, string Label)
{
    public sealed record Count(string Name, string Label, string Measure) : ReportColumn(Name, Label)
    {
        /// <summary>Whether its total stands in a picture only where the picture is about it.</summary>
        public bool Minor { get; init; }
    }

    /// <summary>A part of a whole: 0.05.</summary>
    public sealed record Rate(string Name, string Label, string Part, string Whole) : ReportColumn(Name, Label);

    /// <summary>Amounts by currency, each divided by a count or whole.</summary>
    public sealed record Money(string Name, string Label, string Measure, string? Per = null) : ReportColumn(Name, Label);

    /// <summary>What came back for what was spent, by currency: 1.5 is one and a half more than was spent.</summary>
    public sealed record Return(string Name, string Label) : ReportColumn(Name, Label);

    /// <summary>Amounts of a money or return column by currency.</summary>
    public IEnumerable<(string Currency, double Value)> Values(Numbers numbers) =>
        this switch
        {
            Money { Per: null } money => numbers.Money(money.Measure).Select(m => (m.Currency, (double)m.Amount)),
            Money money => numbers[money.Per!] is > 0 and var per
                ? numbers.Money(money.Measure).Select(m => (m.Currency, Math.Round((double)m.Amount / per, MidpointRounding.AwayFromZero)))
                : [],
            Return => numbers
                .Money(Measures.Cost)
                .Where(m => m.Amount > 0)
                .Select(m => (m.Currency, Math.Round((double)(numbers[Measures.Revenue + m.Currency] - m.Amount) / m.Amount, 4))),
            _ => [],
        };

    /// <summary>What lines are sorted by; null where there is no value. Money of several currencies has no order: that of the one currency
    /// counts.</summary>
    /// <param name="currency">From <see cref="CurrencyOf"/> of the totals.</param>
    public double? Order(Numbers numbers, string? currency) =>
        this switch
        {
            Count count => numbers[count.Measure],
            Rate rate => Numbers.Rate(numbers[rate.Part], numbers[rate.Whole]),
            _ => Values(numbers).Where(v => v.Currency == currency).Select(v => (double?)v.Value).FirstOrDefault(),
        };

    /// <summary>The currency in which most of the column's money is; null for other columns, and without any money.</summary>
    public string? CurrencyOf(Numbers totals) =>
        (
            this switch
            {
                Money money => money.Measure,
                Return => Measures.Cost,
                _ => null,
            }
        )
            is { } measure
            ? totals
                .Money(measure)
                .OrderByDescending(m => Math.Abs(m.Amount))
                .ThenBy(m => m.Currency, StringComparer.Ordinal)
                .Select(m => m.Currency)
                .FirstOrDefault()
            : null;
}
