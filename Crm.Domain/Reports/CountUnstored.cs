// Counts facts without storing them: clicks and views over a limit. What comes while a commit runs is one commit afterwards.

using System.Collections.Concurrent;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>
/// A flood changes the same few roll-ups all the time: they are changed once for all facts that came meanwhile, with their counters in the
/// same commit, so that a flood costs the disk some hundred bytes a commit however fast it is.
/// </summary>
public sealed class CountUnstored(Installation installation)
{
    /// <summary>Roll-ups in one commit.</summary>
    const int MostTogether = 200;

    /// <summary>What waits for the next commit of a workspace.</summary>
    sealed class Batch
    {
        public RollUpSums Sums { get; } = new();
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Waiting
    {
        public Batch Batch { get; set; } = new();
        public bool IsRunning { get; set; }
    }

    readonly ConcurrentDictionary<WorkspaceKey, Waiting> all = new();

    /// <summary>Whether clicks and views are counted without being stored now.</summary>
    /// <param name="over">This one came over a limit.</param>
    public bool IsInstead(bool over) => over || installation.Store.IsShort;

    /// <summary>When this returns, the fact is counted on disk. Throws <see cref="StoreUnavailableException"/> when it could not
    /// be.</summary>
    /// <param name="fact">As it would have been stored.</param>
    /// <param name="kind">What it is: part of the roll-up's class.</param>
    /// <param name="elsewhere">What it is owed to when no report counts it.</param>
    public Task Run(WorkspaceSettings settings, Resource fact, string kind, bool human, string elsewhere)
    {
        var time = fact.Id == Id.Empty ? installation.Now : fact.Id.Time;
        var counts = installation.Catalog.Reports.CountsOf(ResourceType.Of(fact.GetType()), fact);
        var waiting = all.GetOrAdd(settings.Key, _ => new());
        CrmMetrics.CountedOnly.Add(1, new KeyValuePair<string, object?>("kind", kind));
        lock (waiting)
        {
            waiting.Batch.Sums.Add(counts, kind, human, time, elsewhere);
            var done = waiting.Batch.Done.Task;
            if (waiting.IsRunning)
                return done;
            waiting.IsRunning = true;
            // For all who wait: not a part of the request that happened to be first.
            using (ExecutionContext.SuppressFlow())
                _ = Task.Run(() => Commit(settings, waiting));
            return done;
        }
    }

    async Task Commit(WorkspaceSettings settings, Waiting waiting)
    {
        while (true)
        {
            Batch batch;
            lock (waiting)
            {
                if (waiting.Batch.Sums.All.Count == 0)
                {
                    waiting.IsRunning = false;
                    return;
                }
                (batch, waiting.Batch) = (waiting.Batch, new());
            }
            try
            {
                foreach (var some in batch.Sums.All.Chunk(MostTogether))
                    await CommitLoop.Run<bool>(async _ => (await Added(settings, some), true), CancellationToken.None);
                batch.Done.SetResult();
            }
            catch (Exception error)
            {
                // Whoever waits hears it, as of any commit of their own.
                batch.Done.SetException(error);
            }
        }
    }

    async ValueTask<UnitOfWork> Added(WorkspaceSettings settings, RollUpSums.Sum[] sums)
    {
        var work = new UnitOfWork(installation, settings, "system");
        await RollUpSums.Store(work, sums, CancellationToken.None);
        return work;
    }
}
