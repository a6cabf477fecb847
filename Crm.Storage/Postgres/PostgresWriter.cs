// Group commit: commits that wait share one transaction, and are answered after PostgreSQL has answered COMMIT.

using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>
/// One batch at a time, which takes all that wait: what a batch costs beside its rows is shared by more of them. Only when very many wait,
/// or the first takes long, a second one begins beside it on another connection.
/// </summary>
sealed class PostgresWriter : IAsyncDisposable
{
    const int LargestBatch = 256;
    const int LongestQueue = 20_000;
    const int Attempts = 8;
    public const int Batches = 2;

    /// <summary>So many commits must wait for a second batch to begin beside the first.</summary>
    const int WorthASecond = 128;
    static readonly TimeSpan TakesLong = TimeSpan.FromMilliseconds(250);

    static readonly TimeSpan KeepMarks = TimeSpan.FromHours(1);

    /// <summary>So many batches are read first after one met a key that was taken: where people come back, looking is cheaper than being
    /// refused.</summary>
    const int CautiousBatches = 32;

    sealed class Waiting(PostgresCommit commit, CancellationToken cancel)
    {
        public PostgresCommit Commit => commit;
        public CancellationToken Cancel => cancel;
        public TaskCompletionSource<CommitResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    readonly NpgsqlDataSource source;
    readonly Func<Collection, CollectionPlan> planOf;
    readonly Func<string, CollectionPlan?> planNamed;
    readonly TimeProvider clock;
    readonly Action<string> log;
    readonly Lock gate = new();
    readonly Queue<Waiting> queue = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int running;
    long begun;
    long marksCleaned;
    int cautious;
    bool stopping;

    public PostgresWriter(
        NpgsqlDataSource source,
        Func<Collection, CollectionPlan> planOf,
        Func<string, CollectionPlan?> planNamed,
        TimeProvider clock,
        Action<string> log
    )
    {
        (this.source, this.planOf, this.planNamed, this.clock, this.log) = (source, planOf, planNamed, clock, log);
        marksCleaned = clock.GetTimestamp();
    }

    public ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        var waiting = new Waiting(new(ws, changes, planOf), cancel);
        lock (gate)
        {
            if (stopping)
                throw new StoreUnavailableException("The store is closing.");
            if (queue.Count >= LongestQueue)
                throw new StoreUnavailableException("Too many commits wait for the database.");
            queue.Enqueue(waiting);
            if (running == 0 || running < Batches && MayBeginASecond)
            {
                running++;
                _ = Task.Run(Run);
            }
        }
        return new(waiting.Answer.Task);
    }

    bool MayBeginASecond => queue.Count >= WorthASecond || clock.GetElapsedTime(begun) > TakesLong;

    /// <summary>Writes batch after batch until nothing waits.</summary>
    async Task Run()
    {
        while (Take() is { } batch)
            try
            {
                await WriteBatch(batch);
            }
            catch (Exception failure)
            {
                log($"Writing failed: {failure.Message}");
                foreach (var waiting in batch)
                    waiting.Answer.TrySetException(Unavailable(failure));
            }
    }

    /// <summary>What waits, as one batch; null when the caller has nothing more to do.</summary>
    List<Waiting>? Take()
    {
        lock (gate)
        {
            var batch = new List<Waiting>(Math.Min(queue.Count, LargestBatch));
            if (running == 1 || MayBeginASecond)
            {
                begun = clock.GetTimestamp();
                while (batch.Count < LargestBatch && queue.TryDequeue(out var waiting))
                    if (waiting.Cancel.IsCancellationRequested)
                        waiting.Answer.TrySetCanceled(waiting.Cancel);
                    else
                        batch.Add(waiting);
            }
            if (batch.Count > 0)
                return batch;
            if (--running == 0 && stopping)
                ended.TrySetResult();
            return null;
        }
    }

    static StoreUnavailableException Unavailable(Exception failure) => new("The database does not take commits.", failure);

    async Task WriteBatch(List<Waiting> batch)
    {
        var look =
            Volatile.Read(ref cautious) > 0 && Interlocked.Decrement(ref cautious) >= 0
            || batch.Exists(waiting => !waiting.Commit.OnlyAdds);
        for (var attempt = 1; ; attempt++, look = true)
        {
            try
            {
                if (await WriteTogether(batch, look))
                    return;
                Volatile.Write(ref cautious, CautiousBatches);
            }
            catch (PostgresException failure) when (attempt < Attempts && Repeatable(failure))
            {
                // Somebody else took a key or a row between our check and our write, or we did not look, or two waited for each other, or
                // this node stood still in the middle: check again.
                if (!look)
                    Volatile.Write(ref cautious, CautiousBatches);
            }
            catch (Exception failure)
                when (batch.Count > 1 && (failure is ArgumentException || failure is PostgresException refused && !IsAway(refused)))
            {
                log($"A batch of commits failed and is repeated one by one: {failure.Message}");
                foreach (var waiting in batch)
                    await WriteBatch([waiting])
                        .ContinueWith(
                            written =>
                            {
                                if (written.Exception?.InnerException is { } error)
                                    waiting.Answer.TrySetException(error is ArgumentException ? error : Unavailable(error));
                            },
                            TaskScheduler.Default
                        );
                return;
            }
        }
    }

    /// <summary>idle_in_transaction_session_timeout, which Npgsql has no name for.</summary>
    const string StoodStill = "25P03";

    static bool Repeatable(PostgresException failure) =>
        failure.SqlState
            is PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.LockNotAvailable
                or StoodStill;

    /// <summary>The server is stopping, starting, or full: no commit is at fault.</summary>
    static bool IsAway(PostgresException failure) => failure.SqlState[..2] is "08" or "53" or "57" or "58" or "XX" or "25";

    /// <param name="look">Whether what the commits touch is read first; if not, they only add, and the constraints alone decide.</param>
    /// <returns>False: nothing was written, for to name all conflicts the batch must be looked at.</returns>
    async Task<bool> WriteTogether(List<Waiting> batch, bool look)
    {
        await using var connection = await source.OpenConnectionAsync();
        var mark = Guid.NewGuid();
        var sent = false;
        CommitResult[] results = [];
        try
        {
            var work = new PostgresBatch(connection, planNamed);
            var commits = batch.ConvertAll(waiting => waiting.Commit);
            if (look)
                await work.Look(commits);
            else
                work.Expect(commits);
            results = work.Judge(commits);
            if (!look && Array.Exists(results, result => !result.Committed))
                return false;
            sent = true;
            await work.Finish(mark);
        }
        catch (Exception failure)
        {
            await RollBack(connection);
            // The server refused: nothing was stored. A broken connection says nothing, so the database is asked.
            if (!sent || failure is PostgresException refused && !IsAway(refused) || !await WasCommitted(mark))
                throw;
            log("A commit's answer was lost; the database has it.");
        }
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(results[i]);
        await CleanMarks();
        return true;
    }

    static async Task RollBack(NpgsqlConnection connection)
    {
        try
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var command = new NpgsqlCommand("ROLLBACK", connection);
                await command.ExecuteNonQueryAsync();
            }
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or IOException)
        {
            await connection.CloseAsync(); // It is broken, and with it the transaction is gone.
        }
    }

    /// <summary>
    /// Whether a transaction whose answer was lost was made. We write its mark ourselves: that waits for the transaction if it is still
    /// under way;
    /// if the mark was there, "made" tells whose it was (an earlier question of ours may have lost its answer too); if not, that
    /// transaction can no longer be made.
    /// </summary>
    async Task<bool> WasCommitted(Guid mark)
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var command = new NpgsqlCommand(
                    "INSERT INTO mark(id, made) VALUES($1, false) ON CONFLICT(id) DO UPDATE SET made = mark.made RETURNING made",
                    connection
                )
                {
                    Parameters = { new() { Value = mark } },
                };
                return (bool)(await command.ExecuteScalarAsync())!;
            }
            catch (Exception error) when (attempt < 6 && error is NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), clock);
            }
    }

    async Task CleanMarks()
    {
        var before = Interlocked.Read(ref marksCleaned);
        if (
            clock.GetElapsedTime(before) < KeepMarks
            || Interlocked.CompareExchange(ref marksCleaned, clock.GetTimestamp(), before) != before
        )
            return;
        await using var command = source.CreateCommand("DELETE FROM mark WHERE at < now() - interval '1 hour'");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopping = true;
            if (running == 0)
                ended.TrySetResult();
        }
        await ended.Task;
    }
}
