// Whether stored bytes are JSON: asked of everything that leaves the store, and mostly answered from memory.

using System.IO.Hashing;
using System.Text.Json;
using System.Text.Unicode;

namespace Crm.Domain.Stores;

/// <summary>
/// A list is bytes passed through, so a row that a failing disk or a foreign hand damaged would make the whole answer unreadable. Reading
/// each row through would cost more than the rest of a list; a hash of it costs 50 ns, and what was read through once is known by it.
/// </summary>
public static class SoundJson
{
    const int Places = 1 << 16,
        MostDepth = 512;

    /// <summary>Hashes of texts that were read through and are JSON, each in its place: a newer one takes an older one's.</summary>
    static readonly ulong[] Known = new ulong[Places];

    public static bool Is(ReadOnlySpan<byte> json)
    {
        var hash = XxHash3.HashToUInt64(json);
        ref var known = ref Known[hash & (Places - 1)];
        if (Volatile.Read(ref known) == hash)
            return true;
        if (!ReadsThrough(json))
            return false;
        Volatile.Write(ref known, hash);
        return true;
    }

    static bool ReadsThrough(ReadOnlySpan<byte> json)
    {
        // The reader takes the text of strings as it is.
        if (!Utf8.IsValid(json))
            return false;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
