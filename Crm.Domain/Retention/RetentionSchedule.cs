// When policies run: a time to think after each change, then day by day.

namespace Crm.Domain.Retention;

public sealed class RetentionSchedule
{
    /// <summary>From when a policy is made or changed to its first run.</summary>
    public TimeSpan FirstRunAfter { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan Every { get; init; } = TimeSpan.FromDays(1);
}
