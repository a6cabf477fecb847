// Group commit: commits that wait share one transaction, and are answered after PostgreSQL has answered COMMIT.

using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>Two batches at a time, each on a connection of its own: while one waits for the disk the other is made ready.</summary>
sealed class PostgresWriter : IAsyncDisposable
{
    const int LargestBatch = 256;
    const int LongestQueue = 20_000;
    const int Attempts = 8;
    const int Batches = 2;
    static readonly TimeSpan KeepMarks = TimeSpan.FromHours(1);

    sealed class Waiting(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        public long Ws => ws;
        public IReadOnlyList<Change> Changes => changes;
        public CancellationToken Cancel => cancel;
        public TaskCompletionSource<CommitResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    readonly NpgsqlDataSource source;
    readonly Func<Collection, CollectionPlan> planOf;
    readonly TimeProvider clock;
    readonly Action<string> log;
    readonly Lock gate = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly Task[] loops;
    readonly Queue<Waiting> queue = new();
    long marksCleaned;
    volatile bool stopping;

    public PostgresWriter(NpgsqlDataSource source, Func<Collection, CollectionPlan> planOf, TimeProvider clock, Action<string> log)
    {
        (this.source, this.planOf, this.clock, this.log) = (source, planOf, clock, log);
        marksCleaned = clock.GetTimestamp();
        loops = [.. Enumerable.Range(0, Batches).Select(_ => Task.Run(Run))];
    }

    public ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        PostgresBatch.Prepare(changes, planOf);
        var waiting = new Waiting(ws, changes, cancel);
        lock (gate)
        {
            if (stopping)
                throw new StoreUnavailableException("The store is closing.");
            if (queue.Count >= LongestQueue)
                throw new StoreUnavailableException("Too many commits wait for the database.");
            queue.Enqueue(waiting);
        }
        arrived.Release();
        return new(waiting.Answer.Task);
    }

    async Task Run()
    {
        while (true)
        {
            await arrived.WaitAsync();
            var batch = Take();
            if (batch.Count == 0)
            {
                if (stopping)
                    return;
                continue;
            }
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
    }

    List<Waiting> Take()
    {
        var batch = new List<Waiting>();
        lock (gate)
            while (batch.Count < LargestBatch && queue.TryDequeue(out var waiting))
                if (waiting.Cancel.IsCancellationRequested)
                    waiting.Answer.TrySetCanceled(waiting.Cancel);
                else
                    batch.Add(waiting);
        return batch;
    }

    static StoreUnavailableException Unavailable(Exception failure) => new("The database does not take commits.", failure);

    async Task WriteBatch(List<Waiting> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteTogether(batch);
                return;
            }
            catch (PostgresException failure) when (attempt < Attempts && Repeatable(failure))
            {
                // Somebody else took a key or a row between our check and our write, or two waited for each other: check again.
            }
            catch (Exception failure) when (batch.Count > 1 && (failure is ArgumentException || failure is PostgresException refused && !IsAway(refused)))
            {
                log($"A batch of commits failed and is repeated one by one: {failure.Message}");
                foreach (var waiting in batch)
                    await WriteBatch([waiting]).ContinueWith(written =>
                    {
                        if (written.Exception?.InnerException is { } error)
                            waiting.Answer.TrySetException(error is ArgumentException ? error : Unavailable(error));
                    }, TaskScheduler.Default);
                return;
            }
        }
    }

    static bool Repeatable(PostgresException failure) => failure.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable;

    /// <summary>The server is stopping, starting, or full: no commit is at fault.</summary>
    static bool IsAway(PostgresException failure) => failure.SqlState[..2] is "08" or "53" or "57" or "58" or "XX" or "25";

    async Task WriteTogether(List<Waiting> batch)
    {
        await using var connection = await source.OpenConnectionAsync();
        var mark = Guid.NewGuid();
        var sent = false;
        CommitResult[] results = [];
        try
        {
            var work = new PostgresBatch(connection, planOf);
            results = await work.Write([.. batch.Select(waiting => (waiting.Ws, waiting.Changes))]);
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
    /// Whether a transaction whose answer was lost was made. We write its mark ourselves: that waits for the transaction if it is still under way;
    /// if the mark was there, "made" tells whose it was (an earlier question of ours may have lost its answer too); if not, that transaction can
    /// no longer be made.
    /// </summary>
    async Task<bool> WasCommitted(Guid mark)
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var command = new NpgsqlCommand("INSERT INTO mark(id, made) VALUES($1, false) ON CONFLICT(id) DO UPDATE SET made = mark.made RETURNING made", connection) { Parameters = { new() { Value = mark } } };
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
        if (clock.GetElapsedTime(before) < KeepMarks || Interlocked.CompareExchange(ref marksCleaned, clock.GetTimestamp(), before) != before)
            return;
        await using var command = source.CreateCommand("DELETE FROM mark WHERE at < now() - interval '1 hour'");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
            stopping = true;
        arrived.Release(Batches);
        await Task.WhenAll(loops);
    }
}
