// A domain name in the one spelling that DNS and our comparisons use: lower case, and punycode for what is not ASCII.

using System.Globalization;
using System.Text;

namespace Crm.Domain.Text;

/// <summary>
/// A small part of Unicode's UTS 46: form C, lower case, punycode. Where UTS 46 would replace a character by a similar one (full-width
/// letters, ligatures, mathematical letters) we refuse, so that two names are never taken for one without DNS saying so as well.
/// </summary>
public static class DomainName
{
    public const int MaxLength = 253;
    public const int MaxLabelLength = 63;

    const string Shape = "A domain has at least two parts separated by single dots, for example example.org.";
    const string Letters = "A domain's parts have letters, digits and hyphens, and neither start nor end with a hyphen.";
    const string LabelLength = "Each part of a domain has 1 to 63 characters (in its ASCII spelling).";
    const string Length = "A domain has at most 253 characters (in its ASCII spelling).";
    const string Address = "A domain name is needed, not an IP address.";
    const string BadPunycode = "A part that starts with xn-- must be the ASCII spelling of an international name.";

    /// <summary>The name in lower-case A-labels (the same instance when it is that already), or a sentence that says what is
    /// allowed.</summary>
    public static bool TryToAscii(string text, out string ascii, out string reason)
    {
        ascii = "";
        if (!Ascii.IsValid(text))
        {
            if (!TryLabels(text, out text, out reason))
                return false;
        }
        if (!IsAsciiName(text, out reason))
            return false;
        ascii = text.ToLowerInvariant();
        return true;
    }

    /// <summary>Whether an ASCII name, in any case, is a domain name as it stands.</summary>
    internal static bool IsAsciiName(ReadOnlySpan<char> name, out string reason)
    {
        reason = name.Length > MaxLength ? Length : "";
        var labels = 0;
        for (var start = 0; reason.Length == 0 && start <= name.Length; labels++)
        {
            var end = name[start..].IndexOf('.') is var dot and >= 0 ? start + dot : name.Length;
            var label = name[start..end];
            if (label.IsEmpty)
                reason = Shape;
            else if (label[0] == '[')
                reason = Address;
            else if (label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LabelCharacters))
                reason = Letters;
            else if (label.Length > MaxLabelLength)
                reason = LabelLength;
            else if (end == name.Length && !label.ContainsAnyInRange('A', 'z'))
                reason = Address;
            else if (label is ['x' or 'X', 'n' or 'N', '-', '-', ..] && !IsPunycode(label))
                reason = BadPunycode;
            start = end + 1;
        }
        if (reason.Length == 0 && labels < 2)
            reason = Shape;
        return reason.Length == 0;
    }

    static readonly System.Buffers.SearchValues<char> LabelCharacters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    );

    // Only the spelling that we would make ourselves: otherwise one name would have two.
    static bool IsPunycode(ReadOnlySpan<char> label)
    {
        var lower = label.ToString().ToLowerInvariant();
        return Punycode.TryDecode(lower.AsSpan(4), out var decoded)
            && !Ascii.IsValid(decoded)
            && TryLabel(decoded, out var again, out _)
            && again == lower;
    }

    static bool TryLabels(string text, out string ascii, out string reason)
    {
        ascii = "";
        // The full stops of East Asian keyboards separate labels too (RFC 3490, 3.1).
        var labels = text.Split('.', '\u3002', '\uFF0E', '\uFF61');
        for (var i = 0; i < labels.Length; i++)
            if (!Ascii.IsValid(labels[i]) && !TryLabel(labels[i], out labels[i], out reason))
                return false;
        ascii = string.Join('.', labels);
        reason = "";
        return true;
    }

    static bool TryLabel(string label, out string ascii, out string reason)
    {
        ascii = "";
        reason = Letters;
        // Nothing longer can fit once encoded; this also bounds the work below.
        if (label.Length > MaxLabelLength)
        {
            reason = LabelLength;
            return false;
        }
        // The framework's normalisation throws on half a surrogate pair and on U+FFFE; punycode can spell the latter.
        for (var rest = label.AsSpan(); !rest.IsEmpty; )
        {
            if (
                Rune.DecodeFromUtf16(rest, out var rune, out var taken) != System.Buffers.OperationStatus.Done
                || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned
            )
                return false;
            rest = rest[taken..];
        }
        // Two capitals that name services and browsers lower differently.
        if (label.AsSpan().ContainsAny('\u04C0', '\u1E9E'))
            return false;
        // Thai and Lao AM is one key and two characters.
        var text = Nfc.Normalize(Nfc.Normalize(label).ToLowerInvariant())
            .Replace("\u0E33", "\u0E4D\u0E32")
            .Replace("\u0EB3", "\u0ECD\u0EB2");
        var position = 0;
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (
                !IsAllowed(rune, text, index)
                || (
                    position++ == 0
                    && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                )
            )
                return false;
            index += rune.Utf16SequenceLength;
        }
        // RFC 5893 in one line: a label is written in one direction.
        if (text.EnumerateRunes().Any(IsRightToLeft) && text.EnumerateRunes().Any(rune => Rune.IsLetter(rune) && !IsRightToLeft(rune)))
            return false;
        if (text is ['-', ..] or [.., '-'] or [_, _, '-', '-', ..])
            return false;
        ascii = "xn--" + Punycode.Encode(text);
        reason = ascii.Length > MaxLabelLength ? LabelLength : "";
        return reason.Length == 0;
    }

    static bool IsAllowed(Rune rune, string text, int index)
    {
        if (rune.IsAscii)
            return rune.Value is '-' || Rune.IsLetterOrDigit(rune);
        if (rune.Value == 0xB7) // Catalan: paral·lel
            return index > 0 && index + 1 < text.Length && text[index - 1] == 'l' && text[index + 1] == 'l';
        if (rune.Value == 0x30FB) // Between Japanese words
            return true;
        foreach (var (first, last) in Lookalikes)
            if (rune.Value >= first && rune.Value <= last)
                return false;
        return Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.LowercaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber;
    }

    static bool IsRightToLeft(Rune rune) =>
        rune.Value is (>= 0x590 and <= 0x8FF) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF) && Rune.IsLetter(rune);

    // Letters that UTS 46 replaces by others than their lower case, and letters that nobody can see.
    static readonly (int First, int Last)[] Lookalikes =
    [
        (0xAA, 0xAA),
        (0xBA, 0xBA),
        (0x132, 0x133),
        (0x13F, 0x140),
        (0x149, 0x149),
        (0x17F, 0x17F),
        (0x1C4, 0x1CC),
        (0x1F1, 0x1F3),
        (0x2B0, 0x2B8),
        (0x2E0, 0x2E4),
        (0x340, 0x345),
        (0x34F, 0x34F),
        (0x37A, 0x37A),
        (0x3D0, 0x3D6),
        (0x3F0, 0x3F5),
        (0x587, 0x587),
        (0x675, 0x678),
        (0xEDC, 0xEDD),
        (0x10A0, 0x10C5),
        (0x10FC, 0x10FC),
        (0x13A0, 0x13FF),
        (0x2D00, 0x2D2D),
        (0xAB70, 0xABBF),
        (0x1100, 0x11FF),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x1D2C, 0x1D6A),
        (0x1D78, 0x1D78),
        (0x1D9B, 0x1DBF),
        (0x1E9A, 0x1E9B),
        (0x1F80, 0x1FAF),
        (0x1FB2, 0x1FB4),
        (0x1FB7, 0x1FBC),
        (0x1FC2, 0x1FC4),
        (0x1FC7, 0x1FC7),
        (0x1FCC, 0x1FCC),
        (0x1FF2, 0x1FF4),
        (0x1FF7, 0x1FF7),
        (0x1FFC, 0x1FFC),
        (0x2071, 0x209C),
        (0x2100, 0x214F),
        (0x2C7C, 0x2C7D),
        (0x2D6F, 0x2D6F),
        (0x309F, 0x309F),
        (0x30FF, 0x30FF),
        (0x3131, 0x318E),
        (0xA69C, 0xA69D),
        (0xA770, 0xA770),
        (0xA7F8, 0xA7F9),
        (0xAB5C, 0xAB5F),
        (0xA960, 0xA97C),
        (0xD7B0, 0xD7FB),
        (0xFB00, 0xFB1D),
        (0xFB20, 0xFB29),
        (0xFB4F, 0xFDFF),
        (0xFE00, 0xFE0F),
        (0xFE70, 0xFEFF),
        (0xFF00, 0xFFEF),
        (0x1D400, 0x1D7FF),
        (0x1EE00, 0x1EEFF),
        (0x1FBF0, 0x1FBF9),
        (0xE0000, 0xE0FFF),
    ];
}
