// A workspace's budget is used up: what is worth least leaves, batch by batch, each with its roll-ups and its event in one commit.

using System.Collections.Concurrent;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Budgets;

/// <summary>How a step ended.</summary>
public enum EvictionStep
{
    /// <summary>The budget is kept.</summary>
    Kept,

    /// <summary>There may be more to take.</summary>
    Went,

    /// <summary>What is above the budget may not go yet.</summary>
    Stuck,
}

/// <summary>
/// One node does it for a workspace at a time. Killed anywhere, the next one begins anew: what is above the budget says how much is to go.
/// </summary>
public sealed class EvictRecords(Installation installation)
{
    /// <summary>Looked at in one step. Small, so that whoever posts meanwhile waits for none of them.</summary>
    const int BatchSize = 200;

    /// <summary>What became a robot's or old enough behind a walk is found by the next one.</summary>
    static readonly TimeSpan WalkAnew = TimeSpan.FromMinutes(10);

    /// <summary>How far the walks through a budget's records are: of each of its <see cref="Budgeted.Order"/> the last record that was
    /// looked at.</summary>
    sealed class Walks(int count)
    {
        public Id?[] Places { get; } = new Id?[count];
        public DateTimeOffset Began { get; set; }
    }

    readonly ConcurrentDictionary<(WorkspaceKey Workspace, Budgeted Budget), Walks> walks = new();

    static readonly IReadOnlyList<Budgeted> Budgets = Budgeted.All;

    /// <summary>How many budgets there are: <see cref="Step"/> takes one by its number.</summary>
    public static int Count => Budgets.Count;

    /// <summary>Whether any budget of a workspace is used up.</summary>
    public async ValueTask<bool> IsNeeded(WorkspaceKey workspace, CancellationToken cancel)
    {
        var store = installation.Store.Open(workspace);
        foreach (var budget in Budgets)
            if ((await Over(store, budget, cancel)).IsAny)
                return true;
        return false;
    }

    async ValueTask<StorageUse> Over(IWorkspaceStore store, Budgeted budget, CancellationToken cancel) =>
        (await StorageUse.Read(store, budget, cancel)).Over(budget.Most(installation.Options<StorageBudgets>()));

    /// <summary>Takes a batch of a budget's records, if it is used up.</summary>
    public async ValueTask<EvictionStep> Step(WorkspaceSettings settings, int number, CancellationToken cancel)
    {
        var budget = Budgets[number];
        var over = await Over(settings.Store, budget, cancel);
        if (!over.IsAny)
            return EvictionStep.Kept;
        var known = walks.GetOrAdd((settings.Key, budget), _ => new(budget.Order.Count) { Began = installation.Now });
        for (var i = 0; i < budget.Order.Count; i++)
        {
            var batch = await Batch(settings, budget, budget.Order[i], known.Places[i], over, cancel);
            known.Places[i] = batch.Place;
            if (batch.Taken > 0)
                CrmMetrics.Evicted.Add(batch.Taken, new("budget", budget.Name), new("kind", budget.Order[i].Name));
            if (batch.Taken > 0 || !batch.IsEnd)
                return EvictionStep.Went;
        }
        if (known.Began > installation.Now - WalkAnew)
            return EvictionStep.Stuck;
        walks[(settings.Key, budget)] = new(budget.Order.Count) { Began = installation.Now };
        return EvictionStep.Went;
    }

    /// <param name="Place">The last record that was looked at.</param>
    /// <param name="IsEnd">Whether there is none behind it.</param>
    readonly record struct Looked(Id? Place, int Taken, bool IsEnd);

    /// <summary>Looks at the next records of a kind and takes those that are to go, as many as it needs.</summary>
    /// <param name="over">What is too much.</param>
    ValueTask<Looked> Batch(
        WorkspaceSettings settings,
        Budgeted budget,
        Leaving kind,
        Id? after,
        StorageUse over,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<Looked>(
            async attempt =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                // What meets others' changes too often goes on one by one.
                var most = attempt > CommitLoop.Most / 2 ? 1 : BatchSize;
                var position = after is { } id ? new Position([], id) : null;
                using var page = await work.Store.Query(
                    new(budget.Type.Collection, Among(kind, work.Now), [], false, position, most),
                    cancel
                );
                var (place, taken, bytes, records) = (after, new List<Resource>(), 0L, 0L);
                for (var i = 0; i < page.Count; i++)
                {
                    if (bytes >= over.Bytes && records >= over.Records)
                        break; // enough
                    var record = budget.Type.FromRow(page[i]);
                    place = record.Id;
                    if (!budget.Holds(record) || !kind.Is(record))
                        continue;
                    var use = budget.Of(record);
                    (bytes, records) = (bytes + use.Bytes, records + use.Records);
                    taken.Add(record);
                }
                if (taken.Count == 0)
                    return (null, new(place, 0, page.Next is null));
                await RemoveFacts.Run(work, taken.Select(budget.Fact), [], cancel);
                work.RecordEvent("workspace.recordsRemoved", settings.Workspace.Id.Text<Workspace>(), writer =>
                {
                    writer.WriteString("of", budget.Name);
                    writer.WriteString("kind", kind.Name);
                    writer.WriteNumber("count", taken.Count);
                    writer.WriteNumber("bytes", bytes);
                });
                return (work, new(place, taken.Count, false));
            },
            cancel
        );

    static Filter? Among(Leaving kind, DateTimeOffset now)
    {
        if (kind.Age is not { } age)
            return kind.Among;
        var old = new Filter.Ids(Id.Empty, Id.FirstAt(now - age));
        return kind.Among is null ? old : new Filter.And([kind.Among, old]);
    }
}
