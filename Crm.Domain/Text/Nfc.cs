// Unicode normalisation to NFC, so that an accent typed in two ways is one text.

using System.Diagnostics.CodeAnalysis;

namespace Crm.Domain.Text;

/// <summary>
/// NFC by the algorithm of UAX 15. Written here because the process runs with invariant globalization, where
/// <c>string.Normalize</c> answers every text unchanged. Characters younger than the tables stay as they are.
/// </summary>
public static class Nfc
{
    const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    const int LeadCount = 19, VowelCount = 21, TailCount = 28, HangulCount = LeadCount * VowelCount * TailCount;

    static readonly Tables Data = new();

    /// <summary>True when no character is of the kind that normalising could change. False means only that it must be tried.</summary>
    public static bool IsSurelyNormalized(ReadOnlySpan<char> text)
    {
        // Everything below the combining marks is normal already: all of ASCII and the Latin of western Europe.
        var start = text.IndexOfAnyExceptInRange('\0', '\u02FF');
        if (start < 0)
            return true;
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (c < '\u0300')
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (Data.NeedsCare(char.ConvertToUtf32(c, text[++i])))
                    return false;
            }
            else if (Data.NeedsCare(c))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The text in NFC; the same instance when there was nothing to do. Lone surrogates are passed through.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Normalize(string? text) =>
        text is null || IsSurelyNormalized(text) ? text : Compose(Decompose(text));

    /// <summary>The text in NFC as a string of its own.</summary>
    public static string Normalize(ReadOnlySpan<char> text) =>
        IsSurelyNormalized(text) ? new string(text) : Compose(Decompose(text));

    static List<int> Decompose(ReadOnlySpan<char> text)
    {
        var points = new List<int>(text.Length + 8);
        Span<int> parts = stackalloc int[8];
        for (var i = 0; i < text.Length; i++)
        {
            int point = text[i];
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                point = char.ConvertToUtf32(text[i], text[++i]);

            if ((uint)(point - HangulBase) < HangulCount)
            {
                var index = point - HangulBase;
                points.Add(LeadBase + index / (VowelCount * TailCount));
                points.Add(VowelBase + index % (VowelCount * TailCount) / TailCount);
                if (index % TailCount != 0)
                    points.Add(TailBase + index % TailCount);
                continue;
            }

            // A decomposition's first part may itself decompose, never its second: unwind from the back.
            var count = 0;
            while (Data.Decompositions.TryGetValue(point, out var pair))
            {
                if (pair.Second != 0)
                    parts[count++] = pair.Second;
                point = pair.First;
            }
            points.Add(point);
            while (count > 0)
                points.Add(parts[--count]);
        }
        Order(points);
        return points;
    }

    /// <summary>Puts each run of combining marks into the order of their classes, equal classes as they came.</summary>
    static void Order(List<int> points)
    {
        var keys = new List<long>();
        for (var i = 0; i < points.Count; i++)
        {
            if (Data.Class(points[i]) == 0)
                continue;
            keys.Clear();
            var start = i;
            for (int mark; i < points.Count && (mark = Data.Class(points[i])) != 0; i++)
                keys.Add((long)mark << 52 | (long)(i - start) << 21 | (uint)points[i]);
            // Sorting, not swapping of neighbours: a long run of marks is an attacker's way to a quadratic loop.
            keys.Sort();
            for (var k = 0; k < keys.Count; k++)
                points[start + k] = (int)(keys[k] & 0x1FFFFF);
        }
    }

    static string Compose(List<int> points)
    {
        var starter = -1;
        var lastClass = -1;
        var length = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var mark = Data.Class(point);
            // A mark meets its starter unless one of the same or a higher class stands between.
            if (starter >= 0 && lastClass < mark && TryPair(points[starter], point, out var composed))
            {
                points[starter] = composed;
                continue;
            }
            if (mark == 0)
            {
                starter = length;
                lastClass = -1;
            }
            else
            {
                lastClass = mark;
            }
            points[length++] = point;
        }

        var chars = new char[length * 2];
        var written = 0;
        for (var i = 0; i < length; i++)
        {
            var point = points[i];
            if (point < 0x10000)
            {
                chars[written++] = (char)point;
                continue;
            }
            chars[written++] = (char)(0xD800 + ((point - 0x10000) >> 10));
            chars[written++] = (char)(0xDC00 + (point & 0x3FF));
        }
        return new string(chars, 0, written);
    }

    static bool TryPair(int first, int second, out int composed)
    {
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
        {
            composed = HangulBase + ((first - LeadBase) * VowelCount + (second - VowelBase)) * TailCount;
            return true;
        }
        if ((uint)(first - HangulBase) < HangulCount && (first - HangulBase) % TailCount == 0
            && (uint)(second - TailBase - 1) < TailCount - 1)
        {
            composed = first + (second - TailBase);
            return true;
        }
        return Data.Compositions.TryGetValue(((long)first << 32) | (uint)second, out composed);
    }

    readonly record struct Pair(int First, int Second);

    sealed class Tables
    {
        public readonly Dictionary<int, Pair> Decompositions = [];
        public readonly Dictionary<long, int> Compositions = [];
        readonly Dictionary<int, byte> classes = [];
        readonly HashSet<int> astral = [];
        readonly ulong[] basic = new ulong[0x10000 / 64];

        public Tables()
        {
            var bytes = Convert.FromBase64String(NfcData.Packed);
            var at = 0;
            int point = 0, first = 0;
            for (var left = Number(); left > 0; left--)
            {
                point += Number();
                var step = Number();
                first += (step & 1) == 0 ? step >> 1 : -((step + 1) >> 1);
                var tail = Number();
                Decompositions.Add(point, new(first, tail >> 1));
                if ((tail & 1) != 0)
                {
                    Mark(point);
                    continue;
                }
                Compositions.Add(((long)first << 32) | (uint)(tail >> 1), point);
                Mark(tail >> 1);
            }

            point = 0;
            for (var left = Number(); left > 0; left--)
            {
                point += Number();
                var length = Number();
                var mark = (byte)Number();
                for (var i = 0; i < length; i++)
                {
                    classes.Add(point + i, mark);
                    Mark(point + i);
                }
            }
            for (var i = 0; i < VowelCount; i++)
                Mark(VowelBase + i);
            for (var i = 1; i < TailCount; i++)
                Mark(TailBase + i);

            int Number()
            {
                int value = 0, shift = 0;
                while (bytes[at] >= 128)
                {
                    value |= (bytes[at++] & 127) << shift;
                    shift += 7;
                }
                return value | bytes[at++] << shift;
            }

            void Mark(int care)
            {
                if (care < 0x10000)
                    basic[care >> 6] |= 1UL << (care & 63);
                else
                    astral.Add(care);
            }
        }

        public bool NeedsCare(int point) =>
            point < 0x10000 ? (basic[point >> 6] >> (point & 63) & 1) != 0 : astral.Contains(point);

        public int Class(int point) => point < 0x300 ? 0 : classes.GetValueOrDefault(point);
    }
}
