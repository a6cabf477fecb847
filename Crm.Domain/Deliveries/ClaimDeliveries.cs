// Takes what is due of a workspace for this node: lane by lane, a few of each, so that a receiver that hangs holds up nobody but itself.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

/// <param name="Taken">This node's to send; each with the version that settles it.</param>
/// <param name="NextDue">When the next one is due that was not taken because its time has not come; null: none.</param>
public sealed record ClaimedDeliveries(IReadOnlyList<Delivery> Taken, DateTimeOffset? NextDue);

/// <param name="Free">Deliveries that may be begun now.</param>
/// <param name="From">When there is room again without anything having ended; null: only then.</param>
public readonly record struct LaneRoom(int Free, DateTimeOffset? From = null);

public static class ClaimDeliveries
{
    /// <summary>Lanes that are looked at in one go.</summary>
    const int MostLanes = 500;

    static readonly ResourceType Type = ResourceType.Of<Delivery>();

    /// <summary>
    /// A claim is a commit that moves the due time behind the lease: until then no other node takes it, afterwards any may. Whoever was
    /// late then finds that its version has moved on, and changes nothing.
    /// </summary>
    /// <param name="usual">The plan of those kinds that have none of their own.</param>
    /// <param name="room">How many more this node may send in the lane of a delivery now.</param>
    public static async ValueTask<ClaimedDeliveries> Run(
        Installation installation,
        WorkspaceSettings settings,
        DeliveryPlan usual,
        Func<IDeliveryKind, Delivery, LaneRoom> room,
        CancellationToken cancel
    )
    {
        var taken = new List<Delivery>();
        DateTimeOffset? next = null;
        var (from, now) = ("", installation.Now);
        for (var lanes = 0; lanes < MostLanes; lanes++)
        {
            if (await First(settings, from, cancel) is not { } first)
                return new(taken, next);
            from = first.Lane + "|~"; // behind all of this lane's
            if (installation.Catalog.DeliveryKind(first.Kind) is not { } kind)
                continue;
            if (first.DueAt > now)
            {
                Sooner(first.DueAt.Value);
                continue;
            }
            var here = room(kind, first);
            if (here.Free > 0)
            {
                var due = await Due(settings, first.Lane, now, here.Free, cancel);
                var (ours, earliest) = await Take(installation, settings, kind, kind.Plan(usual), due, now, cancel);
                taken.AddRange(ours);
                Sooner(earliest);
            }
            else if (here.From is { } later)
                Sooner(later);
        }
        Sooner(now);
        return new(taken, next);

        void Sooner(DateTimeOffset at) => next = next < at ? next : at;
    }

    static async ValueTask<Delivery?> First(WorkspaceSettings settings, string from, CancellationToken cancel)
    {
        using var page = await settings.Store.Query(
            new(Type.Collection, new Filter.Compare("queue", Comparison.Gt, Key.Of(from)), [new("queue", false)], false, null, 1),
            cancel
        );
        return page.Count == 0 ? null : Type.FromRow<Delivery>(page[0]);
    }

    static async ValueTask<List<Delivery>> Due(
        WorkspaceSettings settings,
        string lane,
        DateTimeOffset now,
        int most,
        CancellationToken cancel
    )
    {
        var range = new Filter.And([
            new Filter.Compare("queue", Comparison.Gt, Key.Of(lane + "|")),
            new Filter.Compare("queue", Comparison.Lte, Key.Of(Delivery.QueueKey(lane, now))),
        ]);
        using var page = await settings.Store.Query(new(Type.Collection, range, [new("queue", false)], false, null, most), cancel);
        return [.. Enumerable.Range(0, page.Count).Select(i => Type.FromRow<Delivery>(page[i]))];
    }

    /// <summary>
    /// All in one commit; when another node was quicker with one of them, one by one. No <see cref="CommitLoop"/>: what another node has is
    /// not tried again.
    /// </summary>
    static async ValueTask<(IReadOnlyList<Delivery> Taken, DateTimeOffset Next)> Take(
        Installation installation,
        WorkspaceSettings settings,
        IDeliveryKind kind,
        DeliveryPlan plan,
        List<Delivery> due,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var claimed = new List<(Delivery Before, Delivery After, bool Sends)>();
        var next = now + plan.Lease;
        foreach (var delivery in due)
        {
            var one = await Claimed(settings, kind, plan, delivery, now, cancel);
            claimed.Add(one);
            // What waits for another one comes when that has arrived, or then.
            if (!one.Sends && one.After.DueAt < next)
                next = one.After.DueAt.Value;
        }
        var work = new UnitOfWork(installation, settings, "system");
        var ours = claimed.ConvertAll(one => (work.Replace(one.Before, one.After, null), one.Sends));
        if (!(await work.Commit(cancel)).Committed)
        {
            ours.Clear();
            foreach (var (before, after, sends) in claimed)
            {
                work = new(installation, settings, "system");
                var replaced = work.Replace(before, after, null);
                if ((await work.Commit(cancel)).Committed)
                    ours.Add((replaced, sends));
            }
        }
        // What was not claimed now may be due already: the next look tells.
        return ([.. ours.Where(one => one.Sends).Select(one => one.Item1)], next);
    }

    static async ValueTask<(Delivery Before, Delivery After, bool Sends)> Claimed(
        WorkspaceSettings settings,
        IDeliveryKind kind,
        DeliveryPlan plan,
        Delivery delivery,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (kind.Obsolete(settings, delivery) is { } reason)
            return (delivery, delivery.GivenUp(reason), false);
        // The node that tried it last ended each time before it could say what came of it.
        if (delivery.Attempts > plan.Waits.Count)
            return (delivery, delivery.GivenUp("attempts_used"), false);
        if (await kind.WaitsUntil(settings, delivery, cancel) is { } later)
            return (delivery, delivery with { DueAt = later > now ? later : now + plan.Lease }, false);
        return (
            delivery,
            delivery with
            {
                Attempts = delivery.Attempts + 1,
                DueAt = now + plan.Lease,
                Log =
                [
                    .. delivery.Log.Skip(Math.Max(0, delivery.Log.Length - Delivery.MostLogged + 1)),
                    new Attempt { At = now, Result = AttemptResult.Started },
                ],
            },
            true
        );
    }
}
