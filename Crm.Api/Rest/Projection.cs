// Writes stored JSON with only some of its members (fields=), without building objects.

using System.Text.Json;

namespace Crm.Api.Rest;

public static class Projection
{
    /// <summary>Copies the members of <paramref name="fields"/> in stored order; values are copied byte for byte.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> json, IReadOnlyList<string> fields)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? wanted = null;
            foreach (var field in fields)
                if (reader.ValueTextEquals(field))
                    wanted = field;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (wanted is null)
                continue;
            writer.WritePropertyName(wanted);
            writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
        writer.WriteEndObject();
    }
}
