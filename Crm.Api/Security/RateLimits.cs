// How often: token buckets per key, per address, per form and per workspace; all that apply must have a token.

using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Crm.Api.Affiliates;
using Crm.Api.Rest;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Work;
using Microsoft.AspNetCore.RateLimiting;

namespace Crm.Api.Security;

public sealed class RateLimits : IAsyncDisposable
{
    /// <param name="Name">As in the RateLimit headers.</param>
    /// <param name="Burst">Tokens a full bucket holds.</param>
    /// <param name="PerMinute">Tokens that come back in a minute.</param>
    public sealed record Limit(string Name, int Burst, int PerMinute);

    public static readonly Limit FormAndAddress = new("form-address", 20, 10), Address = new("address", 60, 60), Form = new("form", 600, 600),
        WorkspaceForms = new("workspace-forms", 3000, 3000), Key = new("key", 100, 600), Postback = new("postback", 3000, 3000), FailedKey = new("failed-keys", 10, 10),
        TrackerAddress = new("tracker-address", 120, 120), TrackerSite = new("tracker-site", 10_000, 10_000),
        Cost = new("graphql-cost", 10_000, 10_000);

    readonly IReadOnlyList<(Limit Limit, PartitionedRateLimiter<HttpContext> Limiter, PartitionedRateLimiter<string> Buckets, Func<HttpContext, string?> Partition)> all;
    volatile ConcurrentDictionary<(string Limit, string Partition), int>? taken;

    public RateLimits(bool enabled)
    {
        Enabled = enabled;
        FailedKeys = PartitionedRateLimiter.Create<string, string>(address => Bucket(address, FailedKey));
        Costs = PartitionedRateLimiter.Create<string, string>(key => Bucket(key, Cost));
        // Keyed by what the route matched, never by the address as written: another spelling of a path is no other bucket.
        all =
        [
            Of(FormAndAddress, http => IsPost(http) && http.Features.Get<PlannedForm>() is { } form ? $"{form.Form.Key} {ClientAddress.LimitKey(http.Connection.RemoteIpAddress)}" : null),
            Of(Address, http => http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is not null && http.Features.Get<Caller>() is null ? ClientAddress.LimitKey(http.Connection.RemoteIpAddress) : null),
            Of(Form, http => IsPost(http) && http.Features.Get<PlannedForm>() is { } form ? form.Form.Key : null),
            Of(WorkspaceForms, http => IsPost(http) && http.Features.Get<PlannedForm>() is { } form ? form.Settings.Key.Value.ToString(CultureInfo.InvariantCulture) : null),
            Of(Postback, http => http.GetEndpoint()?.Metadata.GetMetadata<PublicPostback>() is not null ? http.Request.RouteValues["affiliateKey"] as string : null),
            Of(TrackerAddress, http => http.GetEndpoint()?.Metadata.GetMetadata<PublicTracker>() is { Tells: true } && !HttpMethods.IsOptions(http.Request.Method) && http.Features.Get<Caller>() is null ? ClientAddress.LimitKey(http.Connection.RemoteIpAddress) : null),
            Of(TrackerSite, http => http.Features.Get<Domain.Touches.KnownSite>() is { } site && !HttpMethods.IsOptions(http.Request.Method) ? site.Site.Key : null),
            Of(Key, http => http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is null && http.Features.Get<Caller>() is { } caller ? caller.By : null),
        ];
        // A server that posts with its key posts for many visitors from one address: the limits by address are not meant for it.
        static bool IsPost(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is not null && http.Features.Get<Caller>() is null;
    }

    public bool Enabled { get; }

    /// <summary>Wrong API keys by address.</summary>
    public PartitionedRateLimiter<string> FailedKeys { get; }

    /// <summary>What a key's GraphQL requests cost.</summary>
    public PartitionedRateLimiter<string> Costs { get; }

    static (Limit, PartitionedRateLimiter<HttpContext>, PartitionedRateLimiter<string>, Func<HttpContext, string?>) Of(Limit limit, Func<HttpContext, string?> partition)
    {
        var buckets = PartitionedRateLimiter.Create<string, string>(key => key.Length == 0 ? RateLimitPartition.GetNoLimiter("") : Bucket(key, limit));
        return (limit, buckets.WithTranslatedKey<HttpContext>(http => partition(http) ?? "", leaveOpen: true), buckets, partition);
    }

    // ---- Several nodes

    /// <summary>From here on it is counted who took tokens from this node.</summary>
    public void CountTaken() => taken = new();

    void Count(HttpContext http)
    {
        if (taken is not { } counts || counts.Count >= MostCounted)
            return;
        foreach (var (limit, _, _, partition) in all)
            if (partition(http) is { } key)
                counts.AddOrUpdate((limit.Name, key), 1, (_, before) => before + 1);
    }

    const int MostCounted = 5000;

    /// <summary>By limit and partition, the tokens taken since the last call.</summary>
    public Dictionary<string, Dictionary<string, int>> TakeCounts()
    {
        var counts = Interlocked.Exchange(ref taken, new()) ?? new();
        return counts.GroupBy(pair => pair.Key.Limit).ToDictionary(group => group.Key, group => group.ToDictionary(pair => pair.Key.Partition, pair => pair.Value));
    }

    /// <summary>Takes tokens that were given by another node; an empty bucket stays empty.</summary>
    public void TakeAway(string name, string partition, int tokens)
    {
        foreach (var (limit, _, buckets, _) in all)
            if (limit.Name == name && partition.Length > 0 && buckets.GetStatistics(partition) is { } statistics)
                buckets.AttemptAcquire(partition, (int)Math.Min(tokens, statistics.CurrentAvailablePermits)).Dispose();
    }

    static RateLimitPartition<string> Bucket(string key, Limit limit) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = limit.Burst, QueueLimit = 0, AutoReplenishment = true,
        // Small steps: a token comes back as soon as it is due, not all of them once a minute.
        ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 / limit.PerMinute * Math.Max(1, limit.PerMinute / 60)), TokensPerPeriod = Math.Max(1, limit.PerMinute / 60),
    });

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<RateLimits>((options, limits) =>
        {
            if (limits.Enabled)
                options.GlobalLimiter = PartitionedRateLimiter.CreateChained([.. limits.all.Select(l => l.Limiter)]);
            options.OnRejected = async (context, _) => await limits.Refuse(context.HttpContext, context.Lease, null);
        });
    }

    /// <summary>429 with the time after which another try has a chance.</summary>
    public async Task Refuse(HttpContext http, RateLimitLease lease, string? name)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 6;
        CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", name ?? "requests"));
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        WriteHeaders(http);
        await Problems.Write(http, ProblemCodes.RateLimited, $"Try again in {wait} seconds. Nothing was stored.", [new("", "rate_limited", $"Too many requests; try again in {wait} seconds.")]);
    }

    /// <summary>Takes the tokens of one more request that comes over a connection which is open already.</summary>
    public bool Take(HttpContext http)
    {
        if (!Enabled)
            return true;
        foreach (var (_, limiter, _, _) in all)
        {
            using var lease = limiter.AttemptAcquire(http);
            if (!lease.IsAcquired)
                return false;
        }
        Count(http);
        return true;
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

    /// <summary>The request was let through.</summary>
    public void Passed(HttpContext http)
    {
        Count(http);
        WriteHeaders(http);
    }

    /// <summary>The limits that applied, with what is left of each.</summary>
    public void WriteHeaders(HttpContext http)
    {
        if (!Enabled || http.Response.HasStarted)
            return;
        string? policy = null, left = null;
        foreach (var (limit, limiter, _, partition) in all)
        {
            if (partition(http) is null || limiter.GetStatistics(http) is not { } statistics)
                continue;
            var window = (int)Math.Ceiling(limit.Burst * 60.0 / limit.PerMinute);
            var missing = limit.Burst - statistics.CurrentAvailablePermits;
            policy = Join(policy, $"\"{limit.Name}\";q={limit.Burst};w={window}");
            left = Join(left, $"\"{limit.Name}\";r={statistics.CurrentAvailablePermits};t={(int)Math.Ceiling(missing * 60.0 / limit.PerMinute)}");
        }
        if (policy is null)
            return;
        http.Response.Headers["RateLimit-Policy"] = policy;
        http.Response.Headers["RateLimit"] = left;

        static string Join(string? before, string more) => before is null ? more : before + ", " + more;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, buckets, _) in all)
            await buckets.DisposeAsync();
        await FailedKeys.DisposeAsync();
        await Costs.DisposeAsync();
    }
}

/// <summary>Says in every answer how much is left.</summary>
public sealed class RateLimitHeaders(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http)
    {
        limits.Passed(http);
        return next(http);
    }
}
