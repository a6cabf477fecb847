// An amount as people and pages write it: whole units with decimals, 49.99, of which minor units are made.

using System.Globalization;
using System.Text.RegularExpressions;
using Crm.Domain.Text;

namespace Crm.Domain.Values;

public static partial class MoneyText
{
    /// <summary>Groups of three, and what stands behind the last point or comma. Spaces and apostrophes only group.</summary>
    [GeneratedRegex(
        @"^(?<whole>[0-9]+|[0-9]{1,3}(?:(?<group>[.,])[0-9]{3})(?:\k<group>[0-9]{3})*)(?:(?<mark>[.,])(?<part>[0-9]+))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Shape();

    const int LongestText = 32;

    /// <summary>
    /// Reads <c>49.99</c>, <c>49,99</c>, <c>1.234,50</c>, <c>1 234.50</c>, <c>€ 49.99</c> and <c>49.99 EUR</c>. Null for what is no amount,
    /// is negative or too large, and for what may be read in two ways: 1,234 is a thousand for one and little more than one for another,
    /// unless the currency settles it.
    /// </summary>
    /// <param name="currency">An existing code.</param>
    public static Money? Read(string text, string currency)
    {
        var said = new string([.. text.Where(c => !char.IsWhiteSpace(c) && c is not ('\'' or '’' or '\u202f'))]);
        if (said.EndsWith(currency, StringComparison.OrdinalIgnoreCase))
            said = said[..^3];
        else if (said.StartsWith(currency, StringComparison.OrdinalIgnoreCase))
            said = said[3..];
        said = said.Trim('€', '$', '£', '¥', '₹', '₩', '₽');
        if (said.Length is 0 or > LongestText || Shape().Match(said) is not { Success: true } match)
            return null;
        var (digits, whole, part) = (Currency.Digits(currency), match.Groups["whole"].Value, match.Groups["part"].Value);
        var (group, mark) = (match.Groups["group"].Value, match.Groups["mark"].Value);
        if (group.Length > 0)
        {
            if (mark == group)
                return null;
            whole = whole.Replace(group, "", StringComparison.Ordinal);
        }
        else if (part.Length == 3 && whole.Length <= 3 && whole[0] != '0' && digits != 3)
        {
            // A thousand, or little more than one: only yen cannot be the latter.
            if (digits > 0)
                return null;
            (whole, part) = (whole + part, "");
        }
        if (digits == 0 && part.Any(c => c != '0'))
            return null;
        return decimal.TryParse(
            $"{whole}.{(part.Length == 0 ? "0" : part)}",
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var amount
        )
            ? Of(amount, currency)
            : null;
    }

    /// <summary>An amount in whole units, rounded to minor ones: what programs add up has more digits than money. Null when it is negative
    /// or too large.</summary>
    public static Money? Of(decimal amount, string currency)
    {
        if (amount < 0 || amount > Money.Most)
            return null;
        for (var digits = Currency.Digits(currency); digits > 0; digits--)
            amount *= 10;
        return amount > Money.Most
            ? null
            : new() { Amount = (long)decimal.Round(amount, MidpointRounding.AwayFromZero), Currency = currency };
    }
}
