// What only leads have: the upsert by e-mail or phone, and the timeline.

using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain;
using Crm.Domain.Events;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

public static class LeadEndpoints
{
    /// <summary>Browsers of one lead whose touches are on his timeline: the latest.</summary>
    const int MostVisitors = 50;

    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<Installation>().Catalog;
        var leads = catalog.For(ResourceType.Of<Lead>());
        var events = catalog.For(ResourceType.Of<Event>());
        app.MapPut("/v1/leads", http => Upsert(http, leads)).With(leads, "upsert", "write");
        app.MapMethods("/v1/leads/{id}/timeline", ["GET", "HEAD"], http => Timeline(http, leads, events)).With(leads, "timeline", "read");
    }

    /// <summary>Changes the lead that has this e-mail address or phone number, or makes one. 200 or 201.</summary>
    static async Task Upsert(HttpContext http, CatalogEntry leads)
    {
        var match = http.Request.Query["match"].ToString();
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "match") is { } other)
            throw new ProblemException(ProblemCodes.UnknownParameter, $"{other}: Allowed is: match.", [new(other, "unknown", "Allowed is: match.")]);
        if (match is not ("email" or "phone"))
            throw new ProblemException(ProblemCodes.InvalidParameter, "match: Must be email or phone.", [new("match", "not_a_choice", "Must be email or phone.")]);
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        if (body.Root.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
        var context = Caller.Of(http).Settings.For(leads.Type);
        var key = Identity(body.Root, match, leads.Type, context);
        var success = StatusCodes.Status200OK;
        await ResourceEndpoints.Run(http, leads, body.Fingerprint, () => success, async work =>
        {
            if (await work.Store.FindByKey(leads.Type.Collection, match, key, http.RequestAborted) is { } id && await work.Find<Lead>(id, http.RequestAborted) is { } lead)
            {
                success = StatusCodes.Status200OK;
                ResourceEndpoints.CheckIfMatch(http, lead.Version);
                return new(await SaveRecord.Update(work, leads, lead, WithoutMatch(body.Root, match), http.RequestAborted));
            }
            success = StatusCodes.Status201Created;
            return new(await SaveRecord.Create(work, leads, body.Root, http.RequestAborted));
        }, match);
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

    /// <summary>The matched value is the lead's already, as primary or not; writing it again as the short form would take the primary one's place.</summary>
    static JsonElement WithoutMatch(JsonElement body, string match)
    {
        var rest = body.EnumerateObject().Where(m => m.Name != match).ToDictionary(m => m.Name, m => m.Value);
        return JsonSerializer.SerializeToElement(rest);
    }

    /// <summary>Everything that happened to a lead and to the leads that were merged into it, newest first; filters and pages as any list.</summary>
    static async Task Timeline(HttpContext http, CatalogEntry leads, CatalogEntry events)
    {
        var work = new UnitOfWork(http.RequestServices.GetRequiredService<Installation>(), Caller.Of(http).Settings, Caller.Of(http).By);
        if (!Id.TryParse(http.Request.RouteValues["id"] as string, leads.Type.Prefix, out var id) || await work.Find<Lead>(id, http.RequestAborted) is not { } lead)
            throw ProblemException.NotFound(leads.Type.Name);
        var subjects = lead.MergedFrom.Prepend(id).Select(i => Key.Of(leads.Type.Text(i))).ToList();
        var own = new Filter.In("lead", [.. subjects]);
        using (var visitors = await work.Store.Query(new(ResourceType.Of<Visitor>().Collection, own, [], true, null, MostVisitors), http.RequestAborted))
            for (var i = 0; i < visitors.Count; i++)
                subjects.Add(Key.Of(visitors[i].Id.ToString("visitor")));
        await ResourceEndpoints.List(http, events, subjects.Count == 1 ? new Filter.Compare("subject", Comparison.Eq, subjects[0]) : new Filter.In("subject", subjects), subjects[0].Text);
    }
}
