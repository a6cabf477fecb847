// Positions of appended documents, as far as they are the same on every database: what may be appended, and the number in the JSON.

using System.Buffers.Text;
using Crm.Domain.Stores;

namespace Crm.Storage;

static class Positions
{
    /// <summary>What the number takes the place of.</summary>
    public static ReadOnlySpan<byte> Place => "null"u8;

    /// <summary>Digits of the largest position.</summary>
    const int MostDigits = 19;

    /// <param name="hasPosition">Whether the document has a key for its position; null: its collection is not appended to.</param>
    /// <exception cref="ArgumentException">No store can keep the promise about positions for it.</exception>
    public static void Check(Document document, bool append, bool? hasPosition)
    {
        if (append && hasPosition is null)
            throw new ArgumentException($"'{document.Collection.Name}' is not appended to.");
        if (append && (hasPosition == true || !HasPlace(document)))
            throw new ArgumentException("What is appended has no position yet, and a place for it in its JSON.");
        if (!append && hasPosition == false)
            throw new ArgumentException(
                $"What is put into '{document.Collection.Name}' otherwise than by appending has its position already."
            );
    }

    /// <summary>A stored row's document after it was keyed anew: its JSON stays as it is, unless it was made to be numbered.</summary>
    public static Document KeyedAnew(Document made, Collection collection, Id id, long version, ReadOnlyMemory<byte> stored)
    {
        var numbered = collection.Appended && HasPlace(made);
        return made with
        {
            Collection = collection,
            Id = id,
            Version = version,
            Json = numbered ? made.Json : stored,
            PositionAt = numbered ? made.PositionAt : 0,
        };
    }

    static bool HasPlace(Document document) =>
        document.PositionAt > 0
        && document.PositionAt <= document.Json.Length - Place.Length
        && document.Json.Span.Slice(document.PositionAt, Place.Length).SequenceEqual(Place);

    /// <summary>The document as it is stored: with its position as key and in its JSON.</summary>
    public static Document Numbered(Document document, long position)
    {
        byte[] buffer = [];
        return document with
        {
            Json = Put(document.Json.Span, document.PositionAt, position, ref buffer).ToArray(),
            Keys = [.. document.Keys, (Collection.PositionKey, Key.Of(position))],
            PositionAt = 0,
        };
    }

    /// <summary>The JSON with the number in its place, written into <paramref name="buffer"/>, which grows where it must.</summary>
    public static ReadOnlySpan<byte> Put(ReadOnlySpan<byte> json, int at, long position, ref byte[] buffer)
    {
        if (buffer.Length < json.Length + MostDigits)
            buffer = new byte[Math.Max(1024, 2 * json.Length + MostDigits)];
        json[..at].CopyTo(buffer);
        Utf8Formatter.TryFormat(position, buffer.AsSpan(at), out var digits);
        var rest = json[(at + Place.Length)..];
        rest.CopyTo(buffer.AsSpan(at + digits));
        return buffer.AsSpan(0, at + digits + rest.Length);
    }
}
