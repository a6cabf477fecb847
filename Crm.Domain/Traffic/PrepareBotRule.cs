// What saving a bot rule checks.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Traffic;

public static class PrepareBotRule
{
    public static ValueTask<BotRule> Run(UnitOfWork work, BotRule? before, BotRule rule, FieldErrors errors, CancellationToken cancel)
    {
        if (before is null && work.Settings.Traffic.AllBotRules >= TrafficRules.Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {TrafficRules.Most} bot rules.");
        if (rule.UserAgent is null && rule.Network is null)
            errors.Add("userAgent", "required", "A rule needs a userAgent, a network, or both, which must then hold together.");
        if (rule.UserAgent is { } pattern && BotRule.Pattern(pattern) is null)
            errors.Add("userAgent", "invalid", "Must be a regular expression without look-around and back-references, and not too large.");
        if (rule.Network is { } network && BotRule.NetworkOf(network) is null)
            errors.Add(
                "network",
                "invalid",
                "Must be a network such as 198.51.100.0/24 or 2001:db8::/32, of IPv4 at least a /24, of IPv6 at least a /48."
            );
        return new(rule);
    }
}
