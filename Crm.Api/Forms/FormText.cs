// Decoded text of a form post made storable: without control characters, with one line end, cut at a whole character.

using System.Buffers;
using System.Globalization;
using System.Text;

namespace Crm.Api.Forms;

static class FormText
{
    // What Clean takes out: the control characters but \t and \n, and U+FFFE, which is no character and at which the framework's
    // normalisation throws. The mark U+FEFF only matters in front.
    static readonly SearchValues<char> Unclean = SearchValues.Create([
        .. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\t' or '\n')),
        '\uFFFE',
    ]);

    /// <summary>True for text that is the same in every ASCII-based charset and has nothing to clean: ASCII without control
    /// characters.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);

    /// <summary>Makes CRLF and CR into LF and drops a byte order mark in front, U+FFFE, NUL and the control characters other than \t and
    /// \n, in place.</summary>
    /// <returns>The characters that are left.</returns>
    public static int Clean(Span<char> text)
    {
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
            // Of CRLF only the LF is left, which is clean.
            if (c == '\r' && (read == text.Length || text[read] != '\n'))
                text[written++] = '\n';
        }
    }

    /// <summary>Bytes in UTF-8, counted only where the answer is not plain from the length.</summary>
    public static bool IsLongerThan(ReadOnlySpan<char> text, int bytes) =>
        text.Length > bytes || (text.Length * 3 > bytes && Encoding.UTF8.GetByteCount(text) > bytes);

    /// <summary>The beginning of a text that has at most so many bytes in UTF-8, ending with a whole character.</summary>
    public static int LengthWithin(ReadOnlySpan<char> text, int bytes)
    {
        if (!IsLongerThan(text, bytes))
            return text.Length;
        var used = 0;
        var length = 0;
        while (length < text.Length)
        {
            Rune.DecodeFromUtf16(text[length..], out var rune, out var characters);
            if ((used += rune.Utf8SequenceLength) > bytes)
                break;
            length += characters;
        }
        return length;
    }

    /// <summary>
    /// Browsers write what the charset of their page lacks as <c>&amp;#225;</c>. Resolved in place, once; whatever else has an ampersand
    /// stays.
    /// </summary>
    public static int ResolveReferences(Span<char> text)
    {
        var (read, written) = (0, 0);
        while (read < text.Length)
        {
            var c = text[read++];
            if (c == '&' && read < text.Length && text[read] == '#')
            {
                var end = text[read..].IndexOf(';');
                if (
                    end is > 1 and <= 8
                    && int.TryParse(text.Slice(read + 1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                    && code >= 0xA0
                    && Rune.TryCreate(code, out var rune)
                )
                {
                    written += rune.EncodeToUtf16(text[written..]);
                    read += end + 1;
                    continue;
                }
            }
            text[written++] = c;
        }
        return written;
    }
}
