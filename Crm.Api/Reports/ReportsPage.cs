// GET /reports: what happened, on one page. It holds no data; what it shows, its script asks the public API for, with the key that is typed
// in, or with the link that somebody was given.

using Crm.Api.Pages;
using Crm.Domain.Reports;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Reports;

public static class ReportsPage
{
    static readonly StaffPage Page = new(
        new() { ["en"] = ("Reports", "Reports need JavaScript. Switch it on for this address.") },
        "reports.js",
        "reports-words.js",
        "reports-ask.js",
        "reports-chart.js",
        "reports-table.js",
        "reports-share.js",
        "desk-words.js",
        "desk-api.js",
        "desk-dom.js",
        "desk-frame.js",
        "desk-views.js",
        "desk-enter.js"
    );

    /// <summary>Bytes of the script as it goes over the wire.</summary>
    public static int ScriptBytes => Page.ScriptBytes;

    public static void Map(WebApplication app) =>
        app.MapMethods("/reports", ["GET", "HEAD"], http => Page.Write(
                    http,
                    new
                    {
                        reports = Known(http),
                        digits = Currency.Unusual,
                        share = (object?)null,
                    }
                ))
            .ExcludeFromDescription();

    /// <summary>For whoever has a link: what it shows stands in it, and is all that there is.</summary>
    internal static Task Show(HttpContext http, OpenedShare open)
    {
        var share = open.Share;
        return Page.Write(
            http,
            new
            {
                reports = Known(http).Where(report => share.Reports.Contains(report.Name)),
                digits = Currency.Unusual,
                share = new
                {
                    firm = open.Settings.Workspace.Name,
                    share.Name,
                    interval = share.Interval.ToString().ToLowerInvariant(),
                    traffic = share.Traffic.ToString().ToLowerInvariant(),
                    share.Compare,
                    share.ExpiresAt,
                },
            }
        );
    }

    /// <summary>What the script needs to know of a report: its columns as people read them, and of which kind they are.</summary>
    sealed record KnownReport(string Name, string Line, string Title, string Order, bool IsOne, IEnumerable<KnownColumn> Columns);

    sealed record KnownColumn(string Name, string Label, string Kind);

    static IEnumerable<KnownReport> Known(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<Installation>()
            .Catalog.Reports.All.Select(report => new KnownReport(
                report.Name,
                report.Line,
                report.Title,
                report.Columns.OfType<ReportColumn.Count>().First(column => column.Measure == report.Order).Name,
                report.By.Part == SubjectPart.None,
                report.Columns.Select(column => new KnownColumn(
                    column.Name,
                    column.Label,
                    column switch
                    {
                        ReportColumn.Count => "count",
                        ReportColumn.Rate => "rate",
                        ReportColumn.Money => "money",
                        _ => "return",
                    }
                ))
            ));
}
