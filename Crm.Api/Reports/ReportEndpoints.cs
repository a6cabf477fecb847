// GET /v1/reports/{name}: any report of the catalog, as JSON, CSV or a picture.

using System.Text;
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
            .With(app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Domain.Links.Click>()), "report", "read");

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
            "width"
        );
        var (format, width) = (Format(http.Request), Width(query));
        var report = await Report.Read(caller.Settings, asked, now, http.RequestAborted, new(installation.Catalog, caller.Rights));
        http.Response.Headers.Vary = "Accept";
        if (format == "svg")
            http.Response.Headers.ContentSecurityPolicy = Picture.ContentSecurityPolicy;
        await (
            format switch
            {
                "csv" => new Answer(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(ReportCsv.Write(report)), "text/csv; charset=utf-8"),
                "svg" => new Answer(
                    StatusCodes.Status200OK,
                    Encoding.UTF8.GetBytes(ReportPicture.Draw(report, width)),
                    "image/svg+xml; charset=utf-8"
                ),
                _ => new Answer(StatusCodes.Status200OK, ReportJson.Write(report)),
            }
        ).Write(http);
    }

    static string Format(HttpRequest request)
    {
        if (request.Query.TryGetValue("format", out var text))
            return Formats.Contains(text.ToString())
                ? text.ToString()
                : throw new ProblemException(
                    ProblemCodes.InvalidParameter,
                    $"format: Allowed are: {string.Join(", ", Formats)}.",
                    [new("format", "invalid", $"Allowed are: {string.Join(", ", Formats)}.")]
                );
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
        var allowed = $"Must be a whole number from {ReportPicture.Narrowest} to {ReportPicture.Widest}.";
        throw new ProblemException(ProblemCodes.InvalidParameter, "width: " + allowed, [new("width", "invalid", allowed)]);
    }
}
