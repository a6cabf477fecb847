// A report as JSON: the same over REST and GraphQL.

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Crm.Domain.Reports;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Api.Reports;

public static class ReportJson
{
    public static ReadOnlyMemory<byte> Write(Report report)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var writer = JsonText.Writer(body);
        Write(writer, report);
        writer.Flush();
        return body.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, Report report)
    {
        var (asked, definition) = (report.Asked, report.Asked.Report);
        var columns = definition.Columns;
        writer.WriteStartObject();
        writer.WriteString("report", definition.Name);
        writer.WriteStartArray("data");
        foreach (var line in report.Lines)
        {
            writer.WriteStartObject();
            if (definition.By.Type is null)
                writer.WriteString(definition.Line, line.Of);
            else
            {
                writer.WriteStartObject(definition.Line);
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
                Members(writer, columns, part.Numbers);
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
        if (asked.Sort.Count > 0)
            writer.WriteString("sort", string.Join(',', asked.Sort.Select(sort => (sort.Descending ? "-" : "") + sort.Column.Name)));
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
                    if (Numbers.Rate(numbers[rate.Part], numbers[rate.Whole]) is { } share)
                        writer.WriteNumber(column.Name, share);
                    else
                        writer.WriteNull(column.Name);
                    break;
                default:
                    writer.WriteStartArray(column.Name);
                    foreach (var (currency, value) in column.Values(numbers))
                    {
                        writer.WriteStartObject();
                        if (column is ReportColumn.Money)
                            writer.WriteNumber("amount", (long)value);
                        else
                            writer.WriteNumber("ratio", value);
                        writer.WriteString("currency", currency);
                        writer.WriteEndObject();
                    }
                    writer.WriteEndArray();
                    break;
            }
    }
}
