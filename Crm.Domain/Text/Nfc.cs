// Normalisation form C, in which every text is stored and compared; the framework's, with a short cut for what is normal already.

using System.Text;

namespace Crm.Domain.Text;

public static class Nfc
{
    /// <summary>Everything below the combining marks is normal already: all of ASCII and the Latin of western Europe.</summary>
    public static bool IsSurelyNormalized(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\0', '\u02FF');

    /// <summary>The text in NFC; the same instance when nothing changes. Text that is no valid Unicode has no normal form and comes back as it is.</summary>
    public static string Normalize(string text)
    {
        if (IsSurelyNormalized(text))
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
}
