// How often, and how much: the framework's rate limiting with the product's buckets. Who is over a limit is refused with 429, unless the
// door is one where they go on.

using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Crm.Api.Http;
using Crm.Api.Limiting;
using Crm.Domain.Problems;
using Crm.Domain.Work;
using Microsoft.AspNetCore.RateLimiting;

namespace Crm.Api.Security;

public sealed class RateLimits
{
    readonly Dictionary<string, Limit> byName;

    public RateLimits(bool enabled, LimitTable table)
    {
        (Enabled, Table) = (enabled, table);
        byName = table.All.ToDictionary(limit => limit.Name, StringComparer.Ordinal);
        ChainOf = passage => new BucketChain(Buckets, passage.Keys);
    }

    public bool Enabled { get; }
    public LimitTable Table { get; }
    public Buckets Buckets { get; } = new();

    /// <summary>The limiter of a partition.</summary>
    internal Func<Passage, RateLimiter> ChainOf { get; }

    /// <summary>The limits of keys for every request, and a policy for each door: an endpoint names its own.</summary>
    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            KeyOf(http) is { } by
                ? RateLimitPartition.Get(by, by => new BucketChain(Buckets, [new(Table.Key, 0, by)]))
                : RateLimitPartition.GetNoLimiter("")
        );
        options.OnRejected = (rejected, _) => new(Refuse(rejected.HttpContext, rejected.Lease));
        foreach (var door in Door.All(this))
            options.AddPolicy(door.Name, door);
    }

    /// <summary>A server that posts a form with its key posts for many visitors: that key has no limit there.</summary>
    static string? KeyOf(HttpContext http) =>
        http.Features.Get<Caller>() is { } caller && http.GetEndpoint()?.Metadata.GetMetadata<PublicForm>() is null ? caller.By : null;

    public static IEnumerable<LimitKey> By(AddressLimit limit, ulong network, string? of = null)
    {
        yield return new(limit.One, network, of);
        if (Networks.IsIpv4(network))
            yield break;
        yield return new(limit.Of56, Networks.Of56(network), of);
        yield return new(limit.Of48, Networks.Of48(network), of);
    }

    // ---- Through the door

    /// <summary>Lets a request in that is within its limits, or over one at a door where it goes on; charges what it stored when that is on
    /// disk.</summary>
    public async Task Serve(HttpContext http, Passage passage, RequestDelegate next)
    {
        // A click is answered with as little as it can be.
        if (passage.Door.Name != Doors.Link)
            WriteHeaders(http);
        var stored = StoredBytes.Measure();
        try
        {
            await next(http);
        }
        finally
        {
            if (stored.Total is > 0 and var bytes)
            {
                CrmMetrics.Stored.Add(bytes, new KeyValuePair<string, object?>("door", passage.Door.Name));
                foreach (var key in passage.Over is null ? passage.Keys : Limited(passage))
                    Buckets.Charge(key, 0, bytes);
                foreach (var key in passage.Also ?? [])
                    Buckets.Charge(key, 0, bytes);
            }
        }
    }

    /// <summary>What a door does with a request that is over a limit, where its endpoint makes less of it instead of refusing it.</summary>
    internal ValueTask GoOn(OnRejectedContext rejected, CancellationToken _)
    {
        var http = rejected.HttpContext;
        var passage = http.Features.Get<Passage>()!;
        passage.Over = NameOf(rejected.Lease);
        CrmMetrics.OverLimit.Add(1, new("door", passage.Door.Name), new("limit", passage.Over));
        http.Response.StatusCode = StatusCodes.Status200OK;
        return new(Serve(http, passage, http.GetEndpoint()!.RequestDelegate!));
    }

    static string NameOf(RateLimitLease lease) => lease.TryGetMetadata(Pass.Name, out var name) && name is not null ? name : "requests";

    IEnumerable<LimitKey> Limited(Passage passage) => passage.Door.Name == Doors.Form ? By(Table.Limited, passage.Network) : [];

    /// <summary>Whether what comes over a limit can still be kept, for the address that it comes from. Takes its share of that.</summary>
    public bool TakeLimited(HttpContext http, out TimeSpan after)
    {
        after = default;
        if (http.Features.Get<Passage>() is not { Over: not null } passage)
            return true;
        var keys = Limited(passage).ToList();
        foreach (var key in keys)
            if (!Buckets.Has(key))
            {
                after = Buckets.Of(key).After();
                CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", key.Limit.Name));
                return false;
            }
        foreach (var key in keys)
            Buckets.Charge(key, 1, 0);
        return true;
    }

    /// <summary>A list says several things: each of them costs what one request does.</summary>
    public void ChargeMore(HttpContext http, int more)
    {
        if (Enabled && more > 0 && http.Features.Get<Passage>() is { Over: null } passage)
            foreach (var key in passage.Keys)
                Buckets.Charge(key, more, 0);
    }

    /// <summary>Takes from buckets of what only the request itself names (a site in a body, the workspace of an affiliate). Not acquired:
    /// it is over one of them, and none has lost anything.</summary>
    public Pass TakeNamed(HttpContext http, params ReadOnlySpan<LimitKey> keys)
    {
        if (!Enabled)
            return Pass.Admitted;
        foreach (var key in keys)
            if (!Buckets.Has(key))
                return new(key.Limit, Buckets.Of(key).After());
        var also = http.Features.Get<Passage>() is { } passage ? passage.Also ??= [] : null;
        foreach (var key in keys)
        {
            Buckets.Charge(key, 1, 0);
            if (also?.Contains(key) == false)
                also.Add(key);
        }
        return Pass.Admitted;
    }

    Pass Take(Limit limit, string of, int wanted = 1) => Enabled ? Buckets.Take(new(limit, 0, of), wanted) : Pass.Admitted;

    /// <summary>Counts an attempt with a wrong key. Not acquired: there were too many from this address.</summary>
    public Pass FailedKey(IPAddress? address)
    {
        if (!Enabled)
            return Pass.Admitted;
        var keys = By(Table.FailedKeys, Networks.Of(address)).ToList();
        foreach (var key in keys)
            if (!Buckets.Has(key))
                return new(key.Limit, Buckets.Of(key).After());
        foreach (var key in keys)
            Buckets.Charge(key, 1, 0);
        return Pass.Admitted;
    }

    /// <summary>What a key's GraphQL request costs.</summary>
    public Pass TakeCost(string by, int cost) => Take(Table.Cost, by, cost);

    public long CostLeft(string by) => Enabled ? Math.Max(0, Buckets.Of(new(Table.Cost, 0, by)).Left) : Table.Cost.Requests.Burst;

    /// <summary>Takes the tokens of one more request that comes over a connection which is open already.</summary>
    public bool Take(HttpContext http) => KeyOf(http) is not { } by || Take(Table.Key, by).IsAcquired;

    /// <summary>Takes what another node let in.</summary>
    public void TakeAway(string limit, string bucket, long[] taken)
    {
        if (byName.TryGetValue(limit, out var known) && taken is [var requests, var bytes])
            Buckets.TakeAway(known, bucket, requests, bytes);
    }

    // ---- Answers

    /// <summary>429 with the time after which another try has a chance.</summary>
    public Task Refuse(HttpContext http, RateLimitLease lease)
    {
        var wait = Refused(http, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(6));
        CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", NameOf(lease)));
        return Problems.Write(
            http,
            ProblemCodes.RateLimited,
            $"Try again in {wait} seconds. Nothing was stored.",
            [new("", "rate_limited", $"Too many requests; try again in {wait} seconds.")]
        );
    }

    /// <summary>When a request like this one is within its limits again.</summary>
    public TimeSpan After(HttpContext http)
    {
        var after = TimeSpan.Zero;
        if (http.Features.Get<Passage>() is { } passage)
            foreach (var key in passage.Keys)
                if (!key.Limit.IsOff && Buckets.Of(key).After() is var wait && wait > after)
                    after = wait;
        return after;
    }

    /// <summary>The headers of a refusal.</summary>
    /// <returns>Seconds.</returns>
    public int Refused(HttpContext http, TimeSpan after)
    {
        var wait = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        WriteHeaders(http);
        return wait;
    }

    /// <summary>The limits that applied, with what is left of each.</summary>
    public void WriteHeaders(HttpContext http)
    {
        if (!Enabled || http.Response.HasStarted)
            return;
        string? policy = null,
            left = null;
        if (http.Features.Get<Passage>() is { } passage)
            foreach (var key in passage.Keys)
                Add(key);
        if (KeyOf(http) is { } by)
            Add(new(Table.Key, 0, by));
        if (policy is null)
            return;
        http.Response.Headers["RateLimit-Policy"] = policy;
        http.Response.Headers["RateLimit"] = left;

        void Add(LimitKey key)
        {
            var (limit, requests) = (key.Limit, key.Limit.Requests);
            if (requests.IsNone)
                return;
            var there = Math.Max(0, Buckets.Of(key).Left);
            var missing = requests.Burst - there;
            policy = Join(policy, $"\"{limit.Name}\";q={requests.Burst};w={Seconds(requests.Burst)}");
            left = Join(left, $"\"{limit.Name}\";r={there};t={Seconds(missing)}");

            int Seconds(long tokens) => (int)Math.Ceiling(tokens * 60.0 / requests.PerMinute);
        }

        static string Join(string? before, string more) => before is null ? more : before + ", " + more;
    }
}

public static class RateLimiting
{
    public static IServiceCollection AddLimits(this IServiceCollection services, RateLimits limits) =>
        services.AddSingleton(limits).AddRateLimiter(limits.Configure);

    /// <summary>Refuses what comes too often or stores too much, and says in every other answer how much is left.</summary>
    public static void UseLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RateLimits>();
        if (!limits.Enabled)
            return;
        app.UseRateLimiter();
        app.Use(next =>
            http =>
            {
                if (http.Features.Get<Passage>() is { } passage)
                    return limits.Serve(http, passage, next);
                limits.WriteHeaders(http);
                return next(http);
            }
        );
    }
}
