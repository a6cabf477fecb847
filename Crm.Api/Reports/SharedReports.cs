// GET /reports/s/{token}: the reports that a link shows, for whoever has it, and nothing else. The link says which reports and which days;
// what is asked for can change neither.

using Crm.Api.Http;
using Crm.Api.Pages;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Work;

namespace Crm.Api.Reports;

public static class SharedReports
{
    static readonly string[] Read = ["GET", "HEAD"];

    public static void Map(WebApplication app)
    {
        Add("/reports/s/{token}", Page);
        Add("/reports/s/{token}/{name}", Report);

        void Add(string path, RequestDelegate answer) =>
            app.MapMethods(path, Read, answer)
                .WithMetadata(new PublicShare(), new ForVisitors())
                .RequireRateLimiting(Doors.Share)
                .ExcludeFromDescription();
    }

    static Task Page(HttpContext http)
    {
        Hide(http);
        return http.Features.Get<OpenedShare>() switch
        {
            null => VisitorPages.NotFound(http),
            { Maker: null } => VisitorPages.Expired(http, null),
            var open => ReportsPage.Show(http, open),
        };
    }

    static Task Report(HttpContext http)
    {
        Hide(http);
        if (http.Features.Get<OpenedShare>() is not { Maker: { } maker } open)
            throw new ProblemException(ProblemCodes.NotFound, "The link has expired, was taken back, or never was.");
        if (!open.Share.Reports.Contains((string)http.Request.RouteValues["name"]!))
            throw new ProblemException(ProblemCodes.NotFound, "The link does not show this report.");
        // The rights are those of the key that made the link, as they are now.
        var caller = new Caller(http.RequestServices.GetRequiredService<Installation>(), open.Settings, maker, PublicUrl.Origin(http));
        caller.MustRead(Domain.Resources.ResourceType.Of<Domain.Links.Click>());
        return ReportEndpoints.Answer(http, caller, open.Share);
    }

    /// <summary>The address is the secret: it goes to no page that is opened from here, and to no list of pages.</summary>
    static void Hide(HttpContext http)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
