// UTF-8 bytes to tokens: names, numbers, texts and punctuators with their places, and what may stand between them is skipped.

using System.Text;

namespace Crm.GraphQL.Language;

public enum TokenKind
{
    End,
    Punctuator,
    Name,
    Int,
    Float,
    String,
    BlockString,
}

/// <param name="Word">A name, a number as it is written, the value of a text, or a punctuator.</param>
public readonly record struct Token(TokenKind Kind, string Word, Location At);

/// <summary>Reads one token after the other. Places count UTF-16 units, as clients do; the bytes may be anything, and what is no UTF-8 is
/// an illegal character.</summary>
public ref struct Lexer
{
    /// <summary>Stands for half a surrogate pair in what <see cref="Encode"/> gives: no UTF-8 has it.</summary>
    const byte NoCharacter = 0xFF;

    readonly ReadOnlySpan<byte> bytes;

    /// <summary>Bytes of this line that are no UTF-16 units of their own.</summary>
    int surplus;

    int position,
        line,
        lineStart;

    public Lexer(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        line = 1;
    }

    /// <summary>The text's bytes. Halves of surrogate pairs stay illegal instead of becoming replacement characters.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var (from, to) = (0, 0);
        while (from < text.Length)
        {
            System.Text.Unicode.Utf8.FromUtf16(
                text.AsSpan(from),
                bytes.AsSpan(to),
                out var read,
                out var written,
                replaceInvalidSequences: false
            );
            (from, to) = (from + read, to + written);
            if (from < text.Length)
                (bytes[to++], from) = (NoCharacter, from + 1);
        }
        return bytes[..to];
    }

    readonly Location Here => new(line, position - lineStart - surplus + 1);

    readonly byte Peek(int ahead = 0) => position + ahead < bytes.Length ? bytes[position + ahead] : (byte)0;

    readonly bool StartsWith(ReadOnlySpan<byte> word) => bytes[position..].StartsWith(word);

    readonly SyntaxException Illegal() =>
        new(position < bytes.Length ? "A character is not allowed here." : "The document ends too early.", Here);

    static bool IsNameStart(byte one) => char.IsAsciiLetter((char)one) || one == '_';

    static bool IsDigit(byte one) => char.IsAsciiDigit((char)one);

    /// <summary>Throws <see cref="SyntaxException"/> and nothing else.</summary>
    public Token Next()
    {
        SkipIgnored();
        var at = Here;
        if (position >= bytes.Length)
            return new(TokenKind.End, "", at);
        var one = bytes[position];
        if (IsNameStart(one))
        {
            var start = position;
            while (IsNameStart(Peek()) || IsDigit(Peek()))
                position++;
            return new(TokenKind.Name, Encoding.UTF8.GetString(bytes[start..position]), at);
        }
        if (IsDigit(one) || one == '-')
            return Number(at);
        if (one == '"')
            return StartsWith("\"\"\""u8) ? new(TokenKind.BlockString, Block(), at) : new(TokenKind.String, String(), at);
        if (Punctuator(one) is not { } word || one == '.' && !StartsWith("..."u8))
            throw Illegal();
        position += word.Length;
        return new(TokenKind.Punctuator, word, at);
    }

    static string? Punctuator(byte one) =>
        one switch
        {
            (byte)'!' => "!",
            (byte)'$' => "$",
            (byte)'&' => "&",
            (byte)'(' => "(",
            (byte)')' => ")",
            (byte)'.' => "...",
            (byte)':' => ":",
            (byte)'=' => "=",
            (byte)'@' => "@",
            (byte)'[' => "[",
            (byte)']' => "]",
            (byte)'{' => "{",
            (byte)'|' => "|",
            (byte)'}' => "}",
            _ => null,
        };

    void SkipIgnored()
    {
        while (position < bytes.Length)
            switch (bytes[position])
            {
                case (byte)' ' or (byte)'\t' or (byte)',':
                    position++;
                    break;
                case (byte)'\n' or (byte)'\r':
                    NewLine();
                    break;
                case 0xEF when StartsWith("\uFEFF"u8): // a byte order mark, anywhere
                    Character();
                    break;
                case (byte)'#':
                    while (position < bytes.Length && bytes[position] is not ((byte)'\n' or (byte)'\r'))
                        Character();
                    break;
                default:
                    return;
            }
    }

    /// <summary>Steps over a line's end, one or two bytes.</summary>
    void NewLine()
    {
        position += StartsWith("\r\n"u8) ? 2 : 1;
        (line, lineStart, surplus) = (line + 1, position, 0);
    }

    /// <summary>Steps over one character of any length.</summary>
    void Character()
    {
        if (bytes[position] < 0x80)
        {
            position++;
            return;
        }
        if (Rune.DecodeFromUtf8(bytes[position..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            throw Illegal();
        position += length;
        surplus += length - rune.Utf16SequenceLength;
    }

    Token Number(Location at)
    {
        var start = position;
        var kind = TokenKind.Int;
        if (Peek() == '-')
            position++;
        if (Peek() != '0')
            Digits();
        else
        {
            position++;
            if (IsDigit(Peek()))
                throw Illegal();
        }
        if (Peek() == '.')
        {
            kind = TokenKind.Float;
            position++;
            Digits();
        }
        if (Peek() is (byte)'e' or (byte)'E')
        {
            kind = TokenKind.Float;
            position++;
            if (Peek() is (byte)'+' or (byte)'-')
                position++;
            Digits();
        }
        // A number ends before a space or a punctuator; 0x1 and 1.2.3 are none.
        if (Peek() == '.' || IsNameStart(Peek()))
            throw Illegal();
        return new(kind, Encoding.UTF8.GetString(bytes[start..position]), at);
    }

    void Digits()
    {
        if (!IsDigit(Peek()))
            throw Illegal();
        while (IsDigit(Peek()))
            position++;
    }

    string String()
    {
        position++;
        StringBuilder? value = null;
        var from = position;
        while (position < bytes.Length)
            switch (bytes[position])
            {
                case (byte)'"':
                    var rest = Encoding.UTF8.GetString(bytes[from..position]);
                    position++;
                    return value is null ? rest : value.Append(rest).ToString();
                case (byte)'\n' or (byte)'\r':
                    throw new SyntaxException("A text does not end.", Here);
                case (byte)'\\':
                    value ??= new();
                    value.Append(Encoding.UTF8.GetString(bytes[from..position]));
                    Escape(value);
                    from = position;
                    break;
                default:
                    Character();
                    break;
            }
        throw new SyntaxException("A text does not end.", Here);
    }

    /// <summary>Steps over an escape only when it is a right one, so that an error stands at its backslash.</summary>
    void Escape(StringBuilder value)
    {
        const char none = '\0';
        var one = (char)Peek(1) switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => none,
        };
        if (one != none)
        {
            value.Append(one);
            position += 2;
            return;
        }
        if (Peek(1) != 'u')
            throw Illegal();
        if (Peek(2) == '{')
        {
            // Up to eight digits, zeroes in front included.
            var end = bytes.Slice(position, Math.Min(12, bytes.Length - position)).IndexOf((byte)'}');
            if (end < 4 || !Hex(position + 3, end - 3, out var scalar) || !Rune.IsValid(scalar))
                throw Illegal();
            value.Append(new Rune(scalar).ToString());
            position += end + 1;
            return;
        }
        if (!Hex(position + 2, 4, out var unit))
            throw Illegal();
        if (Rune.IsValid(unit))
        {
            value.Append((char)unit);
            position += 6;
        }
        else if (
            char.IsHighSurrogate((char)unit)
            && Peek(6) == '\\'
            && Peek(7) == 'u'
            && Hex(position + 8, 4, out var second)
            && char.IsLowSurrogate((char)second)
        )
        {
            value.Append((char)unit).Append((char)second);
            position += 12;
        }
        else
            throw Illegal();
    }

    readonly bool Hex(int from, int length, out uint value)
    {
        value = 0;
        if (from + length > bytes.Length)
            return false;
        foreach (var one in bytes.Slice(from, length))
        {
            if (!char.IsAsciiHexDigit((char)one))
                return false;
            value = value * 16 + (uint)(one <= '9' ? one - '0' : (one | 0x20) - 'a' + 10);
        }
        return true;
    }

    string Block()
    {
        position += 3;
        var lines = new List<string>();
        var text = new StringBuilder();
        var from = position;
        while (position < bytes.Length)
            if (StartsWith("\"\"\""u8))
            {
                lines.Add(text.Append(Encoding.UTF8.GetString(bytes[from..position])).ToString());
                position += 3;
                return string.Join('\n', Dedented(lines));
            }
            else if (StartsWith("\\\"\"\""u8))
            {
                text.Append(Encoding.UTF8.GetString(bytes[from..position]));
                from = position + 1; // without the backslash
                position += 4;
            }
            else if (bytes[position] is (byte)'\n' or (byte)'\r')
            {
                lines.Add(text.Append(Encoding.UTF8.GetString(bytes[from..position])).ToString());
                text.Clear();
                NewLine();
                from = position;
            }
            else
                Character();
        throw new SyntaxException("A text does not end.", Here);
    }

    /// <summary>A block's lines without the indentation that all but the first share, and without blank lines around them.</summary>
    static IEnumerable<string> Dedented(List<string> lines)
    {
        static int Indentation(string line) => line.AsSpan().IndexOfAnyExcept(' ', '\t') is var first and >= 0 ? first : line.Length;
        var common = lines.Skip(1).Where(l => Indentation(l) < l.Length).Select(Indentation).DefaultIfEmpty(int.MaxValue).Min();
        var first = lines.FindIndex(l => Indentation(l) < l.Length);
        var last = lines.FindLastIndex(l => Indentation(l) < l.Length);
        for (var i = Math.Max(0, first); i <= last; i++)
            yield return i == 0 ? lines[i] : lines[i][Math.Min(common, lines[i].Length)..];
    }
}
