// Reports as the OpenAPI document says them: a schema for each, made from its columns, so that a client knows what a line has.

using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Microsoft.OpenApi;
using static Crm.Api.Rest.DocumentParts;

namespace Crm.Api.Rest;

public sealed class ReportPaths(DocumentParts parts, Catalog catalog)
{
    public void Add()
    {
        var reports = catalog.Reports.All;
        if (reports.Count == 0 || catalog.Public.All(entry => entry.Type.Clr != typeof(Click)))
            return;
        parts.Schemas.Add("ReportPeriod", Period());
        parts.Schemas.Add(
            "ReportReturn",
            Object([("ratio", Number("What came back for what was spent.")), ("currency", Text("ISO 4217 code."))])
        );
        foreach (var report in reports)
            AddSchemas(report);
        parts.Schemas.Add(
            "Report",
            new OpenApiSchema
            {
                OneOf = [.. reports.Select(report => (IOpenApiSchema)parts.Ref(NameOf(report)))],
                Discriminator = new()
                {
                    PropertyName = "report",
                    Mapping = reports.ToDictionary(report => report.Name, report => parts.Ref(NameOf(report))),
                },
            }
        );
        var lines = reports.Select(report =>
            $"{report.Name}: {report.Description}{(report.OrderLabel is { } first ? $", the most {first.ToLowerInvariant()} first" : "")}."
        );
        const string summary =
            "What happened in a period, in lines with totals. Also as CSV (Accept: text/csv) and as a picture (Accept: image/svg+xml or image/png). Lines have names when the key may read what they are of.";
        parts.At(
            "/v1/reports/{name}",
            HttpMethod.Get,
            Operation("report", summary, "Report", [.. Parameters(reports), .. Formats()], ["text/csv", "image/svg+xml", "image/png"]),
            Path("name", "Which report. There is a line for each: " + string.Join(' ', lines), Words(reports.Select(report => report.Name)))
        );
        PictureAddress(reports);
        // The same as JSON for each by its name: a client that is generated from these knows what its lines have.
        foreach (var report in reports)
            parts.At(
                $"/v1/reports/{report.Name}",
                HttpMethod.Get,
                Operation(
                    "report" + Pascal(report.Name),
                    $"The report {report.Name}: a line for each {report.Description}.",
                    NameOf(report),
                    Parameters([report]),
                    []
                )
            );
    }

    void PictureAddress(IReadOnlyList<ReportDefinition> reports)
    {
        parts.Schemas.Add(
            "PictureAddress",
            Object([
                ("url", Text("The whole address: it opens this picture, without a key.")),
                ("expiresAt", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
                ("width", Whole("In CSS pixels, for img.")),
                ("height", Whole("In CSS pixels, for img.")),
                ("alt", Text("What can be seen in it, for who cannot see it.")),
            ])
        );
        parts.At(
            "/v1/reports/{name}/address",
            HttpMethod.Get,
            parts.Operation(
                "reports",
                "getReportPictureAddress",
                "The address of the report as one PNG picture, for a mail: it works without a key, for some days, as long as this key does. Days that are not said are those of today.",
                [
                    .. Parameters(reports),
                    .. Looks(Reports.PictureLook.MailWidth),
                    Query(
                        "days",
                        $"How long it works; without it {Reports.PictureAddress.UsualDays} days.",
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Integer,
                            Minimum = "1",
                            Maximum = Invariant(Reports.PictureAddress.MostDays),
                        }
                    ),
                ],
                null,
                [new("200", "The address.", "PictureAddress")],
                Reading
            ),
            Path("name", "Which report.", Words(reports.Select(report => report.Name)))
        );
    }

    static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    static string NameOf(ReportDefinition report) => Pascal(report.Name) + "Report";

    OpenApiOperation Operation(
        string id,
        string summary,
        string schema,
        IReadOnlyList<IOpenApiParameter> parameters,
        IReadOnlyList<string> also
    ) =>
        parts.Operation(
            "reports",
            id,
            summary,
            parameters,
            null,
            [new("200", "A line for each, totals, the series when it was asked for, and the period.", schema) { Also = also }],
            Reading
        );

    // ---- Schemas

    void AddSchemas(ReportDefinition report)
    {
        var name = NameOf(report);
        var line = report.By.Type is null
            ? OrNull(Text("What the line is about."))
            : Object([("id", OrNull(Text())), ("name", OrNull(Text("Null when there is none, or the key may not read it.")))]);
        parts.Schemas.Add(name + "Numbers", Object(Columns(report)));
        parts.Schemas.Add(
            name + "Line",
            Object([(report.Line, line), .. Columns(report), ("previous", parts.Ref(name + "Numbers"))], null, "previous")
        );
        var part = Object(
            [("from", Date()), ("to", Date()), .. Columns(report), ("previous", parts.Ref(name + "Numbers"))],
            null,
            "previous"
        );
        var totals = Object([.. Columns(report), ("previous", parts.Ref(name + "Numbers"))], null, "previous");
        parts.Schemas.Add(
            name,
            Object(
                [
                    ("report", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [report.Name] }),
                    ("data", ListOf(parts.Ref(name + "Line"))),
                    ("lines", Whole("How many lines there are without the limit.")),
                    ("totals", totals),
                    ("series", ListOf(part, "With interval: the totals of each part of the period.")),
                    ("period", parts.Ref("ReportPeriod")),
                ],
                null,
                "series"
            )
        );
    }

    IEnumerable<(string, IOpenApiSchema)> Columns(ReportDefinition report) =>
        report.Columns.Select(column =>
            (
                column.Name,
                column switch
                {
                    ReportColumn.Count => (IOpenApiSchema)Whole(column.Label),
                    ReportColumn.Rate => OrNull(Number(column.Label + ", as a part of 1; null without a whole.")),
                    ReportColumn.Money => ListOf(parts.Ref("Money"), column.Label + ", by currency."),
                    _ => ListOf(parts.Ref("ReportReturn"), column.Label + ", by currency."),
                }
            )
        );

    OpenApiSchema Period() =>
        Object(
            [
                ("from", Date()),
                ("to", Date()),
                ("timeZone", Text("The workspace's, by which days are cut.")),
                ("traffic", Words("human", "all")),
                ("interval", Words("day", "week", "month")),
                ("sort", Text()),
                ("previous", Object([("from", Date()), ("to", Date())])),
            ],
            null,
            "interval",
            "sort",
            "previous"
        );

    static OpenApiSchema Date() => new() { Type = JsonSchemaType.String, Format = "date" };

    // ---- Parameters

    static List<IOpenApiParameter> Parameters(IReadOnlyList<ReportDefinition> reports)
    {
        var parameters = new List<IOpenApiParameter>
        {
            Query("from", "First day, in the workspace's time zone; without it 29 days before the last.", Date()),
            Query("to", "Last day, included; without it today.", Date()),
            Query("interval", "Adds the totals by day, week (from Monday) or month.", Words("day", "week", "month")),
            Query("traffic", "Whether robots' clicks count among the clicks; without it people's only.", Words("human", "all")),
            Query("compare", "Adds the numbers of the period before, just as long.", Words("previous")),
            Query(
                "sort",
                "Columns to sort the lines by, at most 3, with - the largest first: -conversionRate,-leads. Lines without a value come last; money counts in the currency that most of it is in."
            ),
        };
        if (reports.Any(report => report.HasClicks))
            parameters.Add(
                Query(
                    "minClicks",
                    $"Leaves out lines with fewer clicks, whose rates say little. For {string.Join(", ", reports.Where(report => report.HasClicks).Select(report => report.Name))}.",
                    new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }
                )
            );
        parameters.AddRange([
            Query(
                "limit",
                "Lines at most.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = Invariant(ReportQuestion.MostLines),
                }
            ),
        ]);
        return parameters;
    }

    static IReadOnlyList<IOpenApiParameter> Formats() =>
        [
            Query("format", "Instead of the Accept header.", Words("json", "csv", "svg", "png")),
            Query(
                "bom",
                "For CSV: whether it begins with the mark by which spreadsheets know UTF-8. Without it true.",
                new OpenApiSchema { Type = JsonSchemaType.Boolean }
            ),
            .. Looks(Reports.ReportPicture.Usual),
        ];

    static IReadOnlyList<IOpenApiParameter> Looks(int width) =>
        [
            Query(
                "width",
                $"For the picture: CSS pixels; without it {width}.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = Invariant(Reports.ReportPicture.Narrowest),
                    Maximum = Invariant(Reports.ReportPicture.Widest),
                }
            ),
            Query(
                "theme",
                "For the picture: its colours. Without it an SVG follows its reader and a PNG is light.",
                Words("light", "dark")
            ),
            Query(
                "scale",
                $"For PNG: pixels for each CSS pixel; without it {Reports.PngPicture.LargestScale}.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = Invariant(Reports.PngPicture.LargestScale),
                }
            ),
        ];
}
