// Numbers as people write them: with thousands set apart, a decimal comma, a currency beside them. What may mean two numbers is none.

using System.Globalization;

namespace Crm.Domain.Resources;

static class NumberText
{
    /// <summary>The number with a decimal point and nothing else; false where the meaning is not plain.</summary>
    public static bool TryRead(string text, out string plain)
    {
        plain = text;
        if (!text.AsSpan().ContainsAnyExcept("0123456789.-+"))
            return text.AsSpan().Count('.') < 2 || TryGroups(text, '.', out plain);
        var start = 0;
        var end = text.Length;
        while (start < end && IsBeside(text[start]))
            start++;
        while (end > start && IsBeside(text[end - 1]))
            end--;
        // R$ 5.000, 5 EUR: letters only beside the number, and only a few.
        var number = text[start..end];
        if (number.Length == 0 || text.Length - number.Length > 6)
            return false;
        number = string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c is not ('\'' or '\u2019' or '_')));
        if (number.Any(c => !char.IsAsciiDigit(c) && c is not ('.' or ',' or '-' or '+')))
            return false;
        var (comma, point) = (number.LastIndexOf(','), number.LastIndexOf('.'));
        if (comma < 0)
            return point < 0 || number.IndexOf('.') == point ? Set(number, out plain) : TryGroups(number, '.', out plain);
        if (point < 0)
            // 5,000 is five thousand; 5,5 and 5,25 can only be decimals; 0,500 too.
            return
                number.IndexOf(',') == comma
                && (number.Length - comma - 1 != 3 || number.TrimStart('-', '+').StartsWith("0,", StringComparison.Ordinal))
                ? Set(number.Replace(',', '.'), out plain)
                : TryGroups(number, ',', out plain);
        var (thousands, last) = comma > point ? ('.', comma) : (',', point);
        return TryGroups(number[..last], thousands, out plain) && Set($"{plain}.{number[(last + 1)..]}", out plain);
    }

    static bool Set(string number, out string plain)
    {
        plain = number;
        return true;
    }

    static bool IsBeside(char c) =>
        char.IsWhiteSpace(c) || char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    /// <summary>Groups of three behind one of one to three.</summary>
    static bool TryGroups(string number, char separator, out string plain)
    {
        var groups = number.Split(separator);
        plain = string.Concat(groups);
        return groups[0].TrimStart('-', '+').Length is >= 1 and <= 3 && groups.Skip(1).All(g => g.Length == 3) || groups.Length == 1;
    }
}
