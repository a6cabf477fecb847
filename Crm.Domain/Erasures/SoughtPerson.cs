// Who is erased, as stored bytes may name them: ids of their records, and their addresses in whatever writing.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Domain.Resources;

namespace Crm.Domain.Erasures;

/// <param name="Ids">Of leads, customers and visitors: a record that names one is looked at.</param>
/// <param name="Own">Of records that are the person's and do not say so, such as clicks.</param>
/// <param name="Addresses">E-mail addresses, and numbers that nobody else has.</param>
public sealed record SoughtPerson(IReadOnlySet<string> Ids, IReadOnlySet<string> Own, IReadOnlyList<string> Addresses)
{
    /// <summary>Longer texts are free words, in which digits of all kinds stand together.</summary>
    const int LongestNumber = 64;

    const int DeepestText = 3;

    readonly string[] numbers = [.. Addresses.Where(one => one.StartsWith('+')).Select(one => one[1..])];

    /// <summary>Whether a stored record names the person anywhere: also in text that holds JSON, base64 or an address of a page.</summary>
    public bool IsIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return IsIn(document.RootElement, 0);
    }

    bool IsIn(JsonElement value, int depth) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Any(member => IsIn(member.Value, depth)),
            // A list of ids names others beside whose record it is: an entry's candidates.
            JsonValueKind.Array => value
                .EnumerateArray()
                .Any(item => item.ValueKind == JsonValueKind.String ? HasAddress(item.GetString()!, depth) : IsIn(item, depth)),
            JsonValueKind.String => IsIn(value.GetString()!, depth),
            JsonValueKind.Number => numbers.Contains(value.GetRawText()),
            _ => false,
        };

    bool IsIn(string text, int depth) => Ids.Contains(text) || HasAddress(text, depth);

    bool HasAddress(string text, int depth)
    {
        foreach (var address in Addresses)
            if (Mention.OfAddress(text, address))
                return true;
        if (text.Length <= LongestNumber && numbers.Any(number => Mention.OfNumber(text, number)))
            return true;
        if (depth >= DeepestText)
            return false;
        if (text.Contains('%') && Uri.UnescapeDataString(text) is var unescaped && unescaped != text && IsIn(unescaped, depth + 1))
            return true;
        if (text.AsSpan().TrimStart() is ['{' or '[', ..] && IsInJson(text, depth))
            return true;
        return text.Length >= 16 && text.Length % 4 == 0 && FromBase64(text) is { } inner && IsIn(inner, depth + 1);
    }

    bool IsInJson(string text, int depth)
    {
        try
        {
            using var inner = JsonDocument.Parse(text);
            return IsIn(inner.RootElement, depth + 1);
        }
        catch (JsonException)
        {
            return false; // Begins like JSON and is none.
        }
    }

    static string? FromBase64(string text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    // ---- As it is stored while the erasure runs

    public JsonData ToJson()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, those) in new (string, IEnumerable<string>)[] { ("ids", Ids), ("own", Own), ("addresses", Addresses) })
            {
                writer.WriteStartArray(name);
                foreach (var one in those)
                    writer.WriteStringValue(one);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return new(json.WrittenSpan.ToArray());
    }

    public static SoughtPerson Read(JsonData json)
    {
        using var document = json.Parse();
        return new(All("ids").ToHashSet(), All("own").ToHashSet(), [.. All("addresses")]);

        IEnumerable<string> All(string name) =>
            [.. document.RootElement.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
    }
}
