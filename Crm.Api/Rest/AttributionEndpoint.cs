// GET /v1/attribution/{conversionId}?model=: what a conversion is owed to, and why.

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain.Conversions;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;
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
        if (query.Keys.FirstOrDefault(key => key != "model") is { } unknown)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{TextRules.Cut(unknown, 60)}: Allowed is: model.",
                [new(TextRules.Cut(unknown, 60), "unknown", "Allowed is: model.")]
            );
        var word = query.TryGetValue("model", out var said) ? said.ToString() : "lastNonDirect";
        if (!Models.TryGetValue(word, out var model))
            throw new ProblemException(
                ProblemCodes.InvalidParameter,
                $"model: Must be one of: {string.Join(", ", Models.Keys)}.",
                [new("model", "not_a_choice", $"Must be one of: {string.Join(", ", Models.Keys)}.")]
            );
        var caller = Caller.Of(http);
        // What the lead did and when is for keys that may read touches; whom the money is owed to, for those that may read conversions.
        var showsPath = caller.Key.Allows("touches", "read");
        var work = new UnitOfWork(http.RequestServices.GetRequiredService<Installation>(), caller.Settings, "");
        var conversion = (Conversion)
            await SaveRecord.Target(work, conversions, http.Request.RouteValues["id"] as string, http.RequestAborted);
        var shares = await AttributeConversion.Run(work, conversion, model, http.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("conversion", conversion.Id.ToString("conv"));
            writer.WriteString("model", word);
            Money(writer, "value", conversion.Value?.Amount, conversion.Value?.Currency);
            writer.WriteStartArray("shares");
            foreach (var share in shares)
            {
                writer.WriteStartObject();
                writer.WriteString("of", showsPath ? share.Of : null);
                writer.WriteString("kind", showsPath ? share.Kind : null);
                writer.WriteString(
                    "at",
                    !showsPath ? null : share.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
                );
                writer.WriteString("channel", share.Channel);
                writer.WriteString("link", share.Link);
                writer.WriteString("campaign", share.Campaign);
                writer.WriteString("affiliate", share.Affiliate);
                writer.WriteNumber("perMillion", share.PerMillion);
                Money(writer, "amount", share.Amount, conversion.Value?.Currency);
                writer.WriteString("why", share.Why);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
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
