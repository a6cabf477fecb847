// A piece of JSON as it is stored.

using System.Text;
using System.Text.Json;

namespace Crm.Domain.Resources;

/// <summary>A piece of JSON as UTF-8, valid and without surrounding space.</summary>
public sealed record JsonData(ReadOnlyMemory<byte> Utf8)
{
    public static readonly JsonData EmptyObject = new("{}"u8.ToArray());

    /// <summary>As it was sent, but nothing in it ends a script of a page: these two signs stand in texts only.</summary>
    public static JsonData From(JsonElement json)
    {
        var text = json.GetRawText();
        if (text.AsSpan().ContainsAny('<', '>'))
            text = text.Replace("<", "\\u003C", StringComparison.Ordinal).Replace(">", "\\u003E", StringComparison.Ordinal);
        return new(Encoding.UTF8.GetBytes(text));
    }

    public JsonDocument Parse() => JsonDocument.Parse(Utf8);

    public bool Equals(JsonData? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode() => Utf8.Length;
}
