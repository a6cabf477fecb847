// Finds the ends of values in JSON that is known to be correct: sixteen or thirty-two bytes at a time, without reading tokens.

using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Crm.GraphQL.Execution;

/// <summary>
/// A reader of the framework's checks every token; what resolvers hand over was written by a writer. So values are jumped over by looking
/// for the few bytes that can end them: most of the time of an answer would otherwise go into reading fields that nobody wants. What is no
/// JSON gives places without meaning, or an <see cref="ArgumentException"/>; never one outside of it.
/// </summary>
public static class StoredJson
{
    /// <summary>The next entry of a list. Starts with <paramref name="at"/> at 0, which is moved on.</summary>
    /// <returns>False behind the last one.</returns>
    public static bool NextItem(ReadOnlySpan<byte> list, ref int at, out Range item)
    {
        // Behind the opening bracket, or the comma.
        var start = SkipBlank(list, SkipBlank(list, at) + 1);
        if (start >= list.Length || list[start] == ']')
        {
            item = default;
            return false;
        }
        at = EndOfValue(list, start);
        item = start..at;
        return true;
    }

    internal static int SkipBlank(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] <= ' ')
            at++;
        return at;
    }

    /// <param name="at">The opening quote.</param>
    /// <returns>Behind the closing one.</returns>
    internal static int EndOfText(ReadOnlySpan<byte> json, int at)
    {
        at++;
        ref var first = ref MemoryMarshal.GetReference(json);
        var (quote, escape) = (Vector128.Create((byte)'"'), Vector128.Create((byte)'\\'));
        while (at + Vector128<byte>.Count <= json.Length)
        {
            var block = Vector128.LoadUnsafe(ref first, (nuint)at);
            var found = (Vector128.Equals(block, quote) | Vector128.Equals(block, escape)).ExtractMostSignificantBits();
            if (found == 0)
            {
                at += Vector128<byte>.Count;
                continue;
            }
            at += BitOperations.TrailingZeroCount(found);
            if (json[at] == '"')
                return at + 1;
            at += 2; // what is escaped
        }
        while (at < json.Length)
        {
            if (json[at] == '"')
                return at + 1;
            at += json[at] == '\\' ? 2 : 1;
        }
        throw new ArgumentException("A text does not end.");
    }

    /// <param name="at">The first byte of a value.</param>
    /// <returns>Behind it.</returns>
    internal static int EndOfValue(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length)
            throw new ArgumentException("A value is missing.");
        switch (json[at])
        {
            case (byte)'"':
                return EndOfText(json, at);
            case (byte)'{' or (byte)'[':
                return EndOfNested(json, at);
            case (byte)'n' or (byte)'t':
                return Math.Min(at + 4, json.Length);
            case (byte)'f':
                return Math.Min(at + 5, json.Length);
            default:
                while (at < json.Length && json[at] > ' ' && json[at] is not ((byte)',' or (byte)'}' or (byte)']'))
                    at++;
                return at;
        }
    }

    /// <summary>Counts brackets outside of texts. Which bytes lie in texts follows from the quotes alone: each turns the state of all bytes
    /// behind it round.</summary>
    static int EndOfNested(ReadOnlySpan<byte> json, int at)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        var (depth, inText, escaped) = (0, false, false);
        var (quote, escape, bit, open, close) = (
            Vector256.Create((byte)'"'),
            Vector256.Create((byte)'\\'),
            Vector256.Create((byte)0x20),
            Vector256.Create((byte)'{'),
            Vector256.Create((byte)'}')
        );
        while (at + Vector256<byte>.Count <= json.Length)
        {
            var block = Vector256.LoadUnsafe(ref first, (nuint)at);
            var escapes = Vector256.Equals(block, escape).ExtractMostSignificantBits();
            var after = escapes << 1 | (escaped ? 1u : 0);
            if ((escapes & after) != 0)
            {
                // One escapes the other: byte by byte.
                for (var end = at + Vector256<byte>.Count; at < end; at++)
                    if (Step(json[at], ref depth, ref inText, ref escaped))
                        return at + 1;
                continue;
            }
            escaped = escapes >> 31 != 0;
            var texts = Vector256.Equals(block, quote).ExtractMostSignificantBits() & ~after;
            texts ^= texts << 1;
            texts ^= texts << 2;
            texts ^= texts << 4;
            texts ^= texts << 8;
            texts ^= texts << 16;
            if (inText)
                texts = ~texts;
            inText = texts >> 31 != 0;
            // A square bracket is a curly one without this bit.
            var brackets = block | bit;
            var opening = Vector256.Equals(brackets, open).ExtractMostSignificantBits() & ~texts;
            var closing = Vector256.Equals(brackets, close).ExtractMostSignificantBits() & ~texts;
            var closed = BitOperations.PopCount(closing);
            if (depth > closed || closed == 0)
                depth += BitOperations.PopCount(opening) - closed;
            else
                for (var both = opening | closing; both != 0; both &= both - 1)
                {
                    var place = BitOperations.TrailingZeroCount(both);
                    depth += (opening >> place & 1) != 0 ? 1 : -1;
                    if (depth == 0)
                        return at + place + 1;
                }
            at += Vector256<byte>.Count;
        }
        for (; at < json.Length; at++)
            if (Step(json[at], ref depth, ref inText, ref escaped))
                return at + 1;
        throw new ArgumentException("A value does not end.");
    }

    /// <returns>Whether the value ends here.</returns>
    static bool Step(byte one, ref int depth, ref bool inText, ref bool escaped)
    {
        if (escaped)
            escaped = false;
        else if (one == '\\')
            escaped = true;
        else if (one == '"')
            inText = !inText;
        else if (!inText && one is (byte)'{' or (byte)'[')
            depth++;
        else if (!inText && one is (byte)'}' or (byte)']')
            return --depth == 0;
        return false;
    }
}
