// When a delivery is tried again, and when it is given up.

namespace Crm.Domain.Deliveries;

/// <param name="Waits">After the first, second, ... try that failed. One more try than waits, then it is dead.</param>
/// <param name="Timeout">For one try, from looking up the name to the end of the answer.</param>
public sealed record DeliveryPlan(IReadOnlyList<TimeSpan> Waits, TimeSpan Timeout)
{
    /// <summary>75 hours and 35 minutes in all, as Standard Webhooks proposes.</summary>
    public static readonly DeliveryPlan Usual = new(
        [
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMinutes(30),
            TimeSpan.FromHours(2),
            TimeSpan.FromHours(5),
            TimeSpan.FromHours(10),
            TimeSpan.FromHours(14),
            TimeSpan.FromHours(20),
            TimeSpan.FromHours(24),
        ],
        TimeSpan.FromSeconds(15)
    );

    /// <summary>A wait is longer by up to this part, so that what failed together does not come back together.</summary>
    const double Jitter = 0.2;

    /// <summary>What another side may ask for with Retry-After.</summary>
    static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);

    /// <summary>A node that claimed a delivery and has not said within this time what came of it is taken for dead.</summary>
    public TimeSpan Lease => Timeout * 2;

    /// <summary>How long to wait after so many tries; null: give up.</summary>
    /// <param name="asked">What the other side asked for.</param>
    /// <param name="chance">0 to 1.</param>
    public TimeSpan? After(long attempts, TimeSpan? asked, double chance)
    {
        if (attempts > Waits.Count)
            return null;
        var wait = Waits[(int)attempts - 1] * (1 + Jitter * chance);
        return asked is { } longer && longer > wait ? (longer < LongestAsked ? longer : LongestAsked) : wait;
    }
}
