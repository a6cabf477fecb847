// GET /v1/reports/{name}/address and GET /r/{token}.png: the address of one picture of a report, which a mail can show and nobody can make
// up, change or use for anything else.

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Pages;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Api.Reports;

public static class PictureAddress
{
    public const int MostDays = 366,
        UsualDays = 90;

    /// <summary>For how long others may show a picture without asking again: of a period that goes on, and of one that is over, in which a
    /// lead may still become a customer.</summary>
    static readonly TimeSpan WhileItGoesOn = TimeSpan.FromMinutes(5),
        Afterwards = TimeSpan.FromHours(1);

    static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(WebApplication app)
    {
        var clicks = app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Click>());
        app.MapMethods("/v1/reports/{name}/address", ["GET", "HEAD"], Make).With(clicks, "pictureAddress", "read");
        app.MapMethods("/r/{token}.png", ["GET", "HEAD"], Show)
            .WithMetadata(new PublicPicture(), new ForVisitors())
            .RequireRateLimiting(Doors.Picture);
    }

    // ---- Made with a key

    static async Task Make(HttpContext http)
    {
        var (caller, query) = (Caller.Of(http), http.Request.Query);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var now = installation.Now;
        ReportEndpoints.EachOnce(query);
        var asked = ReportQuestion.Read(
            installation.Catalog.Reports,
            (string)http.Request.RouteValues["name"]!,
            query.Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())),
            caller.Settings,
            now,
            ["days", .. PictureLook.Parameters]
        );
        var look = PictureLook.Read(query, PictureLook.MailWidth);
        var expires = DateTimeOffset
            .FromUnixTimeSeconds(now.ToUnixTimeSeconds())
            .AddDays(PictureLook.Number(query, "days", 1, MostDays) ?? UsualDays);
        if (caller.Key.ExpiresAt is { } end && end < expires)
            expires = end;
        var token = new PictureToken(caller.Settings.Key, caller.Key.Id, expires, Question(asked, query, look));
        // What is in it stands beside it as text, for who cannot see it; and a question that has no answer is refused now.
        var report = await Report.Read(caller.Settings, asked, now, http.RequestAborted, new(installation.Catalog, caller.Rights));
        var picture = ReportPicture.Draw(report, caller.Settings.Days.DayOf(now), look.Width);
        await new Answer(
            StatusCodes.Status200OK,
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    url = PublicUrl.Of(http, $"/r/{token.Write(installation)}.png"),
                    expiresAt = token.ExpiresAt.UtcDateTime.ToString(DateTimeValue.Format, CultureInfo.InvariantCulture),
                    width = picture.Width,
                    height = picture.Height,
                    alt = $"{picture.Title}. {picture.Description}",
                },
                Written
            )
        ).Write(http);
    }

    /// <summary>Everything that decides what is drawn: days that followed from today are those days from now on.</summary>
    static string Question(ReportQuestion asked, IQueryCollection query, PictureLook look)
    {
        var parameters = query
            .Where(p => ReportQuestion.Parameters.Contains(p.Key))
            .ToDictionary(p => p.Key, p => (string?)p.Value.ToString(), StringComparer.Ordinal);
        parameters["from"] = ReportJson.Day(asked.From);
        parameters["to"] = ReportJson.Day(asked.To);
        parameters["theme"] = look.PngTheme.ToString().ToLowerInvariant();
        parameters["width"] = look.Width.ToString(CultureInfo.InvariantCulture);
        parameters["scale"] = look.PngScale.ToString(CultureInfo.InvariantCulture);
        return QueryHelpers.AddQueryString(asked.Report.Name, parameters);
    }

    // ---- Opened without one

    static async Task Show(HttpContext http)
    {
        var installation = http.RequestServices.GetRequiredService<Installation>();
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        var text = http.Request.RouteValues["token"] as string;
        if (PictureToken.Read(installation, text) is not { } token)
            throw new ProblemException(ProblemCodes.NotFound, "There is no picture at this address.");
        if (
            token.ExpiresAt <= installation.Now
            || await Find(installation, token, PublicUrl.Origin(http), http.RequestAborted) is not { } caller
        )
        {
            await Expired(http);
            return;
        }
        var drawn = http.RequestServices.GetRequiredService<DrawnPictures>();
        var picture = drawn.Find(text!);
        try
        {
            // Whoever waited may find that somebody else had the same one drawn.
            picture ??= await http
                .RequestServices.GetRequiredService<DrawPng>()
                .Run(http, async () =>
                    drawn.Find(text!) ?? drawn.Keep(text!, await Draw(installation, caller, token, http.RequestAborted))
                );
        }
        catch (ProblemException)
        {
            // The report is not there any more, or the key may not see all that it counts.
            await Expired(http);
            return;
        }
        if (picture is not null)
            await Write(http, picture, token.ExpiresAt - installation.Now);
    }

    static Task Expired(HttpContext http) =>
        ForVisitors.WantsPage(http.Request)
            ? VisitorPages.Expired(http, null)
            : throw new ProblemException(ProblemCodes.AddressExpired, "Ask for a new address of this picture.");

    /// <summary>By whose right the picture is shown, as that is now; null when there is none any more.</summary>
    static async ValueTask<Caller?> Find(Installation installation, PictureToken token, string origin, CancellationToken cancel)
    {
        var keys = ResourceType.Of<ApiKey>();
        if (
            await installation.Store.Open(token.Workspace).Get(keys.Collection, token.Key, cancel) is not { } row
            || keys.FromRow<ApiKey>(row) is not { } key
            || !key.IsUsable(installation.Now)
        )
            return null;
        var caller = new Caller(installation, await installation.Settings.Workspace(token.Workspace, cancel), key, origin);
        return caller.Rights(ResourceType.Of<Click>()).MayRead ? caller : null;
    }

    static async ValueTask<DrawnPicture> Draw(Installation installation, Caller caller, PictureToken token, CancellationToken cancel)
    {
        var now = installation.Now;
        var (name, rest) = token.Asked.Split('?', 2) is [var before, var behind] ? (before, behind) : (token.Asked, "");
        var query = new QueryCollection(QueryHelpers.ParseQuery(rest));
        var asked = ReportQuestion.Read(
            installation.Catalog.Reports,
            name,
            query.Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())),
            caller.Settings,
            now,
            PictureLook.Parameters
        );
        var look = PictureLook.Read(query);
        var today = caller.Settings.Days.DayOf(now);
        var report = await Report.Read(caller.Settings, asked, now, cancel, new(installation.Catalog, caller.Rights));
        var png = PngPicture.Write(ReportPicture.Draw(report, today, look.Width), look.PngTheme, look.PngScale);
        return new(png, $"\"{Convert.ToHexStringLower(SHA256.HashData(png)[..16])}\"", asked.To < today ? Afterwards : WhileItGoesOn);
    }

    static async Task Write(HttpContext http, DrawnPicture picture, TimeSpan left)
    {
        var headers = http.Response.Headers;
        var seconds = Math.Max(0, (long)Math.Min(picture.Fresh.TotalSeconds, left.TotalSeconds));
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}");
        headers.ETag = picture.ETag;
        // Web mail shows it in pages of its own.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var known = http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries);
        if (known.Any(tag => tag == picture.ETag || tag == "W/" + picture.ETag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        await new Answer(StatusCodes.Status200OK, picture.Png, "image/png").Write(http);
    }
}
