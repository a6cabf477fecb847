// Reads the body of a public form post, whatever its media type, into one FormPost.

using System.Buffers;
using System.Text;
using Crm.Domain.Forms;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

public static class FormBody
{
    const int FirstBuffer = 4_096;

    /// <summary>
    /// Reads and parses the body. Nothing that a client sends makes it throw: what could be read is in the post's fields, what was left
    /// out in its notes, and why it could not be read to its end in its problem. Of a body that broke off, the last value is not taken:
    /// half an address is another person's.
    /// </summary>
    /// <param name="cancel">
    /// Best not RequestAborted: a client that goes in the middle ends the reading anyway, and then with the bytes that had come.
    /// </param>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the server gave the connection up.</exception>
    public static async ValueTask<FormPost> Read(HttpRequest request, BodyHints hints, CancellationToken cancel)
    {
        var contentType = request.ContentType;
        BodyProblem? problem = null;
        foreach (var encoding in request.Headers.ContentEncoding)
            if (!string.IsNullOrWhiteSpace(encoding) && !encoding.AsSpan().Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
                problem = BodyProblems.ContentEncoding;

        var reader = request.BodyReader;
        byte[]? kept = null;
        BodySieve? sieve = null;
        var length = 0;
        long received = 0;
        try
        {
            while (true)
            {
                var end = BodyEnd.Whole;
                ReadOnlySequence<byte> buffer = default;
                var (isAll, isRead) = (false, false);
                try
                {
                    var result = await reader.ReadAsync(cancel);
                    if (result.IsCanceled)
                        throw new OperationCanceledException(cancel);
                    (buffer, isRead) = (result.Buffer, true);
                    isAll = result.IsCompleted || received + buffer.Length == request.ContentLength;
                }
                catch (Exception e) when (e is IOException or BadHttpRequestException)
                {
                    // The connection broke in the middle: what came is kept, it may be all there will ever be of this lead.
                    end = e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                        ? BodyEnd.TooLong
                        : BodyEnd.Interrupted;
                    isAll = true;
                }
                if (received + buffer.Length > FormLimits.BodyBytes)
                {
                    buffer = buffer.Slice(0, FormLimits.BodyBytes - received);
                    (end, isAll) = (BodyEnd.TooLong, true);
                }
                received += buffer.Length;
                if (isAll && length == 0 && sieve is null && buffer.IsSingleSegment && buffer.Length <= FormLimits.PlainBytes)
                {
                    // The usual post is here in one piece: it is parsed where it lies.
                    var post = problem is null
                        ? Parse(buffer.FirstSpan, contentType, hints, null, end)
                        : Refused(problem, buffer.FirstSpan, contentType);
                    if (isRead)
                        reader.AdvanceTo(buffer.End);
                    return post;
                }
                if (sieve is null && length + buffer.Length > FormLimits.PlainBytes)
                    sieve = new(kept.AsSpan(0, length), contentType, buffer.FirstSpan);
                // Taken out of the pipe as it comes: a sender whose window is smaller than its body must not have to wait for us.
                if (sieve is null)
                    Keep(ref kept, ref length, buffer);
                else
                    foreach (var piece in buffer)
                        sieve.Add(piece.Span);
                // Also of a piece that holds nothing but the end: what was read and not given back costs the connection its next request.
                if (isRead)
                    reader.AdvanceTo(buffer.End);
                if (!isAll)
                    continue;
                if (sieve is null)
                    return problem is null
                        ? Parse(kept.AsSpan(0, length), contentType, hints, null, end)
                        : Refused(problem, kept.AsSpan(0, length), contentType);
                sieve.Finish();
                if (problem is not null)
                    return Refused(problem, sieve.Kept, contentType);
                return Parse(sieve.Kept, contentType, hints, sieve.PartSizes, sieve.IsCut && end == BodyEnd.Whole ? BodyEnd.TooLong : end);
            }
        }
        finally
        {
            if (kept is not null)
                ArrayPool<byte>.Shared.Return(kept);
            sieve?.Dispose();
        }
    }

    /// <summary>Reads a body that belongs to no form.</summary>
    public static ValueTask<FormPost> Read(HttpRequest request, CancellationToken cancel) => Read(request, BodyHints.None, cancel);

    /// <summary>Parses a whole body, which may also be one that was kept and is looked at again.</summary>
    public static FormPost Parse(ReadOnlySpan<byte> body, string? contentType, BodyHints? hints = null) =>
        Parse(body, contentType, hints ?? BodyHints.None, null, BodyEnd.Whole);

    /// <summary>How a body ended.</summary>
    enum BodyEnd
    {
        Whole,
        TooLong,
        Interrupted,
    }

    static FormPost Parse(ReadOnlySpan<byte> body, string? contentType, BodyHints hints, IReadOnlyList<long>? sizes, BodyEnd end)
    {
        var shape = BodyShape.Of(body, contentType);
        var charset = CharsetOfForm(body, shape) ?? shape.Charset ?? Charset.Utf8;
        var fields = new FieldCollector(hints, 1 + body.Count((byte)'&'));
        var note = shape.UnknownCharset is { } unknown ? $"The charset {unknown} is not known." : null;
        try
        {
            ParseInto(fields, body, shape, charset, sizes, end);
            if (fields.Misfitting > 0)
            {
                var guess = charset != Charset.Utf8 && fields.MisfitsAreUtf8 ? Charset.Utf8 : hints.Pages;
                // A page has one charset. One odd value among many that fit is an accident of its own; most of them odd is another page.
                if (fields.Misfitting >= fields.Fitting && guess != charset && charset.IsAsciiBased)
                {
                    fields.Dispose();
                    fields = new(hints, 1 + body.Count((byte)'&'));
                    ParseInto(fields, body, shape, guess, sizes, end);
                }
                note = $"The text is not valid {charset.Name}; it was read as {guess.Name}.";
            }
            if (note is not null)
                fields.Note(BodyNotes.Guessed(note));
            var problem = end switch
            {
                // It was read as far as a body is read: that is how it ends.
                BodyEnd.TooLong when fields.Fields.Count > 0 => null,
                BodyEnd.TooLong => fields.Problem ?? BodyProblems.Interrupted,
                BodyEnd.Interrupted => BodyProblems.Interrupted,
                _ => fields.Problem,
            };
            if (end == BodyEnd.TooLong)
                fields.Note(BodyNotes.TooLong);
            return new(fields.Fields, fields.Files, problem, problem is null ? default : Raw(body), Cut(contentType))
            {
                Notes = fields.Notes,
            };
        }
        finally
        {
            fields.Dispose();
        }
    }

    /// <summary>What the <c>_charset_</c> field says, which browsers fill in. A form of a UTF-16 page is sent as UTF-8, whatever it
    /// says.</summary>
    static Charset? CharsetOfForm(ReadOnlySpan<byte> body, BodyShape shape)
    {
        var said = shape.Kind switch
        {
            BodyKind.UrlEncoded when UrlEncodedBody.CharsetField(body) is { Length: > 0 and <= 40 } label => Encoding.Latin1.GetString(
                label
            ),
            BodyKind.Multipart => MultipartBody.CharsetPart(body, shape.Boundary),
            _ => null,
        };
        return said is not null && Charset.TryFind(said, out var found) && found.IsAsciiBased ? found : null;
    }

    static void ParseInto(
        FieldCollector fields,
        ReadOnlySpan<byte> body,
        BodyShape shape,
        Charset charset,
        IReadOnlyList<long>? sizes,
        BodyEnd end
    )
    {
        if (body.StartsWith("\uFEFF"u8))
            body = body[3..];
        switch (shape.Kind)
        {
            case BodyKind.Empty:
                return;
            case BodyKind.Unknown:
                fields.Fail(BodyProblems.MediaType);
                return;
            case BodyKind.Multipart:
                // Hand-made bodies have bare line feeds; one with a CRLF anywhere is not one of these.
                if (body.IndexOf("\r\n"u8) < 0 && body.Contains((byte)'\n'))
                    body = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace("\n", "\r\n", StringComparison.Ordinal));
                MultipartBody.Read(body, shape.Boundary, charset.IsAsciiBased ? charset : Charset.Utf8, sizes, fields);
                return;
        }
        // JSON is read as UTF-8 only, and in UTF-16 not even an & is one byte: such bodies are converted as a whole.
        if (charset != Charset.Utf8 && (shape.Kind == BodyKind.Json || !charset.IsAsciiBased))
        {
            var chars = ArrayPool<char>.Shared.Rent(body.Length);
            var text = chars.AsSpan(0, fields.Decode(body, charset, chars, out _));
            text = text[(text.StartsWith('\uFEFF') ? 1 : 0)..];
            var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
            ParseText(fields, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), Charset.Utf8, shape.Kind, end);
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
            return;
        }
        ParseText(fields, body, charset, shape.Kind, end);
    }

    static void ParseText(FieldCollector fields, ReadOnlySpan<byte> body, Charset charset, BodyKind kind, BodyEnd end)
    {
        // sendBeacon with a string in UTF-16 says text/plain, whatever the string is.
        if (kind == BodyKind.Json || body.TrimStart(" \t\r\n"u8).StartsWith("{\""u8))
        {
            // What was sent as the name of a form's field has an equals sign behind it.
            var json = body.TrimEnd(" \t\r\n"u8);
            JsonBody.Read(json.EndsWith("}="u8) || json.EndsWith("]="u8) ? json[..^1] : body, fields);
            return;
        }
        // A script that escapes its JSON as a whole: one name that is an object, and no value.
        if (body.StartsWith("%7B%22"u8) || body.StartsWith("%7b%22"u8))
        {
            var scratch = new byte[body.Length];
            var text = UrlEncodedBody.Unescape(body.TrimEnd((byte)'='), scratch);
            using var inner = new FieldCollector(BodyHints.None);
            JsonBody.Read(text, inner);
            if (inner.Problem is null)
            {
                JsonBody.Read(text, fields);
                return;
            }
        }
        UrlEncodedBody.Read(body, charset, end != BodyEnd.Whole, fields);
    }

    static void Keep(ref byte[]? kept, ref int length, in ReadOnlySequence<byte> more)
    {
        // Grown by what has come, never by what was announced: thousands of slow senders must not cost 64 KiB each.
        var needed = length + (int)more.Length;
        if (kept is null || kept.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, Math.Min(2 * needed, FormLimits.PlainBytes)));
            if (kept is not null)
            {
                kept.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(kept);
            }
            kept = larger;
        }
        more.CopyTo(kept.AsSpan(length));
        length = needed;
    }

    static FormPost Refused(BodyProblem problem, ReadOnlySpan<byte> raw, string? contentType) =>
        new([], [], problem, Raw(raw), Cut(contentType));

    static byte[] Raw(ReadOnlySpan<byte> body) => body[..Math.Min(body.Length, FormLimits.RawBytes)].ToArray();

    static string? Cut(string? contentType) =>
        contentType is { Length: > FormLimits.ContentTypeCharacters } ? contentType[..FormLimits.ContentTypeCharacters] : contentType;
}
