// Which languages a form's hosted page can be in: those whose words it has, and those that it at least lays out the right way round.

namespace Crm.Domain.Forms;

public static class FormLanguages
{
    /// <summary>Languages in which the page says its own words; regions (pt-BR) are taken for their language.</summary>
    public static readonly IReadOnlyList<string> Spoken = ["en", "pt", "es", "fr", "de", "it", "nl"];

    /// <summary>Languages that are written from right to left. The page is laid out for them; its own words are English.</summary>
    public static readonly IReadOnlySet<string> RightToLeft = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "ps",
        "sd",
        "ug",
        "ur",
        "yi",
    };

    /// <summary>Whether a tag does anything: one that changed nothing would be believed to.</summary>
    public static bool IsKnown(string tag) =>
        Primary(tag) is var language && (Spoken.Contains(language, StringComparer.OrdinalIgnoreCase) || RightToLeft.Contains(language));

    public static bool IsRightToLeft(string tag) => RightToLeft.Contains(Primary(tag));

    /// <summary>The language of a tag, without script and region.</summary>
    public static string Primary(string tag) => tag.Split('-')[0];
}
