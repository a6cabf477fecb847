// Whether a text names an address as a whole: what only contains its letters or digits is somebody else's.

namespace Crm.Domain.Erasures;

static class Mention
{
    /// <summary>An e-mail address, whatever its case, that is no part of a longer one.</summary>
    public static bool OfAddress(string text, string address)
    {
        for (var at = 0; (at = text.IndexOf(address, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            if (!ContinuesBefore(text, at) && !ContinuesAfter(text, at + address.Length))
                return true;
        return false;
    }

    static bool ContinuesBefore(string text, int at) =>
        at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '_' or '-' or '+');

    /// <summary>A dot ends a sentence, or goes on with the domain.</summary>
    static bool ContinuesAfter(string text, int end) =>
        end < text.Length
        && (
            char.IsLetterOrDigit(text[end])
            || text[end] is '-' or '_'
            || text[end] == '.' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1])
        );

    /// <summary>A number in whatever writing: <c>+55 (11) 98765-4321</c>, <c>005511987654321</c>.</summary>
    /// <param name="number">Country and number, digits alone.</param>
    public static bool OfNumber(string text, string number)
    {
        Span<char> digits = stackalloc char[number.Length + 3];
        var count = 0;
        foreach (var one in text)
            if (char.IsAsciiDigit(one))
                digits[Math.Min(count++, digits.Length - 1)] = one;
            else if (IsIt(digits, count, number))
                return true;
            else if (one is not (' ' or '\u00a0' or '-' or '.' or '(' or ')' or '/'))
                count = 0;
        return IsIt(digits, count, number);
    }

    static bool IsIt(ReadOnlySpan<char> digits, int count, string number) =>
        count == number.Length && digits[..count].SequenceEqual(number)
        || count == number.Length + 2 && digits[0] == '0' && digits[1] == '0' && digits[2..count].SequenceEqual(number);
}
