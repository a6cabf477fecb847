// How a phone number is found by a part of it: people know its end, or the form of their country, which is its end without a zero before.

using System.Text.RegularExpressions;

namespace Crm.Domain.Values;

public static partial class PhoneWords
{
    /// <summary>Fewer digits are the end of too many numbers.</summary>
    public const int Fewest = 4;

    /// <summary>A letter that begins no other word, for nobody types it.</summary>
    const char FromTheEnd = 'ə';

    [GeneratedRegex(@"^[+(]?[0-9][0-9()\s./-]*$")]
    private static partial Regex LooksLikeOne { get; }

    /// <summary>The number read from its end, as a word: who looks for its last digits looks for how that begins.</summary>
    public static string Backwards(string digits) => string.Create(digits.Length + 1, digits, (word, from) =>
        {
            word[0] = FromTheEnd;
            for (var i = 0; i < from.Length; i++)
                word[^(i + 1)] = from[i];
        });

    /// <summary>The digits of E.164.</summary>
    public static string DigitsOf(string number) => string.Concat(number.Where(char.IsAsciiDigit));

    /// <summary>What is looked for when a text is a number, or a part of one, as people write it: its digits without zeros before them,
    /// which stand for "from within the country" or "from abroad". Null: it is no number.</summary>
    public static string? Sought(string text)
    {
        if (!LooksLikeOne.IsMatch(text))
            return null;
        // "+44 (0)20 ...": the zero is for whoever calls from within.
        var digits = DigitsOf(text.Replace("(0)", "", StringComparison.Ordinal)).TrimStart('0');
        return digits.Length >= Fewest ? digits : null;
    }
}
