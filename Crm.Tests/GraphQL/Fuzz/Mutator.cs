// Makes broken texts out of good ones: bits, splices, words of the language, lengths at limits, and bytes that are no text.

using System.Text;

namespace Crm.Tests.GraphQL.Fuzz;

/// <summary>Deterministic for a seed. Keeps good inputs to begin with, and whatever led to something that was not seen before.</summary>
sealed class Mutator(Random random, IEnumerable<byte[]> seeds, int longest)
{
    const int MostKept = 2_000;

    static readonly int[] Lengths =
    [
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        17,
        31,
        32,
        33,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        257,
        500,
        501,
        1_000,
        2_000,
        2_001,
        4_097,
        65_537,
    ];

    static readonly byte[][] Words =
    [
        .. new[]
        {
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "!",
            "$",
            "&",
            ":",
            "=",
            "@",
            "|",
            "...",
            "..",
            ".",
            ",",
            "#",
            "\"",
            "\"\"\"",
            "\\\"\"\"",
            "\\",
            "\\u",
            "\\u{",
            "\\u{110000}",
            "\\u{0}",
            "\\u{00000061}",
            "\\uD83D\\uDE00",
            "\\uD800",
            "\\uDC00\\uD800",
            "\\u00",
            "\\x",
            "query ",
            "mutation ",
            "subscription ",
            "fragment F on Lead ",
            "fragment ",
            " on ",
            "on",
            "...F",
            "...on Lead",
            "...on Node{",
            "@skip(if:",
            "@include(if:$v)",
            "@skip(if:true)",
            "@deprecated",
            "true",
            "false",
            "null",
            "$v",
            "$first",
            "$words",
            "query($v:Boolean!){",
            "query Q($first:Int=3,$id:ID!){",
            "type ",
            "extend ",
            "schema{",
            "input ",
            "enum ",
            "union ",
            "scalar ",
            "directive @",
            "interface ",
            "implements ",
            "repeatable",
            "__typename",
            "__schema{types{name fields{type{ofType{name}}}}}",
            "__type(name:\"Lead\"){kind}",
            "lead(id:\"1\"){",
            "leads(first:3){nodes{",
            "leads",
            "node(id:1){",
            "search(words:[\"a\"]){",
            "echo(any:",
            "fails",
            "needed",
            "friend{",
            "friends{",
            "id",
            "name",
            "0",
            "-0",
            "1",
            "-1",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9007199254740993",
            "1e999",
            "1e-999",
            "1.0",
            "01",
            "0x1",
            "1.",
            "-",
            "1e",
            "123456789012345678901234567890",
            "1_000",
            "{a:{a:{a:",
            "[[[[[[[[",
            "where:{and:[{",
            "where:{id:{eq:",
            "a:",
            "a1:",
            "\uFEFF",
            "\u2028",
            "\r\n",
            "\r",
            "\n",
            "\t",
            " ",
            "é",
            "😀",
            "\u0000",
            "\u0007",
            "\u007F",
            "\u202E",
            "{\"first\":1}",
            "{\"v\":true}",
            "{\"id\":\"1\"}",
            "\"v\":",
            "\"first\":",
            "{\"id\":",
            "\\ud800",
            "[1,",
            "{\"\":{\"\":",
        }.Select(Encoding.UTF8.GetBytes),
        // No UTF-8: halves of pairs, longer than needed, cut, beyond the last, a byte that never comes.
        [0xED, 0xA0, 0x80],
        [0xED, 0xB0, 0x80],
        [0xC0, 0x80],
        [0xC0, 0xAF],
        [0xE0, 0x80, 0xAF],
        [0xF0, 0x80, 0x80, 0xAF],
        [0xE2, 0x82],
        [0xF0, 0x9F, 0x98],
        [0xF4, 0x90, 0x80, 0x80],
        [0xFF],
        [0xFE, 0xFF],
        [0x80],
        [0xEF, 0xBB, 0xBF],
    ];

    /// <summary>What is kept, by how far it came: the last group came furthest, and most begins there.</summary>
    readonly List<byte[]>[] kept =
    [
        [],
        [],
        [],
        [.. seeds],
    ];

    readonly byte[][] first = [.. seeds];

    /// <summary>The input led to something new: others are made from it.</summary>
    /// <param name="rank">How far it came, 0 to 3.</param>
    public void Keep(byte[] input, int rank)
    {
        if (kept[rank].Count < MostKept)
            kept[rank].Add(input);
        else
            kept[rank][random.Next(MostKept)] = input;
    }

    public byte[] Next()
    {
        var input = new List<byte>(Any());
        // Mostly little, so that much of what is good stays good; half of it within the language.
        var words = random.Next(2) == 0;
        for (var left = 1 << random.Next(random.Next(1, 5)); left > 0; left--)
            if (words)
                ChangeToken(input);
            else
                Change(input);
        if (input.Count > longest)
            input.RemoveRange(longest, input.Count - longest);
        return [.. input];
    }

    byte[] Any()
    {
        var rank = Math.Max(random.Next(4), random.Next(4));
        return kept[rank] is { Count: > 0 } some && random.Next(4) > 0 ? some[random.Next(some.Count)] : first[random.Next(first.Length)];
    }

    /// <summary>Takes a word, a number, a text or a mark away, doubles it, or puts one from elsewhere in its place.</summary>
    void ChangeToken(List<byte> input)
    {
        var (from, to) = Token(input);
        var token = input.GetRange(from, to - from);
        switch (random.Next(5))
        {
            case 0:
                input.RemoveRange(from, to - from);
                break;
            case 1:
                input.InsertRange(to, [(byte)' ', .. token]);
                break;
            case 2:
                // A bracket with all that is in it, once more or no more.
                var (start, end) = Group(input, from);
                var group = input.GetRange(start, end - start);
                if (random.Next(2) == 0)
                    input.RemoveRange(start, end - start);
                else
                    input.InsertRange(end, [(byte)' ', .. group]);
                break;
            default:
                var other =
                    random.Next(3) == 0 ? [.. Words[random.Next(Words.Length)]] : new List<byte>(random.Next(2) == 0 ? Any() : [.. input]);
                var (start2, end2) = Token(other);
                input.RemoveRange(from, to - from);
                input.InsertRange(from, other.GetRange(start2, end2 - start2));
                break;
        }
    }

    (int From, int To) Token(List<byte> input)
    {
        if (input.Count == 0)
            return (0, 0);
        var at = random.Next(input.Count);
        if (!IsWord(input[at]))
            return (at, at + 1);
        var (from, to) = (at, at);
        while (from > 0 && IsWord(input[from - 1]))
            from--;
        while (to < input.Count && IsWord(input[to]))
            to++;
        return (from, to);
    }

    static bool IsWord(byte one) =>
        char.IsAsciiLetterOrDigit((char)one) || one is (byte)'_' or (byte)'$' or (byte)'.' or (byte)'-' or >= 0x80;

    /// <summary>From the next opening bracket to the one that closes it.</summary>
    static (int Start, int End) Group(List<byte> input, int at)
    {
        while (at < input.Count && input[at] is not ((byte)'{' or (byte)'(' or (byte)'['))
            at++;
        var depth = 0;
        for (var end = at; end < input.Count; end++)
        {
            depth += input[end] switch
            {
                (byte)'{' or (byte)'(' or (byte)'[' => 1,
                (byte)'}' or (byte)')' or (byte)']' => -1,
                _ => 0,
            };
            if (depth == 0)
                return (at, end + 1);
        }
        return (input.Count, input.Count);
    }

    void Change(List<byte> input)
    {
        var at = random.Next(input.Count + 1);
        var some = Math.Min(random.Next(1, 1 << random.Next(1, 8)), input.Count - at);
        switch (random.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, some);
                break;
            case 3:
                Repeat(input, at, input.GetRange(at, some));
                break;
            case 4:
                Repeat(input, at, Words[random.Next(Words.Length)]);
                break;
            case 5:
                var other = Any();
                var from = random.Next(other.Length + 1);
                input.InsertRange(at, other[from..random.Next(from, other.Length + 1)]);
                break;
            case 6:
                other = Any();
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other[random.Next(other.Length + 1)..]);
                break;
            case 7:
                var piece = input.GetRange(at, some);
                input.RemoveRange(at, some);
                input.InsertRange(random.Next(input.Count + 1), piece);
                break;
            default:
                input.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
        }
    }

    void Repeat(List<byte> input, int at, IReadOnlyList<byte> what)
    {
        var times = random.Next(8) == 0 ? Lengths[random.Next(Lengths.Length)] : random.Next(1, 5);
        if (what.Count == 0)
            return;
        times = Math.Min(times, Math.Max(1, longest / what.Count));
        var all = new byte[times * what.Count];
        for (var i = 0; i < all.Length; i++)
            all[i] = what[i % what.Count];
        input.InsertRange(at, all);
    }
}
