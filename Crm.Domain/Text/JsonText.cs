// JSON as people read it: letters, signs and emoji of every script stand as they are, and nothing in it ends a script of a page.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crm.Domain.Text;

/// <summary>
/// Every answer and every stored record is written with this. Escaped is what JSON asks for (quotes, backslashes, control characters), what
/// could end a script or begin a comment where JSON stands in a page (<c>&lt;</c> and <c>&gt;</c>), and what nobody sees though it turns
/// lines round or breaks them.
/// </summary>
public static class JsonText
{
    public static readonly JavaScriptEncoder Encoder = new ReadableJson();

    public static readonly JsonWriterOptions Writing = new() { Encoder = Encoder };

    /// <summary>For what is written by the resources' own definitions, in hot paths: nothing looks whether it is well formed.</summary>
    public static readonly JsonWriterOptions Trusted = new() { Encoder = Encoder, SkipValidation = true };

    static readonly JsonSerializerOptions Serializing = new() { Encoder = Encoder };

    public static Utf8JsonWriter Writer(IBufferWriter<byte> to) => new(to, Writing);

    /// <summary>A value as its serializer writes it.</summary>
    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Serializing);
}

/// <summary>What stays is nearly everything, so that it is looked for what does not.</summary>
sealed class ReadableJson : JavaScriptEncoder
{
    static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', 0x5F).Select(c => (char)c).Where(Stays)]);
    static readonly SearchValues<byte> PlainBytes = SearchValues.Create([
        .. Enumerable.Range(' ', 0x5F).Where(c => Stays((char)c)).Select(c => (byte)c),
    ]);

    static bool Stays(char c) => c is not ('"' or '\\' or '<' or '>');

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar
            is < 0x20
                or '"'
                or '\\'
                or '<'
                or '>'
                or >= 0x7F
                and <= 0x9F
                or 0x2028
                or 0x2029
                // Turn the direction of what follows.
                or >= 0x202A
                and <= 0x202E
                or >= 0x2066
                and <= 0x2069
                or 0xFEFF
                or >= 0xD800
                and <= 0xDFFF
                or 0xFFFE
                or 0xFFFF;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var all = new ReadOnlySpan<char>(text, textLength);
        var at = all.IndexOfAnyExcept(Plain);
        while (at >= 0 && at < all.Length)
        {
            if (Rune.DecodeFromUtf16(all[at..], out var rune, out var length) != OperationStatus.Done || WillEncode(rune.Value))
                return at;
            at += length;
        }
        return -1;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var at = utf8Text.IndexOfAnyExcept(PlainBytes);
        while (at >= 0 && at < utf8Text.Length)
        {
            if (Rune.DecodeFromUtf8(utf8Text[at..], out var rune, out var length) != OperationStatus.Done || WillEncode(rune.Value))
                return at;
            at += length;
        }
        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var to = new Span<char>(buffer, bufferLength);
        char? sign = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => null,
        };
        if (sign is not null)
            return to.TryWrite($"\\{sign}", out numberOfCharactersWritten);
        // Only characters of one code unit are escaped; what is half of one comes as the sign for what is missing.
        return to.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:X4}", out numberOfCharactersWritten);
    }
}
