// GET /v1/reports/{name}: any report of the catalog, as JSON, CSV or a picture (SVG, PNG).

using System.Text;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Reports;

public static class ReportEndpoints
{
    static readonly string[] Formats = ["json", "csv", "svg", "png"];

    public static void Map(WebApplication app) =>
        app.MapMethods("/v1/reports/{name}", ["GET", "HEAD"], Answer)
            .With(app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Domain.Links.Click>()), "report", "read")
            .WithMetadata(new Acceptable("application/json", "text/csv", "image/svg+xml", "image/png"));

    static Task Answer(HttpContext http) => Answer(http, Caller.Of(http), null);

    /// <param name="share">A link whose filters hold; null: those of the query.</param>
    internal static async Task Answer(HttpContext http, Caller caller, ReportShare? share)
    {
        var query = http.Request.Query;
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var now = installation.Now;
        EachOnce(query);
        var asked = ReportQuestion.Read(
            installation.Catalog.Reports,
            (string)http.Request.RouteValues["name"]!,
            [
                .. query.Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())),
                .. share is null ? [] : Fixed(share, query, caller.Settings.Days.DayOf(now)),
            ],
            caller.Settings,
            now,
            ["format", "bom", .. PictureLook.Parameters]
        );
        var (format, look, bom) = (Format(http.Request), PictureLook.Read(query), Bom(query));
        Only("width", "svg", "png");
        Only("theme", "svg", "png");
        Only("scale", "png");
        Only("bom", "csv");
        var report = await Report.Read(caller.Settings, asked, now, http.RequestAborted, new(installation.Catalog, caller.Rights));
        http.Response.Headers.Append("Vary", "Accept");
        if (format == "csv")
            CsvText.Name(http.Response, $"{asked.Report.Name}-{ReportJson.Day(asked.From)}-{ReportJson.Day(asked.To)}");
        var today = caller.Settings.Days.DayOf(now);
        if (format == "png")
        {
            if (
                await http
                    .RequestServices.GetRequiredService<DrawPng>()
                    .Run(http, () =>
                        ValueTask.FromResult(PngPicture.Write(ReportPicture.Draw(report, today, look.Width), look.PngTheme, look.PngScale))
                    ) is
                { } png
            )
                await new Answer(StatusCodes.Status200OK, png, "image/png").Write(http);
            return;
        }
        if (format == "svg")
            http.Response.Headers.ContentSecurityPolicy = SvgPicture.ContentSecurityPolicy;
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
                    Encoding.UTF8.GetBytes(SvgPicture.Write(ReportPicture.Draw(report, today, look.Width), look.Theme)),
                    "image/svg+xml; charset=utf-8"
                ),
                _ => new Answer(StatusCodes.Status200OK, ReportJson.Write(report)),
            }
        ).Write(http);

        // What is for another format would silently do nothing.
        void Only(string parameter, params string[] of)
        {
            if (!of.Contains(format) && query.ContainsKey(parameter))
                throw PictureLook.Wrong(parameter, $"Is for format={string.Join(" and ", of)} only.");
        }
    }

    /// <summary>The filters of a link. Whoever has it chooses the order and the format, and whether the course comes along.</summary>
    static IEnumerable<KeyValuePair<string, string>> Fixed(ReportShare share, IQueryCollection query, DateOnly today)
    {
        var parameters = share.Parameters(today).ToList();
        string[] said = ["from", "to", "traffic", "compare"];
        if (said.FirstOrDefault(query.ContainsKey) is { } changed)
            throw PictureLook.Wrong(changed, "The link says this, and it cannot be changed.");
        var interval = share.Interval.ToString().ToLowerInvariant();
        if (query.TryGetValue("interval", out var asked) && asked != interval)
            throw PictureLook.Wrong("interval", $"The link says this: {interval}, or none.");
        return parameters;
    }

    /// <summary>Of a parameter that is given twice nobody knows which one is meant.</summary>
    public static void EachOnce(IQueryCollection query)
    {
        if (query.FirstOrDefault(p => p.Value.Count != 1).Key is { } twice)
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                $"{TextRules.Cut(twice, 60)}: Must be given once.",
                [new(TextRules.Cut(twice, 60), "one_value", "Must be given once.")]
            );
    }

    static bool Bom(IQueryCollection query) =>
        !query.TryGetValue("bom", out var text)
        || text.ToString() switch
        {
            "true" => true,
            "false" => false,
            _ => throw PictureLook.Wrong("bom", "Must be true or false."),
        };

    static string Format(HttpRequest request)
    {
        if (request.Query.TryGetValue("format", out var text))
            return Formats.Contains(text.ToString())
                ? text.ToString()
                : throw PictureLook.Wrong("format", $"Allowed are: {string.Join(", ", Formats)}.");
        var accept = request.Headers.Accept.ToString();
        bool Takes(string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
        // A browser that opens the address by itself names pictures too.
        return Takes("text/csv") ? "csv"
            : Takes("text/html") ? "json"
            : Takes("image/svg+xml") ? "svg"
            : Takes("image/png") ? "png"
            : "json";
    }
}
