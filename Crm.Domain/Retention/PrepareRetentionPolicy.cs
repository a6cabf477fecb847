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
            errors.Add("do", "invalid", "Only clicks, touches and leads can be anonymised; the others are deleted.");
        if (!string.IsNullOrEmpty(after.Filter) && after.Filter != before?.Filter)
            CheckFilter(work, kind.Type, after.Filter, errors);
        if (
            !string.IsNullOrEmpty(after.Field)
            && after.Field != before?.Field
            && kind.Older(after.Field, work.Settings, work.RightsTo(kind.Type), work.Now) is null
        )
            errors.Add("field", "invalid", "Must be a date or a time of these records that lists of them are filtered by.");
        if (
            before is not null
            && (before.OlderThan, before.Do, before.Active, before.Filter, before.Field)
                == (after.OlderThan, after.Do, after.Active, after.Filter, after.Field)
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

    /// <summary>A policy outlives the people in it, so it names none: an erasure would have to make it another policy.</summary>
    static void CheckFilter(UnitOfWork work, ResourceType type, string filter, FieldErrors errors)
    {
        var found = new FieldErrors();
        ReadFilter.Text(filter, type, work.Settings.For(type), work.RightsTo(type), found);
        foreach (var one in found.All)
            errors.Add("filter", "invalid", $"{one.Field}: {one.Message}");
        foreach (var name in filter.TrimStart('?').Split('&').Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]).Split('[')[0]))
            if (
                type.FieldOfFilter(name) is { IsPersonal: true }
                || type.Filter(name) is { IsPersonal: true }
                || work.Settings.For(type).CustomFields.FirstOrDefault(field => "custom." + field.Name == name)
                    is { Kind: not (BooleanValue or ChoiceValue) }
            )
                errors.Add("filter", "not_allowed", $"{name}: Says something of a person; a policy names none.");
    }
}
