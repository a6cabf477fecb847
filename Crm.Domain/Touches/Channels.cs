// The marketing channel of an arrival, by the published rules of GA4's default channel group, in their order.

using System.Text.RegularExpressions;
using Crm.Domain.Values;

namespace Crm.Domain.Touches;

public static partial class Channels
{
    // A small table of our own: the hosts and source names that account for most traffic.
    static readonly HashSet<string> Search = Set(
        "google bing duckduckgo yahoo baidu yandex ecosia ecosia.org startpage qwant brave naver seznam sogou ask aol"
    );
    static readonly HashSet<string> Social = Set(
        "facebook instagram linkedin twitter x tiktok pinterest reddit snapchat whatsapp telegram tumblr quora vk weibo threads mastodon bluesky t.co lnkd.in fb ig facebook.com instagram.com linkedin.com l.facebook.com lm.facebook.com m.facebook.com l.instagram.com out.reddit.com away.vk.com x.com twitter.com"
    );
    static readonly HashSet<string> Video = Set("youtube vimeo twitch dailymotion youtube.com vimeo.com netflix hulu");
    static readonly HashSet<string> Shopping = Set(
        "amazon ebay etsy walmart shopify aliexpress mercadolivre mercadolibre alibaba shopzilla igshopping"
    );
    static readonly HashSet<string> Assistants = Set(
        "chatgpt.com chatgpt chat.openai.com openai.com claude.ai claude perplexity.ai www.perplexity.ai perplexity copilot.microsoft.com copilot.com gemini.google.com chat.deepseek.com deepseek.com grok.com x.ai phind.com www.phind.com you.com chat.mistral.ai meta.ai www.meta.ai poe.com"
    );

    static HashSet<string> Set(string words) => words.Split(' ').ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("^(.*cp.*|ppc|retargeting|paid.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Paid();

    [GeneratedRegex("^(.*(([^a-df-z]|^)shop|shopping).*)$", RegexOptions.NonBacktracking)]
    private static partial Regex ShoppingCampaign();

    /// <summary>The channel in kebab case. Without UTM parameters the click ids decide, then the referring host; nothing known is
    /// direct.</summary>
    public static string Of(Utm utm, IReadOnlyCollection<string> clickIds, string? referrerHost)
    {
        if (utm.Source is null && utm.Medium is null && utm.Campaign is null)
            return WithoutUtm(clickIds, referrerHost);
        // Links that are tagged by the network itself often carry a source and no medium.
        if (utm.Medium is null && OfClickIds(clickIds) is { } tagged)
            return tagged;
        var source = utm.Source?.ToLowerInvariant() ?? "";
        var medium = utm.Medium?.ToLowerInvariant() ?? "";
        var campaign = utm.Campaign?.ToLowerInvariant() ?? "";
        if (source == "(direct)" && medium is "" or "(not set)" or "(none)")
            return "direct";
        if (campaign.Contains("cross-network"))
            return "cross-network";
        var paid = Paid().IsMatch(medium);
        var shopping = Shopping.Contains(source) || ShoppingCampaign().IsMatch(campaign);
        if (paid)
            return shopping ? "paid-shopping"
                : Is(Search, source) ? "paid-search"
                : Is(Social, source) ? "paid-social"
                : Is(Video, source) ? "paid-video"
                : medium is "cpm" ? "display"
                : "paid-other";
        if (medium is "display" or "banner" or "expandable" or "interstitial")
            return "display";
        if (shopping)
            return "organic-shopping";
        if (Is(Social, source) || medium is "social" or "social-network" or "social-media" or "sm" or "social network" or "social media")
            return "organic-social";
        if (Is(Video, source) || medium.Contains("video"))
            return "organic-video";
        if (Assistants.Contains(source))
            return "ai-assistants";
        if (Is(Search, source) || medium == "organic")
            return "organic-search";
        if (IsEmail(source) || IsEmail(medium))
            return "email";
        if (medium == "affiliate")
            return "affiliates";
        if (medium is "referral" or "app" or "link")
            return "referral";
        if (medium == "audio")
            return "audio";
        if (source == "sms" || medium == "sms")
            return "sms";
        if (
            medium.EndsWith("push", StringComparison.Ordinal)
            || medium.Contains("mobile")
            || medium.Contains("notification")
            || source == "firebase"
        )
            return "mobile-push";
        return "unassigned";
    }

    /// <summary>What an advertising network's click id says by itself. Shares of a post carry some of them too: fbclid is no proof that
    /// somebody paid.</summary>
    static readonly Dictionary<string, string> ByClickId = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gclid"] = "paid-search",
        ["gbraid"] = "paid-search",
        ["wbraid"] = "paid-search",
        ["gad_source"] = "paid-search",
        ["gad_campaignid"] = "paid-search",
        ["gclsrc"] = "paid-search",
        ["msclkid"] = "paid-search",
        ["yclid"] = "paid-search",
        ["ymclid"] = "paid-search",
        ["dclid"] = "display",
        ["ttclid"] = "paid-social",
        ["twclid"] = "paid-social",
        ["li_fat_id"] = "paid-social",
        ["rdt_cid"] = "paid-social",
        ["epik"] = "paid-social",
        ["sccid"] = "paid-social",
        ["qclid"] = "paid-social",
        ["obclid"] = "paid-other",
        ["tblci"] = "paid-other",
        ["tblclid"] = "paid-other",
        ["irclid"] = "affiliates",
        ["irclickid"] = "affiliates",
        ["awc"] = "affiliates",
        ["cjevent"] = "affiliates",
        ["sscid"] = "affiliates",
        ["srsltid"] = "organic-shopping",
        ["fbclid"] = "organic-social",
        ["igshid"] = "organic-social",
        ["mc_cid"] = "email",
        ["_kx"] = "email",
    };

    /// <summary>Whether a channel may have been told by a click id alone.</summary>
    public static bool IsOfClickId(string channel) => ByClickId.ContainsValue(channel);

    /// <summary>Those that were paid for go before the others, then the first.</summary>
    static string? OfClickIds(IReadOnlyCollection<string> clickIds)
    {
        string? found = null;
        foreach (var id in clickIds)
            if (id.IndexOf('=') is > 0 and var end && ByClickId.TryGetValue(id[..end], out var channel))
            {
                if (channel.StartsWith("paid-", StringComparison.Ordinal) || channel == "display")
                    return channel;
                found ??= channel;
            }
        return found;
    }

    static string WithoutUtm(IReadOnlyCollection<string> clickIds, string? host)
    {
        if (OfClickIds(clickIds) is { } told)
            return told;
        if (host is null)
            return "direct";
        if (Assistants.Contains(host))
            return "ai-assistants";
        if (Is(Social, host))
            return "organic-social";
        if (Is(Video, host))
            return "organic-video";
        if (Is(Search, host))
            return "organic-search";
        if (Is(Shopping, host))
            return "organic-shopping";
        return "referral";
    }

    static bool IsEmail(string text) => text is "email" or "e-mail" or "e_mail" or "e mail";

    /// <summary>A name or a host of the list: google, google.com, www.google.co.uk.</summary>
    static bool Is(HashSet<string> list, string source) =>
        list.Contains(source)
        || RegistrableLabel(source) is { IsEmpty: false } label && list.GetAlternateLookup<ReadOnlySpan<char>>().Contains(label);

    /// <summary>It stands before the public suffix; the suffix is one label, or two when the last but one is short (co.uk).</summary>
    static ReadOnlySpan<char> RegistrableLabel(ReadOnlySpan<char> host)
    {
        var dot = host.LastIndexOf('.');
        if (dot < 0)
            return default;
        var label = LastLabel(host[..dot]);
        return dot > label.Length && label.Length <= 3 && host.Length - dot - 1 == 2 ? LastLabel(host[..(dot - label.Length - 1)]) : label;
    }

    static ReadOnlySpan<char> LastLabel(ReadOnlySpan<char> host) => host[(host.LastIndexOf('.') + 1)..];
}
