// GET /v1/attribution/{conversionId}?model=: what a conversion is owed to, and why.

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Conversions;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

public static class AttributionEndpoint
{
    static readonly Dictionary<string, AttributionModel> Models = Enum.GetValues<AttributionModel>()
        .ToDictionary(model => Names.Camel(model.ToString()), StringComparer.Ordinal);

    public static void Map(WebApplication app)
    {
        var conversions = app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Conversion>());
        app.MapMethods("/v1/attribution/{id}", ["GET", "HEAD"], http => Explain(http, conversions))
            .With(conversions, "attribution", "read");
    }

    static async Task Explain(HttpContext http, CatalogEntry conversions)
    {
        var query = http.Request.Query;
        UnknownParameter.Refuse(http, "Allowed is: model.", "model");
        var word = query.TryGetValue("model", out var said) ? said.ToString() : "lastNonDirect";
        if (!Models.TryGetValue(word, out var model))
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                $"model: Must be one of: {string.Join(", ", Models.Keys)}.",
                [new("model", "not_a_choice", $"Must be one of: {string.Join(", ", Models.Keys)}.")]
            );
        var caller = Caller.Of(http);
        var catalog = http.RequestServices.GetRequiredService<Installation>().Catalog;
        var work = caller.Work();
        var conversion = (Conversion)
            await SaveRecord.Target(work, conversions, http.Request.RouteValues["id"] as string, http.RequestAborted);
        // Whom the money is owed to is for keys that may read conversions; what the lead did and when, for those that may read what tells
        // it.
        var showsValue = caller.Rights(conversions.Type).Reads.Contains("netValue");
        var shares = await AttributeConversion.Run(work, conversion, model, http.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("conversion", conversion.Id.Text<Conversion>());
            writer.WriteString("model", word);
            Money(writer, "value", showsValue ? conversion.NetValue?.Amount : null, conversion.NetValue?.Currency);
            writer.WriteStartArray("shares");
            foreach (var share in shares)
            {
                var showsPath = Shows(caller, catalog, share.Of);
                writer.WriteStartObject();
                writer.WriteString("of", showsPath ? share.Of : null);
                writer.WriteString("kind", showsPath ? share.Kind : null);
                writer.WriteString(
                    "at",
                    !showsPath ? null : share.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
                );
                writer.WriteString("channel", share.Credit.Channel);
                writer.WriteString("link", share.Credit.Link?.Text<Link>());
                writer.WriteString("campaign", share.Credit.Campaign?.Text<Campaign>());
                writer.WriteString("affiliate", share.Credit.Affiliate?.Text<Affiliate>());
                writer.WriteNumber("perMillion", share.PerMillion);
                Money(writer, "amount", showsValue ? share.Amount : null, conversion.NetValue?.Currency);
                writer.WriteString("why", share.Why);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }

    /// <summary>Whether the touch, click or entry that a share is read from may be read. What the conversion says itself is a touch,
    /// too.</summary>
    static bool Shows(Caller caller, Catalog catalog, string? of)
    {
        var prefix = of?[..of.LastIndexOf('_')];
        var type = catalog.Public.FirstOrDefault(entry => entry.Type.Prefix == prefix)?.Type ?? ResourceType.Of<Touch>();
        return caller.Rights(type) is { MayRead: true, IsNarrowed: false };
    }

    static void Money(Utf8JsonWriter writer, string name, long? amount, string? currency)
    {
        if (amount is not { } minor || currency is null)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        writer.WriteNumber("amount", minor);
        writer.WriteString("currency", currency);
        writer.WriteEndObject();
    }
}
