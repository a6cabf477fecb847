// How often: token buckets per key, per address, per form and per workspace; all that apply must have a token.

using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Crm.Api.Http;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Api.Security;

public sealed class RateLimits : IAsyncDisposable
{
    /// <param name="Name">As in the RateLimit headers.</param>
    /// <param name="Burst">Tokens a full bucket holds.</param>
    /// <param name="PerMinute">Tokens that come back in a minute.</param>
    public sealed record Limit(string Name, int Burst, int PerMinute);

    public static readonly Limit FormAndAddress = new("form-address", 20, 10),
        Address = new("address", 60, 60),
        Form = new("form", 600, 600),
        WorkspaceForms = new("workspace-forms", 3000, 3000),
        Key = new("key", 100, 600),
        Postback = new("postback", 3000, 3000),
        FailedKey = new("failed-keys", 10, 10),
        TrackerAddress = new("tracker-address", 120, 120),
        TrackerSite = new("tracker-site", 10_000, 10_000),
        Cost = new("graphql-cost", 50_000, 50_000);

    /// <param name="Partition">Which bucket a request takes from; null when the limit is not meant for it.</param>
    sealed record Entry(Limit Limit, PartitionedRateLimiter<string> Buckets, Func<HttpContext, string?> Partition);

    readonly Entry[] all;
    volatile ConcurrentDictionary<(string Limit, string Partition), int>? taken;

    public RateLimits(bool enabled)
    {
        Enabled = enabled;
        FailedKeys = PartitionedRateLimiter.Create<string, string>(address => Bucket(address, FailedKey));
        Costs = PartitionedRateLimiter.Create<string, string>(key => Bucket(key, Cost));
        // Keyed by what the route matched, never by the address as written: another spelling of a path is no other bucket.
        all =
        [
            Of(FormAndAddress, http =>
                IsPost(http) && http.Features.Get<PlannedForm>() is { } form
                    ? $"{form.Form.Key} {ClientAddress.LimitKey(http.Connection.RemoteIpAddress)}"
                    : null
            ),
            Of(Address, http =>
                http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is not null && http.Features.Get<Caller>() is null
                    ? ClientAddress.LimitKey(http.Connection.RemoteIpAddress)
                    : null
            ),
            Of(Form, http => IsPost(http) && http.Features.Get<PlannedForm>() is { } form ? form.Form.Key : null),
            Of(WorkspaceForms, http =>
                IsPost(http) && http.Features.Get<PlannedForm>() is { } form
                    ? form.Settings.Key.Value.ToString(CultureInfo.InvariantCulture)
                    : null
            ),
            Of(Postback, http =>
                http.GetEndpoint()?.Metadata.GetMetadata<PublicPostback>() is not null
                    ? http.Request.RouteValues["affiliateKey"] as string
                    : null
            ),
            Of(TrackerAddress, http =>
                http.GetEndpoint()?.Metadata.GetMetadata<PublicTracker>() is { Tells: true }
                && !HttpMethods.IsOptions(http.Request.Method)
                && http.Features.Get<Caller>() is null
                    ? ClientAddress.LimitKey(http.Connection.RemoteIpAddress)
                    : null
            ),
            Of(TrackerSite, http =>
                http.Features.Get<KnownSite>() is { } site && !HttpMethods.IsOptions(http.Request.Method) ? site.Site.Key : null
            ),
            Of(Key, http =>
                http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is null && http.Features.Get<Caller>() is { } caller
                    ? caller.By
                    : null
            ),
        ];
        // A server that posts with its key posts for many visitors from one address: the limits by address are not meant for it.
        static bool IsPost(HttpContext http) =>
            HttpMethods.IsPost(http.Request.Method)
            && http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is not null
            && http.Features.Get<Caller>() is null;
    }

    public bool Enabled { get; }

    /// <summary>Wrong API keys by address.</summary>
    public PartitionedRateLimiter<string> FailedKeys { get; }

    /// <summary>What a key's GraphQL requests cost.</summary>
    public PartitionedRateLimiter<string> Costs { get; }

    static Entry Of(Limit limit, Func<HttpContext, string?> partition) =>
        new(limit, PartitionedRateLimiter.Create<string, string>(key => Bucket(key, limit)), partition);

    /// <summary>The limits that are meant for a request, each with the bucket.</summary>
    List<(Entry Entry, string Bucket)> For(HttpContext http)
    {
        var mine = new List<(Entry, string)>(3);
        foreach (var entry in all)
            if (entry.Partition(http) is { Length: > 0 } bucket)
                mine.Add((entry, bucket));
        return mine;
    }

    // ---- Several nodes

    /// <summary>From here on it is counted who took tokens from this node.</summary>
    public void CountTaken() => taken = new();

    void Count(List<(Entry Entry, string Bucket)> those)
    {
        if (taken is not { } counts || counts.Count >= MostCounted)
            return;
        foreach (var (entry, bucket) in those)
            counts.AddOrUpdate((entry.Limit.Name, bucket), 1, (_, before) => before + 1);
    }

    const int MostCounted = 5000;

    /// <summary>By limit and partition, the tokens taken since the last call.</summary>
    public Dictionary<string, Dictionary<string, int>> TakeCounts()
    {
        var counts = Interlocked.Exchange(ref taken, new()) ?? new();
        return counts
            .GroupBy(pair => pair.Key.Limit)
            .ToDictionary(group => group.Key, group => group.ToDictionary(pair => pair.Key.Partition, pair => pair.Value));
    }

    /// <summary>Takes tokens that were given by another node; an empty bucket stays empty.</summary>
    public void TakeAway(string name, string partition, int tokens)
    {
        foreach (var (limit, buckets, _) in all)
            if (limit.Name == name && partition.Length > 0 && buckets.GetStatistics(partition) is { } statistics)
                buckets.AttemptAcquire(partition, (int)Math.Min(tokens, statistics.CurrentAvailablePermits)).Dispose();
    }

    static RateLimitPartition<string> Bucket(string key, Limit limit) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
            {
                TokenLimit = limit.Burst,
                QueueLimit = 0,
                AutoReplenishment = true,
                // Small steps: a token comes back as soon as it is due, not all of them once a minute.
                ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 / limit.PerMinute * Math.Max(1, limit.PerMinute / 60)),
                TokensPerPeriod = Math.Max(1, limit.PerMinute / 60),
            });

    /// <summary>A token of every bucket, or the refusal of the first that is empty.</summary>
    static RateLimitLease? Take(List<(Entry Entry, string Bucket)> those)
    {
        foreach (var (entry, bucket) in those)
        {
            var lease = entry.Buckets.AttemptAcquire(bucket);
            if (!lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        return null;
    }

    /// <summary>Lets a request through, with the limits in its answer's headers; otherwise it has its answer, and the result is
    /// false.</summary>
    public async ValueTask<bool> Admit(HttpContext http)
    {
        var those = For(http);
        if (those.Count == 0)
            return true;
        using var refused = Take(those);
        if (refused is not null)
        {
            await Refuse(http, refused, null);
            return false;
        }
        Count(those);
        WriteHeaders(http, those);
        return true;
    }

    /// <summary>429 with the time after which another try has a chance.</summary>
    public async Task Refuse(HttpContext http, RateLimitLease lease, string? name)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 6;
        CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", name ?? "requests"));
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        WriteHeaders(http);
        await Problems.Write(
            http,
            ProblemCodes.RateLimited,
            $"Try again in {wait} seconds. Nothing was stored.",
            [new("", "rate_limited", $"Too many requests; try again in {wait} seconds.")]
        );
    }

    /// <summary>Takes the tokens of one more request that comes over a connection which is open already.</summary>
    public bool Take(HttpContext http)
    {
        if (!Enabled)
            return true;
        var those = For(http);
        using var refused = Take(those);
        if (refused is null)
            Count(those);
        return refused is null;
    }

    /// <summary>Takes a token by what only the body said. False: there was none left, and the request is answered with 429.</summary>
    public async ValueTask<bool> Take(HttpContext http, Limit limit, string partition)
    {
        if (!Enabled)
            return true;
        using var lease = all.First(l => l.Limit == limit).Buckets.AttemptAcquire(partition);
        if (!lease.IsAcquired)
            await Refuse(http, lease, null);
        else
            taken?.AddOrUpdate((limit.Name, partition), 1, (_, before) => before + 1);
        return lease.IsAcquired;
    }

    /// <summary>The limits that applied, with what is left of each.</summary>
    public void WriteHeaders(HttpContext http)
    {
        if (Enabled && !http.Response.HasStarted)
            WriteHeaders(http, For(http));
    }

    static void WriteHeaders(HttpContext http, List<(Entry Entry, string Bucket)> those)
    {
        string? policy = null,
            left = null;
        foreach (var ((limit, buckets, _), bucket) in those)
        {
            if (buckets.GetStatistics(bucket) is not { } statistics)
                continue;
            var window = (int)Math.Ceiling(limit.Burst * 60.0 / limit.PerMinute);
            var missing = limit.Burst - statistics.CurrentAvailablePermits;
            policy = Join(policy, $"\"{limit.Name}\";q={limit.Burst};w={window}");
            left = Join(
                left,
                $"\"{limit.Name}\";r={statistics.CurrentAvailablePermits};t={(int)Math.Ceiling(missing * 60.0 / limit.PerMinute)}"
            );
        }
        if (policy is null)
            return;
        http.Response.Headers["RateLimit-Policy"] = policy;
        http.Response.Headers["RateLimit"] = left;

        static string Join(string? before, string more) => before is null ? more : before + ", " + more;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, buckets, _) in all)
            await buckets.DisposeAsync();
        await FailedKeys.DisposeAsync();
        await Costs.DisposeAsync();
    }
}

/// <summary>Refuses what comes too often, and says in every other answer how much is left.</summary>
public sealed class RateLimiting(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http) => limits.Enabled ? Limited(http) : next(http);

    async Task Limited(HttpContext http)
    {
        if (await limits.Admit(http))
            await next(http);
    }
}
