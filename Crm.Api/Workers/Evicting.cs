// Keeps the budgets of workspaces: where one is used up, what is worth least leaves. One node each, in small batches.

using System.Diagnostics;
using Crm.Api.Http;
using Crm.Domain.Budgets;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Evicting(Installation installation, StoreOutage outage, ILogger<Evicting> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20),
        WhenStuck = TimeSpan.FromMinutes(10);

    readonly EvictRecords evict = new(installation);

    protected override string Name => "evicting";
    protected override string Counters => CountStorage.Looks;

    readonly record struct Again(TimeSpan? After);

    /// <summary>Most workspaces are far below their budgets: looking costs them neither a lease nor their settings.</summary>
    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        if (!await evict.IsNeeded(workspace, stop))
            return null;
        var name = $"{Name}/{workspace.Value}";
        return await Leased<Again>(name, Length, async held => new(await Evict(workspace, held, stop)), stop) is { } done
            ? done.After
            : AskAgain;
    }

    async ValueTask<TimeSpan?> Evict(WorkspaceKey workspace, HeldLease lease, CancellationToken stop)
    {
        var settings = await Installation.Settings.Workspace(workspace, stop);
        var (isStuck, went) = (false, false);
        for (var budget = 0; budget < EvictRecords.Count; budget++)
        {
            EvictionStep step;
            do
            {
                stop.ThrowIfCancellationRequested();
                if (!await lease.Hold(Length, stop))
                    return AskAgain;
                var began = Stopwatch.GetTimestamp();
                step = await evict.Step(settings, budget, stop);
                // As long as it took, the store is the others'.
                if (step == EvictionStep.Went)
                    await Task.Delay(Stopwatch.GetElapsedTime(began), stop);
                went |= step == EvictionStep.Went;
            } while (step == EvictionStep.Went);
            isStuck |= step == EvictionStep.Stuck;
        }
        if (went)
            await Installation.Store.GiveBack(stop);
        // What may not go yet becomes older.
        return isStuck ? WhenStuck : null;
    }
}
