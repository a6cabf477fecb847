// Which media types a route answers with: who accepts none of them is refused, for an answer of another type is none that was asked for.

using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Security;

/// <param name="Types">In lower case, the usual one first.</param>
public sealed record Acceptable(params string[] Types)
{
    public static readonly Acceptable Json = new("application/json");

    /// <summary>Of a list.</summary>
    public static readonly Acceptable JsonOrCsv = new("application/json", "text/csv");

    /// <summary>Which of the types is wanted most: by weight, then as they are named; the usual one of those that are wanted
    /// alike.</summary>
    public string Preferred(StringValues accept)
    {
        var (best, most, at) = (Types[0], 0m, int.MaxValue);
        var ranges = accept.SelectMany(header => (header ?? "").Split(',')).ToList();
        foreach (var type in Types)
            for (var i = 0; i < ranges.Count; i++)
                if (Weight(ranges[i], type) is > 0 and var weight && (weight > most || weight == most && i < at))
                    (best, most, at) = (type, weight, i);
        return best;
    }

    /// <summary>Null when the range does not take the type.</summary>
    static decimal? Weight(string range, string type)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        var name = parts[0].ToLowerInvariant();
        if (
            name != type
            && name != "*/*"
            && !(name.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(name[..^1], StringComparison.Ordinal))
        )
            return null;
        var said = parts.FirstOrDefault(part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase))?[2..];
        return
            said is not null
            && decimal.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            && weight <= 1
            ? weight
            : 1;
    }

    /// <summary>Whether one of the types is accepted. Who says nothing, or nothing that can be read, takes everything.</summary>
    public bool By(StringValues accept)
    {
        var isReadable = false;
        foreach (var header in accept)
        foreach (var range in (header ?? "").Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var name = parts[0].ToLowerInvariant();
            var slash = name.IndexOf('/');
            if (slash <= 0)
                continue;
            isReadable = true;
            if (parts.Skip(1).Any(part => part.Replace(" ", "") is "q=0" or "q=0.0" or "q=0.00" or "q=0.000"))
                continue;
            if (
                name == "*/*"
                || Types.Contains(name)
                || name.EndsWith("/*", StringComparison.Ordinal)
                    && Types.Any(type => type.StartsWith(name[..(slash + 1)], StringComparison.Ordinal))
                || (name == "text/json" || name.EndsWith("+json", StringComparison.Ordinal)) && Types.Contains("application/json")
            )
                return true;
        }
        return !isReadable;
    }
}
