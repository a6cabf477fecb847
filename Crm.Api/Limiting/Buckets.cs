// All buckets of this node: made when somebody takes something, forgotten when they are full again, and shared with the other nodes.

using System.Collections.Concurrent;

namespace Crm.Api.Limiting;

public sealed class Buckets
{
    /// <summary>Above so many those that are full again are forgotten: a full one is as good as a new one.</summary>
    const int ManyBuckets = 10_000;

    /// <summary>Counted for the other nodes between two reports.</summary>
    const int MostCounted = 5000;

    readonly ConcurrentDictionary<LimitKey, Bucket> all = new();
    volatile ConcurrentDictionary<LimitKey, (long Requests, long Bytes)>? taken;
    int made;

    public Bucket Of(LimitKey key)
    {
        if (all.TryGetValue(key, out var known))
            return known;
        if (Interlocked.Increment(ref made) % ManyBuckets == 0)
            foreach (var (old, bucket) in all)
                if (bucket.IsFull)
                    all.TryRemove(KeyValuePair.Create(old, bucket));
        return all.GetOrAdd(key, key => new(key.Limit));
    }

    /// <summary>Whether so many more requests are within the limit. Makes no bucket: who is let in nowhere else costs no memory.</summary>
    public bool Has(LimitKey key, int wanted = 1) => key.Limit.IsOff || !all.TryGetValue(key, out var bucket) || bucket.Has(wanted);

    /// <summary>Takes requests and bytes whatever is left.</summary>
    public void Charge(LimitKey key, long requests, long bytes)
    {
        if (key.Limit.IsOff || requests == 0 && bytes == 0)
            return;
        Of(key).Charge(requests, bytes);
        Count(key, requests, bytes);
    }

    /// <summary>Takes them, if they are within the limit.</summary>
    public Pass Take(LimitKey key, int wanted = 1)
    {
        if (key.Limit.IsOff)
            return Pass.Admitted;
        var bucket = Of(key);
        if (!bucket.TryTake(wanted))
            return new(key.Limit, bucket.After(wanted));
        Count(key, wanted, 0);
        return Pass.Admitted;
    }

    // ---- Several nodes

    /// <summary>From here on it is counted what was taken from this node.</summary>
    public void CountTaken() => taken = new();

    void Count(LimitKey key, long requests, long bytes)
    {
        if (taken is { } counts && (counts.Count < MostCounted || counts.ContainsKey(key)))
            counts.AddOrUpdate(
                key,
                static (_, more) => more,
                static (_, before, more) => (before.Requests + more.Requests, before.Bytes + more.Bytes),
                (Requests: requests, Bytes: bytes)
            );
    }

    /// <summary>By limit and bucket, requests and bytes taken since the last call.</summary>
    public Dictionary<string, Dictionary<string, long[]>> TakeCounts()
    {
        var counts = Interlocked.Exchange(ref taken, new()) ?? new();
        return counts
            .GroupBy(pair => pair.Key.Limit.Name)
            .ToDictionary(
                group => group.Key,
                group => group.ToDictionary(pair => pair.Key.Text, pair => new[] { pair.Value.Requests, pair.Value.Bytes })
            );
    }

    /// <summary>Takes what another node let in: it is owed here as well, so that all nodes together let in as much as one.</summary>
    public void TakeAway(Limit limit, string text, long requests, long bytes)
    {
        if (!limit.IsOff && LimitKey.Read(limit, text) is { } key)
            Of(key).Charge(Math.Max(0, requests), Math.Max(0, bytes));
    }
}
