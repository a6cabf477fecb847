// Countries by the names that people write instead of a code.

using System.Globalization;
using System.Text;

namespace Crm.Domain.Text;

public static class CountryName
{
    /// <summary>Names that are used and that no list has.</summary>
    static readonly (string Name, string Code)[] Others =
    [
        ("USA", "US"),
        ("United States of America", "US"),
        ("America", "US"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("England", "GB"),
        ("Scotland", "GB"),
        ("Wales", "GB"),
        ("Northern Ireland", "GB"),
        ("Holland", "NL"),
        ("Czech Republic", "CZ"),
        ("Turkey", "TR"),
        ("Burma", "MM"),
        ("Ivory Coast", "CI"),
        ("South Korea", "KR"),
        ("North Korea", "KP"),
        ("Russia", "RU"),
        ("Vatican", "VA"),
        ("Macedonia", "MK"),
        ("Swaziland", "SZ"),
        ("Cape Verde", "CV"),
    ];

    /// <summary>By the English name, the names in the country's own languages, and the codes of two and three letters.</summary>
    static readonly Lazy<Dictionary<string, string>> Codes = new(() =>
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            RegionInfo region;
            try
            {
                region = new(culture.Name);
            }
            catch (ArgumentException)
            {
                continue;
            }
            var code = region.TwoLetterISORegionName;
            if (code.Length != 2 || !code.All(char.IsAsciiLetterUpper))
                continue;
            foreach (var name in new[] { code, region.EnglishName, region.NativeName, region.ThreeLetterISORegionName })
                codes.TryAdd(Folded(name), code);
        }
        foreach (var (name, code) in Others)
            codes[Folded(name)] = code;
        return codes;
    });

    /// <summary>The ISO 3166 code of a country by its name or its code of three letters; without regard to case and accents.</summary>
    public static bool TryFind(string name, out string code)
    {
        code = "";
        return name.Length <= 80 && Codes.Value.TryGetValue(Folded(name), out code!);
    }

    /// <summary>The English name of a country by its ISO 3166 code; a code that nobody knows is its own name.</summary>
    public static string Of(string code)
    {
        try
        {
            return new RegionInfo(code).EnglishName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }

    static string Folded(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormD).Where(c => char.IsLetterOrDigit(c) || c == ' ')).Trim().ToUpperInvariant();
}
