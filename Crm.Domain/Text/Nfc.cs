// Normalisation form C, in which every text is stored and compared; the framework's, with a short cut for what is normal already.

using System.Globalization;
using System.Text;

namespace Crm.Domain.Text;

public static class Nfc
{
    /// <summary>Everything below the combining marks is normal already: all of ASCII and the Latin of western Europe.</summary>
    public static bool IsSurelyNormalized(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\0', '\u02FF');

    /// <summary>
    /// Marks in a row that a text may have, as in UAX 15's stream-safe format. Sorting a longer run takes time by its square, and no
    /// writing has one.
    /// </summary>
    const int MostMarks = 30;

    /// <summary>The text in NFC; the same instance when nothing changes. Text that is no valid Unicode, or no writing, has no normal form
    /// and comes back as it is.</summary>
    public static string Normalize(string text)
    {
        if (IsSurelyNormalized(text) || HasTooManyMarks(text))
            return text;
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return text; // Half of a surrogate pair, or U+FFFE.
        }
    }

    /// <summary>The text in NFC as a string of its own.</summary>
    public static string Normalize(ReadOnlySpan<char> text) => Normalize(new string(text));

    /// <summary>Whether normalising the text could take long.</summary>
    public static bool HasTooManyMarks(ReadOnlySpan<char> text)
    {
        var run = 0;
        foreach (var c in text)
        {
            run =
                c >= '\u0300'
                && (
                    char.IsSurrogate(c)
                    || CharUnicodeInfo.GetUnicodeCategory(c)
                        is UnicodeCategory.NonSpacingMark
                            or UnicodeCategory.EnclosingMark
                            or UnicodeCategory.SpacingCombiningMark
                )
                    ? run + 1
                    : 0;
            if (run > MostMarks * 2 || run > MostMarks && !char.IsSurrogate(c))
                return true;
        }
        return false;
    }
}
