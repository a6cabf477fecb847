// Which media types a route answers with: who accepts none of them is refused, for an answer of another type is none that was asked for.

using Microsoft.Extensions.Primitives;

namespace Crm.Api.Security;

/// <param name="Types">In lower case, the usual one first.</param>
public sealed record Acceptable(params string[] Types)
{
    public static readonly Acceptable Json = new("application/json");

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
