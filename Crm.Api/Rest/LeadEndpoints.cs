// What only leads have: the upsert by e-mail or phone.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

public static class LeadEndpoints
{
    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<Installation>().Catalog;
        var leads = catalog.For(ResourceType.Of<Lead>());
        app.MapPut("/v1/leads", http => Upsert(http, leads)).With(leads, "upsert", "write");
    }

    /// <summary>Changes the lead that has this e-mail address or phone number, or makes one. 200 or 201.</summary>
    static async Task Upsert(HttpContext http, CatalogEntry leads)
    {
        var match = http.Request.Query["match"].ToString();
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "match") is { } other)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{other}: Allowed is: match.",
                [new(other, "unknown", "Allowed is: match.")]
            );
        if (match is not ("email" or "phone"))
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                "match: Must be email or phone.",
                [new("match", "not_a_choice", "Must be email or phone.")]
            );
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        if (body.Root.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
        var context = Caller.Of(http).Settings.For(leads.Type);
        var key = Identity(body.Root, match, leads.Type, context);
        var success = StatusCodes.Status200OK;
        await ResourceEndpoints.Run(
            http,
            leads,
            body.Fingerprint,
            () => success,
            async work =>
            {
                if (
                    await work.Store.FindByKey(leads.Type.Collection, match, key, http.RequestAborted) is { } id
                    && await work.Find<Lead>(id, http.RequestAborted) is { } lead
                )
                {
                    if (!work.RightsTo(leads.Type).Shows(leads.Type, lead))
                        throw new ProblemException(ProblemCodes.AlreadyExists, $"{match}: Is taken.", [new(match, "taken", "Is taken.")]);
                    success = StatusCodes.Status200OK;
                    ResourceEndpoints.CheckIfMatch(http, lead.Version);
                    return new(await SaveRecord.Update(work, leads, lead, WithoutMatch(body.Root, match), http.RequestAborted));
                }
                success = StatusCodes.Status201Created;
                return new(await SaveRecord.Create(work, leads, body.Root, http.RequestAborted));
            },
            match
        );
    }

    static string Identity(JsonElement body, string match, ResourceType type, ReadContext context)
    {
        var field = type.Filter(match)!;
        if (body.TryGetProperty(match, out var value) && value.ValueKind == JsonValueKind.String)
            return field.Kind.TryRead(value, field, context, out var read, out var error) && read is not null
                ? field.Kind.ToKey(read, field).Text!
                : throw ProblemException.Invalid(match, error.Code ?? "required", error.Message ?? "A value is needed.");
        throw ProblemException.Invalid(match, "required", $"The body must have the {match} to match by, as text.");
    }

    /// <summary>The matched value is the lead's already, as primary or not; writing it again as the short form would take the primary one's
    /// place.</summary>
    static JsonElement WithoutMatch(JsonElement body, string match)
    {
        var rest = body.EnumerateObject().Where(m => m.Name != match).ToDictionary(m => m.Name, m => m.Value);
        return JsonSerializer.SerializeToElement(rest);
    }
}
