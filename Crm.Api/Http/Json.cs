// Single members out of stored JSON, without building objects.

using System.Text.Json;

namespace Crm.Api.Http;

static class Json
{
    /// <summary>The text of a top-level member; null when it is not there or no text.</summary>
    public static string? Text(ReadOnlyMemory<byte> json, string name) => Texts(json, [name]) is [var one] ? one : null;

    /// <summary>The texts at a path: none, one, or those of a list.</summary>
    public static IReadOnlyList<string> Texts(ReadOnlyMemory<byte> json, ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        foreach (var name in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !Find(ref reader, name))
                return [];
        }
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        var texts = new List<string>();
        if (reader.TokenType == JsonTokenType.StartArray)
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
                texts.Add(reader.GetString()!);
        return texts;
    }

    static bool Find(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }
        return false;
    }
}
