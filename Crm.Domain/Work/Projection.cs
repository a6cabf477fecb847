// Writes stored JSON with only some of its members: those asked for (fields=), and those that may be read. No object is built.

using System.Buffers;
using System.Text.Json;
using Crm.Domain.Text;

namespace Crm.Domain.Work;

public static class Projection
{
    /// <summary>The record as it may be read; the same bytes when all of it may.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json, FieldSet reads, IReadOnlyList<string>? fields = null)
    {
        if (reads.IsAll && fields is null)
            return json;
        var body = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = JsonText.Writer(body))
            Write(writer, json.Span, fields, reads);
        return body.WrittenMemory;
    }

    /// <summary>Copies the members in stored order; values are copied byte for byte.</summary>
    /// <param name="fields">Those that were asked for; null: all.</param>
    /// <param name="reads">Those that may be read.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> json, IReadOnlyList<string>? fields, FieldSet reads)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? wanted = null;
            if (fields is null)
                wanted = reader.GetString()!;
            else
                foreach (var field in fields)
                    if (reader.ValueTextEquals(field))
                        wanted = field;
            var part =
                wanted is null ? FieldPart.None
                : wanted == "custom" ? reads.Custom
                : reads.Contains(wanted) ? FieldPart.Whole
                : FieldPart.None;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (part == FieldPart.None)
                continue;
            writer.WritePropertyName(wanted!);
            var value = json[start..(int)reader.BytesConsumed];
            if (part == FieldPart.Whole)
                writer.WriteRawValue(value, skipInputValidation: true);
            else
                WriteCustom(writer, value, reads);
        }
        writer.WriteEndObject();
    }

    static void WriteCustom(Utf8JsonWriter writer, ReadOnlySpan<byte> json, FieldSet reads)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!reads.Contains("custom." + name))
                continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
        writer.WriteEndObject();
    }
}
