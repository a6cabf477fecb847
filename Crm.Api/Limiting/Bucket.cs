// A bucket of requests and of stored bytes: both come back with time, and both may go into debt, which is paid before anything is let in.

using System.Diagnostics;
using System.Threading.RateLimiting;

namespace Crm.Api.Limiting;

/// <summary>
/// The framework's token buckets know neither a price that is found out afterwards nor debts, and another node's share of one limit is
/// both. A new bucket is full. Safe for any number of callers.
/// </summary>
public sealed class Bucket : RateLimiter
{
    readonly Limit limit;
    readonly Lock gate = new();
    double requests,
        bytes;
    long filledAt = Stopwatch.GetTimestamp();

    public Bucket(Limit limit) => (this.limit, requests, bytes) = (limit, limit.Requests.Burst, limit.Bytes.Burst);

    public Limit Limit => limit;

    void Fill()
    {
        var now = Stopwatch.GetTimestamp();
        var minutes = (now - filledAt) / (60.0 * Stopwatch.Frequency);
        filledAt = now;
        requests = Math.Min(limit.Requests.Burst, requests + minutes * limit.Requests.PerMinute);
        bytes = Math.Min(limit.Bytes.Burst, bytes + minutes * limit.Bytes.PerMinute);
    }

    bool IsOpen(double wanted) => (limit.Requests.IsNone || requests >= wanted) && (limit.Bytes.IsNone || bytes > 0);

    /// <summary>Whether so many more requests are within the limit. Takes nothing.</summary>
    public bool Has(int wanted = 1)
    {
        lock (gate)
        {
            Fill();
            return IsOpen(wanted);
        }
    }

    /// <summary>Takes them, if they are within the limit.</summary>
    public bool TryTake(int wanted)
    {
        lock (gate)
        {
            Fill();
            if (!IsOpen(wanted))
                return false;
            requests -= wanted;
            return true;
        }
    }

    /// <summary>What was let in turned out to cost more, or another node let something in: it is owed.</summary>
    public void Charge(long moreRequests, long moreBytes)
    {
        lock (gate)
        {
            Fill();
            requests -= moreRequests;
            bytes -= moreBytes;
        }
    }

    /// <summary>Requests that are left; below 0: owed.</summary>
    public long Left
    {
        get
        {
            lock (gate)
            {
                Fill();
                return (long)Math.Floor(requests);
            }
        }
    }

    /// <summary>Nobody has taken anything that has not come back.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                Fill();
                return requests >= limit.Requests.Burst && bytes >= limit.Bytes.Burst;
            }
        }
    }

    /// <summary>When so many requests will be within the limit again.</summary>
    public TimeSpan After(int wanted = 1)
    {
        lock (gate)
        {
            Fill();
            var minutes = Math.Max(
                limit.Requests.IsNone ? 0 : (wanted - requests) / limit.Requests.PerMinute,
                limit.Bytes.IsNone ? 0 : -bytes / limit.Bytes.PerMinute
            );
            return TimeSpan.FromMinutes(Math.Clamp(minutes, 0, 60 * 24));
        }
    }

    // ---- As a limiter of the framework

    public override TimeSpan? IdleDuration => IsFull ? Stopwatch.GetElapsedTime(filledAt) : null;

    public override RateLimiterStatistics GetStatistics() => new() { CurrentAvailablePermits = Math.Max(0, Left) };

    protected override RateLimitLease AttemptAcquireCore(int permitCount) =>
        permitCount == 0
            ? Has()
                ? Pass.Admitted
                : new Pass(limit, After())
            : TryTake(permitCount)
                ? Pass.Admitted
                : new Pass(limit, After(permitCount));

    /// <summary>Nobody waits in a queue here.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));
}

/// <summary>What a limiter answers.</summary>
/// <param name="over">The limit that was met; null: admitted.</param>
public sealed class Pass(Limit? over, TimeSpan after) : RateLimitLease
{
    public static readonly Pass Admitted = new(null, default);

    /// <summary>Which limit it was.</summary>
    public static readonly MetadataName<string> Name = MetadataName.Create<string>("limit");

    public override bool IsAcquired => over is null;
    public override IEnumerable<string> MetadataNames => over is null ? [] : [Name.Name, MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata =
            over is null ? null
            : metadataName == Name.Name ? over.Name
            : metadataName == MetadataName.RetryAfter.Name ? after
            : null;
        return metadata is not null;
    }
}
