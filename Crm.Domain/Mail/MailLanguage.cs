// In which language somebody is written to: what they said, else what their browser asks for, else what the form speaks.

using System.Globalization;
using Crm.Domain.Forms;

namespace Crm.Domain.Mail;

public static class MailLanguage
{
    /// <summary>One of those that there are.</summary>
    /// <param name="available">Tags; the first counts where none is understood.</param>
    /// <param name="wanted">Tags in the order of preference; null ones are passed over.</param>
    public static string Of(IReadOnlyCollection<string> available, params IEnumerable<string?> wanted)
    {
        foreach (var tag in wanted)
        {
            if (string.IsNullOrEmpty(tag))
                continue;
            // Brazil's own texts before Portugal's for somebody from there, and either before another language.
            if (available.FirstOrDefault(one => one.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { } exact)
                return exact;
            var primary = FormLanguages.Primary(tag);
            if (available.FirstOrDefault(one => FormLanguages.Primary(one).Equals(primary, StringComparison.OrdinalIgnoreCase)) is { } near)
                return near;
        }
        return available.First();
    }

    /// <summary>The tags of an Accept-Language header, the most wanted first.</summary>
    public static IEnumerable<string> Accepted(string? header) =>
        (header ?? "")
            .Split(',')
            .Select(part => part.Split(';'))
            .Select((parts, at) => (Tag: parts[0].Trim(), Weight: WeightOf(parts), at))
            .Where(one => one.Tag.Length is > 0 and <= 35 && one.Tag != "*" && one.Weight > 0)
            .OrderByDescending(one => one.Weight)
            .ThenBy(one => one.at)
            .Select(one => one.Tag);

    static double WeightOf(string[] parts) =>
        parts.Length > 1
        && parts[1].Trim() is ['q' or 'Q', '=', .. var weight]
        && double.TryParse(weight, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : 1;
}
