// A workspace's own rule of who is no person: by what a browser says of itself, or by the network it comes from.

using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Crm.Domain.Resources;

namespace Crm.Domain.Traffic;

[Resource("botRule", "bot-rules", "botrule", "Whose clicks and page views do not count as a person's, besides those of known robots.")]
public sealed record BotRule : Resource
{
    [Field("What people call it.", Max = 150, Is = Is.Searchable, Example = "Our own office")]
    public string? Name { get; init; }

    [Field(
        "A regular expression that occurs in the browser's own description, in any case; without look-around and back-references.",
        Max = MostCharacters,
        Example = "AcmeMonitor/\\d+"
    )]
    public string? UserAgent { get; init; }

    [Field(
        "A network: of IPv4 at least a /24, of IPv6 at least a /48, because that much is kept of an address.",
        Max = 50,
        Example = "198.51.100.0/24"
    )]
    public string? Network { get; init; }

    [Field("Whether it is used.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    public const int MostCharacters = 256;

    /// <summary>Null when it is none, or one that only a backtracking matcher can do.</summary>
    public static Regex? Pattern(string text)
    {
        try
        {
            return new(text, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Null when it is none, or narrower than what is kept of an address.</summary>
    public static IPNetwork? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network)
        && network.PrefixLength <= (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 24 : 48)
            ? network
            : null;
}
