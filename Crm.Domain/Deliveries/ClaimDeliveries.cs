// Takes what is due of a workspace for this node: host by host, a few of each, so that a host that hangs holds up nobody but itself.

using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

/// <param name="Taken">This node's to send; each with the version that settles it.</param>
/// <param name="NextDue">When the next one is due that was not taken because its time has not come; null: none.</param>
public sealed record ClaimedDeliveries(IReadOnlyList<Delivery> Taken, DateTimeOffset? NextDue);

public static class ClaimDeliveries
{
    /// <summary>Hosts that are looked at in one go.</summary>
    const int MostHosts = 500;

    static readonly ResourceType Type = ResourceType.Of<Delivery>();

    /// <summary>
    /// A claim is a commit that moves the due time behind the lease: until then no other node takes it, afterwards any may. Whoever was
    /// late then finds that its version has moved on, and changes nothing.
    /// </summary>
    /// <param name="free">How many more this node may send to a host now.</param>
    public static async ValueTask<ClaimedDeliveries> Run(
        Installation installation,
        WorkspaceSettings settings,
        DeliveryPlan plan,
        Func<string, int> free,
        CancellationToken cancel
    )
    {
        var taken = new List<Delivery>();
        DateTimeOffset? next = null;
        var (from, now) = ("", installation.Now);
        for (var hosts = 0; hosts < MostHosts; hosts++)
        {
            if (await First(settings, from, cancel) is not { } first)
                return new(taken, next);
            from = first.Host + "|~"; // behind all of this host's
            if (first.DueAt > now)
                Sooner(first.DueAt.Value);
            else if (free(first.Host) is > 0 and var room)
            {
                var (ours, earliest) = await Take(
                    installation,
                    settings,
                    plan,
                    await Due(settings, first.Host, now, room, cancel),
                    now,
                    cancel
                );
                taken.AddRange(ours);
                Sooner(earliest);
            }
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
        string host,
        DateTimeOffset now,
        int most,
        CancellationToken cancel
    )
    {
        var range = new Filter.And([
            new Filter.Compare("queue", Comparison.Gt, Key.Of(host + "|")),
            new Filter.Compare("queue", Comparison.Lte, Key.Of(Delivery.QueueKey(host, now))),
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
        DeliveryPlan plan,
        List<Delivery> due,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var work = new UnitOfWork(installation, settings, "system");
        var ours = due.ConvertAll(delivery => Claim(work, delivery, plan));
        if (!(await work.Commit(cancel)).Committed)
        {
            ours.Clear();
            foreach (var delivery in due)
            {
                work = new(installation, settings, "system");
                var claimed = Claim(work, delivery, plan);
                if ((await work.Commit(cancel)).Committed)
                    ours.Add(claimed);
            }
        }
        // What was not claimed now may be due already: the next look tells.
        return ([.. ours.Where(delivery => delivery.Status != DeliveryStatus.Dead)], now + plan.Lease);
    }

    static Delivery Claim(UnitOfWork work, Delivery delivery, DeliveryPlan plan)
    {
        if (!work.Settings.Postbacks.Any(postback => postback.Id == delivery.Postback))
            return Dead("endpoint_inactive");
        // The node that tried it last ended each time before it could say what came of it.
        if (delivery.Attempts > plan.Waits.Count)
            return Dead("attempts_used");
        return work.Replace(
            delivery,
            delivery with
            {
                Attempts = delivery.Attempts + 1,
                DueAt = work.Now + plan.Lease,
                Log =
                [
                    .. delivery.Log.Skip(Math.Max(0, delivery.Log.Length - Delivery.MostLogged + 1)),
                    new Attempt { At = work.Now, Result = AttemptResult.Started },
                ],
            },
            null
        );

        Delivery Dead(string reason) =>
            work.Replace(delivery, delivery with { Status = DeliveryStatus.Dead, DueAt = null, Reason = reason }, null);
    }
}
