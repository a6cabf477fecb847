// Counts facts without storing them: clicks and views over a limit. What comes while a commit runs is one commit afterwards.

using System.Collections.Concurrent;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>
/// A flood changes the same few roll-ups all the time: they are changed once for all facts that came meanwhile, with their counters in the
/// same commit, so that a flood costs the disk some hundred bytes a commit however fast it is. While a shared database is away they wait
/// here, added up and bounded, and nobody waits for them: a visitor goes on. A process that ends then takes them with it.
/// </summary>
public sealed class CountUnstored(Installation installation)
{
    /// <summary>Roll-ups in one commit.</summary>
    const int MostTogether = 200;

    /// <summary>Roll-ups that wait in memory while the database is away, of all workspaces together.</summary>
    public const int MostWaiting = 100_000;

    static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

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
        public bool IsAway { get; set; }
    }

    readonly ConcurrentDictionary<WorkspaceKey, Waiting> all = new();
    int away,
        held;

    /// <summary>Whether facts wait in memory for a database that is away: storing one would only find it away once more.</summary>
    public bool IsAway => Volatile.Read(ref away) > 0;

    /// <summary>Whether facts may wait in memory: an embedded database is where the process is.</summary>
    public bool MayWait => installation.Store.IsShared;

    /// <summary>Whether clicks and views are counted without being stored now.</summary>
    /// <param name="over">This one came over a limit.</param>
    public bool IsInstead(bool over) => over || installation.Store.IsShort;

    /// <summary>When this returns, the fact is counted on disk, or waits in memory while <see cref="IsAway"/>. Throws <see
    /// cref="StoreUnavailableException"/> when it could not be counted and may not wait.</summary>
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
            if (waiting.IsAway && Volatile.Read(ref held) >= MostWaiting)
            {
                CrmMetrics.Uncounted.Add(1);
                return Task.CompletedTask;
            }
            var before = waiting.Batch.Sums.All.Count;
            waiting.Batch.Sums.Add(counts, kind, human, time, elsewhere);
            if (waiting.IsAway)
            {
                Interlocked.Add(ref held, waiting.Batch.Sums.All.Count - before);
                return Task.CompletedTask;
            }
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
                    await CommitWhenThere(settings, waiting, batch, some);
                batch.Done.TrySetResult();
            }
            catch (Exception error)
            {
                // Whoever waits hears it, as of any commit of their own.
                batch.Done.TrySetException(error);
            }
        }
    }

    async Task CommitWhenThere(WorkspaceSettings settings, Waiting waiting, Batch batch, RollUpSums.Sum[] some)
    {
        while (true)
            try
            {
                await CommitLoop.Run<bool>(async _ => (await Added(settings, some), true), CancellationToken.None);
                Mark(waiting, isAway: false);
                return;
            }
            catch (StoreUnavailableException) when (MayWait)
            {
                Mark(waiting, isAway: true);
                batch.Done.TrySetResult(); // it waits here now, and nobody for it
                await Task.Delay(AskAgain, installation.Clock);
            }
    }

    void Mark(Waiting waiting, bool isAway)
    {
        lock (waiting)
        {
            if (waiting.IsAway == isAway)
                return;
            waiting.IsAway = isAway;
            if (Interlocked.Add(ref away, isAway ? 1 : -1) == 0)
                Volatile.Write(ref held, 0);
            // Those who came while it was tried wait no longer either.
            if (isAway)
                waiting.Batch.Done.TrySetResult();
        }
    }

    async ValueTask<UnitOfWork> Added(WorkspaceSettings settings, RollUpSums.Sum[] sums)
    {
        var work = new UnitOfWork(installation, settings, "system");
        await RollUpSums.Store(work, sums, CancellationToken.None);
        return work;
    }
}
