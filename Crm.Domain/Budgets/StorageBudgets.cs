// How much of what strangers send a workspace keeps: budgets in bytes, beyond which the least of it goes.

using System.Collections.Concurrent;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Budgets;

/// <summary>What an operator can set (<see cref="Installation.Options{T}"/>).</summary>
public sealed class StorageBudgets
{
    public long ClickBytes { get; init; } = 4L << 30;
    public long TouchBytes { get; init; } = 4L << 30;

    /// <summary>Of entries that are in no lead.</summary>
    public long EntryBytes { get; init; } = 1L << 30;
    public long Entries { get; init; } = 100_000;

    /// <summary>A part of a budget: so much is stored before the worker looks at it once more.</summary>
    const int Parts = 64;

    /// <summary>What this node stored since the worker was last called.</summary>
    readonly ConcurrentDictionary<(WorkspaceKey Workspace, string Budget), Since> stored = new();

    sealed class Since
    {
        public long Bytes,
            Records;
    }

    /// <summary>Whether it is time for the worker to look: once a node stores for the workspace, and whenever it has stored a part of the
    /// budget.</summary>
    internal bool IsTime(WorkspaceKey workspace, Budgeted budget, long bytes, long records)
    {
        if (!stored.TryGetValue((workspace, budget.Name), out var since))
            return stored.TryAdd((workspace, budget.Name), new());
        var most = budget.Most(this);
        var (allBytes, all) = (Interlocked.Add(ref since.Bytes, bytes), Interlocked.Add(ref since.Records, records));
        if (allBytes < most.Bytes / Parts && all < most.Records / Parts)
            return false;
        Interlocked.Add(ref since.Bytes, -allBytes);
        Interlocked.Add(ref since.Records, -all);
        return true;
    }
}
