// A report as JSON and as CSV: the same columns over REST and GraphQL.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Domain.Reports;

namespace Crm.Api.Reports;

public static class ReportJson
{
    public static ReadOnlyMemory<byte> Write(Report report)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(body);
        Write(writer, report);
        writer.Flush();
        return body.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, Report report)
    {
        var asked = report.Asked;
        var columns = ReportColumn.Of(asked.Name);
        writer.WriteStartObject();
        writer.WriteString("report", asked.Name);
        writer.WriteStartArray("data");
        foreach (var line in report.Lines)
        {
            writer.WriteStartObject();
            if (asked.Name is "channels" or "funnel")
                writer.WriteString(ReportColumn.Subject(asked.Name), line.Of);
            else
            {
                writer.WriteStartObject(ReportColumn.Subject(asked.Name));
                writer.WriteString("id", line.Of);
                writer.WriteString("name", line.Name);
                writer.WriteEndObject();
            }
            Members(writer, columns, line.Now);
            if (line.Before is { } before)
            {
                writer.WriteStartObject("previous");
                Members(writer, columns, before);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("lines", report.All);
        writer.WriteStartObject("totals");
        Members(writer, columns, report.Totals);
        if (report.TotalsBefore is { } totalsBefore)
        {
            writer.WriteStartObject("previous");
            Members(writer, columns, totalsBefore);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        if (report.Series is { } series)
        {
            writer.WriteStartArray("series");
            foreach (var part in series)
            {
                writer.WriteStartObject();
                writer.WriteString("from", Day(part.From));
                writer.WriteString("to", Day(part.To));
                // Costs are by campaign, and have days of their own.
                Members(writer, columns.Where(column => column is not ReportColumn.Return and not ReportColumn.Money { Measure: Numbers.Cost }), part.Numbers);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteStartObject("period");
        writer.WriteString("from", Day(asked.From));
        writer.WriteString("to", Day(asked.To));
        writer.WriteString("timeZone", report.TimeZone);
        writer.WriteString("traffic", asked.Robots ? "all" : "human");
        if (asked.Interval is { } interval)
            writer.WriteString("interval", interval.ToString().ToLowerInvariant());
        if (asked.Compare)
        {
            writer.WriteStartObject("previous");
            writer.WriteString("from", Day(asked.Before.From));
            writer.WriteString("to", Day(asked.Before.To));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    static void Members(Utf8JsonWriter writer, IEnumerable<ReportColumn> columns, Numbers numbers)
    {
        foreach (var column in columns)
            switch (column)
            {
                case ReportColumn.Count count:
                    writer.WriteNumber(column.Name, numbers[count.Measure]);
                    break;
                case ReportColumn.Rate rate:
                    if (Numbers.Rate(numbers[rate.Part], numbers[rate.Whole]) is { } share) writer.WriteNumber(column.Name, share); else writer.WriteNull(column.Name);
                    break;
                default:
                    writer.WriteStartArray(column.Name);
                    foreach (var (currency, value) in column.Values(numbers))
                    {
                        writer.WriteStartObject();
                        if (column is ReportColumn.Money) writer.WriteNumber("amount", (long)value); else writer.WriteNumber("ratio", value);
                        writer.WriteString("currency", currency);
                        writer.WriteEndObject();
                    }
                    writer.WriteEndArray();
                    break;
            }
    }

    /// <summary>The lines; or the series, when one was asked for.</summary>
    public static string Csv(Report report)
    {
        var columns = ReportColumn.Of(report.Asked.Name);
        var csv = new StringBuilder(report.Series is null ? "id,name" : "from,to");
        foreach (var column in columns)
            csv.Append(',').Append(column.Name);
        csv.Append("\r\n");
        if (report.Series is { } series)
            foreach (var part in series)
                Row(Day(part.From), Day(part.To), part.Numbers);
        else
            foreach (var line in report.Lines)
                Row(Cell(line.Of), Cell(line.Name ?? ""), line.Now);
        return csv.ToString();

        void Row(string first, string second, Numbers numbers)
        {
            csv.Append(first).Append(',').Append(second);
            foreach (var column in columns)
                csv.Append(',').Append(column is ReportColumn.Count or ReportColumn.Rate ? column.Plain(numbers) : Cell(column.Plain(numbers)));
            csv.Append("\r\n");
        }
    }

    /// <summary>Quoted; and a text that a spreadsheet would run gets an apostrophe before it.</summary>
    static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(text[0]) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
