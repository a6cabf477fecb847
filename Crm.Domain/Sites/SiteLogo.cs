// A site's logo: a small picture in its record, or the address of one on the site's own hosts.

using Crm.Domain.Resources;

namespace Crm.Domain.Sites;

/// <param name="MediaType">By what the bytes are, whatever was said of them.</param>
public sealed record SiteLogo(string MediaType, byte[] Bytes)
{
    public const int MostBytes = 64 * 1024;

    /// <summary>Base64 of that, and what stands before it.</summary>
    public const int MostText = (MostBytes + 2) / 3 * 4 + 100;

    /// <summary>What is wrong with the site's logo; null: nothing.</summary>
    public static string? Fault(Site site) =>
        site.Logo is not { } logo ? null
        : IsData(logo)
            ? Read(site) is not null ? null
                : $"Must be a PNG, JPEG or WebP picture of at most {MostBytes} bytes, as data:image/png;base64,... SVG is a program: put it on the site and give its address."
        : AddressOf(site) is not null ? null
        : "Must be data:image/png;base64,... or the address of a picture on the host of url or of one of allowedOrigins.";

    /// <summary>Whether the picture is in the record; saving has looked at it.</summary>
    public static bool IsInRecord(Site site) => site.Logo is { } logo && IsData(logo);

    /// <summary>The picture of the record; null when it has none.</summary>
    public static SiteLogo? Read(Site site)
    {
        if (site.Logo is not { Length: <= MostText } logo || !IsData(logo) || logo.IndexOf(',') is not (> 0 and var comma))
            return null;
        if (!logo.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[(logo.Length - comma) / 4 * 3 + 3];
        return
            Convert.TryFromBase64Chars(logo.AsSpan(comma + 1), bytes, out var length)
            && length <= MostBytes
            && TypeOf(bytes.AsSpan(0, length)) is { } type
            ? new(type, bytes[..length])
            : null;
    }

    /// <summary>The address of a picture that the site serves itself. On another host it would tell that host of every visitor.</summary>
    public static Uri? AddressOf(Site site) =>
        site.Logo is { } logo
        && !IsData(logo)
        && TextRules.IsWebAddress(logo)
        && Uri.TryCreate(logo, UriKind.Absolute, out var address)
        && OwnHosts(site).Contains(address.Authority, StringComparer.OrdinalIgnoreCase)
            ? address
            : null;

    static IEnumerable<string> OwnHosts(Site site) =>
        site
            .AllowedOrigins.Append(site.Url)
            .OfType<string>()
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : null)
            .Where(address => address is { Scheme: "http" or "https" })
            .Select(address => address!.Authority);

    static bool IsData(string logo) => logo.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    static string? TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] ? "image/png"
        : bytes is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;
}
