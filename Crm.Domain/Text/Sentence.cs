// A sentence with places {0}, {1} filled in: sentences come from lists of words, values from anywhere.

namespace Crm.Domain.Text;

public static class Sentence
{
    /// <summary>Braces in values stay text.</summary>
    public static string Of(string sentence, params object?[] values) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, values);
}
