// Fills in the places of a postback's address, in the three spellings that networks use.

using System.Text.RegularExpressions;

namespace Crm.Domain.Postbacks;

public static partial class Macros
{
    [GeneratedRegex(
        @"\{([A-Za-z0-9_.-]{1,40})\}|\[\[([A-Za-z0-9_.-]{1,40})\]\]|#([A-Za-z0-9_.-]{1,40})#",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
    )]
    private static partial Regex Places();

    /// <summary>Each value is escaped whole, so that it stays one value; what is not known is empty.</summary>
    /// <param name="value">By name in lower case.</param>
    public static string Fill(string template, Func<string, string?> value) =>
        Places()
            .Replace(template, place =>
            {
                var name =
                    place.Groups[1].Success ? place.Groups[1]
                    : place.Groups[2].Success ? place.Groups[2]
                    : place.Groups[3];
                var text = value(name.Value.ToLowerInvariant()) ?? "";
                // Dots alone would be read as steps in a path.
                return text.Trim('.').Length == 0 ? "" : Uri.EscapeDataString(text);
            });
}
