// What saving a channel rule checks.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Traffic;

public static class PrepareChannelRule
{
    public static ValueTask<ChannelRule> Run(
        UnitOfWork work,
        ChannelRule? before,
        ChannelRule rule,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (before is null && work.Settings.Traffic.AllChannelRules >= TrafficRules.Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {TrafficRules.Most} channel rules.");
        if (rule.Channel is { } channel && !channel.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            errors.Add("channel", "invalid", "Must have lower-case letters, digits and hyphens only, such as paid-search.");
        if (rule.Source is null && rule.Medium is null && rule.Campaign is null && rule.Referrer is null && rule.ClickId is null)
            errors.Add("source", "required", "A rule needs one of: source, medium, campaign, referrer, clickId.");
        return new(rule);
    }
}
