// The rules by which a workspace tells channels and robots: its own first, then the built-in ones. Made once, used for every click and
// page.

using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Crm.Domain.Links;
using Crm.Domain.Sites;
using Crm.Domain.Touches;
using Crm.Domain.Values;

namespace Crm.Domain.Traffic;

public sealed class TrafficRules
{
    /// <summary>Rules of a kind in one workspace.</summary>
    public const int Most = 100;

    /// <summary>The signal of a workspace's own rule.</summary>
    public const string BotRuleSignal = "bot_rule";

    /// <summary>No rules of one's own.</summary>
    public static readonly TrafficRules BuiltIn = new([], [], []);

    sealed record OfChannel(
        string Channel,
        TextPattern? Source,
        TextPattern? Medium,
        TextPattern? Campaign,
        TextPattern? Referrer,
        TextPattern? ClickId
    );

    readonly OfChannel[] channels;
    readonly (Regex? UserAgent, IPNetwork? Network)[] bots;
    readonly HashSet<string> ownHosts;

    public TrafficRules(IReadOnlyList<ChannelRule> channelRules, IReadOnlyList<BotRule> botRules, IReadOnlyList<Site> sites)
    {
        (AllChannelRules, AllBotRules) = (channelRules.Count, botRules.Count);
        channels =
        [
            .. channelRules
                .Where(rule => rule.Active)
                .OrderBy(rule => rule.Position)
                .ThenBy(rule => rule.Id)
                .Select(rule => new OfChannel(
                    rule.Channel!,
                    Of(rule.Source),
                    Of(rule.Medium),
                    Of(rule.Campaign),
                    Of(rule.Referrer),
                    Of(rule.ClickId)
                )),
        ];
        bots =
        [
            .. botRules
                .Where(rule => rule.Active)
                .Select(rule =>
                    (
                        rule.UserAgent is { } pattern ? BotRule.Pattern(pattern) : null,
                        rule.Network is { } network ? BotRule.NetworkOf(network) : null
                    )
                )
                .Where(rule => rule is not (null, null)),
        ];
        ownHosts = [.. sites.SelectMany(site => site.AllowedOrigins).Select(origin => new Uri(origin).Host.ToLowerInvariant())];

        static TextPattern? Of(string? text) => text is null ? null : new(text);
    }

    public int AllChannelRules { get; }
    public int AllBotRules { get; }

    /// <summary>Whether a referring host is one of the workspace's own sites: it says nothing of where somebody came from.</summary>
    public bool IsOwn(string host) => ownHosts.Contains(host);

    /// <param name="clickIds">As <c>name=value</c>.</param>
    /// <param name="referrer">The host of the page before; one of the workspace's own counts as none.</param>
    public string ChannelOf(Utm utm, IReadOnlyCollection<string> clickIds, string? referrer)
    {
        if (referrer is not null && IsOwn(referrer))
            referrer = null;
        foreach (var rule in channels)
            if (
                Fits(rule.Source, utm.Source)
                && Fits(rule.Medium, utm.Medium)
                && Fits(rule.Campaign, utm.Campaign)
                && Fits(rule.Referrer, referrer)
                && (rule.ClickId is null || clickIds.Any(id => rule.ClickId.Matches(id[..Math.Max(0, id.IndexOf('='))])))
            )
                return rule.Channel;
        return Channels.Of(utm, clickIds, referrer);

        static bool Fits(TextPattern? pattern, string? text) => pattern is null || pattern.Matches(text);
    }

    /// <summary>What the rules tell anew; other signals are what was seen when the request came, and stay.</summary>
    static readonly string[] OfRules = ["robot", "no_user_agent", "no_navigation", BotRuleSignal];

    /// <summary>The signals of a stored record by the rules of today.</summary>
    public ImmutableArray<string> Anew(ImmutableArray<string> before, string? userAgent, string? ip)
    {
        // What counted as a person's without any description was known by other means.
        if (userAgent is null && !before.Contains("no_user_agent"))
            return before;
        return
        [
            .. SignalsOf(userAgent, ip, before.Contains("no_navigation") ? Navigation.No : Navigation.Yes),
            .. before.Where(signal => !OfRules.Contains(signal)),
        ];
    }

    /// <summary>Why it does not count as a person's; empty when it does.</summary>
    /// <param name="ip">The network of the address, as it is stored.</param>
    public ImmutableArray<string> SignalsOf(string? userAgent, string? ip, Navigation navigation)
    {
        var signals = Robots.SignalsOf(userAgent, navigation);
        if (bots.Length == 0 || signals.Length > 0)
            return signals;
        var address = IPAddress.TryParse(ip, out var parsed) ? parsed : null;
        foreach (var (pattern, network) in bots)
            if (
                (pattern is null || userAgent is not null && pattern.IsMatch(userAgent))
                && (
                    network is not { } within
                    || address is not null && address.AddressFamily == within.BaseAddress.AddressFamily && within.Contains(address)
                )
            )
                return [BotRuleSignal];
        return signals;
    }
}
