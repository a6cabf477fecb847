// GET and POST /postback/{affiliateKey}: affiliate networks report what became of a click.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Forms;
using Crm.Api.Limiting;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Affiliates;

public static class PostbackEndpoint
{
    /// <summary>Parameters, and characters of one.</summary>
    const int MostParameters = 64,
        MostCharacters = 512;

    public static void Map(WebApplication app) =>
        app.MapMethods("/postback/{affiliateKey}", ["GET", "POST"], Take)
            .WithMetadata(new PublicPostback())
            .RequireRateLimiting(Doors.Postback);

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
        var limits = http.RequestServices.GetRequiredService<RateLimits>();
        using var within = limits.TakeNamed(http, new LimitKey(limits.Table.WorkspacePostbacks, 0, $"{settings.Key.Value}"));
        if (!within.IsAcquired)
        {
            await limits.Refuse(http, within);
            return;
        }
        var affiliate = type.FromRow<Affiliate>(row);
        var (values, problem) = await Values(http);
        // Stored even if the network does not wait for the answer.
        if (problem is not null)
        {
            await IngestPostback.Unreadable(installation, settings, affiliate, values, problem.Detail, CancellationToken.None);
            throw problem;
        }
        var result = await IngestPostback.Run(installation, settings, affiliate, values, CancellationToken.None);
        if (result.Outcome == PostbackOutcome.Invalid)
            throw ProblemException.Invalid(result.Errors);
        if (result.Outcome == PostbackOutcome.UnknownClick && affiliate.RefuseUnknownClicks)
            throw new ProblemException(ProblemCodes.NotFound, "There is no such click of this affiliate.");
        await new Answer(StatusCodes.Status200OK, Said(result)).Write(http);
    }

    static byte[] Said(PostbackResult result)
    {
        var answer = new JsonObject
        {
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Outcome.ToString()),
            ["conversion"] = result.Conversion?.Id.Text<Conversion>(),
        };
        if (result.Conversion?.NetValue is { } net)
            answer["netValue"] = new JsonObject { ["amount"] = net.Amount, ["currency"] = net.Currency };
        if (result.Word is not null)
            answer["word"] = result.Word;
        if (Message(result) is { } message)
            answer["message"] = message;
        return JsonText.Bytes(answer);
    }

    static string? Message(PostbackResult result) =>
        result.Outcome switch
        {
            PostbackOutcome.UnknownStatus =>
                $"The status {result.Word} is not known, so nothing was recorded. It is kept on the affiliate; statusWords can say what it means.",
            PostbackOutcome.Waiting => "Nothing is recorded before it is paid. It is kept on the affiliate.",
            PostbackOutcome.Unclear => $"{result.Because} Nothing was changed. It is kept on the affiliate.",
            _ => null,
        };

    /// <summary>The query's parameters, then the body's; of a name that is repeated the first that has a value, without regard to case.
    /// What is too long is cut, and so is not ours any more: clicks are short.</summary>
    static async Task<(Dictionary<string, string> Values, ProblemException? Problem)> Values(HttpContext http)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, given) in http.Request.Query)
        foreach (var one in given)
            Add(name, one ?? "");
        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (http.Request.ContentLength > FormLimits.PlainBytes)
                throw new ProblemException(ProblemCodes.BodyTooLarge, "A postback may have at most 65,536 bytes.");
            // One that does not announce its length ends there, too.
            if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
                most.MaxRequestBodySize = FormLimits.PlainBytes;
            var post = await FormBody.Read(http.Request, CancellationToken.None);
            foreach (var field in post.Fields)
            foreach (var one in field.Values)
                Add(field.Name, one);
            if (post.Problem is { } problem && (values.Count == 0 || problem.Code != ProblemCodes.MediaTypeUnsupported.Code))
                return (
                    values,
                    new(ProblemCodes.All[problem.Code], problem.Message, [new(problem.Field ?? "", problem.Code, problem.Message)])
                );
        }
        return (values, null);

        void Add(string name, string value)
        {
            if (
                (values.Count < MostParameters || values.ContainsKey(name))
                && TextRules.TryTidy(TextRules.Cut(value, MostCharacters), false, out var tidy, out _)
                && TextRules.TryTidy(TextRules.Cut(name, 128), false, out var tidyName, out _)
                && tidyName.Length > 0
                && !(values.TryGetValue(tidyName, out var first) && first.Length > 0)
            )
                values[tidyName] = tidy;
        }
    }
}
