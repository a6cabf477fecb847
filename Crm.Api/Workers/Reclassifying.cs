// Does the reclassifications that workspaces ask for: one node each, batch by batch, from where the last one stopped.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Reclassifying(Installation installation, ILogger<Reclassifying> log) : BackgroundService
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1),
        Length = TimeSpan.FromSeconds(20);

    /// <summary>Until then every node goes by the rules that the run was asked for with.</summary>
    static readonly TimeSpan UntilAllKnow = TimeSpan.FromSeconds(2);

    static readonly ResourceType Type = ResourceType.Of<Reclassification>();

    /// <summary>By workspace, the number at which nothing was left to do.</summary>
    readonly Dictionary<WorkspaceKey, long> done = [];

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await Look(stop);
                }
                catch (StoreUnavailableException)
                {
                    // It goes on when the store is back.
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    log.LogError(error, "A reclassification could not go on; it is tried again.");
                }
                await Task.Delay(LookEvery, installation.Clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends.
        }
    }

    async Task Look(CancellationToken stop)
    {
        foreach (
            var (name, count) in await installation
                .Store.Open(WorkspaceKey.Installation)
                .Counters(PrepareReclassification.Counters, int.MaxValue, stop)
        )
        {
            var workspace = PrepareReclassification.WorkspaceOf(name);
            if (done.GetValueOrDefault(workspace, -1) == count)
                continue;
            if (await Run(name, workspace, stop))
                done[workspace] = count;
        }
    }

    /// <summary>Whether nothing is left to do in the workspace.</summary>
    async Task<bool> Run(string name, WorkspaceKey workspace, CancellationToken stop)
    {
        using var open = await installation
            .Store.Open(workspace)
            .Query(new(Type.Collection, PrepareReclassification.Open, [], false, null, 1), stop);
        if (open.Count == 0)
            return true;
        if (
            installation.Store.IsShared && installation.Now - open[0].Id.Time < UntilAllKnow
            || await HeldLease.Take(installation, name, Length, stop) is not { } lease
        )
            return false;
        var (run, renewed) = (Type.FromRow<Reclassification>(open[0]), installation.Clock.GetTimestamp());
        while (run is { Status: not ReclassificationStatus.Done })
        {
            stop.ThrowIfCancellationRequested();
            if (installation.Clock.GetElapsedTime(renewed) > Length / 4)
            {
                if (!await lease.Renew(Length, stop))
                    return false;
                renewed = installation.Clock.GetTimestamp();
            }
            run = await Reclassify.Step(installation, await installation.Settings.Workspace(workspace, stop), run, stop);
        }
        await lease.GiveBack(stop);
        return run is not null && open.Next is null;
    }
}
