// What only leads have: the upsert by e-mail, phone or external id.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Leads;
using Crm.Domain.People;
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

    /// <summary>Changes the lead that has this e-mail address, external id or phone number, or makes one. 200 or 201.</summary>
    static async Task Upsert(HttpContext http, CatalogEntry leads)
    {
        var match = http.Request.Query["match"].ToString();
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "match") is { } other)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{other}: Allowed is: match.",
                [new(other, "unknown", "Allowed is: match.")]
            );
        if (match is not ("email" or "phone" or "externalId"))
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                "match: Must be email, phone or externalId.",
                [new("match", "not_a_choice", "Must be email, phone or externalId.")]
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
                var id =
                    match == "phone"
                        ? await ByPhone(work, leads, body.Root, key, http.RequestAborted)
                        : await work.Store.FindByKey(leads.Type.Collection, match, key, http.RequestAborted);
                if (id is { } known && await work.Find<Lead>(known, http.RequestAborted) is { } lead)
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

    /// <summary>
    /// The lead whose phone number it is, by the table of who is who; null when it is a new person's. A caller who names nobody by a number
    /// that several have hears whose it may be, and says it by another identity or by the lead's id.
    /// </summary>
    static async ValueTask<Id?> ByPhone(UnitOfWork work, CatalogEntry leads, JsonElement body, string number, CancellationToken cancel)
    {
        // What is wrong with it is said when it is saved: a change may leave out what a new lead needs.
        var said = SaidOfPerson.By((Lead)leads.Type.ReadNew(body, work.Settings.For(leads.Type), new()));
        switch (await WhoIsWho.Find<Lead>(work, said, cancel))
        {
            case Whose.OfTwo two:
                throw await Ambiguous(two.Owners);
            case Whose.Another { Contradicts: false } another:
                throw await Ambiguous(another.Holders);
            case Whose.Theirs { Id: var id }:
                // An e-mail address may say another one than the number does.
                return
                    await work.Find<Lead>(id, cancel) is { } lead
                    && !lead.Phones.Any(p => p.Number == number)
                    && await work.Store.FindHolders(leads.Type.Collection, "phone", number, WhoIsWho.MostHolders, cancel)
                        is { Count: > 0 } holders
                    ? throw await Ambiguous([id, .. holders])
                    : id;
            default:
                return null;
        }

        async ValueTask<ProblemException> Ambiguous(IReadOnlyList<Id> whose)
        {
            var rights = work.RightsTo(leads.Type);
            var shown = new List<string>();
            foreach (var id in whose)
                if (rights.Rows is null || await work.FindShown(leads.Type, id, cancel) is not null)
                    shown.Add(leads.Type.Text(id));
            return new(
                ProblemCodes.AmbiguousMatch,
                "phone: It is not clear whose this is. Match by email or externalId, or change a lead by its id.",
                [new("phone", "ambiguous_match", "It is not clear whose this is.")]
            )
            {
                Candidates = shown,
            };
        }
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
