// The country in which the first workspace reads phone numbers that come without a country code: said by the operator, or found.

using System.Globalization;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Api.Startup;

/// <param name="Code">ISO 3166; null when nothing tells.</param>
/// <param name="Because">Where it is from, for the first start's output.</param>
public sealed record FirstCountry(string? Code, string Because)
{
    /// <param name="setting">Crm__DefaultCountry: a code or a name; empty or missing: it is looked for.</param>
    public static FirstCountry Find(string? setting)
    {
        if (!string.IsNullOrWhiteSpace(setting))
            return CountryName.TryFind(setting.Trim(), out var said)
                ? new(said, "Crm__DefaultCountry")
                : throw new StoreConfigurationException("Crm__DefaultCountry must be a country such as BR or Brazil.");
        if (OfTimeZone(TimeZoneInfo.Local.Id) is { } zone)
            return new(zone, $"the time zone {TimeZoneInfo.Local.Id}");
        // American English is what machines speak whose owner chose nothing.
        return CultureInfo.CurrentCulture.Name is { Length: > 3 } name and not "en-US" && !CultureInfo.CurrentCulture.IsNeutralCulture
            ? new(new RegionInfo(name).TwoLetterISORegionName, $"the language {name}")
            : new(null, "");
    }

    /// <summary>By the table that comes with the time zones; null for UTC and where there is none.</summary>
    static string? OfTimeZone(string id)
    {
        try
        {
            foreach (var line in File.ReadLines("/usr/share/zoneinfo/zone.tab"))
                if (line.Split('\t') is [{ Length: 2 } code, _, var zone, ..] && zone == id)
                    return code;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
        return null;
    }
}
