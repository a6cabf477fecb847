// multipart/form-data, as browsers write it (RFC 7578 and the WHATWG rules for names).

using System.Text;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Lines end with CRLF. What stands before the first and after the last boundary is passed over, and so are Content-Transfer-Encoding
/// and any part header but Content-Disposition and Content-Type. A part that cannot be read is noted; the others are read all the same.
/// </summary>
public static class MultipartBody
{
    const int HeaderBytes = FormLimits.PartHeaderLineBytes;

    ref struct Part
    {
        public ReadOnlySpan<byte> Name;
        public ReadOnlySpan<byte> FileName;
        public ReadOnlySpan<byte> ContentType;
        public ReadOnlySpan<byte> Content;
        public bool IsFile;
    }

    /// <param name="boundary">The parameter of the media type, or what the body's first line says; null when there is none.</param>
    /// <param name="charset">What the header or a <c>_charset_</c> part said; a part's own charset overrules it.</param>
    /// <param name="sizes">How long the parts were, in order, when a sieve has shortened them.</param>
    public static void Read(
        ReadOnlySpan<byte> body,
        ReadOnlySpan<char> boundary,
        Charset charset,
        IReadOnlyList<long>? sizes,
        FieldCollector into
    )
    {
        if (!IsBoundary(boundary))
        {
            into.Fail(
                BodyProblems.Malformed("A multipart body needs a boundary of 1 to 70 characters of printable ASCII in its Content-Type.")
            );
            return;
        }
        Span<byte> delimiter = stackalloc byte[FormLimits.BoundaryBytes + 4];
        delimiter = Delimiter(boundary, delimiter);
        if (!TryDelimiter(body, 0, delimiter, out _, out var next, out var isLast))
        {
            into.Fail(BodyProblems.Malformed("The multipart body does not contain its boundary."));
            return;
        }

        Span<byte> names = stackalloc byte[2 * HeaderBytes];
        for (var count = 0; !isLast && !into.IsFull; count++)
        {
            var start = next;
            if (!TryDelimiter(body, start - 2, delimiter, out var end, out next, out isLast))
            {
                // Half an address is another person's: a part that does not end is not read.
                into.Fail(BodyProblems.Malformed("The multipart body ends before its last boundary."));
                return;
            }
            if (TryPart(body[start..Math.Max(start, end)], names, out var part, out var wrong))
                Add(part, sizes is not null && count < sizes.Count ? sizes[count] : part.Content.Length, charset, into);
            else
                into.Note(BodyNotes.Unreadable("", wrong));
        }
    }

    public static bool IsBoundary(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= FormLimits.BoundaryBytes && !text.ContainsAnyExceptInRange(' ', '~') && text[^1] != ' ';

    /// <summary>CRLF, two hyphens and the boundary.</summary>
    public static Span<byte> Delimiter(ReadOnlySpan<char> boundary, Span<byte> into)
    {
        "\r\n--"u8.CopyTo(into);
        for (var i = 0; i < boundary.Length; i++)
            into[i + 4] = (byte)boundary[i];
        return into[..(boundary.Length + 4)];
    }

    static void Add(Part part, long size, Charset charset, FieldCollector into)
    {
        if (part.IsFile)
        {
            // A file input that nobody filled comes as a part without a file name and without content.
            if (!part.FileName.IsEmpty || size > 0)
                into.AddFile(part.Name, part.FileName, charset, part.ContentType, size);
            return;
        }

        var own = charset;
        if (!part.ContentType.IsEmpty)
        {
            Span<char> header = stackalloc char[256];
            var type = part.ContentType[..Math.Min(256, part.ContentType.Length)];
            header = header[..Charset.Windows1252.Decode(type, header)];
            if (MediaType.Parse(header).Charset is { } said && !Charset.TryFind(said, out own))
            {
                into.Note(
                    BodyNotes.Guessed($"A part says it has the charset {(said.Length > 40 ? said[..40] : said)}, which is not known.")
                );
                own = charset;
            }
        }
        into.Add(part.Name, charset, part.Content, own);
    }

    /// <summary>The content of the part that browsers fill with the charset of the page. It may stand behind the parts it speaks
    /// of.</summary>
    public static string? CharsetPart(ReadOnlySpan<byte> body, ReadOnlySpan<char> boundary)
    {
        if (body.IndexOf("_charset_"u8) < 0 || !IsBoundary(boundary))
            return null;
        Span<byte> delimiter = stackalloc byte[FormLimits.BoundaryBytes + 4];
        delimiter = Delimiter(boundary, delimiter);
        Span<byte> names = stackalloc byte[2 * HeaderBytes];
        if (!TryDelimiter(body, 0, delimiter, out _, out var next, out var isLast))
            return null;
        while (!isLast)
        {
            var start = next;
            if (!TryDelimiter(body, start - 2, delimiter, out var end, out next, out isLast))
                return null;
            if (
                TryPart(body[start..Math.Max(start, end)], names, out var part, out _)
                && !part.IsFile
                && !part.Content.IsEmpty
                && part.Name.SequenceEqual("_charset_"u8)
            )
                return Encoding.Latin1.GetString(part.Content[..Math.Min(40, part.Content.Length)]);
        }
        return null;
    }

    /// <summary>
    /// Finds the next boundary line: at the beginning of the body or behind a CRLF, and with nothing but white space to the end of its
    /// line.
    /// </summary>
    /// <param name="start">Where the content before it ends.</param>
    /// <param name="next">Where the part behind it begins.</param>
    static bool TryDelimiter(ReadOnlySpan<byte> body, int from, ReadOnlySpan<byte> delimiter, out int start, out int next, out bool isLast)
    {
        start = next = 0;
        isLast = false;
        if (from <= 0)
        {
            if (body.StartsWith(delimiter[2..]) && IsLine(body, delimiter.Length - 2, out next, out isLast))
                return true;
            from = 0;
        }
        while (true)
        {
            var found = body[from..].IndexOf(delimiter);
            if (found < 0)
                return false;
            start = from + found;
            if (IsLine(body, start + delimiter.Length, out next, out isLast))
                return true;
            from = start + 2;
        }
    }

    static bool IsLine(ReadOnlySpan<byte> body, int at, out int next, out bool isLast)
    {
        isLast = body[at..].StartsWith("--"u8);
        if (isLast)
            at += 2;
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t')
            at++;
        next = Math.Min(at + 2, body.Length);
        return (isLast && at == body.Length) || body[at..].StartsWith("\r\n"u8);
    }

    static bool TryPart(ReadOnlySpan<byte> rest, Span<byte> names, out Part part, out string wrong)
    {
        part = default;
        wrong = "";
        var hasDisposition = false;
        for (var lines = 0; ; lines++)
        {
            var end = rest.IndexOf("\r\n"u8);
            if (end == 0)
                break;
            if (end < 0 || lines == FormLimits.PartHeaderLines)
            {
                wrong = "The headers of a part must end with 1 empty line: that part is not here.";
                return false;
            }
            var line = rest[..end];
            rest = rest[(end + 2)..];
            // Header lines that mean nothing to a form may be as they like.
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line.Length > FormLimits.PartHeaderLineBytes)
                continue;
            var value = Trim(line[(colon + 1)..]);
            if (Is(line[..colon], "content-disposition"u8))
            {
                if (hasDisposition || !TryDisposition(value, names, ref part))
                    break;
                hasDisposition = true;
            }
            else if (Is(line[..colon], "content-type"u8) && part.ContentType.IsEmpty)
                part.ContentType = value;
        }
        if (!hasDisposition)
        {
            wrong = "A part must have 1 Content-Disposition: form-data with 1 name: that part is not here.";
            return false;
        }
        part.Content = rest[2..];
        return true;
    }

    /// <summary>
    /// Reads <c>form-data; name="..."; filename="..."</c>. A parameter given twice is refused. The extended form (<c>filename*</c>) is
    /// passed over as in browsers, but alone it still tells that the part is a file.
    /// </summary>
    /// <param name="names">Where name (first half) and file name (second half) are unescaped.</param>
    static bool TryDisposition(ReadOnlySpan<byte> value, Span<byte> names, ref Part part)
    {
        var end = value.IndexOf((byte)';');
        if (end < 0 || !Is(Trim(value[..end]), "form-data"u8))
            return false;

        bool hasName = false,
            hasFileName = false;
        var rest = Trim(value[(end + 1)..]);
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf((byte)'=');
            if (equals < 0)
                return false;
            var parameter = Trim(rest[..equals]);
            if (parameter.ContainsAny("\";,"u8))
                return false;
            rest = Trim(rest[(equals + 1)..]);
            if (!TryTake(ref rest, out var text))
                return false;

            if (Is(parameter, "name"u8))
            {
                if (hasName)
                    return false;
                hasName = true;
                part.Name = Unquote(text, names[..HeaderBytes]);
            }
            else if (Is(parameter, "filename"u8))
            {
                if (hasFileName)
                    return false;
                hasFileName = part.IsFile = true;
                part.FileName = Unquote(text, names[HeaderBytes..]);
            }
            else if (Is(parameter, "filename*"u8))
            {
                part.IsFile = true;
                if (!hasFileName)
                    part.FileName = Unquote(text, names[HeaderBytes..]);
            }
        }
        return hasName;
    }

    /// <summary>Takes a quoted or bare value and the semicolon behind it.</summary>
    static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        int end;
        if (!rest.StartsWith((byte)'"'))
        {
            end = rest.IndexOf((byte)';');
            text = Trim(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? [] : Trim(rest[(end + 1)..]);
            return !text.Contains((byte)'"');
        }

        // Browsers write a quote as %22 and a backslash as itself; older clients write \". So a quote behind a backslash closes
        // the text only when the parameter ends there.
        text = [];
        for (end = 1; end < rest.Length; end++)
        {
            if (rest[end] != '"')
                continue;
            var after = Trim(rest[(end + 1)..]);
            if (after.IsEmpty || after[0] == ';')
            {
                text = rest[1..end];
                rest = after.IsEmpty ? [] : Trim(after[1..]);
                return true;
            }
            if (rest[end - 1] != '\\')
                return false;
        }
        return false;
    }

    static ReadOnlySpan<byte> Unquote(scoped ReadOnlySpan<byte> text, Span<byte> into)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '"')
                continue;
            into[length++] = text[i];
        }
        return into[..Percent.DecodeQuoted(into[..length])];
    }

    static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(text, name);

    static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
