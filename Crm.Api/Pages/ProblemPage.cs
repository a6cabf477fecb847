// Where the type of a problem leads: a page that explains its code to whoever calls us.

using System.Globalization;
using Crm.Domain.Problems;

namespace Crm.Api.Pages;

public static class ProblemPage
{
    public static void Map(WebApplication app) =>
        app.MapMethods("/problems/{code}", ["GET", "HEAD"], Show).WithMetadata(new ForVisitors()).ExcludeFromDescription();

    static Task Show(HttpContext http)
    {
        var name = ((string)http.Request.RouteValues["code"]!).Replace('-', '_');
        if (!ProblemCodes.All.TryGetValue(name, out var code))
            return VisitorPages.NotFound(http);
        return new VisitorPage(code.Title, "en", null)
            .Say(code.Title, code.Means)
            .Add($"<dl class=\"kept\"><dt>Code</dt><dd><code>{VisitorPage.Text(code.Code)}</code></dd>")
            .Add($"<dt>Status</dt><dd>{code.Status.ToString(CultureInfo.InvariantCulture)}</dd></dl>")
            .Add("<p class=\"text soft\">The answer's detail says what it was this time, and its errors name the fields.</p>")
            .Add("<nav class=\"to\"><a href=\"/swagger\">API reference</a></nav>")
            .Write(http, StatusCodes.Status200OK);
    }
}
