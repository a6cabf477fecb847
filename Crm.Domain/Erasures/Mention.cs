// Where a text names an address as a whole: what only contains its letters or digits is somebody else's.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Crm.Domain.Erasures;

static class Mention
{
    /// <summary>What stands in the place of what was erased.</summary>
    public const string Erased = "[erased]";

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

    /// <summary>
    /// The same rule where characters may be escaped, for addresses of pages (<c>%40</c>, however often) and for JSON in pieces
    /// (<c>\u0040</c>): the bytes of each character are looked for in all these writings.
    /// </summary>
    public static Regex Escaped(string address)
    {
        var pattern = new StringBuilder(@"(?:(?<![\p{L}\p{Nd}._+\-])|(?<=%[0-9A-F]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-F]{4}))");
        foreach (var rune in address.EnumerateRunes())
        {
            var text = rune.ToString();
            pattern.Append("(?:").Append(Regex.Escape(text)).Append('|');
            foreach (var one in Encoding.UTF8.GetBytes(text))
                pattern.Append(CultureInfo.InvariantCulture, $"%(?:25)*{one:X2}");
            pattern.Append('|');
            foreach (var one in text)
                pattern.Append(CultureInfo.InvariantCulture, $@"\\u{(int)one:X4}");
            pattern.Append(')');
        }
        pattern.Append(@"(?![\p{L}\p{Nd}_\-]|\.[\p{L}\p{Nd}])");
        return new(pattern.ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>Whether <see cref="Escaped"/> may find what <see cref="OfAddress"/> does not.</summary>
    public static bool MayBeEscaped(string text) => text.AsSpan().ContainsAny('%', '\\');

    /// <summary>A number in whatever writing: <c>+55 (11) 98765-4321</c>, <c>005511987654321</c>.</summary>
    /// <param name="number">Country and number, digits alone.</param>
    public static bool OfNumber(string text, string number)
    {
        foreach (var (digits, _, _) in Numbers(text))
            if (digits == number)
                return true;
        return false;
    }

    /// <summary>The text without the number.</summary>
    public static string WithoutNumber(string text, string number)
    {
        foreach (var (digits, start, end) in Numbers(text).Reverse())
            if (digits == number)
                text = string.Concat(text.AsSpan(0, start), Erased, text.AsSpan(end));
        return text;
    }

    /// <summary>What is written like a number, as digits without the zeros that stand for the plus.</summary>
    public static IEnumerable<(string Digits, int Start, int End)> Numbers(string text)
    {
        var digits = new StringBuilder();
        var (start, end) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
            if (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                if (digits.Length == 0)
                    start = i > 0 && text[i - 1] == '+' ? i - 1 : i;
                digits.Append(text[i]);
                end = i + 1;
            }
            else if (i == text.Length || text[i] is not (' ' or '\u00a0' or '-' or '.' or '(' or ')' or '/'))
            {
                if (digits.Length > 0)
                    yield return (digits is ['0', '0', ..] ? digits.ToString(2, digits.Length - 2) : digits.ToString(), start, end);
                digits.Clear();
            }
    }

    /// <summary>What may be an address, for who knows only its seal: from each place where one may begin to its domain's end.</summary>
    public static IEnumerable<string> Addresses(string text)
    {
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var end = at + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.'))
                end++;
            while (end > at + 1 && text[end - 1] is '.' or '-')
                end--;
            if (end == at + 1)
                continue;
            for (var start = at - 1; start >= 0 && at - start <= 64 && IsLocal(text[start]); start--)
                if (!ContinuesBefore(text, start) && text[start] != '.')
                    yield return text[start..end];
        }
    }

    static bool IsLocal(char one) => char.IsLetterOrDigit(one) || ".!#$%&'*+-/=?^_`{|}~".Contains(one, StringComparison.Ordinal);
}
