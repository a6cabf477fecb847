// A piece of JSON as it is stored.

using System.Text;
using System.Text.Json;

namespace Crm.Domain.Resources;

/// <summary>A piece of JSON as UTF-8, valid and without surrounding space.</summary>
public sealed record JsonData(ReadOnlyMemory<byte> Utf8)
{
    public static readonly JsonData EmptyObject = new("{}"u8.ToArray());

    public static JsonData From(JsonElement json) => new(Encoding.UTF8.GetBytes(json.GetRawText()));

    public JsonDocument Parse() => JsonDocument.Parse(Utf8);

    public bool Equals(JsonData? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode() => Utf8.Length;
}
