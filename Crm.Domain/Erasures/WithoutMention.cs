// Somebody else's record without the addresses of the person: the rest of it is theirs, and stays.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Domain.Erasures;

static class WithoutMention
{
    const int Deepest = 3;

    /// <summary>Null when the address stands in it in a writing that cannot be cut out.</summary>
    public static Resource? Of(SoughtPerson sought, ResourceType type, Resource record)
    {
        var json = type.ToJson(record);
        var cut = type.FromRow(new(record.Id, record.Version, Cut(sought, json)));
        foreach (var field in type.Fields)
            // What is unique is claimed: it goes, and is not claimed by what stands in the address' place.
            if (field is { IsUnique: true, Stored: true } && !Equals(field.Get(record), field.Get(cut)))
                field.Set(cut, field.Get(type.New()));
        if (record is Person known && cut is Person left)
            // A person's own addresses are theirs, also the number that the other one had too.
            return sought.IsNamed(type.ToJson(left with { Emails = [], Phones = [] }))
                ? null
                : left with
                {
                    Emails = known.Emails,
                    Phones = known.Phones,
                };
        return sought.IsNamed(type.ToJson(cut)) ? null : cut;
    }

    static byte[] Cut(SoughtPerson sought, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Cut(sought, document.RootElement, 0);
    }

    static byte[] Cut(SoughtPerson sought, JsonElement value, int depth)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, JsonText.Trusted))
            Write(writer, sought, value, depth);
        return json.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter writer, SoughtPerson sought, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(sought.IsNamedIn(member.Name) ? sought.Cut(member.Name) : member.Name);
                    Write(writer, sought, member.Value, depth);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, sought, item, depth);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Cut(sought, value.GetString()!, depth));
                break;
            case JsonValueKind.Number when sought.IsNamedIn(value.GetRawText()):
                writer.WriteNumberValue(0);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    static string Cut(SoughtPerson sought, string text, int depth)
    {
        if (depth < Deepest && StoredTexts.ReadJson(text) is { } inner)
            using (inner)
                return StoredTexts.Of(inner.RootElement).Any(one => sought.IsNamedIn(one.Text))
                    ? Encoding.UTF8.GetString(Cut(sought, inner.RootElement, depth + 1))
                    : text;
        if (
            depth < Deepest
            && StoredTexts.FromBase64(text) is { } bytes
            && Cut(sought, bytes, depth + 1) is var cut
            && !bytes.AsSpan().SequenceEqual(cut)
        )
            return Convert.ToBase64String(cut);
        return sought.Cut(text);
    }

    /// <summary>Bytes of another charset stay what they are around the address.</summary>
    static byte[] Cut(SoughtPerson sought, byte[] bytes, int depth)
    {
        var encoding = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1;
        return encoding.GetBytes(Cut(sought, encoding.GetString(bytes), depth));
    }
}
