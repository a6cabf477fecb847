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

    /// <summary>The languages that the hosted pages speak.</summary>
    static readonly string[] Languages = ["en", "pt", "es", "fr", "de", "it", "nl"];

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
        foreach (var language in Languages)
        {
            var before = CultureInfo.CurrentUICulture;
            try
            {
                CultureInfo.CurrentUICulture = new(language);
                foreach (var code in codes.Values.Distinct().ToList())
                    codes.TryAdd(Folded(new RegionInfo(code).DisplayName), code);
            }
            finally
            {
                CultureInfo.CurrentUICulture = before;
            }
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

    static string Folded(string name) =>
        string.Concat(name.Normalize(NormalizationForm.FormD).Where(c => char.IsLetterOrDigit(c) || c == ' ')).Trim().ToUpperInvariant();
}
