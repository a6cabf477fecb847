// Background work that workspaces ask for by making a record: one node each, batch by batch, from where the last one stopped.

using Crm.Api.Http;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <typeparam name="TJob">The record: it says how far the work is.</typeparam>
public abstract class JobWorker<TJob>(Installation installation, StoreOutage outage, ILogger log)
    : WorkspaceWorker(installation, outage, log)
    where TJob : Resource
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    static readonly ResourceType Type = ResourceType.Of<TJob>();

    /// <summary>Those that are not done; the oldest is done first.</summary>
    protected abstract Filter Open { get; }

    protected sealed override TimeSpan? WorkspaceLease => Length;

    /// <summary>How long the job has to wait before it begins; zero or less: not any more.</summary>
    protected virtual TimeSpan TooEarlyBy(TJob job) => TimeSpan.Zero;

    protected abstract bool IsDone(TJob job);

    /// <summary>Does one batch. Returns the job behind it; null when another node goes on with it.</summary>
    protected abstract ValueTask<TJob?> Step(WorkspaceSettings settings, TJob job, CancellationToken stop);

    protected sealed override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        using var open = await Installation.Store.Open(workspace).Query(new(Type.Collection, Open, [], false, null, 1), stop);
        if (open.Count == 0)
            return null;
        var job = Type.FromRow<TJob>(open[0]);
        if (TooEarlyBy(job) is var early && early > TimeSpan.Zero)
            return early;
        while (job is not null && !IsDone(job))
        {
            stop.ThrowIfCancellationRequested();
            if (!await lease!.Hold(Length, stop))
                return AskAgain;
            job = await Step(await Installation.Settings.Workspace(workspace, stop), job, stop);
        }
        return open.Next is null && job is not null ? null : TimeSpan.Zero;
    }
}
