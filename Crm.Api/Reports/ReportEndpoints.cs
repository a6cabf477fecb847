// GET /v1/reports/{name}: who brought clicks, leads and sales, as JSON or CSV.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Reports;

public static class ReportEndpoints
{
    const int LongestPeriod = 3660;

    public static void Map(WebApplication app) =>
        app.MapMethods("/v1/reports/{name}", ["GET", "HEAD"], Report).With(app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Domain.Links.Click>()), "report", "read");

    static async Task Report(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (!CountedReport.Names.Contains(name))
            throw ProblemException.NotFound("report");
        var caller = Caller.Of(http);
        var (from, to) = Period(http.Request.Query, http.RequestServices.GetRequiredService<Installation>());
        var lines = await CountedReport.Read(caller.Settings.Store, name, from, to, http.RequestAborted);
        var named = await Named(caller.Settings, name, lines, http.RequestAborted);
        if (http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            await new Answer(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(Csv(lines, named)), "text/csv; charset=utf-8").Write(http);
            return;
        }
        var body = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var line in lines)
            {
                writer.WriteStartObject();
                if (name == "channels")
                    writer.WriteString("channel", line.Of);
                else
                {
                    writer.WriteStartObject(name[..^1]);
                    writer.WriteString("id", line.Of);
                    writer.WriteString("name", named.GetValueOrDefault(line.Of));
                    writer.WriteEndObject();
                }
                Write(writer, line);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteStartObject("totals");
            Write(writer, lines.Aggregate(ReportLine.Nothing, (sum, line) => sum.Plus(line)));
            writer.WriteEndObject();
            writer.WriteStartObject("period");
            writer.WriteString("from", from.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("to", to.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, body.WrittenMemory).Write(http);
    }

    /// <summary>from and to, days in UTC, both included; without them the last thirty days.</summary>
    static (DateOnly From, DateOnly To) Period(IQueryCollection query, Installation installation)
    {
        var today = DateOnly.FromDateTime(installation.Now.UtcDateTime);
        var errors = new FieldErrors();
        foreach (var name in query.Keys)
            if (name is not ("from" or "to"))
                errors.Add(name, "unknown", "Allowed are: from, to.");
        var to = Day("to") ?? today;
        var from = Day("from") ?? to.AddDays(-29);
        if (!errors.Any && (from > to || to.DayNumber - from.DayNumber > LongestPeriod))
            errors.Add("from", "out_of_range", $"Must not be after to, and at most {LongestPeriod} days before it.");
        if (errors.Any)
            throw new ProblemException(errors.All.All(e => e.Code == "unknown") ? ProblemCodes.UnknownParameter : ProblemCodes.InvalidParameter, $"{errors.All[0].Field}: {errors.All[0].Message}", errors.All);
        return (from, to);

        DateOnly? Day(string name)
        {
            if (!query.TryGetValue(name, out var text))
                return null;
            if (DateOnly.TryParseExact(text.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9000)
                return day;
            errors.Add(name, "invalid", "Must be a day: 2026-11-23.");
            return null;
        }
    }

    /// <summary>What people call the links, campaigns or affiliates of a report; those that were deleted have no name.</summary>
    static async ValueTask<Dictionary<string, string?>> Named(WorkspaceSettings settings, string name, IReadOnlyList<ReportLine> lines, CancellationToken cancel)
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (Domain.Catalog.Standard.Find(name)?.Type is not { } type)
            return names;
        foreach (var some in lines.Chunk(500))
        {
            using var page = await settings.Store.GetMany(type.Collection, [.. some.Select(line => Id.TryParse(line.Of, type.Prefix, out var id) ? id : Id.Empty)], cancel);
            for (var i = 0; i < page.Count; i++)
            {
                using var json = JsonDocument.Parse(page[i].Json);
                names[type.Text(page[i].Id)] = json.RootElement.TryGetProperty("name", out var called) ? called.GetString() : null;
            }
        }
        return names;
    }

    static void Write(Utf8JsonWriter writer, ReportLine line)
    {
        writer.WriteNumber("clicks", line.Clicks);
        writer.WriteNumber("robots", line.Robots);
        writer.WriteNumber("leads", line.Leads);
        writer.WriteNumber("conversions", line.Conversions);
        if (line.ConversionRate is { } rate) writer.WriteNumber("conversionRate", Math.Round(rate, 6)); else writer.WriteNull("conversionRate");
        writer.WriteStartArray("revenue");
        foreach (var (currency, amount) in line.Revenue)
        {
            writer.WriteStartObject();
            writer.WriteNumber("amount", amount);
            writer.WriteString("currency", currency);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    static string Csv(IReadOnlyList<ReportLine> lines, Dictionary<string, string?> named)
    {
        var csv = new StringBuilder("id,name,clicks,robots,leads,conversions,revenue\r\n");
        foreach (var line in lines)
            csv.Append(CultureInfo.InvariantCulture, $"{Cell(line.Of)},{Cell(named.GetValueOrDefault(line.Of) ?? "")},{line.Clicks},{line.Robots},{line.Leads},{line.Conversions},{Cell(string.Join("; ", line.Revenue.Select(r => $"{r.Value} {r.Key}")))}\r\n");
        return csv.ToString();
    }

    /// <summary>Quoted; and a text that a spreadsheet would run gets an apostrophe before it.</summary>
    static string Cell(string text) => $"\"{(text.Length > 0 && "=+-@\t\r\n＝＋－＠".Contains(text[0]) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
