// Sends what the outbox holds: every node does, each delivery is one node's at a time, and no receiver holds up another.

using System.Collections.Concurrent;
using Crm.Api.Outbound;
using Crm.Domain.Deliveries;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <summary>
/// Finds work by the installation's counters: a workspace is looked into when its number changed, when something of it is due by time, or when a place to its
/// receivers became free. A node that starts looks into all of them.
/// </summary>
public sealed class Deliver(Installation installation, OutboundOptions options, SendDelivery send, ILogger<Deliver> log) : BackgroundService
{
    /// <summary>In flight at once: to one host of one workspace, of one workspace, and in all.</summary>
    const int MostToHost = 5,
        MostOfWorkspace = 40,
        MostInAll = 400;

    /// <summary>How often it is looked whether other nodes stored something, and the longest sleep.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500),
        Longest = TimeSpan.FromSeconds(30);

    /// <summary>How long what came of a try is offered to a store that is away.</summary>
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>What is known of a workspace.</summary>
    sealed class Known
    {
        public long Counted = -1;
        public DateTimeOffset? NextDue;
        public volatile bool Changed;
        public int InFlight;
        public readonly ConcurrentDictionary<string, int> ToHost = new(StringComparer.Ordinal);
    }

    readonly ConcurrentDictionary<WorkspaceKey, Known> workspaces = new();
    readonly SemaphoreSlim freed = new(0);
    int inFlight;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        var away = false;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var made = installation.Commits.Next(WorkspaceKey.Installation);
                TimeSpan wait;
                try
                {
                    wait = await Look(stop);
                    away = false;
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    if (!away && error is StoreUnavailableException)
                        log.LogWarning("The store is not available; deliveries wait.");
                    else if (!away)
                        log.LogError(error, "Deliveries could not be looked for.");
                    (away, wait) = (true, Again);
                }
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(made, freed.WaitAsync(over.Token), Task.Delay(wait, installation.Clock, over.Token));
                await over.CancelAsync();
                while (freed.Wait(0, CancellationToken.None)) { }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends.
        }
        // Requests end with the product; what came of them is still stored.
        while (Volatile.Read(ref inFlight) > 0)
            await freed.WaitAsync(CancellationToken.None);
    }

    /// <summary>One round over the workspaces that may have something due. Returns how long nothing more is to be expected.</summary>
    async Task<TimeSpan> Look(CancellationToken stop)
    {
        foreach (
            var (name, count) in await installation.Store.Open(WorkspaceKey.Installation).Counters(Outbox.Counters, int.MaxValue, stop)
        )
        {
            var key = Outbox.WorkspaceOf(name);
            var known = workspaces.GetOrAdd(key, _ => new());
            if (known.Counted == count && !known.Changed && !(known.NextDue <= installation.Now))
                continue;
            known.Changed = false;
            try
            {
                var settings = await installation.Settings.Workspace(key, stop);
                var claimed = await ClaimDeliveries.Run(installation, settings, options.Plan, host => Free(known, host), stop);
                foreach (var delivery in claimed.Taken)
                    Start(settings, known, delivery, stop);
                (known.Counted, known.NextDue) = (count, claimed.NextDue);
            }
            catch (Exception error) when (error is not (OperationCanceledException or StoreUnavailableException))
            {
                // One workspace's trouble is not the others'.
                log.LogError(error, "Deliveries of workspace {Workspace} could not be looked for.", key.Value);
                (known.Counted, known.NextDue) = (count, installation.Now + Longest);
            }
        }
        var now = installation.Now;
        var wait = installation.Store.IsShared ? LookEvery : Longest;
        foreach (var known in workspaces.Values)
            if (known.NextDue is { } due && due - now < wait)
                wait = due - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
    }

    int Free(Known known, string host) =>
        Math.Min(
            MostToHost - known.ToHost.GetValueOrDefault(host),
            Math.Min(MostOfWorkspace - Volatile.Read(ref known.InFlight), MostInAll - Volatile.Read(ref inFlight))
        );

    void Start(WorkspaceSettings settings, Known known, Delivery delivery, CancellationToken stop)
    {
        known.ToHost.AddOrUpdate(delivery.Host, 1, (_, count) => count + 1);
        Interlocked.Increment(ref known.InFlight);
        Interlocked.Increment(ref inFlight);
        Task.Run(
            async () =>
            {
                try
                {
                    var outcome = await send.Run(delivery, stop);
                    CrmMetrics.Deliveries.Add(1, new KeyValuePair<string, object?>("result", outcome.Result.ToString()));
                    await Settle(settings, delivery, outcome);
                }
                catch (Exception error)
                {
                    // Its lease ends, and it is tried again.
                    log.LogError(error, "What came of a delivery could not be stored.");
                }
                finally
                {
                    known.ToHost.AddOrUpdate(delivery.Host, 0, (_, count) => count - 1);
                    Interlocked.Decrement(ref known.InFlight);
                    Interlocked.Decrement(ref inFlight);
                    known.Changed = true;
                    freed.Release();
                }
            },
            CancellationToken.None
        );
    }

    /// <summary>While the store is away the outcome waits for it, until another node may have taken the delivery over anyway.</summary>
    async Task Settle(WorkspaceSettings settings, Delivery delivery, TryOutcome outcome)
    {
        while (true)
            try
            {
                await SettleDelivery.Run(installation, settings, options.Plan, delivery, outcome, CancellationToken.None);
                return;
            }
            catch (StoreUnavailableException)
                when (outcome.Result != AttemptResult.Interrupted && installation.Now + Again < delivery.DueAt)
            {
                await Task.Delay(Again, installation.Clock);
            }
    }
}
