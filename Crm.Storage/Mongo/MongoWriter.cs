// Group commit: a batch takes every commit that waits, writes their net effect, and answers after a majority has it in its journal.

using System.Threading.Channels;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>How a batch gets to the server: all of it or nothing.</summary>
interface IMongoCommitter
{
    /// <summary>Whether a server would not refuse a second document or key by itself, so that all of them are looked up first.</summary>
    bool LooksFirst { get; }

    /// <summary>Runs the batch's reads and writes its operations. False: somebody else changed in the meantime what was read, and nothing
    /// was written.</summary>
    Task<bool> Write(MongoLink link, Func<MongoLink, Task<List<MongoOperation>>> prepare);

    /// <summary>Called now and then while nobody commits.</summary>
    Task Idle(MongoLink link);

    /// <summary>Called once, after the last commit.</summary>
    Task Close(MongoLink link);
}

sealed class MongoWriter : IAsyncDisposable
{
    const int LargestBatch = 256;
    const long LargestBytes = 8L << 20;
    const int LongestQueue = 20_000;
    static readonly TimeSpan IdleEvery = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How soon what was appended here gets its position, and how often it is looked for what a node that died left without.
    /// </summary>
    static readonly TimeSpan NumberAfter = TimeSpan.FromMilliseconds(100),
        LookEvery = TimeSpan.FromMilliseconds(500);

    readonly MongoLink link;
    readonly IMongoCommitter committer;
    readonly MongoSequencer sequencer;
    readonly MongoStoreOptions options;
    readonly TimeProvider clock;
    readonly Action<string> log;
    readonly Channel<MongoCommit> queue = Channel.CreateBounded<MongoCommit>(
        new BoundedChannelOptions(LongestQueue) { SingleReader = true }
    );
    readonly List<MongoCommit> batch = [];
    readonly Task running;
    bool appended;
    long idled,
        numbered;

    public MongoWriter(
        MongoLink link,
        IMongoCommitter committer,
        MongoSequencer sequencer,
        MongoStoreOptions options,
        TimeProvider clock,
        Action<string> log
    )
    {
        (this.link, this.committer, this.sequencer, this.options, this.clock, this.log) = (link, committer, sequencer, options, clock, log);
        idled = numbered = clock.GetTimestamp();
        running = Task.Run(Run);
    }

    public ValueTask<CommitResult> Commit(long ws, MongoChange[] changes, CancellationToken cancel)
    {
        var commit = new MongoCommit(ws, changes, cancel);
        if (!queue.Writer.TryWrite(commit))
            throw new StoreUnavailableException(
                queue.Reader.Count < LongestQueue ? "The store is closing." : "Too many commits wait for MongoDB."
            );
        return new(commit.Answer.Task);
    }

    async Task Run()
    {
        while (await Take())
        {
            if (batch.Count > 0)
                await WriteBatch();
            else if (clock.GetElapsedTime(idled) >= IdleEvery)
            {
                await Quietly(committer.Idle);
                idled = clock.GetTimestamp();
            }
            appended |= batch.Exists(commit => commit.Appends);
            if (clock.GetElapsedTime(numbered) < (appended ? NumberAfter : LookEvery))
                continue;
            // Between batches and not with each: a transaction more for every batch would halve the commits a second.
            appended = false;
            await Quietly(sequencer.Run);
            numbered = clock.GetTimestamp();
        }
        await Quietly(sequencer.Run);
        await Quietly(committer.Close);
    }

    async Task Quietly(Func<MongoLink, Task> act)
    {
        try
        {
            await act(link);
        }
        catch (Exception failure) when (failure is MongoFailure or StoreUnavailableException)
        {
            log(failure.Message);
        }
    }

    /// <summary>Waits for commits and takes those that wait; now and then returns without any. False: there will be no more.</summary>
    async Task<bool> Take()
    {
        batch.Clear();
        using (var idle = new CancellationTokenSource(appended ? NumberAfter : LookEvery, clock))
            try
            {
                if (!await queue.Reader.WaitToReadAsync(idle.Token))
                    return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        long bytes = 0;
        while (batch.Count < LargestBatch && queue.Reader.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= LargestBytes))
        {
            bytes += next.Bytes;
            queue.Reader.TryRead(out _);
            batch.Add(next);
        }
        return true;
    }

    async Task WriteBatch()
    {
        foreach (var commit in batch.Where(commit => commit.Cancel.IsCancellationRequested))
            commit.Answer.TrySetCanceled(commit.Cancel);
        batch.RemoveAll(commit => commit.Answer.Task.IsCompleted);
        if (batch.Count == 0)
            return;
        try
        {
            await WriteTogether(batch);
        }
        catch (MongoFailure failure)
        {
            log($"A batch of commits was not written: {failure.Message}");
            Refuse(batch, new("MongoDB did not take the commit.", failure));
        }
        catch (StoreUnavailableException failure)
        {
            log(failure.Message);
            Refuse(batch, failure);
        }
        catch (Exception failure)
        {
            // One of them has something that nobody foresaw: the others shall not suffer from it.
            log($"A batch of commits failed and is repeated one by one: {failure.GetType().Name}");
            foreach (var commit in batch)
                await OneByOne(commit);
        }
    }

    async Task OneByOne(MongoCommit commit)
    {
        try
        {
            await WriteTogether([commit]);
        }
        catch (Exception failure)
        {
            Refuse([commit], failure as StoreUnavailableException ?? new("MongoDB did not take the commit.", failure));
        }
    }

    static void Refuse(List<MongoCommit> commits, StoreUnavailableException why)
    {
        foreach (var commit in commits)
            commit.Answer.TrySetException(why);
    }

    async Task WriteTogether(List<MongoCommit> commits)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (await committer.Write(link, asked => Prepare(asked, commits, full: attempt > 0 || committer.LooksFirst)))
                    break;
            }
            catch (MongoFailure failure)
                when (clock.GetElapsedTime(started) < options.Patience && (failure.Transient || failure.Duplicate || failure.Away))
            {
                // Somebody was in the way, or a connection was no longer one: once more, with everything read.
            }
            if (clock.GetElapsedTime(started) > 2 * options.Patience)
                throw new StoreUnavailableException("Too many others change the same documents.");
            if (attempt > 0)
                await Task.Yield();
        }
        foreach (var commit in commits)
            commit.Answer.TrySetResult(commit.Result);
    }

    static async Task<List<MongoOperation>> Prepare(MongoLink link, List<MongoCommit> commits, bool full)
    {
        var made = new MongoBatch(full);
        if (!await made.Add(link, commits))
        {
            made = new(full: true);
            await made.Add(link, commits);
        }
        return made.Operations();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }
}
