// Group commit: one thread takes every commit that waits, writes their net effect, and answers after a majority has it in its journal.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>How a batch gets to the server: all of it or nothing.</summary>
interface IMongoCommitter
{
    /// <summary>Whether a server would not refuse a second document or key by itself, so that all of them are looked up first.</summary>
    bool LooksFirst { get; }

    /// <summary>Runs the batch's reads and writes its operations. False: somebody else changed in the meantime what was read, and nothing was written.</summary>
    bool Write(MongoLink link, Func<MongoLink, List<MongoOperation>?> prepare);

    /// <summary>Called now and then while nobody commits.</summary>
    void Idle(MongoLink link);

    /// <summary>Called once, after the last commit.</summary>
    void Close(MongoLink link);
}

sealed class MongoWriter : IAsyncDisposable
{
    const int LargestBatch = 256;
    const long LargestBytes = 8L << 20;
    const int LongestQueue = 20_000;
    static readonly TimeSpan IdleEvery = TimeSpan.FromSeconds(3);

    readonly MongoPool pool;
    readonly IMongoCommitter committer;
    readonly MongoStoreOptions options;
    readonly TimeProvider clock;
    readonly Action<string> log;
    readonly object gate = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Queue<MongoCommit> queue = new();
    readonly List<MongoCommit> batch = [];
    bool stopping;

    public MongoWriter(MongoPool pool, IMongoCommitter committer, MongoStoreOptions options, TimeProvider clock, Action<string> log)
    {
        (this.pool, this.committer, this.options, this.clock, this.log) = (pool, committer, options, clock, log);
        new Thread(Run) { IsBackground = true, Name = "mongo-writer" }.Start();
    }

    public ValueTask<CommitResult> Commit(long ws, MongoChange[] changes, CancellationToken cancel)
    {
        var commit = new MongoCommit(ws, changes, cancel);
        lock (gate)
        {
            if (stopping)
                throw new StoreUnavailableException("The store is closing.");
            if (queue.Count >= LongestQueue)
                throw new StoreUnavailableException("Too many commits wait for MongoDB.");
            queue.Enqueue(commit);
            Monitor.Pulse(gate);
        }
        return new(commit.Answer.Task);
    }

    void Run()
    {
        using (var link = pool.Pop())
        {
            while (Take())
                if (batch.Count == 0)
                    Quietly(() => committer.Idle(link));
                else
                    WriteBatch(link);
            Quietly(() => committer.Close(link));
        }
        ended.SetResult();
    }

    void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (Exception failure) when (failure is MongoFailure or StoreUnavailableException)
        {
            log(failure.Message);
        }
    }

    /// <summary>Waits for commits and takes those that wait; now and then returns without any.</summary>
    bool Take()
    {
        batch.Clear();
        lock (gate)
        {
            if (queue.Count == 0 && !stopping)
                Monitor.Wait(gate, IdleEvery);
            long bytes = 0;
            while (batch.Count < LargestBatch && queue.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= LargestBytes))
            {
                bytes += next.Bytes;
                batch.Add(queue.Dequeue());
            }
            return batch.Count > 0 || !stopping;
        }
    }

    void WriteBatch(MongoLink link)
    {
        foreach (var commit in batch.Where(commit => commit.Cancel.IsCancellationRequested))
            commit.Answer.TrySetCanceled(commit.Cancel);
        batch.RemoveAll(commit => commit.Answer.Task.IsCompleted);
        if (batch.Count == 0)
            return;
        try
        {
            WriteTogether(link, batch);
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
                OneByOne(link, commit);
        }
    }

    void OneByOne(MongoLink link, MongoCommit commit)
    {
        try
        {
            WriteTogether(link, [commit]);
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

    void WriteTogether(MongoLink link, List<MongoCommit> commits)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (committer.Write(link, asked => Prepare(asked, commits, full: attempt > 0 || committer.LooksFirst)))
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
                Thread.Yield();
        }
        foreach (var commit in commits)
            commit.Answer.TrySetResult(commit.Result);
    }

    static List<MongoOperation>? Prepare(MongoLink link, List<MongoCommit> commits, bool full)
    {
        var made = new MongoBatch(full);
        if (!made.Add(link, commits))
        {
            made = new(full: true);
            made.Add(link, commits);
        }
        return made.Operations();
    }

    /// <summary>Writes what waits, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.Pulse(gate);
        }
        await ended.Task;
    }
}
