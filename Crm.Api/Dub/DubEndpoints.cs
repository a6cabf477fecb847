// Dub's conversion tracking for servers, /track/lead and /track/sale: its SDKs only change their host.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Campaigns;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Dub;

public static class DubEndpoints
{
    /// <summary>Characters of metadata, as Dub has it; it is read, checked and not kept.</summary>
    const int MostMetadata = 10_000;

    static readonly string[] Processors = ["stripe", "shopify", "polar", "paddle", "apple", "revenuecat", "lemonsqueezy", "dub", "custom"];

    public static void Map(WebApplication app)
    {
        app.MapPost("/track/lead", http => Track(http, sale: false)).WithMetadata(new NeedsKey(), new AnswersProblemsAs(Error));
        app.MapPost("/track/sale", http => Track(http, sale: true)).WithMetadata(new NeedsKey(), new AnswersProblemsAs(Error));
    }

    static async Task Track(HttpContext http, bool sale)
    {
        var caller = Caller.Of(http);
        if (!caller.Key.Allows("leads", "write") || !caller.Key.Allows("conversions", "write"))
            throw new ProblemException(ProblemCodes.InsufficientScope, "The key needs the scopes leads:write and conversions:write.");
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        if (body.Root.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
        var said = new Said(body.Root);
        var person = new TrackedPerson(said.Text("customerExternalId", 100, required: true) ?? "", said.Text("customerName", 160), said.Text("customerEmail", 254));
        var click = said.Text("clickId", 80, required: false);
        var name = said.Text("eventName", 40, required: !sale);
        Money? value = null;
        string? processor = null, invoice = null;
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
        var (lead, conversion) = await TrackPerson.Run(installation, caller.Settings, caller.By, person, act, CancellationToken.None);
        var work = new UnitOfWork(installation, caller.Settings, caller.By);
        var link = !sale && Id.TryParse(conversion.Link, "link", out var id) ? await work.Find<Link>(id, CancellationToken.None) : null;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (sale)
                writer.WriteString("eventName", name ?? "Purchase");
            else
                Lead(writer, click, link, http);
            writer.WriteStartObject("customer");
            if (sale)
                writer.WriteString("id", lead.Id.ToString("lead"));
            writer.WriteString("name", person.Name ?? (string.Join(' ', new[] { lead.FirstName, lead.LastName }.OfType<string>()) is { Length: > 0 } full ? full : null));
            writer.WriteString("email", lead.Email ?? person.Email);
            writer.WriteNull("avatar");
            writer.WriteString("externalId", person.ExternalId);
            writer.WriteEndObject();
            if (sale)
            {
                writer.WriteStartObject("sale");
                writer.WriteNumber("amount", conversion.Value?.Amount ?? 0);
                writer.WriteString("currency", (conversion.Value?.Currency ?? value!.Currency).ToLowerInvariant());
                writer.WriteString("paymentProcessor", processor);
                writer.WriteString("invoiceId", invoice);
                writer.WritePropertyName("metadata");
                if (body.Root.TryGetProperty("metadata", out var metadata))
                    metadata.WriteTo(writer);
                else
                    writer.WriteNullValue();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }

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
        writer.WriteString("id", link.Id.ToString("link"));
        writer.WriteString("domain", http.Request.Host.Value);
        writer.WriteString("key", link.Slug);
        writer.WriteString("shortLink", $"{http.Request.Scheme}://{http.Request.Host}/l/{link.Slug}");
        writer.WriteString("url", link.Destination);
        writer.WriteString("partnerId", link.Affiliate?.ToString("aff"));
        writer.WriteNull("programId");
        writer.WriteNull("tenantId");
        writer.WriteNull("externalId");
        writer.WriteEndObject();
    }

    /// <summary>The fields of a body, and what is wrong with them.</summary>
    sealed class Said(JsonElement body)
    {
        public FieldErrors Errors { get; } = new();

        public string? Text(string name, int most, bool required = false)
        {
            if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (required)
                    Errors.Add(name, "required", "A value is needed.");
                return null;
            }
            if (value.ValueKind != JsonValueKind.String || !TextRules.TryTidy(value.GetString()!, false, out var tidy, out _))
            {
                Errors.Add(name, "wrong_type", "Must be text.");
                return null;
            }
            if (tidy.Length > most)
                Errors.Add(name, "too_long", $"Must have at most {most} characters.");
            else if (tidy.Length == 0 && required)
                Errors.Add(name, "required", "A value is needed.");
            return tidy.Length == 0 ? null : tidy;
        }

        public long Whole(string name, long most)
        {
            if (body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= 0 && whole <= most)
                return whole;
            Errors.Add(name, "out_of_range", $"Must be a whole number of minor units, 0 to {most}.");
            return 0;
        }

        public void Metadata(int most)
        {
            if (body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind != JsonValueKind.Null && (metadata.ValueKind != JsonValueKind.Object || metadata.GetRawText().Length > most))
                Errors.Add("metadata", "too_long", $"Must be an object of at most {most} characters.");
        }
    }

    /// <summary>Dub's SDKs take these codes with these statuses and no others.</summary>
    static (int Status, ReadOnlyMemory<byte> Body) Error(ProblemCode problem, string detail)
    {
        var (status, code) = problem.Status switch
        {
            401 => (401, "unauthorized"), 403 => (403, "forbidden"), 404 => (404, "not_found"), 409 => (409, "conflict"), 422 => (422, "unprocessable_entity"), 429 => (429, "rate_limit_exceeded"),
            >= 500 => (500, "internal_server_error"), _ => (400, "bad_request"),
        };
        return (status, JsonSerializer.SerializeToUtf8Bytes(new { error = new { code, message = detail } }));
    }
}
