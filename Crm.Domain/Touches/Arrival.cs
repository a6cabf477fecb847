// How a person arrived: UTM parameters, click ids, referrer and channel, read from a page's address and what was posted with it.

using System.Collections.Immutable;
using Crm.Domain.Traffic;
using Crm.Domain.Values;

namespace Crm.Domain.Touches;

/// <summary>Where somebody came from, before it becomes a touch of a lead.</summary>
public sealed record Arrival(string? Channel, Utm Utm, ImmutableArray<string> ClickIds, string? ReferrerHost, string? Page)
{
    /// <summary>Click ids of advertising networks. Their values are opaque: never folded, cut only at 512 characters.</summary>
    static readonly HashSet<string> ClickIdNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "gclid",
        "gbraid",
        "wbraid",
        "dclid",
        "gclsrc",
        "gad_source",
        "fbclid",
        "msclkid",
        "twclid",
        "li_fat_id",
        "igshid",
        "ttclid",
        "rdt_cid",
        "epik",
        "qclid",
        "sccid",
        "irclid",
        "irclickid",
        "_kx",
        "yclid",
        "ymclid",
        "obclid",
        "tblci",
        "tblclid",
        "srsltid",
        "mc_cid",
        "gad_campaignid",
        "awc",
        "cjevent",
        "sscid",
    };

    public static bool IsClickId(string parameter) => ClickIdNames.Contains(parameter);

    static readonly HashSet<string> UtmNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "utm_id",
        "utm_source_platform",
        "utm_creative_format",
        "utm_marketing_tactic",
    };

    public static bool IsUtm(string parameter) => UtmNames.Contains(parameter);

    /// <summary>The value of one parameter of an address, decoded; null when it is not there.</summary>
    public static string? Parameter(string? url, string name) => QueryOf(url)?.FirstOrDefault(p => p.Key == name).Value;

    /// <param name="page">The address of the form's page.</param>
    /// <param name="referrer">The page before it.</param>
    /// <param name="posted">Values that the page posted itself (hidden utm_ fields); they win over the page's address.</param>
    /// <param name="rules">By which the workspace tells channels.</param>
    public static Arrival Read(string? page, string? referrer, Func<string, string?> posted, TrafficRules rules)
    {
        var query = QueryOf(page);
        var utm = new Utm
        {
            Source = Said("utm_source"),
            Medium = Said("utm_medium"),
            Campaign = Said("utm_campaign"),
            Term = Said("utm_term"),
            Content = Said("utm_content"),
            CampaignId = Said("utm_id"),
            SourcePlatform = Said("utm_source_platform"),
            CreativeFormat = Said("utm_creative_format"),
            MarketingTactic = Said("utm_marketing_tactic"),
        };
        if (utm == Utm.None)
            utm = Utm.None;
        ImmutableArray<string> clickIds = query is null
            ? []
            :
            [
                .. query
                    .Where(p => ClickIdNames.Contains(p.Key) && p.Value.Length is > 0 and <= 512)
                    .Take(20)
                    .Select(p => $"{p.Key}={p.Value}"),
            ];
        return new Arrival(null, utm, clickIds, null, page).From(referrer, rules);

        // Of several the first that says something counts.
        string? Said(string name)
        {
            var value = posted(name);
            if (string.IsNullOrWhiteSpace(value) && query is not null)
                value = query
                    .FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(p.Value))
                    .Value;
            return string.IsNullOrWhiteSpace(value) ? null : Resources.TextRules.Cut(value, 200);
        }
    }

    /// <summary>The same with the page before it.</summary>
    public Arrival From(string? referrer, TrafficRules rules)
    {
        var host = HostOf(referrer);
        if (host is not null && (host == (pageHost ??= HostOf(Page) ?? "") || rules.IsOwn(host)))
            // Coming from another page of the same site, or another of the workspace's sites, says nothing of where the person came from.
            host = null;
        return this with { ReferrerHost = host, Channel = rules.ChannelOf(Utm, ClickIds, host) };
    }

    string? pageHost;

    /// <summary>The host in lower case; null for what is no web address.</summary>
    static string? HostOf(string? url) =>
        url is not null && Resources.TextRules.PlainHost(url) is { IsEmpty: false } host ? host.ToString() : AnyHost(url);

    static string? AnyHost(string? url) =>
        url is not null
        && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Host.Length is > 0 and <= 255
            ? uri.Host.ToLowerInvariant()
            : null;

    static List<KeyValuePair<string, string>>? QueryOf(string? page)
    {
        var start = page?.IndexOf('?') ?? -1;
        if (start < 0)
            return null;
        var end = page!.IndexOf('#', start);
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in (end < 0 ? page[(start + 1)..] : page[(start + 1)..end]).Split('&', 64))
        {
            var equals = pair.IndexOf('=');
            if (equals > 0)
                pairs.Add(new(Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }
        return pairs;

        static string Decode(string text)
        {
            var decoded = Uri.UnescapeDataString(text.Replace('+', ' '));
            return Resources.TextRules.TryTidy(decoded, false, out var tidy, out _) ? tidy : "";
        }
    }
}
