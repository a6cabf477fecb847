// Reads the digits of a phone number out of what somebody typed: other scripts' digits, punctuation, and the extension, which is dropped.

namespace Crm.Domain.People;

static class PhoneText
{
    const int NotADigit = -1;

    static readonly string[] LongLabels =
    [
        "extension",
        "extensión",
        "extensio\u0301n",
        "extensió",
        "extensio\u0301",
        "extensio",
        "extensi",
        "extn",
        "ext",
        "xtn",
        "xt",
        "ｅｘｔｎ",
        "ｅｘｔ",
        "ｘｔｎ",
        "ｘｔ",
        "доб",
        "anexo",
    ];
    static readonly string[] ShortLabels = ["x", "ｘ", "#", "＃", "~", "～", "int", "ｉｎｔ"];

    /// <summary>
    /// Writes the number's ASCII digits to <paramref name="digits"/>. What stands before the first digit or plus and after the last
    /// digit is not looked at ("Tel. 21 123 45 67 (home)"); a letter in between, other than an extension's label, is a refusal.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<char> digits, out int length, out bool plus)
    {
        length = 0;
        plus = false;
        var start = 0;
        while (start < text.Length && !IsPlus(text[start]) && Digit(text[start]) == NotADigit)
            start++;
        text = text[start..];
        while (text.Length > 0 && text[^1] != '#' && Digit(text[^1]) == NotADigit)
            text = text[..^1];
        if (text.IndexOf(";isub=") is var sub and > 0)
            text = text[..sub];

        var i = 0;
        if (text.Length > 0 && IsPlus(text[0]))
        {
            plus = true;
            i = 1;
        }
        for (; i < text.Length; i++)
        {
            var digit = Digit(text[i]);
            if (digit != NotADigit)
                digits[length++] = (char)('0' + digit);
            else if (!IsPunctuation(text[i]) || (text[i] is '~' or '～' && IsExtension(text[i..])))
                break;
        }
        if (i < text.Length && !IsExtension(text[i..]) && !DropsAmericanExtension(text[..(i + 1)], text.Length, ref length))
            return false;
        return length >= 3;
    }

    // "645 123 1234-910#": up to six digits after a hyphen or space, and a # that ends the text.
    static bool DropsAmericanExtension(ReadOnlySpan<char> upToHash, int textLength, ref int length)
    {
        if (upToHash.Length != textLength || upToHash[^1] != '#')
            return false;
        var extension = 0;
        while (extension < upToHash.Length - 1 && Digit(upToHash[^(extension + 2)]) != NotADigit)
            extension++;
        if (extension is 0 or > 6 || extension > upToHash.Length - 2 || upToHash[^(extension + 2)] is not ('-' or ' '))
            return false;
        length -= extension;
        return true;
    }

    // Whether all that is left is a label and digits. The longer and clearer the label, the more digits are believed.
    static bool IsExtension(ReadOnlySpan<char> text)
    {
        if (text.StartsWith(";ext=") && EndsWithDigits(text[5..], 20, hash: false))
            return true;
        var rest = text.TrimStart(" \u00A0\t,");
        foreach (var label in LongLabels)
            if (rest.StartsWith(label, StringComparison.OrdinalIgnoreCase) && EndsWithDigits(AfterLabel(rest[label.Length..]), 20))
                return true;
        foreach (var label in ShortLabels)
            if (rest.StartsWith(label, StringComparison.OrdinalIgnoreCase) && EndsWithDigits(AfterLabel(rest[label.Length..]), 9))
                return true;
        // A telephone's own notation: ; or ,, waits and then dials the rest.
        rest = text.TrimStart(" \u00A0\t");
        if (rest.StartsWith(';'))
            return EndsWithDigits(AfterLabel(rest[1..]), 15);
        var commas = rest.IndexOfAnyExcept(',');
        return commas > 0 && EndsWithDigits(AfterLabel(rest[commas..]), commas > 1 ? 15 : 9);
    }

    static ReadOnlySpan<char> AfterLabel(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] is ':' or '.' or '．')
            text = text[1..];
        return text.TrimStart(" \u00A0\t,-");
    }

    static bool EndsWithDigits(ReadOnlySpan<char> text, int most, bool hash = true)
    {
        if (hash && text.EndsWith('#'))
            text = text[..^1];
        if (text.IsEmpty || text.Length > most)
            return false;
        foreach (var c in text)
            if (Digit(c) == NotADigit)
                return false;
        return true;
    }

    static bool IsPlus(char c) => c is '+' or '＋';

    // European, full-width, Arabic-Indic and Eastern Arabic-Indic.
    static int Digit(char c) =>
        c switch
        {
            >= '0' and <= '9' => c - '0',
            >= '\uFF10' and <= '\uFF19' => c - '\uFF10',
            >= '\u0660' and <= '\u0669' => c - '\u0660',
            >= '\u06F0' and <= '\u06F9' => c - '\u06F0',
            _ => NotADigit,
        };

    // Hyphens and dashes, slashes, dots, white space that shows up in pasted numbers, brackets and tildes.
    static bool IsPunctuation(char c) =>
        c
            is ' '
                or '-'
                or '.'
                or '/'
                or '('
                or ')'
                or '['
                or ']'
                or '~'
                or '\u00A0'
                or '\u00AD'
                or (>= '\u2010' and <= '\u2015')
                or '\u200B'
                or '\u2053'
                or '\u2060'
                or '\u2212'
                or '\u223C'
                or '\u3000'
                or '\u30FC'
                or '\uFF08'
                or '\uFF09'
                or '\uFF0D'
                or '\uFF0E'
                or '\uFF0F'
                or '\uFF3B'
                or '\uFF3D'
                or '\uFF5E';
}
