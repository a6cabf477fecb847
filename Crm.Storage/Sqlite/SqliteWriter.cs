// Group commit: one thread takes every commit that waits, writes them as one transaction, and answers after it is on disk.

using System.Diagnostics.CodeAnalysis;
using Crm.Domain.Stores;
using SQLitePCL;

namespace Crm.Storage.Sqlite;

sealed class SqliteWriter : IAsyncDisposable
{
    const int LargestBatch = 256;
    const int LongestQueue = 20_000;
    const long LargestLog = 64L << 20;

    /// <summary>Pages that are given back at once, and of all pages the part that stays free for what comes next.</summary>
    const int GivenAtOnce = 128,
        KeptFree = 16;
    static readonly TimeSpan BetweenGivings = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    sealed class Waiting(long ws, PreparedChange[] changes, CancellationToken cancel)
    {
        public long Ws => ws;
        public PreparedChange[] Changes => changes;
        public CancellationToken Cancel => cancel;
        public TaskCompletionSource<CommitResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CommitResult Result { get; set; } = CommitResult.Done;
    }

    /// <summary>A batch that is on disk, about to be told to those who wait for it.</summary>
    sealed class Answers(Waiting[] those) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var waiting in those)
                waiting.Answer.TrySetResult(waiting.Result);
        }
    }

    readonly SqliteStoreOptions options;
    readonly TimeProvider clock;
    readonly Func<SqliteLink> open;
    readonly Action reopenReaders;
    readonly Names names;
    readonly CollectionPlan[] plans;
    readonly DiskSpace disk;
    readonly Action<string> log;
    readonly object gate = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    List<Waiting> queue = [];
    List<Waiting> batch = [];

    /// <summary>So many commits in the queue wake the writer.</summary>
    int wanted = 1;

    /// <summary>Who waits for deleted bytes to be gone; and where the step before stopped: a plan whose index is put together, or the
    /// end.</summary>
    readonly List<TaskCompletionSource> scrubs = [];
    TaskCompletionSource[] scrubbed = [];
    int scrubbing;
    bool putTogether;

    /// <summary>Who waits for free pages to be given back; and when that was last done.</summary>
    readonly List<TaskCompletionSource> givings = [];
    long gaveAt;
    bool stopping;
    volatile bool broken;
    SqliteLink? link;
    RowWriter rows;
    SqliteSearch search;
    long pagesInLog;
    long triedAt;
    string? complaint;

    public SqliteWriter(
        SqliteStoreOptions options,
        TimeProvider clock,
        SqliteLink link,
        Func<SqliteLink> open,
        Action reopenReaders,
        Names names,
        CollectionPlan[] plans,
        DiskSpace disk,
        Action<string> log
    )
    {
        (this.options, this.clock, this.open, this.reopenReaders, this.names, this.plans, this.disk, this.log) = (
            options,
            clock,
            open,
            reopenReaders,
            names,
            plans,
            disk,
            log
        );
        Use(link);
        new Thread(Run) { IsBackground = true, Name = "sqlite-writer" }.Start();
    }

    /// <summary>False while the last write failed and no probe succeeded since.</summary>
    public bool Works => !broken && !stopping;

    public ValueTask<CommitResult> Commit(long ws, PreparedChange[] changes, CancellationToken cancel)
    {
        var waiting = new Waiting(ws, changes, cancel);
        lock (gate)
        {
            if (stopping)
                throw new StoreUnavailableException("The store is closing.");
            if (queue.Count >= LongestQueue)
                throw new StoreUnavailableException("Too many commits wait for the disk.");
            queue.Add(waiting);
            if (queue.Count == wanted)
                Monitor.Pulse(gate);
        }
        return new(waiting.Answer.Task);
    }

    /// <summary>See <see cref="IStore.Scrub"/>: in steps between the batches, so that nobody's commit waits for all of it.</summary>
    public Task Scrub(CancellationToken cancel) => Ask(scrubs, cancel);

    /// <summary>See <see cref="IStore.GiveBack"/>: in steps between the batches, too.</summary>
    public Task GiveBack(CancellationToken cancel) => Ask(givings, cancel);

    Task Ask(List<TaskCompletionSource> those, CancellationToken cancel)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (stopping)
                throw new StoreUnavailableException("The store is closing.");
            those.Add(asked);
            Monitor.Pulse(gate);
        }
        return asked.Task.WaitAsync(cancel);
    }

    /// <summary>Whether somebody waits for something that is done between the batches.</summary>
    bool IsAsked => scrubs.Count > 0 || givings.Count > 0;

    [MemberNotNull(nameof(link), nameof(rows), nameof(search))]
    void Use(SqliteLink opened)
    {
        link = opened;
        rows = new(opened, names);
        search = new(opened, names);
    }

    void Run()
    {
        while (Take())
        {
            if (broken)
                Recover();
            if (batch.Count == 0)
            {
                ScrubStep();
                GiveBackStep();
                continue;
            }
            if (broken)
                Refuse(new("The disk failed and does not work again yet."));
            else if (disk.BelowFloor())
                Refuse(new("The disk is almost full: nothing is written until there is room again."));
            else
                WriteBatch();
            ScrubStep();
            GiveBackStep();
        }
        foreach (var asked in scrubs.Concat(givings))
            asked.TrySetException(new StoreUnavailableException("The store is closing."));
        Close();
        ended.SetResult();
    }

    /// <summary>
    /// Waits for commits and takes those that wait; while the disk is broken, returns now and then without any. Those who were just
    /// answered are about to come again: a batch begins when half as many wait as were in the last one, or a moment later. Otherwise the
    /// first of them would have a sync of their own, and all others would wait for it.
    /// </summary>
    bool Take()
    {
        var last = batch.Count;
        batch.Clear();
        lock (gate)
        {
            wanted = broken ? 1 : Math.Max(1, last / 2);
            while (queue.Count < wanted && !stopping)
                if (
                    !Monitor.Wait(
                        gate,
                        broken ? RetryAfter
                            : wanted > 1 || IsAsked ? Moment
                            : Timeout.InfiniteTimeSpan
                    )
                )
                {
                    if (broken || IsAsked)
                        return true;
                    wanted = 1;
                }
            if (queue.Count <= LargestBatch)
                (queue, batch) = (batch, queue);
            else
            {
                batch.AddRange(queue.GetRange(0, LargestBatch));
                queue.RemoveRange(0, LargestBatch);
            }
            return batch.Count > 0 || !stopping;
        }
    }

    void WriteBatch()
    {
        for (var i = batch.Count - 1; i >= 0; i--)
            if (batch[i].Cancel.IsCancellationRequested)
            {
                batch[i].Answer.TrySetCanceled(batch[i].Cancel);
                batch.RemoveAt(i);
            }
        try
        {
            WriteTogether(batch);
            // Waking so many takes as long as writing some of them: not on this thread.
            ThreadPool.UnsafeQueueUserWorkItem(new Answers([.. batch]), preferLocal: false);
        }
        catch (Exception failure) when (failure is not SqliteFailure { OfTheDisk: true } && batch.Count > 1)
        {
            log($"A batch of commits failed and is repeated one by one: {failure.Message}");
            WriteOneByOne();
        }
        catch (Exception failure)
        {
            Failed(failure);
            Refuse(new("The commit could not be written.", failure));
        }
        if (!broken)
            Maintain();
    }

    void WriteOneByOne()
    {
        foreach (var waiting in batch)
        {
            if (broken)
            {
                waiting.Answer.TrySetException(new StoreUnavailableException("The disk failed and does not work again yet."));
                continue;
            }
            try
            {
                WriteTogether([waiting]);
                waiting.Answer.TrySetResult(waiting.Result);
            }
            catch (Exception failure)
            {
                Failed(failure);
                waiting.Answer.TrySetException(new StoreUnavailableException("The commit could not be written.", failure));
            }
        }
    }

    void WriteTogether(List<Waiting> commits)
    {
        if (commits.Count == 0)
            return;
        var seqs = Array.ConvertAll(plans, plan => plan.NextSeq);
        try
        {
            link!.Run("BEGIN IMMEDIATE");
            foreach (var commit in commits)
            {
                if (rows.Check(commit.Ws, commit.Changes) is { } conflicts)
                {
                    commit.Result = new(conflicts);
                    continue;
                }
                commit.Result = CommitResult.Done;
                rows.Write(commit.Ws, commit.Changes);
            }
            rows.WriteCounted();
            link.Run("COMMIT");
            names.Committed();
            rows.Committed();
        }
        catch
        {
            rows.RolledBack();
            RollBack(seqs);
            throw;
        }
    }

    void RollBack(long[] seqs)
    {
        try
        {
            link!.RollBack();
        }
        catch (SqliteFailure)
        {
            broken = true; // The connection cannot even roll back: it is closed before anything else is written.
        }
        names.RolledBack();
        for (var i = 0; i < plans.Length; i++)
        {
            plans[i].NextSeq = seqs[i];
            plans[i].ForgetPositions(); // After a failed sync the database may have the batch all the same.
        }
    }

    void Failed(Exception failure)
    {
        if (failure is SqliteFailure { OfTheDisk: true })
            broken = true;
        log($"Writing failed: {failure.Message}");
    }

    void Refuse(StoreUnavailableException why)
    {
        foreach (var waiting in batch)
            waiting.Answer.TrySetException(why);
    }

    /// <summary>Work behind the answers: the search index and the log. A failure here loses nothing, but the disk is not trusted
    /// further.</summary>
    void Maintain()
    {
        try
        {
            foreach (var plan in plans)
                if (SqliteSearch.IsDue(plan, options.SearchTail))
                    IndexWords(plan);
            pagesInLog += link!.TakePagesWritten();
            if (pagesInLog * 4096 < options.CheckpointBytes)
                return;
            // While readers hold old pages the log cannot start again from its beginning; past the limit they are waited for.
            if (link.Checkpoint(pagesInLog * 4096 < LargestLog ? raw.SQLITE_CHECKPOINT_PASSIVE : raw.SQLITE_CHECKPOINT_RESTART))
                pagesInLog = 0;
        }
        catch (SqliteFailure failure)
        {
            link!.RollBack();
            Failed(failure);
        }
    }

    /// <summary>
    /// Words of rows that are gone stay in the index's parts until these are put together: some pages of one at a time. Then the whole log
    /// goes into the database, and its file is empty. A reader that holds old pages is waited for.
    /// </summary>
    void ScrubStep()
    {
        // Who asks while a round goes on may have deleted what it passed already: the next round is theirs.
        if (scrubbed.Length == 0)
            lock (gate)
                scrubbed = [.. scrubs];
        if (scrubbed.Length == 0 || broken)
            return;
        try
        {
            if (scrubbing < plans.Length)
            {
                if (plans[scrubbing].Collection.Searchable && PutTogether(plans[scrubbing]))
                    putTogether = true;
                else
                    (scrubbing, putTogether) = (scrubbing + 1, false);
                return;
            }
            if (!link!.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE))
                return;
            (scrubbing, pagesInLog) = (0, 0);
        }
        catch (SqliteFailure failure)
        {
            link!.RollBack();
            Failed(failure);
            return;
        }
        lock (gate)
            scrubs.RemoveAll(scrubbed.Contains);
        foreach (var one in scrubbed)
            one.TrySetResult();
        scrubbed = [];
    }

    /// <summary>
    /// Free pages at the end of the file become its end. A step is a commit and a sync of its own, so while others commit there is time
    /// between two of them. The file is cut when the log is copied into it.
    /// </summary>
    void GiveBackStep()
    {
        TaskCompletionSource[] asked;
        lock (gate)
        {
            if (givings.Count == 0 || broken || queue.Count > 0 && clock.GetElapsedTime(gaveAt) < BetweenGivings)
                return;
            asked = [.. givings];
        }
        try
        {
            if (IsGivable())
            {
                link!.Execute($"PRAGMA incremental_vacuum({GivenAtOnce})");
                gaveAt = clock.GetTimestamp();
                Maintain();
                return;
            }
            link!.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
        }
        catch (SqliteFailure failure)
        {
            link!.RollBack();
            Failed(failure);
            return;
        }
        lock (gate)
            givings.RemoveAll(asked.Contains);
        foreach (var one in asked)
            one.TrySetResult();
    }

    /// <summary>Whether more pages are free than what comes next needs. A file that an older version made gives none back.</summary>
    bool IsGivable()
    {
        const int Incremental = 2;
        return link!.First("PRAGMA auto_vacuum").Integer == Incremental
            && link.First("PRAGMA freelist_count").Integer > link.First("PRAGMA page_count").Integer / KeptFree + GivenAtOnce;
    }

    bool PutTogether(CollectionPlan plan)
    {
        if (!putTogether)
            IndexWords(plan);
        link!.Run("BEGIN IMMEDIATE");
        var more = search.PutTogether(plan, !putTogether);
        link.Run("COMMIT");
        return more;
    }

    void IndexWords(CollectionPlan plan)
    {
        var before = plan.SearchedUpTo;
        try
        {
            link!.Run("BEGIN IMMEDIATE");
            search.IndexUpTo(plan, plan.NextSeq - 1);
            link.Run("COMMIT");
        }
        catch
        {
            plan.SearchedUpTo = before;
            throw;
        }
    }

    /// <summary>
    /// After a failed write the kernel may have marked pages of the log as written that never were. So: new connections, the whole log into
    /// the database and synced, an empty log, and one commit of our own, before anybody's commit is tried again.
    /// </summary>
    void Recover()
    {
        if (triedAt != 0 && clock.GetElapsedTime(triedAt) < RetryAfter)
            return;
        triedAt = clock.GetTimestamp();
        try
        {
            link?.Dispose();
            link = null;
            reopenReaders();
            if (disk.BelowFloor())
                return;
            Use(open());
            if (!link.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE))
                return;
            link.Run("BEGIN IMMEDIATE");
            link.Run(
                "INSERT INTO meta(name, value) VALUES('probe', ?1) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                Cell.Text(clock.GetUtcNow().ToString("O"))
            );
            link.Run("COMMIT");
            names.Load(link);
            foreach (var plan in plans)
                plan.NextSeq = link.First($"SELECT max(seq) FROM {plan.Table}") is { IsNull: false } last
                    ? Math.Max(plan.NextSeq, last.Integer + 1)
                    : plan.NextSeq;
            pagesInLog = 0;
            (broken, triedAt, complaint) = (false, 0, null);
            log("The disk works again.");
        }
        catch (Exception failure) when (failure is SqliteFailure or Microsoft.Data.Sqlite.SqliteException)
        {
            if (complaint != failure.Message)
                log($"The disk does not work yet: {failure.Message}");
            complaint = failure.Message;
        }
    }

    void Close()
    {
        try
        {
            if (link is { } open && !broken)
                open.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteFailure failure)
        {
            log($"The log could not be copied into the database at the end; the next start does it: {failure.Message}");
        }
        link?.Dispose();
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
