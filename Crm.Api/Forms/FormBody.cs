// Reads the body of a public form post, whatever its media type, into one FormPost.

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Crm.Api.Http;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

public static class FormBody
{
    const int FirstBuffer = 4_096;

    static readonly BodyProblem Interrupted = BodyProblems.Malformed(
        "The body ended before its announced length, or was not framed as HTTP asks."
    );

    /// <summary>
    /// Reads and parses the body. Nothing that a client sends makes it throw: what is wrong comes back as the post's problem, with the
    /// fields read until then and the bytes received (at most <see cref="FormLimits.BodyBytes"/> of them).
    /// </summary>
    /// <param name="cancel">
    /// Best not RequestAborted: a client that goes in the middle ends the reading anyway, and then with the bytes that had come.
    /// </param>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the server gave the connection up.</exception>
    public static async ValueTask<FormPost> Read(HttpRequest request, CancellationToken cancel)
    {
        var contentType = request.ContentType;
        var problem = request.ContentLength > FormLimits.BodyBytes ? BodyProblems.TooLarge : null;
        // Refused on its announcement: not one byte is waited for.
        if (problem is not null)
            return Refused(problem, [], contentType);
        foreach (var encoding in request.Headers.ContentEncoding)
        {
            if (!string.IsNullOrWhiteSpace(encoding) && !encoding.AsSpan().Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
                problem = BodyProblems.ContentEncoding;
        }

        var reader = request.BodyReader;
        byte[]? kept = null;
        var length = 0;
        try
        {
            while (true)
            {
                ReadResult result;
                try
                {
                    result = await reader.ReadAsync(cancel);
                }
                catch (BadHttpRequestException e)
                {
                    var why = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyProblems.TooLarge : Interrupted;
                    return Refused(problem ?? why, kept.AsSpan(0, length), contentType);
                }
                catch (IOException)
                {
                    // The connection broke in the middle: what came is kept, it may be all there will ever be of this lead.
                    return Refused(problem ?? Interrupted, kept.AsSpan(0, length), contentType);
                }
                if (result.IsCanceled)
                    throw new OperationCanceledException(cancel);

                var buffer = result.Buffer;
                if (length + buffer.Length > FormLimits.BodyBytes)
                {
                    Keep(ref kept, ref length, buffer.Slice(0, FormLimits.BodyBytes - length));
                    reader.AdvanceTo(buffer.End);
                    return Refused(problem ?? BodyProblems.TooLarge, kept.AsSpan(0, length), contentType);
                }

                var isAll = result.IsCompleted || length + buffer.Length == request.ContentLength;
                if (isAll && length == 0 && buffer.IsSingleSegment)
                {
                    // The usual post is here in one piece: it is parsed where it lies.
                    var post = problem is null ? Parse(buffer.FirstSpan, contentType) : Refused(problem, buffer.FirstSpan, contentType);
                    reader.AdvanceTo(buffer.End);
                    return post;
                }
                // Taken out of the pipe as it comes: a sender whose window is smaller than its body must not have to wait for us.
                Keep(ref kept, ref length, buffer);
                reader.AdvanceTo(buffer.End);
                if (isAll)
                {
                    var body = kept.AsSpan(0, length);
                    return problem is null ? Parse(body, contentType) : Refused(problem, body, contentType);
                }
            }
        }
        finally
        {
            if (kept is not null)
                ArrayPool<byte>.Shared.Return(kept);
        }
    }

    /// <summary>Parses a whole body, which may also be one that was kept and is looked at again.</summary>
    public static FormPost Parse(ReadOnlySpan<byte> body, string? contentType)
    {
        using var fields = new FieldCollector(1 + body.Count((byte)'&'));
        ParseInto(fields, body, contentType);
        return new(fields.Fields, fields.Files, fields.Problem, fields.Problem is null ? default : body.ToArray(), Cut(contentType));
    }

    static void ParseInto(FieldCollector fields, ReadOnlySpan<byte> body, string? contentType)
    {
        if (contentType == "application/x-www-form-urlencoded" && !StartsWithMark(body))
        {
            UrlEncodedBody.Read(body, FormCharset.Utf8, fields);
            return;
        }
        if (string.IsNullOrWhiteSpace(contentType))
        {
            if (!body.IsEmpty)
                fields.Fail(BodyProblems.MediaType);
            return;
        }

        var media = MediaType.Parse(contentType);
        var kind = KindOf(media);
        if (kind == Kind.Unknown)
        {
            fields.Fail(BodyProblems.MediaType);
            return;
        }
        var charset = FormCharset.Utf8;
        if (media.Charset is not null && !FormCharsets.TryFind(media.Charset, out charset))
        {
            fields.Fail(BodyProblems.CharsetUnsupported(null));
            return;
        }
        if (kind == Kind.Multipart)
        {
            if (media.BoundaryIsAmbiguous)
                fields.Fail(BodyProblems.Malformed("A multipart body must have 1 boundary in its Content-Type."));
            else
                MultipartBody.Read(body, media.Boundary, charset < FormCharset.Utf16 ? charset : FormCharset.Utf8, fields);
            return;
        }

        TakeMark(ref body, ref charset);
        // JSON is read as UTF-8 only, and in UTF-16 not even an & is one byte: such bodies are converted as a whole.
        if (charset >= FormCharset.Utf16 || (charset != FormCharset.Utf8 && kind != Kind.UrlEncoded))
        {
            var chars = ArrayPool<char>.Shared.Rent(body.Length);
            var count = FormText.Decode(body, charset, chars);
            if (count < 0)
            {
                fields.Fail(BodyProblems.EncodingInvalid(null, charset));
            }
            else
            {
                var text = chars.AsSpan(count > 0 && chars[0] == '\uFEFF' ? 1..count : 0..count);
                var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
                ParseText(fields, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), FormCharset.Utf8, kind);
                ArrayPool<byte>.Shared.Return(bytes);
            }
            ArrayPool<char>.Shared.Return(chars);
            return;
        }
        ParseText(fields, body, charset, kind);
    }

    static void ParseText(FieldCollector fields, ReadOnlySpan<byte> body, FormCharset charset, Kind kind)
    {
        // sendBeacon with a string says text/plain, whatever the string is.
        if (kind == Kind.Plain)
            kind = body.TrimStart(" \t\r\n"u8).StartsWith((byte)'{') ? Kind.Json : Kind.UrlEncoded;
        if (kind == Kind.Json)
            JsonBody.Read(body, fields);
        else
            UrlEncodedBody.Read(body, charset, fields);
    }

    enum Kind
    {
        Unknown,
        UrlEncoded,
        Multipart,
        Json,
        Plain,
    }

    static Kind KindOf(MediaType media)
    {
        if (media.Is("application/x-www-form-urlencoded"))
            return Kind.UrlEncoded;
        if (media.Is("multipart/form-data"))
            return Kind.Multipart;
        if (
            media.Is("application/json")
            || (
                media.Essence.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && media.Essence.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            )
        )
            return Kind.Json;
        return media.Is("text/plain") ? Kind.Plain : Kind.Unknown;
    }

    static bool StartsWithMark(ReadOnlySpan<byte> body) => !body.IsEmpty && body[0] >= 0xEF;

    /// <summary>A byte order mark says more than the header, as browsers have it.</summary>
    static void TakeMark(ref ReadOnlySpan<byte> body, ref FormCharset charset)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
            charset = FormCharset.Utf8;
        }
        else if (body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || body.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            charset = FormCharset.Utf16;
        }
    }

    static void Keep(ref byte[]? kept, ref int length, in ReadOnlySequence<byte> more)
    {
        // Grown by what has come, never by what was announced: thousands of slow senders must not cost 64 KiB each.
        var needed = length + (int)more.Length;
        if (kept is null || kept.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, Math.Min(2 * needed, FormLimits.BodyBytes)));
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
        new([], [], problem, raw.ToArray(), Cut(contentType));

    static string? Cut(string? contentType) =>
        contentType is { Length: > FormLimits.ContentTypeCharacters } ? contentType[..FormLimits.ContentTypeCharacters] : contentType;
}
