// What a body is: by what its Content-Type says, and by its bytes where these are unambiguous and say otherwise.

using System.Buffers;
using System.Text;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

enum BodyKind
{
    Unknown,
    Empty,
    UrlEncoded,
    Multipart,
    Json,
}

/// <param name="Boundary">Of multipart; null when nothing says it.</param>
/// <param name="Charset">As the label or a byte order mark says; null when neither does.</param>
/// <param name="UnknownCharset">A label that names no charset.</param>
readonly record struct BodyShape(BodyKind Kind, string? Boundary, Charset? Charset, string? UnknownCharset)
{
    static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-+*$:[]%"u8
    );

    /// <param name="body">The body, or its beginning.</param>
    public static BodyShape Of(ReadOnlySpan<byte> body, string? contentType)
    {
        var media = MediaType.Parse(contentType);
        Charset? charset = null;
        string? unknown = null;
        if (media.Charset is { } label)
            if (Charset.TryFind(label, out var found))
                charset = found;
            else
                unknown = label.Length > 40 ? label[..40] : label;
        // A byte order mark says more than the header, as browsers have it.
        if (body.StartsWith("\uFEFF"u8))
            charset = Charset.Utf8;
        else if (body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || body.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            charset = Charset.Utf16;
        var said = Said(media, body.IsEmpty);
        var boundary = media.BoundaryIsAmbiguous || media.Boundary is "" ? null : media.Boundary;
        if (charset?.IsAsciiBased == false && said != BodyKind.Multipart)
            return new(said == BodyKind.Unknown ? BodyKind.UrlEncoded : said, null, charset, unknown);

        var text = Start(body);
        if (IsMultipart(text, out var own))
        {
            if (said != BodyKind.Multipart || boundary is null || body.IndexOf(Encoding.Latin1.GetBytes("--" + boundary)) < 0)
                boundary = own;
            said = BodyKind.Multipart;
        }
        else
        {
            // Scripts say multipart/form-data by hand and send something else: then there is no boundary.
            var isFree = said != BodyKind.Multipart || boundary is null || body.IndexOf(Encoding.Latin1.GetBytes("--" + boundary)) < 0;
            if (isFree && IsJson(text))
                said = BodyKind.Json;
            else if (isFree && said != BodyKind.UrlEncoded && IsUrlEncoded(text))
                said = BodyKind.UrlEncoded;
        }
        return new(said, boundary, charset, unknown);
    }

    static BodyKind Said(MediaType media, bool isEmpty)
    {
        if (media.Is("application/x-www-form-urlencoded") || media.Is("text/plain"))
            return BodyKind.UrlEncoded;
        if (media.Is("multipart/form-data"))
            return BodyKind.Multipart;
        if (
            media.Is("application/json")
            || media.Essence.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && media.Essence.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        )
            return BodyKind.Json;
        return isEmpty && media.Essence.IsEmpty ? BodyKind.Empty : BodyKind.Unknown;
    }

    static ReadOnlySpan<byte> Start(ReadOnlySpan<byte> body) => (body.StartsWith("\uFEFF"u8) ? body[3..] : body).TrimStart(" \t\r\n"u8);

    /// <summary>No form and no browser writes a name that starts like this: they escape braces and quotes.</summary>
    static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
            return false;
        var next = text[1..].TrimStart(" \t\r\n"u8);
        if (next.IsEmpty)
            return false;
        return text[0] switch
        {
            (byte)'{' => next[0] is (byte)'"' or (byte)'}',
            // "[]=1" is a name, and "[]" a list.
            (byte)'[' => next[0] is (byte)'{' or (byte)'"' or (byte)'[' || next[0] == (byte)']' && next[1..].Trim(" \t\r\n"u8).IsEmpty,
            _ => next[0] is (byte)'{' or (byte)'[',
        };
    }

    /// <summary>A first line that is a boundary, and then a part of a form.</summary>
    static bool IsMultipart(ReadOnlySpan<byte> text, out string boundary)
    {
        boundary = "";
        if (!text.StartsWith("--"u8))
            return false;
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end is < 3 or > FormLimits.BoundaryBytes + 10)
            return false;
        var start = Encoding.Latin1.GetString(text[..Math.Min(text.Length, 2_048)]);
        boundary = start[2..end].TrimEnd(' ', '\t');
        return MultipartBody.IsBoundary(boundary) && start.Contains("Content-Disposition: form-data", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A name of letters and an equals sign, and no control characters.</summary>
    static bool IsUrlEncoded(ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        return equals is > 0 and <= 3 * FormLimits.NameBytes
            && !text[..equals].ContainsAnyExcept(NameBytes)
            && text.IndexOfAnyInRange((byte)0, (byte)8) < 0;
    }
}
