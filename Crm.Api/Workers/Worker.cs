// The one frame of all background work: what wakes it, who may do it, what happens when it fails, when the store is away and at the end.

using Crm.Api.Http;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <summary>
/// Background work as one step that is done again and again. A worker says its name, what wakes it and its step; it catches nothing and
/// logs nothing of the store. A step may be killed anywhere and done again.
/// </summary>
public abstract class Worker(Installation installation, StoreOutage outage, ILogger log) : BackgroundService
{
    /// <summary>After a failure, doubled with each that follows; when the store is away, at most a second.</summary>
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250),
        WhileAway = TimeSpan.FromSeconds(1);

    volatile TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected Installation Installation => installation;
    protected ILogger Log => log;

    /// <summary>Kebab case: the name of its lease, and its name in the log.</summary>
    protected abstract string Name { get; }

    /// <summary>How long one node has the work to itself, unless it holds it for longer; null: every node does it.</summary>
    protected virtual TimeSpan? Lease => null;

    /// <summary>When a node asks again whose lease another one holds.</summary>
    protected virtual TimeSpan AskAgain => TimeSpan.FromSeconds(1);

    /// <summary>The workspace whose commits in this process wake it; null: only time does, and <see cref="Call"/>.</summary>
    protected virtual WorkspaceKey? WokenByCommitsOf => null;

    /// <summary>How long it waits before its first step.</summary>
    protected virtual TimeSpan Rest => TimeSpan.Zero;

    /// <summary>The longest pause after failures that are not the store's absence.</summary>
    protected virtual TimeSpan LongestPause => TimeSpan.FromMinutes(1);

    /// <summary>Before the first step; false: there is nothing to do for it in this installation.</summary>
    protected virtual bool Begin() => true;

    /// <summary>Does what there is to do. Returns when to come again at the latest; zero: at once.</summary>
    /// <param name="lease">When it has one; what takes long holds it (<see cref="HeldLease.Hold"/>).</param>
    protected abstract ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop);

    /// <summary>Waits at the end for what steps have begun; the host gives all workers together its shutdown timeout.</summary>
    protected virtual ValueTask Finish() => default;

    /// <summary>There is something to do now.</summary>
    protected void Call() => called.TrySetResult();

    /// <summary>Ends with the next call. Take it before looking what there is to do, so that nothing falls between.</summary>
    protected Task NextCall()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        called = next;
        return next.Task;
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stop)
    {
        if (!Begin())
            return;
        try
        {
            await Task.Delay(Rest, installation.Clock, stop);
            for (var failures = 0; ; )
            {
                var (call, made) = (NextCall(), WokenByCommitsOf is { } workspace ? installation.Commits.Next(workspace) : null);
                var (wait, failed) = await Try(failures, stop);
                failures = failed ? failures + 1 : 0;
                if (failed)
                    await Task.Delay(wait, installation.Clock, stop); // whoever calls now would only see it fail again
                else if (wait > TimeSpan.Zero)
                {
                    using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    await Task.WhenAny(call, made ?? call, Task.Delay(wait, installation.Clock, over.Token));
                    await over.CancelAsync();
                }
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends; also when it never came to start, which the framework would call this worker's failure.
        }
        await Finish();
    }

    /// <summary>Whatever goes wrong is tried again later: the framework would stop the whole product over a worker's exception.</summary>
    async ValueTask<(TimeSpan Wait, bool Failed)> Try(int failures, CancellationToken stop)
    {
        try
        {
            var wait = Lease is { } length
                ? await Leased(Name, length, lease => Step(lease, stop), stop) ?? AskAgain
                : await Step(null, stop);
            outage.Over(Name);
            return (wait, false);
        }
        catch (StoreUnavailableException away)
        {
            outage.Met(Name, away.Message);
            return (Pause(failures, WhileAway), true);
        }
        catch (DamagedRecordException damage)
        {
            outage.Over(Name);
            if (failures == 0)
                log.LogError("{Worker} waits for a record. {Damage}", Name, damage.Message);
            return (Pause(failures, LongestPause), true);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            outage.Over(Name);
            log.LogError(error, "{Worker} failed; it tries again.", Name);
            return (Pause(failures, LongestPause), true);
        }
    }

    protected static TimeSpan Pause(int failures, TimeSpan longest) =>
        FirstPause * Math.Pow(2, Math.Min(failures, 20)) is var pause && pause < longest ? pause : longest;

    /// <summary>What the work returns, or null while another node has the lease.</summary>
    protected async ValueTask<T?> Leased<T>(string name, TimeSpan length, Func<HeldLease, ValueTask<T>> work, CancellationToken stop)
        where T : struct
    {
        if (await HeldLease.Take(installation, name, length, stop) is not { } lease)
            return null;
        try
        {
            return await work(lease);
        }
        finally
        {
            try
            {
                // Also at the end and after a failure: the next node need not wait until its time is over.
                await lease.GiveBack(CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                // Then it ends by time.
            }
        }
    }
}

/// <summary>
/// Work that workspaces ask for by counting up in the installation (<see cref="UnitOfWork.Notify"/>): a workspace is looked into when its
/// number changed, when something of it is due by time, or when <see cref="Call(WorkspaceKey)"/> says so. A node that starts looks into all
/// of them.
/// </summary>
public abstract class WorkspaceWorker(Installation installation, StoreOutage outage, ILogger log) : Worker(installation, outage, log)
{
    /// <summary>How often it is looked whether other nodes asked for something, and the longest sleep.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500),
        Longest = TimeSpan.FromSeconds(30);

    /// <summary>What is known of a workspace.</summary>
    sealed class Known
    {
        public long Counted = -1;
        public long? Due;
        public int Failures;
        public volatile bool Called;
    }

    readonly System.Collections.Concurrent.ConcurrentDictionary<WorkspaceKey, Known> workspaces = new();

    /// <summary>What the names of its counters start with; the workspace's number follows.</summary>
    protected abstract string Counters { get; }

    /// <summary>How long one node has a workspace's work to itself, unless it holds it for longer; null: every node does it.</summary>
    protected virtual TimeSpan? WorkspaceLease => null;

    protected sealed override TimeSpan? Lease => null;
    protected sealed override WorkspaceKey? WokenByCommitsOf => WorkspaceKey.Installation;

    /// <summary>Does what there is to do in a workspace. Returns when to come again; null: when the workspace's number has
    /// changed.</summary>
    protected abstract ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop);

    protected void Call(WorkspaceKey workspace)
    {
        if (workspaces.TryGetValue(workspace, out var known))
            known.Called = true;
        Call();
    }

    protected sealed override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        var clock = Installation.Clock;
        foreach (var (name, count) in await Installation.Store.Open(WorkspaceKey.Installation).Counters(Counters, int.MaxValue, stop))
        {
            stop.ThrowIfCancellationRequested();
            var key = new WorkspaceKey(long.Parse(name.AsSpan(Counters.Length), System.Globalization.CultureInfo.InvariantCulture));
            var known = workspaces.GetOrAdd(key, _ => new());
            if (known.Counted == count && !known.Called && !(known.Due <= clock.GetTimestamp()))
                continue;
            known.Called = false;
            TimeSpan? wait;
            try
            {
                wait = WorkspaceLease is { } length
                    ? await Leased<Again>(name, length, async held => new(await Step(key, held, stop)), stop) is { } done
                        ? done.After
                        : AskAgain
                    : await Step(key, null, stop);
                known.Failures = 0;
            }
            catch (Exception error)
                when (error is not StoreUnavailableException && !(error is OperationCanceledException && stop.IsCancellationRequested))
            {
                // One workspace's trouble is not the others'.
                if (error is not DamagedRecordException damage)
                    Log.LogError(error, "{Worker} failed in workspace {Workspace}; it tries again.", Name, key.Value);
                else if (known.Failures == 0)
                    Log.LogError("{Worker} waits for a record. {Damage}", Name, damage.Message);
                wait = Pause(known.Failures++, LongestPause);
            }
            catch
            {
                known.Called = true; // or what called it would be forgotten
                throw;
            }
            (known.Counted, known.Due) = (
                count,
                wait is { } time ? clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency) : null
            );
        }
        var (now, next) = (clock.GetTimestamp(), Installation.Store.IsShared ? LookEvery : Longest);
        foreach (var known in workspaces.Values)
            if (known.Due is { } due && clock.GetElapsedTime(now, due) is var until && until < next)
                next = until;
        // Not at once for what is due: a step that has always something due would leave the processor to nobody.
        return next > TimeSpan.FromMilliseconds(1) ? next : TimeSpan.FromMilliseconds(1);
    }

    readonly record struct Again(TimeSpan? After);
}
