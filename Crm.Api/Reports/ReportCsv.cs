// A report as CSV (RFC 4180) for spreadsheets: by type, so that texts cannot be run and numbers stay numbers.

using System.Globalization;
using System.Text;
using Crm.Api.Http;
using Crm.Domain.Reports;
using Crm.Domain.Values;

namespace Crm.Api.Reports;

public static class ReportCsv
{
    /// <summary>
    /// The lines, with the period before behind them when it was asked for; or the series, when one was asked for. Money has a column for
    /// each currency that occurs (<c>revenue.EUR</c>), in whole units with decimals: 12.50.
    /// </summary>
    public static string Write(Report report)
    {
        var rows = report.Series is { } series
            ? series
                .Select(part => (Head: $"{ReportJson.Day(part.From)},{ReportJson.Day(part.To)}", Numbers: new[] { part.Numbers }))
                .ToList()
            : report
                .Lines.Select(line =>
                    (
                        Head: $"{CsvText.Cell(line.Of)},{CsvText.Cell(line.Name ?? "")}",
                        Numbers: line.Before is { } before ? new[] { line.Now, before } : [line.Now]
                    )
                )
                .ToList();
        var csv = new StringBuilder(report.Series is null ? "id,name" : "from,to");
        var columns = new List<(int Place, ReportColumn Column, string? Currency)>();
        for (var place = 0; place < (report.Series is null && report.Asked.Compare ? 2 : 1); place++)
            foreach (var column in report.Asked.Report.Columns)
            {
                var name = (place == 0 ? "" : "previous.") + column.Name;
                if (column is ReportColumn.Count or ReportColumn.Rate)
                    Add(name, null);
                else
                    foreach (
                        var currency in rows.SelectMany(row => column.Values(row.Numbers[place]))
                            .Select(value => value.Currency)
                            .Distinct()
                            .Order(StringComparer.Ordinal)
                            .DefaultIfEmpty()
                    )
                        Add(currency is null ? name : $"{name}.{currency}", currency);

                void Add(string title, string? currency)
                {
                    csv.Append(',').Append(title);
                    columns.Add((place, column, currency));
                }
            }
        csv.Append(CsvText.Line);
        foreach (var (head, numbers) in rows)
        {
            csv.Append(head);
            foreach (var (place, column, currency) in columns)
                csv.Append(',').Append(Number(column, numbers[place], currency));
            csv.Append(CsvText.Line);
        }
        return csv.ToString();
    }

    /// <summary>Nothing where there is no value.</summary>
    static string Number(ReportColumn column, Numbers numbers, string? currency)
    {
        if (column.Order(numbers, currency) is not { } value)
            return "";
        if (column is not ReportColumn.Money)
            return value.ToString(CultureInfo.InvariantCulture);
        return CsvText.Amount((decimal)value, currency!);
    }
}
