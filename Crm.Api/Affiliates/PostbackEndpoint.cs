// GET and POST /postback/{affiliateKey}: affiliate networks report what became of a click.

using System.Text.Json;
using Crm.Api.Forms;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Affiliates;

public static class PostbackEndpoint
{
    /// <summary>Parameters, and characters of one.</summary>
    const int MostParameters = 64,
        MostCharacters = 512;

    public static void Map(WebApplication app) =>
        app.MapMethods("/postback/{affiliateKey}", ["GET", "POST"], Take).WithMetadata(new PublicPostback());

    static async Task Take(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var type = ResourceType.Of<Affiliate>();
        if (
            http.Request.RouteValues["affiliateKey"] is not string { Length: > 0 and <= 40 } key
            || await installation.Store.FindOwner(type.Collection, "postbackKey", key, http.RequestAborted) is not { } owner
        )
            throw new ProblemException(ProblemCodes.NotFound, "There is no affiliate with this postback key.");
        var settings = await installation.Settings.Workspace(owner.Workspace, http.RequestAborted);
        if (await settings.Store.Get(type.Collection, owner.Id, http.RequestAborted) is not { } row)
            throw new ProblemException(ProblemCodes.NotFound, "There is no affiliate with this postback key.");
        var affiliate = type.FromRow<Affiliate>(row);
        // Stored even if the network does not wait for the answer.
        var (outcome, conversion, errors) = await IngestPostback.Run(
            installation,
            settings,
            affiliate,
            await Values(http),
            CancellationToken.None
        );
        if (outcome == PostbackOutcome.Invalid)
            throw ProblemException.Invalid(errors);
        if (outcome == PostbackOutcome.UnknownClick && affiliate.RefuseUnknownClicks)
            throw new ProblemException(ProblemCodes.NotFound, "There is no such click of this affiliate.");
        await new Answer(
            StatusCodes.Status200OK,
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    status = JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()),
                    conversion = conversion?.Text<Conversion>(),
                }
            )
        ).Write(http);
    }

    /// <summary>The query's parameters, then the body's; of a name that is repeated the first. What is too long is cut, and so is not ours
    /// any more: clicks are short.</summary>
    static async Task<Dictionary<string, string>> Values(HttpContext http)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, given) in http.Request.Query)
            Add(name, given.ToString());
        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (http.Request.ContentLength > FormLimits.PlainBytes)
                throw new ProblemException(ProblemCodes.BodyTooLarge, "A postback may have at most 65,536 bytes.");
            var post = await FormBody.Read(http.Request, CancellationToken.None);
            if (post.Problem is { } problem && (values.Count == 0 || problem.Code != ProblemCodes.MediaTypeUnsupported.Code))
                throw new ProblemException(
                    ProblemCodes.All[problem.Code],
                    problem.Message,
                    [new(problem.Field ?? "", problem.Code, problem.Message)]
                );
            foreach (var field in post.Fields)
                Add(field.Name, field.Values.Count > 0 ? field.Values[0] : "");
        }
        return values;

        void Add(string name, string value)
        {
            if (
                values.Count < MostParameters
                && TextRules.TryTidy(TextRules.Cut(value, MostCharacters), false, out var tidy, out _)
                && TextRules.TryTidy(TextRules.Cut(name, 128), false, out var tidyName, out _)
                && tidyName.Length > 0
            )
                values.TryAdd(tidyName, tidy);
        }
    }
}
