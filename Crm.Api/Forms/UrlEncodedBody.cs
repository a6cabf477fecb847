// application/x-www-form-urlencoded, read by the rules of the WHATWG URL standard.

using System.Buffers;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <summary>Pairs are split at <c>&amp;</c>, a plus is a space, and a percent sign without two hex digits stands for itself.</summary>
public static class UrlEncodedBody
{
    const int StackBytes = 2_048;

    /// <summary>Reads the pairs. A body that broke off is read to its last whole pair: half an address is another person's.</summary>
    public static void Read(ReadOnlySpan<byte> body, Charset charset, bool brokeOff, FieldCollector into)
    {
        if (brokeOff)
            body = body[..Math.Max(0, body.LastIndexOf((byte)'&'))];
        byte[]? rented = null;
        Span<byte> scratch = body.Length <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(body.Length);
        while (!body.IsEmpty && !into.IsFull)
        {
            var pair = Take(ref body);
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf((byte)'=');
            var name = Unescape(equals < 0 ? pair : pair[..equals], scratch);
            var value = equals < 0 ? [] : Unescape(pair[(equals + 1)..], scratch[name.Length..]);
            into.Add(name, charset, value, charset);
        }
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'&');
        var pair = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return pair;
    }

    /// <summary>The value of the field that browsers fill with the charset of the page; it may stand behind the fields it speaks
    /// of.</summary>
    public static ReadOnlySpan<byte> CharsetField(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("_charset_="u8) < 0)
            return [];
        while (!body.IsEmpty)
        {
            var pair = Take(ref body);
            if (pair.StartsWith("_charset_="u8) && pair.Length > "_charset_=".Length)
                return pair["_charset_=".Length..];
        }
        return [];
    }

    /// <summary>Resolves + and %XX into the scratch memory, or returns the same bytes when there are none.</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        var first = text.IndexOfAny((byte)'+', (byte)'%');
        if (first < 0)
            return text;
        var result = scratch[..text.Length];
        text.Replace(result, (byte)'+', (byte)' ');
        var percent = result[first..].IndexOf((byte)'%');
        return percent < 0 ? result : result[..Percent.Decode(result, first + percent)];
    }
}
