// A text as a QR code (ISO/IEC 18004): byte mode, error correction level M, the smallest version that holds it, the mask with the lowest penalty.

using System.Text;

namespace Crm.Domain.Links;

public sealed class QrCode
{
    /// <summary>Correction bytes of one block, by version from 1.</summary>
    static readonly byte[] CorrectionBytes =
    [
        10,
        16,
        26,
        18,
        24,
        16,
        18,
        22,
        22,
        26,
        30,
        22,
        22,
        24,
        24,
        28,
        28,
        26,
        26,
        26,
        26,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
        28,
    ];

    /// <summary>Blocks, by version from 1.</summary>
    static readonly byte[] Blocks =
    [
        1,
        1,
        1,
        2,
        2,
        4,
        4,
        4,
        5,
        5,
        5,
        8,
        9,
        9,
        10,
        10,
        11,
        13,
        14,
        16,
        17,
        17,
        18,
        20,
        21,
        23,
        25,
        26,
        28,
        29,
        31,
        33,
        35,
        37,
        38,
        40,
        43,
        45,
        47,
        49,
    ];

    readonly bool[,] dark,
        fixedModule;

    QrCode(int version)
    {
        (Version, Size) = (version, version * 4 + 17);
        (dark, fixedModule) = (new bool[Size, Size], new bool[Size, Size]);
    }

    public int Version { get; }
    public int Mask { get; private set; }

    /// <summary>Modules on each side, without the quiet zone of 4 that belongs around it.</summary>
    public int Size { get; }

    public bool this[int x, int y] => dark[y, x];

    /// <summary>Throws ArgumentException for a text of more than 2,331 bytes.</summary>
    public static QrCode Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var version = 1;
        while (version <= 40 && 4 + LengthBits(version) + bytes.Length * 8 > DataBytes(version) * 8)
            version++;
        if (version > 40)
            throw new ArgumentException("The text is too long for a QR code.", nameof(text));
        var code = new QrCode(version);
        code.DrawPatterns();
        code.DrawBytes(WithCorrection(version, Data(version, bytes)));
        code.ChooseMask();
        return code;
    }

    static int LengthBits(int version) => version < 10 ? 8 : 16;

    // ---- From text to code words

    /// <summary>Modules for data and correction: all of them without patterns and information.</summary>
    static int RawBytes(int version)
    {
        var modules = (16 * version + 128) * version + 64;
        if (version >= 2)
        {
            var centres = version / 7 + 2;
            modules -= (25 * centres - 10) * centres - 55;
            if (version >= 7)
                modules -= 36;
        }
        return modules / 8;
    }

    static int DataBytes(int version) => RawBytes(version) - CorrectionBytes[version - 1] * Blocks[version - 1];

    static byte[] Data(int version, byte[] bytes)
    {
        var data = new byte[DataBytes(version)];
        var at = 0;
        Put(4, 4); // byte mode
        Put(bytes.Length, LengthBits(version));
        foreach (var one in bytes)
            Put(one, 8);
        at = Math.Min(at + 4, data.Length * 8); // the end is four zeros, as far as there is room
        at = (at + 7) / 8 * 8;
        for (var pad = 0xEC; at < data.Length * 8; pad ^= 0xEC ^ 0x11)
            Put(pad, 8);
        return data;

        void Put(int value, int bits)
        {
            for (var bit = bits - 1; bit >= 0; bit--, at++)
                if ((value >> bit & 1) != 0)
                    data[at / 8] |= (byte)(0x80 >> at % 8);
        }
    }

    /// <summary>Blocks with their correction, one byte of each in turn.</summary>
    static byte[] WithCorrection(int version, byte[] data)
    {
        var (blocks, correction, raw) = (Blocks[version - 1], CorrectionBytes[version - 1], RawBytes(version));
        var (shortBlocks, shortData) = (blocks - raw % blocks, raw / blocks - correction);
        var divisor = Divisor(correction);
        var parts = new List<(byte[] Data, byte[] Correction)>();
        for (int block = 0, at = 0; block < blocks; block++)
        {
            var part = data[at..(at + shortData + (block < shortBlocks ? 0 : 1))];
            at += part.Length;
            parts.Add((part, Remainder(part, divisor)));
        }
        var result = new List<byte>(raw);
        for (var i = 0; i <= shortData; i++)
            foreach (var part in parts)
                if (i < part.Data.Length)
                    result.Add(part.Data[i]);
        for (var i = 0; i < correction; i++)
            foreach (var part in parts)
                result.Add(part.Correction[i]);
        return [.. result];
    }

    static byte[] Divisor(int degree)
    {
        var result = new byte[degree];
        result[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++, root = Times(root, 2))
        for (var j = 0; j < degree; j++)
            result[j] = (byte)(Times(result[j], root) ^ (j + 1 < degree ? result[j + 1] : 0));
        return result;
    }

    static byte[] Remainder(byte[] data, byte[] divisor)
    {
        var result = new byte[divisor.Length];
        foreach (var one in data)
        {
            var factor = (byte)(one ^ result[0]);
            Array.Copy(result, 1, result, 0, result.Length - 1);
            result[^1] = 0;
            for (var i = 0; i < result.Length; i++)
                result[i] ^= Times(divisor[i], factor);
        }
        return result;
    }

    /// <summary>In the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1.</summary>
    static byte Times(byte x, byte y)
    {
        var product = 0;
        for (var bit = 7; bit >= 0; bit--)
            product = product << 1 ^ (product >> 7) * 0x11D ^ (y >> bit & 1) * x;
        return (byte)product;
    }

    // ---- From code words to modules

    void Fix(int x, int y, bool isDark) => (dark[y, x], fixedModule[y, x]) = (isDark, true);

    void DrawPatterns()
    {
        for (var i = 0; i < Size; i++)
        {
            Fix(6, i, i % 2 == 0);
            Fix(i, 6, i % 2 == 0);
        }
        foreach (var (cx, cy) in new[] { (3, 3), (Size - 4, 3), (3, Size - 4) })
            for (var dy = -4; dy <= 4; dy++)
            for (var dx = -4; dx <= 4; dx++)
                if (cx + dx >= 0 && cx + dx < Size && cy + dy >= 0 && cy + dy < Size)
                    Fix(cx + dx, cy + dy, Math.Max(Math.Abs(dx), Math.Abs(dy)) is not (2 or 4));
        var centres = Centres();
        foreach (var cx in centres)
        foreach (var cy in centres)
            if (!((cx == 6 && (cy == 6 || cy == Size - 7)) || cx == Size - 7 && cy == 6))
                for (var dy = -2; dy <= 2; dy++)
                for (var dx = -2; dx <= 2; dx++)
                    Fix(cx + dx, cy + dy, Math.Max(Math.Abs(dx), Math.Abs(dy)) != 1);
        DrawFormat(0);
        DrawVersion();
    }

    IReadOnlyList<int> Centres()
    {
        if (Version == 1)
            return [];
        var count = Version / 7 + 2;
        var step = Version == 32 ? 26 : (Version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
        return [6, .. Enumerable.Range(0, count - 1).Select(i => Size - 7 - i * step).Reverse()];
    }

    /// <summary>Level M and the mask, twice, with their own correction.</summary>
    void DrawFormat(int mask)
    {
        var rest = mask; // Level M is 00.
        for (var i = 0; i < 10; i++)
            rest = rest << 1 ^ (rest >> 9) * 0x537;
        var bits = (mask << 10 | rest) ^ 0x5412;
        bool Bit(int i) => (bits >> i & 1) != 0;
        for (var i = 0; i <= 5; i++)
            Fix(8, i, Bit(i));
        Fix(8, 7, Bit(6));
        Fix(8, 8, Bit(7));
        Fix(7, 8, Bit(8));
        for (var i = 9; i < 15; i++)
            Fix(14 - i, 8, Bit(i));
        for (var i = 0; i < 8; i++)
            Fix(Size - 1 - i, 8, Bit(i));
        for (var i = 8; i < 15; i++)
            Fix(8, Size - 15 + i, Bit(i));
        Fix(8, Size - 8, true);
    }

    void DrawVersion()
    {
        if (Version < 7)
            return;
        var rest = Version;
        for (var i = 0; i < 12; i++)
            rest = rest << 1 ^ (rest >> 11) * 0x1F25;
        var bits = Version << 12 | rest;
        for (var i = 0; i < 18; i++)
        {
            var (a, b) = (Size - 11 + i % 3, i / 3);
            Fix(a, b, (bits >> i & 1) != 0);
            Fix(b, a, (bits >> i & 1) != 0);
        }
    }

    /// <summary>Two columns at a time from the right, upwards and downwards in turn, past the timing column.</summary>
    void DrawBytes(byte[] bytes)
    {
        var at = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            if (right == 6)
                right = 5;
            for (var row = 0; row < Size; row++)
            for (var j = 0; j < 2; j++)
            {
                var (x, y) = (right - j, (right + 1 & 2) == 0 ? Size - 1 - row : row);
                if (!fixedModule[y, x] && at < bytes.Length * 8)
                {
                    dark[y, x] = (bytes[at / 8] >> 7 - at % 8 & 1) != 0;
                    at++;
                }
            }
        }
    }

    void ChooseMask()
    {
        var (best, least) = (0, int.MaxValue);
        for (var mask = 0; mask < 8; mask++)
        {
            Apply(mask);
            DrawFormat(mask);
            if (Penalty() is var penalty && penalty < least)
                (best, least) = (mask, penalty);
            Apply(mask);
        }
        Apply(best);
        DrawFormat(best);
        Mask = best;
    }

    void Apply(int mask)
    {
        for (var y = 0; y < Size; y++)
        for (var x = 0; x < Size; x++)
            if (!fixedModule[y, x])
                dark[y, x] ^= mask switch
                {
                    0 => (x + y) % 2 == 0,
                    1 => y % 2 == 0,
                    2 => x % 3 == 0,
                    3 => (x + y) % 3 == 0,
                    4 => (x / 3 + y / 2) % 2 == 0,
                    5 => x * y % 2 + x * y % 3 == 0,
                    6 => (x * y % 2 + x * y % 3) % 2 == 0,
                    _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
                };
    }

    /// <summary>How hard the picture is to read: long runs, blocks, what looks like a finder, and how far it is from half dark.</summary>
    int Penalty()
    {
        var penalty = 0;
        for (var turn = 0; turn < 2; turn++)
        for (var i = 0; i < Size; i++)
        {
            var (run, window) = (0, 0);
            for (var j = 0; j < Size; j++)
            {
                var module = turn == 0 ? dark[i, j] : dark[j, i];
                run = j > 0 && module == (turn == 0 ? dark[i, j - 1] : dark[j - 1, i]) ? run + 1 : 1;
                penalty +=
                    run == 5 ? 3
                    : run > 5 ? 1
                    : 0;
                window = window << 1 & 0x7FF | (module ? 1 : 0);
                if (j >= 10 && window is 0b10111010000 or 0b00001011101)
                    penalty += 40;
            }
        }
        var all = 0;
        for (var y = 0; y < Size; y++)
        for (var x = 0; x < Size; x++)
        {
            all += dark[y, x] ? 1 : 0;
            if (x > 0 && y > 0 && dark[y, x] == dark[y, x - 1] && dark[y, x] == dark[y - 1, x] && dark[y, x] == dark[y - 1, x - 1])
                penalty += 3;
        }
        return penalty + (int)Math.Ceiling(Math.Abs(all * 20.0 - Size * Size * 10.0) / (Size * Size) - 1) * 10;
    }
}
