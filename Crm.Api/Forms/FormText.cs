// From the bytes of a name or a value to text that can be stored: decoded strictly, without control characters.

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Crm.Api.Forms;

static class FormText
{
    static readonly char[] Windows1252 = Table(1252);
    static readonly char[] Latin9 = Table(28605);

    // What Clean takes out: the control characters but \t and \n, and U+FFFE, which is no character and at which the framework's
    // normalisation throws. The mark U+FEFF only matters in front.
    static readonly SearchValues<char> Unclean = SearchValues.Create([
        .. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\t' or '\n')),
        '\uFFFE',
    ]);

    public static string NameOf(FormCharset charset) =>
        charset switch
        {
            FormCharset.Windows1252 => "windows-1252",
            FormCharset.Latin9 => "iso-8859-15",
            FormCharset.Utf16 => "utf-16",
            FormCharset.Utf16LittleEndian => "utf-16le",
            FormCharset.Utf16BigEndian => "utf-16be",
            _ => "utf-8",
        };

    /// <summary>True for text that is the same in every charset but UTF-16 and has nothing to clean: ASCII without control
    /// characters.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    /// <summary>Decodes strictly.</summary>
    /// <param name="chars">At least as long as <paramref name="bytes"/>.</param>
    /// <returns>The characters written, or -1 when the bytes are not valid in the charset.</returns>
    public static int Decode(ReadOnlySpan<byte> bytes, FormCharset charset, Span<char> chars)
    {
        switch (charset)
        {
            case FormCharset.Utf8:
                return Utf8.ToUtf16(bytes, chars, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
                    ? written
                    : -1;
            case FormCharset.Windows1252:
            case FormCharset.Latin9:
                var table = charset == FormCharset.Latin9 ? Latin9 : Windows1252;
                for (var i = 0; i < bytes.Length; i++)
                    chars[i] = table[bytes[i]];
                return bytes.Length;
            default:
                return DecodeUtf16(bytes, charset, chars);
        }
    }

    static int DecodeUtf16(ReadOnlySpan<byte> bytes, FormCharset charset, Span<char> chars)
    {
        if (bytes.Length % 2 != 0)
            return -1;
        var bigEndian =
            charset == FormCharset.Utf16BigEndian
            || (charset == FormCharset.Utf16 && bytes.Length >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF);
        var length = bytes.Length / 2;
        for (var i = 0; i < length; i++)
        {
            chars[i] = (char)(
                bigEndian
                    ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..])
                    : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])
            );
        }
        return HasLoneSurrogate(chars[..length]) ? -1 : length;
    }

    static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    /// <summary>Makes CRLF and CR into LF and drops a byte order mark in front, U+FFFE, NUL and the control characters other than \t and
    /// \n, in place.</summary>
    /// <returns>The characters that are left.</returns>
    public static int Clean(Span<char> text, out bool hadNul)
    {
        hadNul = false;
        var read = text.StartsWith('\uFEFF') ? 1 : 0;
        var written = 0;
        while (true)
        {
            var clean = text[read..].IndexOfAny(Unclean);
            if (clean < 0)
                clean = text.Length - read;
            if (written != read)
                text.Slice(read, clean).CopyTo(text[written..]);
            written += clean;
            read += clean;
            if (read == text.Length)
                return written;

            var c = text[read++];
            hadNul |= c == '\0';
            // Of CRLF only the LF is left, which is clean.
            if (c == '\r' && (read == text.Length || text[read] != '\n'))
                text[written++] = '\n';
        }
    }

    /// <summary>Bytes in UTF-8, counted only where the answer is not plain from the length.</summary>
    public static bool IsLongerThan(ReadOnlySpan<char> text, int bytes) =>
        text.Length > bytes || (text.Length * 3 > bytes && Encoding.UTF8.GetByteCount(text) > bytes);

    static char[] Table(int codePage)
    {
        // Asked of the provider itself: registering it would change Encoding.GetEncoding for the whole process.
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage)
            ?? throw new InvalidOperationException($"The framework has no code page {codePage}.");
        return encoding.GetChars([.. Enumerable.Range(0, 256).Select(b => (byte)b)]);
    }
}
