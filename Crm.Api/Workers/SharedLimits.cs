// Makes rate limits count over all nodes: each tells the others once a second which requests and bytes it let in, and takes away what the
// others tell.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <summary>
/// A request is decided by its own node alone, without a wait. So a caller who spreads his requests over N nodes can have at most what N
/// nodes give within a second more than the limit, and from then on the limit is one.
/// </summary>
public sealed class SharedLimits(Installation installation, RateLimits limits, StoreOutage outage, ILogger<SharedLimits> log)
    : Worker(installation, outage, log)
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1),
        Keep = TimeSpan.FromSeconds(15);
    static readonly ResourceType Type = ResourceType.Of<NodeReport>();

    readonly HashSet<Id> heard = [];

    protected override string Name => "shared-limits";

    protected override bool Begin()
    {
        if (!Installation.Store.IsShared || !limits.Enabled)
            return false;
        limits.Buckets.CountTaken();
        return true;
    }

    /// <summary>While the store is away each node's own limits go on.</summary>
    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        await Exchange(stop);
        return Every;
    }

    async Task Exchange(CancellationToken stop)
    {
        var rows = Installation.Store.Open(WorkspaceKey.Installation);
        if (limits.Buckets.TakeCounts() is { Count: > 0 } taken)
        {
            var report = new NodeReport
            {
                Id = Installation.Ids.Next(),
                Version = 1,
                UpdatedAt = Installation.Now,
                Node = Installation.Node,
                Taken = new(JsonSerializer.SerializeToUtf8Bytes(taken)),
            };
            await rows.Commit([new Change.Insert(Type.ToDocument(report))], stop);
        }
        var now = Installation.Now;
        using var page = await rows.Query(new(Type.Collection, null, [], true, null, 500), stop);
        var old = new List<Change>();
        for (var i = 0; i < page.Count; i++)
        {
            var report = Type.FromRow<NodeReport>(page[i]);
            if (report.Id.Time < now - Keep)
                old.Add(new Change.Delete(Type.Collection, report.Id, report.Version));
            else if (report.Node != Installation.Node && heard.Add(report.Id))
                foreach (
                    var (limit, partitions) in JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, JsonElement>>>(
                        report.Taken.Utf8.Span
                    ) ?? []
                )
                foreach (var (bucket, amounts) in partitions)
                    // A node of an older version says it as a number of another bucket's name.
                    if (amounts.ValueKind == JsonValueKind.Array)
                        limits.TakeAway(limit, bucket, [.. amounts.EnumerateArray().Select(amount => amount.GetInt64())]);
        }
        heard.RemoveWhere(id => id.Time < now - 2 * Keep);
        if (old.Count > 0)
            await rows.Commit(old, stop); // A conflict: another node was quicker.
    }
}
