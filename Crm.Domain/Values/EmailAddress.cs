// Turns an e-mail address as people type it into the one spelling that decides whether two leads are the same, or says why it cannot be
// one.

using System.Globalization;
using System.Text;
using Crm.Domain.Text;

namespace Crm.Domain.Values;

/// <summary>
/// Equality is equality of canonical bytes and nothing else: no folding of accents, plus signs or dots, and no lower-casing beyond A-Z
/// before the @. Looser rules have handed one person's mail to another (Kelvin sign for k, dotless i for i).
/// Mail goes to the address as typed, never to the canonical one.
/// </summary>
public static class EmailAddress
{
    /// <summary>Bytes of UTF-8, of the address as typed and of its canonical spelling (RFC 5321).</summary>
    public const int MaxBytes = 254;

    /// <summary>Bytes of UTF-8 before the @ (RFC 5321).</summary>
    public const int MaxLocalBytes = 64;

    const string Shape = "An e-mail address has one @ with text on both sides, for example ana@example.org.";
    const string Unquoted = "Quotes are not allowed in an e-mail address.";
    const string Plain = "An e-mail address has no spaces, line breaks, control characters or invisible characters.";
    const string LocalCharacters = "Before the @ only letters, digits and . ! # $ % & ' * + - / = ? ^ _ ` { | } ~ are allowed.";
    const string LocalLength = "Before the @ there are at most 64 bytes.";
    const string Length = "An e-mail address has at most 254 bytes.";

    static readonly System.Buffers.SearchValues<char> LocalAscii = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~"
    );

    // One look for these settles most of the questions below.
    static readonly System.Buffers.SearchValues<char> Plainest = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+@"
    );

    /// <param name="text">As typed or pasted; what wraps it is not part of it: white space, invisible characters at its ends, a name with
    /// angle brackets, quotes, mailto:, a full stop behind it.</param>
    /// <param name="address">Unwrapped, otherwise as typed: where mail goes. "" when refused.</param>
    /// <param name="canonical">Form C, A-Z before the @ in lower case, the domain in lower-case A-labels. "" when refused.</param>
    /// <param name="reason">What would be allowed, one sentence; "" when accepted.</param>
    public static bool TryNormalise(string? text, out string address, out string canonical, out string reason)
    {
        address = canonical = "";
        var typed = Unwrapped(text ?? "");
        if (!TryCanonical(typed, out var result, out reason))
            return false;
        address = typed;
        canonical = result;
        return true;
    }

    /// <summary>The canonical form of an address that was normalised before.</summary>
    public static string Canonical(string address) => TryNormalise(address, out _, out var canonical, out _) ? canonical : address;

    static bool TryCanonical(string typed, out string canonical, out string reason)
    {
        canonical = "";
        var at = typed.IndexOf('@');
        var plain = !typed.AsSpan().ContainsAnyExcept(Plainest);
        if (typed.Length > MaxBytes)
            reason = Length;
        else if (plain && at > 0 && at < typed.Length - 1 && typed.IndexOf('@', at + 1) < 0)
            return TryAscii(typed, at, out canonical, out reason);
        else if (typed.Contains('"'))
            reason = Unquoted;
        else if (!IsVisible(typed))
            reason = Plain;
        else if (at <= 0 || at == typed.Length - 1 || typed.IndexOf('@', at + 1) >= 0)
            reason = Shape;
        else
            return Ascii.IsValid(typed)
                ? TryAscii(typed, at, out canonical, out reason)
                : TryInternational(typed, at, out canonical, out reason);
        return false;
    }

    static string Unwrapped(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plainest) && text.Length > 0 && text[^1] != '.')
            return text;
        var span = Trimmed(text);
        if (span.LastIndexOf('<') is var open and >= 0 && span[open..].IndexOf('>') is var close and > 1)
            span = Trimmed(span.Slice(open + 1, close - 1));
        if (span.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            span = span[7..];
            if (span.IndexOf('?') is var query and >= 0 && query > span.IndexOf('@'))
                span = span[..query];
        }
        while (span.Length > 2 && IsQuote(span[0]) && IsQuote(span[^1]))
            span = Trimmed(span[1..^1]);
        span = Trimmed(span.TrimEnd(".,;:!>)"));
        // Keyboards for Chinese and Japanese write it so.
        return span.IndexOf('@') < 0 ? span.ToString().Replace('\uFF20', '@') : span.ToString();
    }

    static bool IsQuote(char c) =>
        c is '"' or '\'' or '`' or '\u201C' or '\u201D' or '\u2018' or '\u2019' or '\u00AB' or '\u00BB' or '(' or ')';

    /// <summary>Without white space and characters that show nothing at the ends; inside they are refused.</summary>
    static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsNothing(text[0]))
            text = text[1..];
        while (!text.IsEmpty && IsNothing(text[^1]))
            text = text[..^1];
        return text;
    }

    static bool IsNothing(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    // Most addresses: nothing is copied unless there is something to lower.
    static bool TryAscii(string typed, int at, out string canonical, out string reason)
    {
        canonical = "";
        if (!IsLocal(typed.AsSpan(0, at), out reason))
            return false;
        if (!DomainName.IsAsciiName(typed.AsSpan(at + 1), out reason))
            return false;
        canonical = LowerAscii(typed);
        return true;
    }

    static bool TryInternational(string typed, int at, out string canonical, out string reason)
    {
        canonical = "";
        if (!IsLocal(typed.AsSpan(0, at), out reason))
            return false;
        if (!DomainName.TryToAscii(typed[(at + 1)..], out var domain, out reason))
            return false;
        var local = Nfc.Normalize(typed[..at]);
        if (Encoding.UTF8.GetByteCount(local) > MaxLocalBytes)
            reason = LocalLength;
        else if (Encoding.UTF8.GetByteCount(typed) > MaxBytes || Encoding.UTF8.GetByteCount(local) + 1 + domain.Length > MaxBytes)
            reason = Length;
        else
            canonical = string.Concat(LowerAscii(local), "@", domain);
        return canonical.Length > 0;
    }

    static bool IsLocal(ReadOnlySpan<char> local, out string reason)
    {
        reason = "";
        // Dots may stand anywhere, as in HTML's own rule: some carriers gave out addresses with dots in a row and before the @.
        if (local.Length > MaxLocalBytes || Encoding.UTF8.GetByteCount(local) > MaxLocalBytes)
            reason = LocalLength;
        else
            for (var rest = local; rest.IndexOfAnyExcept(LocalAscii) is var other and >= 0; rest = rest[(other + 1)..])
                if (rest[other] < 128)
                    reason = LocalCharacters;
        return reason.Length == 0;
    }

    // No control, space, format (bidirectional overrides, zero-width), unassigned or private character, and no half of a surrogate pair.
    static bool IsVisible(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('!', '~'))
            return true;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done)
                return false;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse:
                    return false;
            }
            // Form C turns these three into K, ` and ; and Hangul fillers are letters that show nothing.
            if (rune.Value is 0x212A or 0x1FEF or 0x37E or 0x115F or 0x1160 or 0x3164 or 0xFFA0)
                return false;
            text = text[length..];
        }
        return true;
    }

    static string LowerAscii(string text) =>
        !text.AsSpan().ContainsAnyInRange('A', 'Z') ? text : string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = source[i] is >= 'A' and <= 'Z' ? (char)(source[i] | 0x20) : source[i];
            });
}
