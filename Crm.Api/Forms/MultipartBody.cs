// multipart/form-data, as browsers write it (RFC 7578 and the WHATWG rules for names).

using System.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Lines end with CRLF; a body of bare LF has no boundary lines and is malformed. What stands before the first and after the last
/// boundary is passed over, and so are Content-Transfer-Encoding and any part header but Content-Disposition and Content-Type.
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

    /// <param name="boundary">The parameter of the media type; null when it has none.</param>
    /// <param name="charset">What the header said. A <c>_charset_</c> part overrules it, a part's own charset overrules both.</param>
    public static void Read(ReadOnlySpan<byte> body, ReadOnlySpan<char> boundary, FormCharset charset, FieldCollector into)
    {
        if (boundary.IsEmpty)
        {
            into.Fail(BodyProblems.Malformed("A multipart body needs a boundary of 1 to 70 characters in its Content-Type."));
            return;
        }
        if (boundary.Length > FormLimits.BoundaryBytes || boundary.ContainsAnyExceptInRange(' ', '~') || boundary[^1] == ' ')
        {
            into.Fail(BodyProblems.Malformed("A multipart boundary may have at most 70 characters of printable ASCII."));
            return;
        }

        Span<byte> delimiter = stackalloc byte[FormLimits.BoundaryBytes + 4];
        "\r\n--"u8.CopyTo(delimiter);
        for (var i = 0; i < boundary.Length; i++)
            delimiter[i + 4] = (byte)boundary[i];
        delimiter = delimiter[..(boundary.Length + 4)];

        if (body.IndexOf("_charset_"u8) >= 0 && !TryCharsetPart(body, delimiter, ref charset, into))
            return;
        Walk(body, delimiter, charset, into);
    }

    static void Walk(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter, FormCharset charset, FieldCollector into)
    {
        if (!TryDelimiter(body, 0, delimiter, out _, out var next, out var isLast))
        {
            into.Fail(BodyProblems.Malformed("The multipart body does not contain its boundary, with CRLF at the ends of lines."));
            return;
        }

        Span<byte> names = stackalloc byte[2 * HeaderBytes];
        for (var count = 0; !isLast; count++)
        {
            if (count == FormLimits.Parts)
            {
                into.Fail(BodyProblems.TooManyParts);
                return;
            }
            // The line end behind one boundary may be the one before the next: a part of nothing, which is then found to lack its headers.
            var start = next;
            if (!TryDelimiter(body, start - 2, delimiter, out var end, out next, out isLast))
            {
                into.Fail(BodyProblems.Malformed("The multipart body ends before its last boundary."));
                return;
            }
            if (!TryPart(body[start..Math.Max(start, end)], names, into, out var part) || !TryAdd(part, charset, into))
                return;
        }
    }

    static bool TryAdd(Part part, FormCharset charset, FieldCollector into)
    {
        if (part.IsFile)
        {
            // A file input that nobody filled comes as a part without a file name and without content.
            if (part.FileName.IsEmpty && part.Content.IsEmpty)
                return true;
            return into.AddFile(part.Name, part.FileName, charset, part.ContentType, part.Content.Length);
        }

        var own = charset;
        if (!part.ContentType.IsEmpty)
        {
            Span<char> header = stackalloc char[HeaderBytes];
            header = header[..FormText.Decode(part.ContentType, FormCharset.Windows1252, header)];
            var said = MediaType.Parse(header).Charset;
            if (said is not null && !FormCharsets.TryFind(said, out own))
                return into.Fail(BodyProblems.CharsetUnsupported(FormText.IsPlain(part.Name) ? Encoding.ASCII.GetString(part.Name) : null));
        }
        return into.Add(part.Name, charset, part.Content, own);
    }

    /// <summary>The part that browsers fill with the charset of the page. It may stand behind the parts it speaks of.</summary>
    static bool TryCharsetPart(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter, ref FormCharset charset, FieldCollector into)
    {
        // Whatever is broken here is found again, and reported, by the walk that follows.
        using var ignored = new FieldCollector(0);
        Span<byte> names = stackalloc byte[2 * HeaderBytes];
        if (!TryDelimiter(body, 0, delimiter, out _, out var next, out var isLast))
            return true;
        for (var count = 0; !isLast && count < FormLimits.Parts; count++)
        {
            var start = next;
            if (
                !TryDelimiter(body, start - 2, delimiter, out var end, out next, out isLast)
                || !TryPart(body[start..Math.Max(start, end)], names, ignored, out var part)
            )
                return true;
            if (part.IsFile || part.Content.IsEmpty || !part.Name.SequenceEqual("_charset_"u8))
                continue;
            return FormCharsets.TryFindSaidByForm(part.Content, out charset) || into.Fail(BodyProblems.CharsetUnsupported("_charset_"));
        }
        return true;
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

    static bool TryPart(ReadOnlySpan<byte> rest, Span<byte> names, FieldCollector into, out Part part)
    {
        part = default;
        var hasDisposition = false;
        var hasType = false;
        for (var lines = 0; ; lines++)
        {
            var end = rest.IndexOf("\r\n"u8);
            if (end == 0)
                break;
            if (
                lines == FormLimits.PartHeaderLines
                || end > FormLimits.PartHeaderLineBytes
                || (end < 0 && rest.Length > FormLimits.PartHeaderLineBytes)
            )
                return into.Fail(BodyProblems.PartHeadersTooLarge);
            if (end < 0)
                return into.Fail(BodyProblems.Malformed("The headers of a part must end with 1 empty line."));

            var line = rest[..end];
            rest = rest[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t' || line.ContainsAny((byte)'\r', (byte)'\n'))
                return into.Fail(BodyProblems.Malformed("A header of a part must be 1 line with a name, a colon and a value."));
            var value = Trim(line[(colon + 1)..]);
            if (Is(line[..colon], "content-disposition"u8))
            {
                if (hasDisposition || !TryDisposition(value, names, ref part))
                    return into.Fail(BodyProblems.Malformed("A part must have 1 Content-Disposition: form-data with 1 name."));
                hasDisposition = true;
            }
            else if (Is(line[..colon], "content-type"u8))
            {
                if (hasType)
                    return into.Fail(BodyProblems.Malformed("A part may have at most 1 Content-Type."));
                hasType = true;
                part.ContentType = value;
            }
        }
        if (!hasDisposition)
            return into.Fail(BodyProblems.Malformed("A part must have 1 Content-Disposition: form-data with 1 name."));
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
