// A record's identity: a UUIDv7, written as TypeID text ("lead_01h455vb4pex5vsknk084sn02q").

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Crm.Domain.Stores;

/// <summary>
/// 128 bits, UUIDv7 layout: the first 48 are the creation time in Unix milliseconds, so ids sort by creation.
/// The text form is <c>prefix_</c> + 26 characters of Crockford base32, lower case (the TypeID form).
/// </summary>
public readonly record struct Id(UInt128 Value) : IComparable<Id>
{
    /// <summary>Characters after the prefix and its underscore.</summary>
    public const int SuffixLength = 26;

    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static readonly Id Empty = new(0);
    public static readonly Id Largest = new(UInt128.MaxValue);

    /// <summary>The creation time the id carries, to the millisecond.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds((long)(ulong)(Value >> 80));

    /// <summary>The smallest id of a millisecond: a lower bound for "created at or after". Times before 1970 count as 1970.</summary>
    public static Id FirstAt(DateTimeOffset time)
    {
        var ms = Math.Clamp(time.ToUnixTimeMilliseconds(), 0L, 0xFFFF_FFFF_FFFFL);
        return new((UInt128)(ulong)ms << 80);
    }

    public int CompareTo(Id other) => Value.CompareTo(other.Value);

    /// <summary>Writes the 16 bytes, most significant first, so that byte order is id order.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads the 16 bytes that <see cref="CopyTo"/> wrote.</summary>
    public static Id FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public string ToString(string prefix) => string.Create(prefix.Length + 1 + SuffixLength, (Value, prefix), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '_';
            // Twelve digits of 60 bits, one across the middle, thirteen of the rest: halves are shifted several times faster than the
            // whole.
            var (high, low) = ((ulong)(state.Value >> 64), (ulong)state.Value);
            var suffix = span[(state.prefix.Length + 1)..];
            for (var i = SuffixLength - 1; i > 13; i--, low >>= 5)
                suffix[i] = Alphabet[(int)(low & 31)];
            low |= (high & 1) << 4;
            suffix[13] = Alphabet[(int)(low & 31)];
            high >>= 1;
            for (var i = 12; i >= 0; i--, high >>= 5)
                suffix[i] = Alphabet[(int)(high & 31)];
        });

    public override string ToString() => ToString("id");

    /// <summary>Reads <c>prefix_suffix</c>; false for another prefix, another length or a character outside the alphabet.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<char> prefix, out Id id)
    {
        id = default;
        if (
            text.Length != prefix.Length + 1 + SuffixLength
            || !text.StartsWith(prefix, StringComparison.Ordinal)
            || text[prefix.Length] != '_'
        )
            return false;
        var suffix = text[(prefix.Length + 1)..];
        if (suffix[0] > '7')
            return false; // 26 x 5 bits are 130: the first character carries only three.
        UInt128 value = 0;
        foreach (var c in suffix)
        {
            var digit = Alphabet.IndexOf(c);
            if (digit < 0)
                return false;
            value = (value << 5) | (uint)digit;
        }
        id = new(value);
        return true;
    }
}

/// <summary>Makes ids that never repeat and never run backwards inside this process, whatever the clock does.</summary>
public sealed class IdGenerator(TimeProvider clock)
{
    readonly Lock gate = new();
    long lastMilliseconds;
    uint counter;

    /// <summary>A new id; its <see cref="Id.Time"/> is now, or the last id's millisecond when the clock ran backwards.</summary>
    public Id Next()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        long ms;
        uint count;
        lock (gate)
        {
            if (now > lastMilliseconds)
            {
                lastMilliseconds = now;
                counter = (uint)RandomNumberGenerator.GetInt32(0x200);
            }
            else if (++counter > 0xFFF)
            {
                lastMilliseconds++; // 4,096 in one millisecond: borrow the next one rather than wait.
                counter = 0;
            }
            ms = lastMilliseconds;
            count = counter;
        }
        return Compose(ms, count);
    }

    /// <summary>An id for something that happened at another time (imports, demo data).</summary>
    public static Id At(DateTimeOffset time) =>
        Compose(Math.Max(0, time.ToUnixTimeMilliseconds()), (uint)RandomNumberGenerator.GetInt32(0x1000));

    /// <summary>Random bytes in stock: one call of the system's generator costs more than an id otherwise does.</summary>
    [ThreadStatic]
    static byte[]? stock;

    [ThreadStatic]
    static int used;

    static ulong Random()
    {
        const int size = 1024;
        if (stock is null || used == size)
        {
            RandomNumberGenerator.Fill(stock ??= new byte[size]);
            used = 0;
        }
        var random = BinaryPrimitives.ReadUInt64BigEndian(stock.AsSpan(used));
        used += 8;
        return random;
    }

    static Id Compose(long milliseconds, uint counter)
    {
        var low = (Random() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        var high = ((ulong)milliseconds << 16) | 0x7000 | (counter & 0xFFF);
        return new(new UInt128(high, low));
    }
}
