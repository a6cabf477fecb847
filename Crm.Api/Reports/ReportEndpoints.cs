// GET /v1/reports/{name}: any report of the catalog, as JSON, CSV or a picture.

using System.Text;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Reports;

public static class ReportEndpoints
{
    static readonly string[] Formats = ["json", "csv", "svg"];

    public static void Map(WebApplication app) =>
        app.MapMethods("/v1/reports/{name}", ["GET", "HEAD"], Answer)
            .With(app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Domain.Links.Click>()), "report", "read")
            .WithMetadata(new Acceptable("application/json", "text/csv", "image/svg+xml"));

    static async Task Answer(HttpContext http)
    {
        var caller = Caller.Of(http);
        var query = http.Request.Query;
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var now = installation.Now;
        if (query.FirstOrDefault(p => p.Value.Count != 1).Key is { } twice)
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                $"{TextRules.Cut(twice, 60)}: Must be given once.",
                [new(TextRules.Cut(twice, 60), "one_value", "Must be given once.")]
            );
        var asked = ReportQuestion.Read(
            installation.Catalog.Reports,
            (string)http.Request.RouteValues["name"]!,
            query.Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())),
            caller.Settings,
            now,
            "format",
            "width",
            "bom"
        );
        var (format, width, bom) = (Format(http.Request), Width(query), Bom(query));
        Only("width", "svg");
        Only("bom", "csv");
        var report = await Report.Read(caller.Settings, asked, now, http.RequestAborted, new(installation.Catalog, caller.Rights));
        http.Response.Headers.Append("Vary", "Accept");
        if (format == "csv")
            CsvText.Name(http.Response, $"{asked.Report.Name}-{ReportJson.Day(asked.From)}-{ReportJson.Day(asked.To)}");
        if (format == "svg")
            http.Response.Headers.ContentSecurityPolicy = Picture.ContentSecurityPolicy;
        await (
            format switch
            {
                "csv" => new Answer(
                    StatusCodes.Status200OK,
                    Encoding.UTF8.GetBytes((bom ? CsvText.Mark : "") + ReportCsv.Write(report)),
                    CsvText.MediaType
                ),
                "svg" => new Answer(
                    StatusCodes.Status200OK,
                    Encoding.UTF8.GetBytes(ReportPicture.Draw(report, width)),
                    "image/svg+xml; charset=utf-8"
                ),
                _ => new Answer(StatusCodes.Status200OK, ReportJson.Write(report)),
            }
        ).Write(http);

        // What is for another format would silently do nothing.
        void Only(string parameter, string of)
        {
            if (format != of && query.ContainsKey(parameter))
                throw Invalid(parameter, $"Is for format={of} only.");
        }
    }

    static ProblemException Invalid(string parameter, string message) =>
        new(ProblemCodes.InvalidParameter, $"{parameter}: {message}", [new(parameter, "invalid", message)]);

    static bool Bom(IQueryCollection query) =>
        !query.TryGetValue("bom", out var text)
        || text.ToString() switch
        {
            "true" => true,
            "false" => false,
            _ => throw Invalid("bom", "Must be true or false."),
        };

    static string Format(HttpRequest request)
    {
        if (request.Query.TryGetValue("format", out var text))
            return Formats.Contains(text.ToString())
                ? text.ToString()
                : throw Invalid("format", $"Allowed are: {string.Join(", ", Formats)}.");
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase) ? "csv"
            : accept.Contains("image/svg+xml", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)
                ? "svg"
            : "json";
    }

    /// <summary>Of a picture, in CSS pixels: its letters keep their size, so a narrow place asks for a narrow picture.</summary>
    static int Width(IQueryCollection query)
    {
        if (!query.TryGetValue("width", out var text))
            return ReportPicture.Usual;
        if (
            int.TryParse(
                text.ToString(),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var width
            ) && width is >= ReportPicture.Narrowest and <= ReportPicture.Widest
        )
            return width;
        throw Invalid("width", $"Must be a whole number from {ReportPicture.Narrowest} to {ReportPicture.Widest}.");
    }
}
