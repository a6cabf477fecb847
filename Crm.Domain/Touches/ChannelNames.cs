// Marketing channels as people read them.

namespace Crm.Domain.Touches;

public static class ChannelNames
{
    /// <summary>Those whose words alone say something else.</summary>
    static readonly Dictionary<string, string> own = new(StringComparer.Ordinal)
    {
        ["organic-search"] = "Search",
        ["organic-social"] = "Social media",
        ["paid-social"] = "Paid social media",
        ["organic-video"] = "Video",
        ["organic-shopping"] = "Shopping",
        ["cross-network"] = "Cross-network",
        ["paid-other"] = "Other paid",
        ["email"] = "E-mail",
        ["sms"] = "SMS",
        ["ai-assistants"] = "AI assistants",
        ["mobile-push"] = "Push",
        ["referral"] = "Another site",
        ["unassigned"] = "Not known",
    };

    /// <param name="channel">In kebab case, as it is stored; one of the workspace's own too.</param>
    public static string Of(string channel) =>
        own.TryGetValue(channel, out var name) ? name
        : channel.Length == 0 ? channel
        : char.ToUpperInvariant(channel[0]) + channel[1..].Replace('-', ' ');
}
