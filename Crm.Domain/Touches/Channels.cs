// The marketing channel of an arrival, by the published rules of GA4's default channel group, in their order.

using System.Text.RegularExpressions;
using Crm.Domain.Leads;

namespace Crm.Domain.Touches;

public static partial class Channels
{
    // A small table of our own: the hosts and source names that account for most traffic.
    static readonly HashSet<string> Search = Set("google bing duckduckgo yahoo baidu yandex ecosia ecosia.org startpage qwant brave naver seznam sogou ask aol");
    static readonly HashSet<string> Social = Set("facebook instagram linkedin twitter x tiktok pinterest reddit snapchat whatsapp telegram tumblr quora vk weibo threads mastodon bluesky t.co lnkd.in fb ig facebook.com instagram.com linkedin.com l.facebook.com lm.facebook.com m.facebook.com l.instagram.com out.reddit.com away.vk.com x.com twitter.com");
    static readonly HashSet<string> Video = Set("youtube vimeo twitch dailymotion youtube.com vimeo.com netflix hulu");
    static readonly HashSet<string> Shopping = Set("amazon ebay etsy walmart shopify aliexpress mercadolivre mercadolibre alibaba shopzilla igshopping");
    static readonly HashSet<string> Assistants = Set("chatgpt.com chat.openai.com claude.ai perplexity.ai www.perplexity.ai copilot.microsoft.com gemini.google.com chat.deepseek.com grok.com phind.com");

    static HashSet<string> Set(string words) => words.Split(' ').ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("^(.*cp.*|ppc|retargeting|paid.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Paid();

    [GeneratedRegex("^(.*(([^a-df-z]|^)shop|shopping).*)$", RegexOptions.NonBacktracking)]
    private static partial Regex ShoppingCampaign();

    /// <summary>The channel in kebab case. Without UTM parameters the click ids decide, then the referring host; nothing known is direct.</summary>
    public static string Of(Utm utm, IReadOnlyCollection<string> clickIds, string? referrerHost)
    {
        if (utm.Source is null && utm.Medium is null && utm.Campaign is null)
            return WithoutUtm(clickIds, referrerHost);
        var source = utm.Source?.ToLowerInvariant() ?? "";
        var medium = utm.Medium?.ToLowerInvariant() ?? "";
        var campaign = utm.Campaign?.ToLowerInvariant() ?? "";
        if (source == "(direct)" && medium is "" or "(not set)" or "(none)") return "direct";
        if (campaign.Contains("cross-network")) return "cross-network";
        var paid = Paid().IsMatch(medium);
        var shopping = Shopping.Contains(source) || ShoppingCampaign().IsMatch(campaign);
        if (paid)
            return shopping ? "paid-shopping" : Is(Search, source) ? "paid-search" : Is(Social, source) ? "paid-social" : Is(Video, source) ? "paid-video"
                : medium is "cpm" ? "display" : "paid-other";
        if (medium is "display" or "banner" or "expandable" or "interstitial") return "display";
        if (shopping) return "organic-shopping";
        if (Is(Social, source) || medium is "social" or "social-network" or "social-media" or "sm" or "social network" or "social media") return "organic-social";
        if (Is(Video, source) || medium.Contains("video")) return "organic-video";
        if (Assistants.Contains(source)) return "ai-assistants";
        if (Is(Search, source) || medium == "organic") return "organic-search";
        if (IsEmail(source) || IsEmail(medium)) return "email";
        if (medium == "affiliate") return "affiliates";
        if (medium is "referral" or "app" or "link") return "referral";
        if (medium == "audio") return "audio";
        if (source == "sms" || medium == "sms") return "sms";
        if (medium.EndsWith("push", StringComparison.Ordinal) || medium.Contains("mobile") || medium.Contains("notification") || source == "firebase") return "mobile-push";
        return "unassigned";
    }

    static string WithoutUtm(IReadOnlyCollection<string> clickIds, string? host)
    {
        if (clickIds.Any(c => c.StartsWith("gclid=", StringComparison.OrdinalIgnoreCase) || c.StartsWith("gbraid=", StringComparison.OrdinalIgnoreCase)
            || c.StartsWith("wbraid=", StringComparison.OrdinalIgnoreCase) || c.StartsWith("msclkid=", StringComparison.OrdinalIgnoreCase)))
            return "paid-search";
        if (host is null) return "direct";
        if (Assistants.Contains(host)) return "ai-assistants";
        if (Is(Social, host)) return "organic-social";
        if (Is(Video, host)) return "organic-video";
        if (Is(Search, host)) return "organic-search";
        if (Is(Shopping, host)) return "organic-shopping";
        return "referral";
    }

    static bool IsEmail(string text) => text is "email" or "e-mail" or "e_mail" or "e mail";

    /// <summary>A name or a host of the list: google, google.com, www.google.co.uk.</summary>
    static bool Is(HashSet<string> list, string source)
    {
        if (list.Contains(source))
            return true;
        if (!source.Contains('.'))
            return false;
        // The registrable label stands before the public suffix; the suffix is one label, or two when the last but one is short (co.uk).
        var labels = source.Split('.');
        var at = labels.Length - 2;
        if (at > 0 && labels[at].Length <= 3 && labels[^1].Length == 2)
            at--;
        return list.Contains(labels[at]);
    }
}
