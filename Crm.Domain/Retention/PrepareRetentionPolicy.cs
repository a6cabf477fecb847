// What saving a retention policy checks, and what it puts off: a change takes effect as late as a new policy.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

public static class PrepareRetentionPolicy
{
    /// <summary>The installation counts for each workspace how often its policies changed.</summary>
    public const string Counters = "retention/";

    public static ValueTask<RetentionPolicy> Run(
        UnitOfWork work,
        RetentionPolicy? before,
        RetentionPolicy after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        var kind = Retained.Of(after.On);
        after = after with { OlderThan = string.IsNullOrEmpty(after.OlderThan) ? kind.Usual : after.OlderThan };
        if (Retained.Read(after.OlderThan) is null)
            errors.Add("olderThan", "invalid", "Must be an ISO 8601 duration from P30D to P100Y, such as P90D, P24M or P2Y.");
        if (after.Do == RetentionDeed.Anonymise && kind.Anonymous is null)
            errors.Add("do", "invalid", "Only clicks and touches can be anonymised; the others are deleted.");
        if (
            before is not null
            && (before.OlderThan, before.Do, before.Active) == (after.OlderThan, after.Do, after.Active)
            && before.On == after.On
        )
            return new(after);
        work.Notify(Counters);
        return new(
            after with
            {
                Status = RetentionStatus.Waiting,
                NextRunAt = after.Active ? work.Now + work.Installation.Options<RetentionSchedule>().FirstRunAfter : null,
                Before = null,
                Place = null,
                Confirmed = false,
            }
        );
    }
}
