// All buckets that a request takes from, as one limiter: the first that is empty refuses, and then none has lost anything.

using System.Threading.RateLimiting;

namespace Crm.Api.Limiting;

/// <param name="keys">The narrowest first.</param>
public sealed class BucketChain(Buckets buckets, LimitKey[] keys) : RateLimiter
{
    long usedAt = Environment.TickCount64;

    /// <summary>The framework forgets a chain that is not used; its buckets stay as long as they are not full.</summary>
    public override TimeSpan? IdleDuration => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref usedAt));

    public override RateLimiterStatistics? GetStatistics() =>
        keys.Length == 0 ? null : new() { CurrentAvailablePermits = keys.Min(key => Math.Max(0, buckets.Of(key).Left)) };

    /// <summary>Looks at all before it takes from any: what one refuses costs the others nothing, or who is over their own limit would
    /// empty the ones that they share.</summary>
    Pass Look(int wanted)
    {
        foreach (var key in keys)
            if (!buckets.Has(key, wanted))
                return new(key.Limit, buckets.Of(key).After(wanted));
        return Pass.Admitted;
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Volatile.Write(ref usedAt, Environment.TickCount64);
        var look = Look(permitCount);
        if (look.IsAcquired)
            foreach (var key in keys)
                buckets.Charge(key, permitCount, 0);
        return look;
    }

    /// <summary>The middleware asks once more, ready to wait, when it was refused. Nobody waits here, and nobody pays twice.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));
}
