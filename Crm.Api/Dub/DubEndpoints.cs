// Dub's conversion tracking, for servers with a key and for pages with a publishable one: its SDKs and scripts only change their host.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Api.Tracker;
using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Api.Dub;

public static class DubEndpoints
{
    /// <summary>Characters of metadata, as Dub has it; it is read, checked and not kept.</summary>
    const int MostMetadata = 10_000;

    static readonly string[] Processors = ["stripe", "shopify", "polar", "paddle", "apple", "revenuecat", "lemonsqueezy", "dub", "custom"];

    public static void Map(WebApplication app)
    {
        app.MapPost("/track/lead", http => FromServer(http, sale: false)).WithMetadata(new NeedsKey(), new AnswersProblemsAs(Error));
        app.MapPost("/track/sale", http => FromServer(http, sale: true)).WithMetadata(new NeedsKey(), new AnswersProblemsAs(Error));
        app.MapPost("/track/lead/client", http => FromPage(http, sale: false))
            .WithMetadata(new PublicTracker(true, SiteOf), new AnswersProblemsAs(Error))
            .RequireRateLimiting(Doors.Tracker);
        app.MapPost("/track/sale/client", http => FromPage(http, sale: true))
            .WithMetadata(new PublicTracker(true, SiteOf), new AnswersProblemsAs(Error))
            .RequireRateLimiting(Doors.Tracker);
        app.MapPost("/track/click", DubClick.Take)
            .WithMetadata(new PublicTracker(true), new AnswersProblemsAs(Error))
            .RequireRateLimiting(Doors.Tracker);
        foreach (var path in new[] { "/track/click", "/track/lead/client", "/track/sale/client" })
            app.MapMethods(path, ["OPTIONS"], AnyPage.Preflight("POST, OPTIONS", "authorization, content-type"))
                .WithMetadata(new PublicTracker(false));
        app.MapMethods("/dub.js", ["GET", "HEAD"], new PublicScript("dub.js").Give).WithMetadata(new PublicTracker(false));
    }

    static async Task FromServer(HttpContext http, bool sale)
    {
        var caller = Caller.Of(http);
        if (!caller.Rights(ResourceType.Of<Lead>()).MayCreate || !caller.Rights(ResourceType.Of<Conversion>()).MayCreate)
            throw new ProblemException(ProblemCodes.InsufficientScope, "The key needs the scopes leads:write and conversions:write.");
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        await Track(http, caller.Settings, caller.By, Read(body.Root), sale, caller);
    }

    // ---- Pages

    /// <summary>Bytes of what a page sends. What keepalive lets a browser send is as much.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Before a site's key, so that whoever finds it sees that it may be public.</summary>
    const string Publishable = "crm_pk_";

    static async ValueTask<KnownSite?> SiteOf(Installation installation, HttpContext http)
    {
        if (
            http.Request.Headers.Authorization is not [{ Length: > 7 and < 100 } value]
            || !value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var key = value[7..].Trim();
        if (key.StartsWith(Publishable, StringComparison.Ordinal))
            key = key[Publishable.Length..];
        return key.Length is > 0 and <= 40 ? await installation.Settings.Find(KnownSite.ByKey, key, http.RequestAborted) : null;
    }

    static async Task FromPage(HttpContext http, bool sale)
    {
        AnyPage.Allow(http);
        if (Passage.IsOver(http))
        {
            var limits = http.RequestServices.GetRequiredService<RateLimits>();
            var seconds = limits.Refused(http, limits.After(http));
            throw new ProblemException(ProblemCodes.RateLimited, $"Try again in {seconds} seconds. Nothing was stored.");
        }
        if (http.Features.Get<KnownSite>() is not { } site)
            throw new ProblemException(ProblemCodes.Unauthorized, "Send the publishable key of a site: Authorization: Bearer crm_pk_KEY.");
        if (!site.Site.ClientConversions)
            throw new ProblemException(
                ProblemCodes.OriginNotAllowed,
                "The site does not take leads and sales from its pages: set its clientConversions, or report them from a server."
            );
        if (http.Request.Headers.Origin is not [{ } origin] || !site.Site.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            throw new ProblemException(ProblemCodes.OriginNotAllowed, "The page's origin must be one of the site's allowedOrigins.");
        using var body = JsonBodyReader.Parse(await LimitedBody.Read(http.Request, MostBytes));
        await Track(http, site.Settings, site.Site.Id.Text<Site>(), Read(body.RootElement), sale, null);
    }

    internal static DubBody Read(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
            ? new(body)
            : throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");

    // ---- Leads and sales

    /// <param name="caller">Null for a page: anybody can be behind it, and hears nothing but what he said.</param>
    static async Task Track(HttpContext http, WorkspaceSettings settings, string by, DubBody said, bool sale, Caller? caller)
    {
        var fromPage = caller is null;
        // What is stored of the person is for keys that may read leads; the others hear what they said.
        var tellsLead = Tells<Lead>(caller);
        var person = new TrackedPerson(
            said.Text("customerExternalId", 100, required: true) ?? "",
            said.Text("customerName", 160),
            said.Text("customerEmail", 254)
        );
        var click = said.Text("clickId", 80, required: false);
        var name = said.Text("eventName", 40, required: !sale);
        Money? value = null;
        string? processor = null,
            invoice = null;
        if (sale)
        {
            value = new() { Amount = said.Whole("amount", Money.Most), Currency = (said.Text("currency", 3) ?? "usd").ToUpperInvariant() };
            if (!Domain.Text.Currency.Exists(value.Currency))
                said.Errors.Add("currency", "invalid_currency", "Must be an ISO 4217 code.");
            processor = said.Text("paymentProcessor", 20) ?? "custom";
            if (!Processors.Contains(processor))
                said.Errors.Add("paymentProcessor", "not_a_choice", $"Must be one of: {string.Join(", ", Processors)}.");
            invoice = said.Text("invoiceId", 120);
        }
        said.Metadata(MostMetadata);
        if (said.Errors.Any)
            throw ProblemException.Invalid(said.Errors);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        // A lead counts once for each person and event; a sale once for each invoice.
        var act = sale ? new TrackedAct(Conversion.Sale, invoice, value, click) : new TrackedAct(name!, person.ExternalId, null, click);
        var (lead, conversion) = await TrackPerson.Run(installation, settings, by, person, act, CancellationToken.None, fromPage);
        var work = new UnitOfWork(installation, settings, by);
        var link = !sale && Tells<Link>(caller) && conversion.Link is { } id ? await work.Find<Link>(id, CancellationToken.None) : null;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            if (sale)
                writer.WriteString("eventName", name ?? "Purchase");
            else
                Lead(writer, click, link, http);
            writer.WriteStartObject("customer");
            if (sale)
                writer.WriteString("id", fromPage ? person.ExternalId : lead.Id.Text<Lead>());
            writer.WriteString(
                "name",
                person.Name
                    ?? (
                        !tellsLead ? null
                        : string.Join(' ', new[] { lead.FirstName, lead.LastName }.OfType<string>()) is { Length: > 0 } full ? full
                        : null
                    )
            );
            writer.WriteString("email", tellsLead ? lead.Email ?? person.Email : person.Email);
            writer.WriteNull("avatar");
            writer.WriteString("externalId", person.ExternalId);
            writer.WriteEndObject();
            if (sale)
            {
                writer.WriteStartObject("sale");
                var stored = Tells<Conversion>(caller) ? conversion.Value : value;
                writer.WriteNumber("amount", stored?.Amount ?? 0);
                writer.WriteString("currency", (stored?.Currency ?? value!.Currency).ToLowerInvariant());
                writer.WriteString("paymentProcessor", processor);
                writer.WriteString("invoiceId", invoice);
                writer.WritePropertyName("metadata");
                if (said.Json.TryGetProperty("metadata", out var metadata))
                    metadata.WriteTo(writer);
                else
                    writer.WriteNullValue();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }

    static bool Tells<T>(Caller? caller)
        where T : Resource => caller?.Rights(ResourceType.Of<T>()) is { MayRead: true, IsNarrowed: false };

    static void Lead(Utf8JsonWriter writer, string? click, Link? link, HttpContext http)
    {
        writer.WriteStartObject("click");
        writer.WriteString("id", click ?? "");
        writer.WriteEndObject();
        if (link is null)
        {
            writer.WriteNull("link");
            return;
        }
        writer.WriteStartObject("link");
        writer.WriteString("id", link.Id.Text<Link>());
        writer.WriteString("domain", http.Request.Host.Value);
        writer.WriteString("key", link.Slug);
        writer.WriteString("shortLink", PublicUrl.Of(http, $"/l/{link.Slug}"));
        writer.WriteString("url", link.Destination);
        writer.WriteString("partnerId", link.Affiliate?.Text<Affiliate>());
        writer.WriteNull("programId");
        writer.WriteNull("tenantId");
        writer.WriteNull("externalId");
        writer.WriteEndObject();
    }

    /// <summary>Dub's SDKs take these codes with these statuses and no others.</summary>
    static (int Status, ReadOnlyMemory<byte> Body) Error(ProblemCode problem, string detail)
    {
        var (status, code) = problem.Status switch
        {
            401 => (401, "unauthorized"),
            403 => (403, "forbidden"),
            404 => (404, "not_found"),
            409 => (409, "conflict"),
            422 => (422, "unprocessable_entity"),
            429 => (429, "rate_limit_exceeded"),
            >= 500 => (500, "internal_server_error"),
            _ => (400, "bad_request"),
        };
        return (status, JsonText.Bytes(new { error = new { code, message = detail } }));
    }
}
