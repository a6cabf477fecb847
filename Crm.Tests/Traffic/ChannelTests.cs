// Which channel an arrival is: the published order of GA4's default channel group, click ids, assistants and own hosts, one line each.

using Crm.Domain.Sites;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.Traffic;

public sealed class ChannelTests
{
    /// <summary>source | medium | campaign | click ids | referrer -> channel; a hyphen for nothing.</summary>
    [Theory]
    // 1 to 8, in their order
    [InlineData("(direct)|(none)|-|-|-", "direct")]
    [InlineData("(direct)|(not set)|-|-|-", "direct")]
    [InlineData("google|cpc|Spring Cross-Network|-|-", "cross-network")]
    [InlineData("amazon|cpc|-|-|-", "paid-shopping")]
    [InlineData("news|cpc|my shopping list|-|-", "paid-shopping")]
    [InlineData("news|paid|shop-2026|-|-", "paid-shopping")]
    [InlineData("news|cpc|workshop|-|-", "paid-other")]
    [InlineData("google|cpc|-|-|-", "paid-search")]
    [InlineData("GOOGLE|CPC|-|-|-", "paid-search")]
    [InlineData("bing|ppc|-|-|-", "paid-search")]
    [InlineData("google|cpm|-|-|-", "paid-search")]
    [InlineData("google|retargeting|-|-|-", "paid-search")]
    [InlineData("facebook|paid_social|-|-|-", "paid-social")]
    [InlineData("m.facebook.com|cpc|-|-|-", "paid-social")]
    [InlineData("youtube|cpv|-|-|-", "paid-video")]
    [InlineData("youtube|cpc|-|-|-", "paid-video")]
    [InlineData("adnetwork|display|-|-|-", "display")]
    [InlineData("adnetwork|banner|-|-|-", "display")]
    [InlineData("adnetwork|interstitial|-|-|-", "display")]
    [InlineData("adnetwork|expandable|-|-|-", "display")]
    [InlineData("adnetwork|cpm|-|-|-", "display")]
    [InlineData("adnetwork|cpa|-|-|-", "paid-other")]
    [InlineData("adnetwork|paidsomething|-|-|-", "paid-other")]
    // 9 to 19
    [InlineData("etsy|referral|-|-|-", "organic-shopping")]
    [InlineData("news|web|shop|-|-", "organic-shopping")]
    [InlineData("news|web|eshop|-|-", "organic-shopping")]
    [InlineData("instagram|-|-|-|-", "organic-social")]
    [InlineData("x|social-network|-|-|-", "organic-social")]
    [InlineData("any|sm|-|-|-", "organic-social")]
    [InlineData("any|social media|-|-|-", "organic-social")]
    [InlineData("vimeo.com|referral|-|-|-", "organic-video")]
    [InlineData("any|newvideo|-|-|-", "organic-video")]
    [InlineData("chatgpt.com|-|-|-|-", "ai-assistants")]
    [InlineData("claude.ai|referral|-|-|-", "ai-assistants")]
    [InlineData("duckduckgo|-|-|-|-", "organic-search")]
    [InlineData("any|organic|-|-|-", "organic-search")]
    [InlineData("newsletter|email|-|-|-", "email")]
    [InlineData("e-mail|web|-|-|-", "email")]
    [InlineData("any|e_mail|-|-|-", "email")]
    [InlineData("any|e mail|-|-|-", "email")]
    [InlineData("blog|affiliate|-|-|-", "affiliates")]
    [InlineData("blog|referral|-|-|-", "referral")]
    [InlineData("blog|app|-|-|-", "referral")]
    [InlineData("blog|link|-|-|-", "referral")]
    [InlineData("podcast|audio|-|-|-", "audio")]
    [InlineData("sms|-|-|-|-", "sms")]
    [InlineData("any|sms|-|-|-", "sms")]
    [InlineData("any|webpush|-|-|-", "mobile-push")]
    [InlineData("any|mobile-x|-|-|-", "mobile-push")]
    [InlineData("any|notification|-|-|-", "mobile-push")]
    [InlineData("firebase|-|-|-|-", "mobile-push")]
    [InlineData("any|thing|-|-|-", "unassigned")]
    // Click ids, without UTM parameters or with a source alone
    [InlineData("-|-|-|gclid=x|www.google.com", "paid-search")]
    [InlineData("-|-|-|wbraid=x|-", "paid-search")]
    [InlineData("-|-|-|GBRAID=x|-", "paid-search")]
    [InlineData("-|-|-|msclkid=x|www.bing.com", "paid-search")]
    [InlineData("-|-|-|dclid=x|-", "display")]
    [InlineData("-|-|-|ttclid=x|-", "paid-social")]
    [InlineData("-|-|-|li_fat_id=x|-", "paid-social")]
    [InlineData("-|-|-|fbclid=x|l.facebook.com", "organic-social")]
    [InlineData("-|-|-|fbclid=x;gclid=y|-", "paid-search")]
    [InlineData("-|-|-|srsltid=x|www.google.com", "organic-shopping")]
    [InlineData("-|-|-|irclickid=x|-", "affiliates")]
    [InlineData("-|-|-|mc_cid=x|-", "email")]
    [InlineData("google|-|-|gclid=x|-", "paid-search")]
    [InlineData("newsletter|email|-|gclid=x|-", "email")]
    [InlineData("-|-|-|unknown=x|-", "direct")]
    // Referring hosts
    [InlineData("-|-|-|-|www.google.com.br", "organic-search")]
    [InlineData("-|-|-|-|search.yahoo.co.jp", "organic-search")]
    [InlineData("-|-|-|-|out.reddit.com", "organic-social")]
    [InlineData("-|-|-|-|t.co", "organic-social")]
    [InlineData("-|-|-|-|www.youtube.com", "organic-video")]
    [InlineData("-|-|-|-|gemini.google.com", "ai-assistants")]
    [InlineData("-|-|-|-|copilot.microsoft.com", "ai-assistants")]
    [InlineData("-|-|-|-|www.perplexity.ai", "ai-assistants")]
    [InlineData("-|-|-|-|www.ebay.de", "organic-shopping")]
    [InlineData("-|-|-|-|blog.example.org", "referral")]
    [InlineData("-|-|-|-|notgoogle.example.org", "referral")]
    [InlineData("-|-|-|-|shop.silva.example.org", "direct")]
    [InlineData("-|-|-|-|-", "direct")]
    public void an_arrival_is_of_the_first_channel_that_fits(string arrival, string channel)
    {
        var (source, medium, campaign, ids, referrer) = arrival.Split('|').Select(part => part == "-" ? null : part).ToArray() switch
        {
            [var a, var b, var c, var d, var e] => (a, b, c, d, e),
            _ => throw new ArgumentException(arrival),
        };
        var rules = new TrafficRules([], [], [new Site { AllowedOrigins = ["https://shop.silva.example.org"] }]);
        rules
            .ChannelOf(
                new Utm
                {
                    Source = source,
                    Medium = medium,
                    Campaign = campaign,
                },
                ids?.Split(';') ?? [],
                referrer
            )
            .Should()
            .Be(channel);
    }

    [Theory]
    [InlineData("abc", "ABC", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("a*", "a", true)]
    [InlineData("*", "x", true)]
    [InlineData("*", "", false)]
    [InlineData("*.example.org", "www.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("a*b*c", "aXXbYYbZc", true)]
    [InlineData("a*b*c", "aXXbYYbZ", false)]
    [InlineData("**a**", "bab", true)]
    [InlineData("a.c", "abc", false)]
    public void a_star_stands_for_any_characters_and_everything_else_for_itself(string pattern, string text, bool fits) =>
        new TextPattern(pattern).Matches(text).Should().Be(fits);
}
