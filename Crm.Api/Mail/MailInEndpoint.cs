// POST /in/mail/{key}: a mail server hands over what came in for a sender: reports of mails that did not arrive, complaints, answers.

using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Mail;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Microsoft.AspNetCore.Http.Features;

namespace Crm.Api.Mail;

public static class MailInEndpoint
{
    /// <summary>Bytes of a mail with its attachments, of which only the text is kept.</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    public static void Map(WebApplication app) =>
        app.MapPost("/in/mail/{key}", Take).WithMetadata(new PublicMail()).RequireRateLimiting(Doors.Mail);

    static async Task Take(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var installation = http.RequestServices.GetRequiredService<Installation>();
        if (
            http.Request.RouteValues["key"] is not string { Length: > 0 and <= 40 } key
            || await installation.Settings.Find(KnownSender.ByInboxKey, key, http.RequestAborted) is not { } sender
        )
            throw new ProblemException(ProblemCodes.NotFound, "There is no sender with this inbox key.");
        var bytes = await Body(http);
        // Stored even if the server does not wait for the answer: it would hand it over again, and it is known by its id then.
        var outcome = await TakeMail.Run(installation, sender, ReadMail.Run(bytes), CancellationToken.None);
        await new Answer(
            StatusCodes.Status200OK,
            JsonText.Bytes(new System.Text.Json.Nodes.JsonObject { ["outcome"] = Names.Camel(outcome.ToString()) })
        ).Write(http);
    }

    static async Task<byte[]> Body(HttpContext http)
    {
        if (http.Request.ContentLength > MostBytes)
            throw TooLarge();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
            most.MaxRequestBodySize = MostBytes + 1;
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (whole.Length + read > MostBytes)
                throw TooLarge();
            whole.Write(buffer, 0, read);
        }
        return whole.ToArray();
    }

    static ProblemException TooLarge() => new(ProblemCodes.BodyTooLarge, $"A mail may have at most {MostBytes:N0} bytes.");
}
