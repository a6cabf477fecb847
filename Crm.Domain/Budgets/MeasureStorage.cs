// An upgrade: what older versions stored is counted towards the budgets, once.

using Crm.Domain.Reports;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Budgets;

public static class MeasureStorage
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20),
        AskAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The installation says that it is done: then one look is all. Before that no node serves, so that what is counted here stands still;
    /// of several that start at once one counts, and the others wait for it. Killed anywhere, the next start counts anew.
    /// </summary>
    public static async Task Run(Installation installation, CancellationToken cancel)
    {
        while (!await IsDone(installation, cancel))
        {
            if (await Workspaces(installation, cancel) is not { Count: > 0 } workspaces)
                await Mark(installation, Done, cancel);
            else if (await HeldLease.Take(installation, "measure-storage", Length, cancel) is { } lease)
                await Measure(installation, workspaces, lease, cancel);
            else
                await Task.Delay(AskAgain, installation.Clock, cancel);
        }
    }

    const string Done = "storage-measured";

    static async ValueTask<bool> IsDone(Installation installation, CancellationToken cancel) =>
        await installation.Store.Open(WorkspaceKey.Installation).Counters(Done, 1, cancel) is [(_, > 0)];

    static async ValueTask Mark(Installation installation, string counter, CancellationToken cancel) =>
        await installation.Store.Open(WorkspaceKey.Installation).Commit([new Change.Increment(counter, 1)], cancel);

    static async Task Measure(
        Installation installation,
        IReadOnlyCollection<WorkspaceKey> workspaces,
        HeldLease lease,
        CancellationToken cancel
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var held = Hold();
        try
        {
            // Between the look and the lease another node may have done it.
            if (await IsDone(installation, cancel))
                return;
            foreach (var workspace in workspaces)
            {
                await new Recount(installation, true, _ => { }, _ => { }).Storage(workspace, over.Token);
                // The worker knows of a workspace by this.
                await Mark(installation, $"{CountStorage.Looks}{workspace.Value}", over.Token);
            }
            await Mark(installation, Done, over.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Another node has the lease.
        }
        finally
        {
            await over.CancelAsync();
            await held;
            await lease.GiveBack(CancellationToken.None);
        }

        async Task Hold()
        {
            try
            {
                while (await lease.Hold(Length, over.Token))
                    await Task.Delay(Length / 8, installation.Clock, over.Token);
                await over.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Counted.
            }
        }
    }

    /// <summary>Those that have anything to count.</summary>
    static async ValueTask<IReadOnlyCollection<WorkspaceKey>> Workspaces(Installation installation, CancellationToken cancel)
    {
        var all = new HashSet<WorkspaceKey>();
        foreach (var budget in Budgeted.All)
        await foreach (var workspace in installation.Store.Workspaces(budget.Type.Collection, cancel))
            all.Add(workspace);
        return all;
    }
}
