// Every text in a stored record, also those in other texts: JSON, base64 and addresses of pages.

using System.Text;
using System.Text.Json;

namespace Crm.Domain.Erasures;

static class StoredTexts
{
    const int Deepest = 3;

    /// <param name="value">A record, or a part of one.</param>
    /// <returns>Texts, names of members and numbers; whether each stands in a list.</returns>
    public static IEnumerable<(string Text, bool IsListed)> Of(JsonElement value) => Of(value, 0, false);

    static IEnumerable<(string Text, bool IsListed)> Of(JsonElement value, int depth, bool isListed)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    yield return (member.Name, true);
                    foreach (var one in Of(member.Value, depth, false))
                        yield return one;
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                foreach (var one in Of(item, depth, true))
                    yield return one;
                break;
            case JsonValueKind.String:
                foreach (var one in Of(value.GetString()!, depth, isListed))
                    yield return one;
                break;
            case JsonValueKind.Number:
                yield return (value.GetRawText(), true);
                break;
        }
    }

    static IEnumerable<(string Text, bool IsListed)> Of(string text, int depth, bool isListed)
    {
        yield return (text, isListed);
        if (depth >= Deepest)
            yield break;
        if (text.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(text) is var unescaped && unescaped != text)
            foreach (var one in Of(unescaped, depth + 1, isListed))
                yield return one;
        if (ReadJson(text) is { } inner)
            using (inner)
                foreach (var one in Of(inner.RootElement, depth + 1, isListed))
                    yield return one;
        if (FromBase64(text) is { } bytes)
            foreach (var one in Of(Encoding.UTF8.GetString(bytes), depth + 1, isListed))
                yield return one;
    }

    /// <summary>Null for what is no JSON, though it may begin like it.</summary>
    public static JsonDocument? ReadJson(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return null;
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static byte[]? FromBase64(string text)
    {
        if (text.Length < 16 || text.Length % 4 != 0)
            return null;
        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
