// How much is stored of something: bytes, and records where their number counts too.

using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Budgets;

/// <param name="Records">Where their number has no limit: not counted.</param>
public readonly record struct StorageUse(long Bytes, long Records)
{
    /// <summary>So many parts has a budget, of which one more may be there before posts over a limit are sent away.</summary>
    const int Parts = 16;

    /// <summary>Sums over all nodes.</summary>
    internal static async ValueTask<StorageUse> Read(IWorkspaceStore store, Budgeted budget, CancellationToken cancel)
    {
        var (bytes, records) = (0L, 0L);
        foreach (var (name, value) in await store.Counters(StorageCounters.Start + budget.Name + "/", 1000, cancel))
            if (StorageCounters.WithoutNode(name) == budget.Bytes)
                bytes += value;
            else
                records += value;
        return new(bytes, records);
    }

    /// <summary>Of each budget: its name, what is used of it, what may be, and whether the number of records counts too.</summary>
    public static async ValueTask<IReadOnlyList<(string Name, StorageUse Use, StorageUse Most, bool CountsRecords)>> All(
        Installation installation,
        WorkspaceSettings settings,
        CancellationToken cancel
    )
    {
        var all = new List<(string, StorageUse, StorageUse, bool)>();
        foreach (var budget in Budgeted.All)
            all.Add(
                (
                    budget.Name,
                    await Read(settings.Store, budget, cancel),
                    budget.Most(installation.Options<StorageBudgets>()),
                    budget.RecordsByNode is not null
                )
            );
        return all;
    }

    /// <summary>What it is more than this; below 0 where it is less.</summary>
    public StorageUse Over(StorageUse most) => new(Bytes - most.Bytes, most.Records == long.MaxValue ? -1 : Records - most.Records);

    public bool IsAny => Bytes > 0 || Records > 0;

    /// <summary>
    /// Whether entries that come over a limit are kept. A worker keeps the budget; where more than a sixteenth is above it, what is there
    /// may not go yet, or comes faster than it goes.
    /// </summary>
    public static async ValueTask<bool> HasRoomForLimited(Installation installation, WorkspaceSettings settings, CancellationToken cancel)
    {
        var most = Budgeted.Entries.Most(installation.Options<StorageBudgets>());
        var use = await Read(settings.Store, Budgeted.Entries, cancel);
        return !use.Over(new(most.Bytes + most.Bytes / Parts, most.Records + most.Records / Parts)).IsAny;
    }
}
