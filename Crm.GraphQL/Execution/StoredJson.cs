// Finds members of an object in JSON that is known to be correct, without looking at what is not asked for.

using System.Buffers;
using System.Text.Json;

namespace Crm.GraphQL.Execution;

/// <summary>
/// A reader of the framework's checks every token; what resolvers hand over was written by a writer. So values are jumped over by looking for the few bytes that can end them, and
/// the search ends with the last member asked for: most of the time of an answer would otherwise go into reading fields that nobody wants.
/// </summary>
public static class StoredJson
{
    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8), QuoteOrEscape = SearchValues.Create("\"\\"u8), EndOfPlain = SearchValues.Create(",}] \t\r\n"u8), Blank = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Where the values of these members are, from and to; a member that is not there has no length.</summary>
    /// <param name="json">A correct object. Anything else gives places without meaning, or an <see cref="ArgumentException"/>; never one outside of it.</param>
    public static void Find(ReadOnlySpan<byte> json, byte[][] members, Span<(int Start, int End)> places)
    {
        var left = members.Length;
        var at = SkipBlank(json, 0) + 1;
        while (left > 0 && (at = SkipBlank(json, at)) < json.Length && json[at] == '"')
        {
            var end = EndOfText(json, at);
            var name = json[(at + 1)..(end - 1)];
            at = SkipBlank(json, SkipBlank(json, end) + 1); // behind the colon
            var start = at;
            at = EndOfValue(json, at);
            var slot = name.Contains((byte)'\\') ? Unescaped(name, members) : Slot(name, members);
            if (slot >= 0)
            {
                if (places[slot].End == 0)
                    left--;
                places[slot] = (start, at);
            }
            at = SkipBlank(json, at) + 1; // behind the comma, or the end
        }
    }

    /// <summary>The entries of a list, each where it lies.</summary>
    public static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> list)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        var json = list.Span;
        var at = SkipBlank(json, SkipBlank(json, 0) + 1);
        while (at < json.Length && json[at] != ']')
        {
            var end = EndOfValue(json, at);
            items.Add(list[at..end]);
            at = SkipBlank(json, SkipBlank(json, end) + 1); // behind the comma, or the end
        }
        return items;
    }

    static int Slot(ReadOnlySpan<byte> name, byte[][] members)
    {
        for (var i = 0; i < members.Length; i++)
            if (name.SequenceEqual(members[i]))
                return i;
        return -1;
    }

    static int Unescaped(ReadOnlySpan<byte> name, byte[][] members)
    {
        try
        {
            var reader = new Utf8JsonReader((byte[])[(byte)'"', .. name, (byte)'"']);
            reader.Read();
            for (var i = 0; i < members.Length; i++)
                if (reader.ValueTextEquals(members[i]))
                    return i;
            return -1;
        }
        catch (JsonException error)
        {
            throw new ArgumentException("A name is no text.", error);
        }
    }

    static int SkipBlank(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length || json[at] > ' ')
            return at;
        var more = json[at..].IndexOfAnyExcept(Blank);
        return more < 0 ? json.Length : at + more;
    }

    /// <param name="at">The opening quote.</param>
    /// <returns>Behind the closing one.</returns>
    static int EndOfText(ReadOnlySpan<byte> json, int at)
    {
        at++;
        while (true)
        {
            var next = json[at..].IndexOfAny(QuoteOrEscape);
            if (next < 0)
                throw new ArgumentException("A text does not end.");
            at += next + 1;
            if (json[at - 1] == '"')
                return at;
            at++; // what is escaped
        }
    }

    static int EndOfValue(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length)
            throw new ArgumentException("A value is missing.");
        switch (json[at])
        {
            case (byte)'"':
                return EndOfText(json, at);
            case (byte)'{' or (byte)'[':
                var depth = 0;
                while (true)
                {
                    var next = json[at..].IndexOfAny(Structure);
                    if (next < 0)
                        throw new ArgumentException("A value does not end.");
                    at += next;
                    switch (json[at])
                    {
                        case (byte)'"':
                            at = EndOfText(json, at);
                            continue;
                        case (byte)'{' or (byte)'[':
                            depth++;
                            break;
                        default:
                            depth--;
                            break;
                    }
                    at++;
                    if (depth == 0)
                        return at;
                }
            default:
                var plain = json[at..].IndexOfAny(EndOfPlain);
                return plain < 0 ? json.Length : at + plain;
        }
    }
}
