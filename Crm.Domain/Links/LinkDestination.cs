// Where a link may lead: to web addresses, and to those of apps (myapp://offer/7) whose scheme the workspace allows.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Links;

public static class LinkDestination
{
    /// <param name="schemes">Of apps, as the workspace allows them.</param>
    public static bool Is(string text, ImmutableArray<string> schemes) =>
        text.Length <= 2048 && (TextRules.IsWebAddress(text) || IsOfApp(text, schemes));

    /// <summary>Schemes that no workspace can allow: they run what stands in them, show what is on the visitor's machine, or are links
    /// already.</summary>
    static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "http",
        "https",
        "javascript",
        "vbscript",
        "data",
        "blob",
        "file",
        "filesystem",
        "about",
        "view-source",
        "ws",
        "wss",
        "ftp",
    };

    /// <summary>Whether a workspace may allow it: letters, digits, +, - and points, in lower case.</summary>
    public static bool MayBeScheme(string scheme) =>
        scheme.Length is > 1 and <= 40
        && char.IsAsciiLetterLower(scheme[0])
        && scheme.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '+' or '-' or '.')
        && !Never.Contains(scheme)
        && !scheme.StartsWith("ms-", StringComparison.Ordinal); // of Windows: they open its own tools

    /// <summary>Whether it is an address of an allowed scheme, with a place in the app behind two slashes.</summary>
    static bool IsOfApp(string text, ImmutableArray<string> allowed)
    {
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon > 0
            && !allowed.IsDefaultOrEmpty
            && allowed.Contains(text[..colon].ToLowerInvariant())
            && MayBeScheme(text[..colon].ToLowerInvariant())
            // It stands in a header as it is: apps may tell large letters of a host from small ones, and Uri would not.
            && text.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not (' ' or '\\' or '"' or '<' or '>'))
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0;
    }
}
