// Sends what the outbox holds: every node does, each delivery is one node's at a time, and no receiver holds up another.

using System.Collections.Concurrent;
using Crm.Api.Http;
using Crm.Api.Outbound;
using Crm.Domain.Deliveries;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <summary>
/// Besides what the frame wakes it for, a place to a workspace's receivers became free. No lease: each delivery has its own, by its due
/// time (<see cref="ClaimDeliveries"/>). A step only begins the tries; they go on beside it, and their outcome is offered to a store that
/// is away by themselves.
/// </summary>
public sealed class Deliver(
    Installation installation,
    OutboundOptions options,
    IEnumerable<ISendDelivery> senders,
    StoreOutage outage,
    ILogger<Deliver> log
) : WorkspaceWorker(installation, outage, log)
{
    /// <summary>In flight at once: of one workspace, and in all. How many of a lane, its kind says.</summary>
    const int MostOfWorkspace = 40,
        MostInAll = 400;

    /// <summary>Lanes with a pace of which it is remembered when they were used last, before those are forgotten for which it makes no
    /// difference any more.</summary>
    const int MostPaced = 1_000;

    /// <summary>How long what came of a try is offered to a store that is away.</summary>
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>What is in flight of a workspace.</summary>
    sealed class Known
    {
        public int InFlight;
        public readonly ConcurrentDictionary<string, int> InLane = new(StringComparer.Ordinal);

        /// <summary>When the last try began, of lanes that have a pace.</summary>
        public readonly ConcurrentDictionary<string, DateTimeOffset> Began = new(StringComparer.Ordinal);
    }

    readonly Dictionary<DeliveryKind, ISendDelivery> send = senders.ToDictionary(one => one.Kind);

    readonly ConcurrentDictionary<WorkspaceKey, Known> workspaces = new();
    int inFlight;

    protected override string Name => "deliver";
    protected override string Counters => Outbox.Counters;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        var known = workspaces.GetOrAdd(workspace, _ => new());
        var settings = await Installation.Settings.Workspace(workspace, stop);
        var claimed = await ClaimDeliveries.Run(Installation, settings, options.Plan, (kind, first) => Room(known, kind, first), stop);
        foreach (var delivery in claimed.Taken)
            Start(settings, known, delivery, stop);
        return claimed.NextDue is { } due ? due - Installation.Now : null;
    }

    /// <summary>Requests end with the product; what came of them is still stored.</summary>
    protected override async ValueTask Finish()
    {
        while (Volatile.Read(ref inFlight) > 0)
        {
            var ended = NextCall();
            if (Volatile.Read(ref inFlight) > 0)
                await ended;
        }
    }

    LaneRoom Room(Known known, IDeliveryKind kind, Delivery first)
    {
        if (!send.ContainsKey(kind.Kind))
            return new(0);
        var free = Math.Min(
            kind.MostInFlight - known.InLane.GetValueOrDefault(first.Lane),
            Math.Min(MostOfWorkspace - Volatile.Read(ref known.InFlight), MostInAll - Volatile.Read(ref inFlight))
        );
        // However many receivers hang: what is for another one goes, one by one.
        if (free <= 0 && !known.InLane.ContainsKey(first.Lane) && Volatile.Read(ref inFlight) < MostInAll)
            free = 1;
        if (free <= 0 || kind.Pause == TimeSpan.Zero)
            return new(free);
        var now = Installation.Now;
        if (known.Began.TryGetValue(first.Lane, out var last) && last + kind.Pause > now)
            return new(0, last + kind.Pause);
        if (known.Began.Count >= MostPaced)
            foreach (var (lane, began) in known.Began)
                if (began + kind.Pause <= now)
                    known.Began.TryRemove(lane, out _);
        known.Began[first.Lane] = now;
        return new(1, now + kind.Pause);
    }

    void Start(WorkspaceSettings settings, Known known, Delivery delivery, CancellationToken stop)
    {
        known.InLane.AddOrUpdate(delivery.Lane, 1, (_, count) => count + 1);
        Interlocked.Increment(ref known.InFlight);
        Interlocked.Increment(ref inFlight);
        Task.Run(
            async () =>
            {
                try
                {
                    var outcome = await send[delivery.Kind].Run(settings, delivery, stop);
                    CrmMetrics.Deliveries.Add(1, new KeyValuePair<string, object?>("result", outcome.Result.ToString()));
                    await Settle(settings, delivery, outcome);
                }
                catch (StoreUnavailableException)
                {
                    // Its lease ends, and it is tried again. That the store is away is told once, by the steps.
                }
                catch (Exception error)
                {
                    // The same.
                    Log.LogError(error, "What came of a delivery could not be stored.");
                }
                finally
                {
                    Left(known.InLane, delivery.Lane);
                    Interlocked.Decrement(ref known.InFlight);
                    Interlocked.Decrement(ref inFlight);
                    Call(settings.Key);
                }
            },
            CancellationToken.None
        );
    }

    /// <summary>A lane that is empty is forgotten: there may be one for each receiver there ever was.</summary>
    static void Left(ConcurrentDictionary<string, int> lanes, string lane)
    {
        if (lanes.AddOrUpdate(lane, 0, (_, count) => count - 1) == 0)
            lanes.TryRemove(new(lane, 0));
    }

    /// <summary>While the store is away the outcome waits for it, until another node may have taken the delivery over anyway.</summary>
    async Task Settle(WorkspaceSettings settings, Delivery delivery, TryOutcome outcome)
    {
        while (true)
            try
            {
                await SettleDelivery.Run(Installation, settings, options.Plan, delivery, outcome, CancellationToken.None);
                return;
            }
            catch (StoreUnavailableException)
                when (outcome.Result != AttemptResult.Interrupted && Installation.Now + Again < delivery.DueAt)
            {
                await Task.Delay(Again, Installation.Clock);
            }
    }
}
