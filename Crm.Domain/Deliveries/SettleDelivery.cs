// What came of a try: delivered, tried again later, or given up, and a receiver that wants no more is asked no more.

using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

/// <param name="Status">The answer's HTTP status, when there was one.</param>
/// <param name="RetryAfter">How long the other side asked to be left alone.</param>
public sealed record TryOutcome(AttemptResult Result, int? Status, TimeSpan? RetryAfter, TimeSpan Took);

public static class SettleDelivery
{
    const int Gone = 410;

    /// <summary>False when another node has taken the delivery over meanwhile: what came of this try then changes nothing.</summary>
    /// <param name="claimed">As <see cref="ClaimDeliveries"/> returned it.</param>
    public static ValueTask<bool> Run(
        Installation installation,
        WorkspaceSettings settings,
        DeliveryPlan plan,
        Delivery claimed,
        TryOutcome outcome,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<bool>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var settled = Settled(claimed, outcome, plan, work.Now);
                work.Replace(claimed, settled, null);
                if (settled.Status == DeliveryStatus.Dead)
                    await GiveUp(work, settled, cancel);
                return (work, true);
            },
            cancel,
            // The postback may have been changed at the same time; the delivery itself only by whoever took it over.
            (_, met) => new((met.Conflicts.Any(conflict => conflict.Change == 0), false))
        );

    static Delivery Settled(Delivery claimed, TryOutcome outcome, DeliveryPlan plan, DateTimeOffset now)
    {
        var delivery = claimed with
        {
            Log = claimed.Log.SetItem(
                claimed.Log.Length - 1,
                claimed.Log[^1] with
                {
                    Result = outcome.Result,
                    Status = outcome.Status,
                    Milliseconds = (long)outcome.Took.TotalMilliseconds,
                }
            ),
        };
        switch (outcome.Result)
        {
            case AttemptResult.Delivered:
                return delivery with { Status = DeliveryStatus.Delivered, DeliveredAt = now, DueAt = null };
            case AttemptResult.Interrupted: // by our own end: not the other side's failure
                return delivery with { Attempts = claimed.Attempts - 1, DueAt = now };
            case AttemptResult.NotAllowed:
                return Dead("not_allowed");
            case AttemptResult.Refused when outcome.Status == Gone:
                return Dead("gone");
        }
        return plan.After(claimed.Attempts, outcome.RetryAfter, Random.Shared.NextDouble()) is { } wait
            ? delivery with
            {
                Status = DeliveryStatus.Failed,
                DueAt = now + wait,
            }
            : Dead("attempts_used");

        Delivery Dead(string reason) => delivery with { Status = DeliveryStatus.Dead, DueAt = null, Reason = reason };
    }

    static async ValueTask GiveUp(UnitOfWork work, Delivery dead, CancellationToken cancel)
    {
        work.RecordEvent(
            "postback.deliveryDied",
            dead.Postback!.Value.Text<OutgoingPostback>(),
            writer => writer.WriteString("reason", dead.Reason),
            dead.Id.Text<Delivery>()
        );
        if (dead.Reason == "not_allowed" || await work.Find<OutgoingPostback>(dead.Postback.Value, cancel) is not { Active: true } postback)
            return;
        if (dead.Reason == "gone" || await NothingArrivedSince(work, dead, cancel))
            work.Replace(postback, postback with { Active = false, DisabledAt = work.Now, DisabledBecause = dead.Reason }, "disabled");
    }

    /// <summary>Whether all the time that the delivery was tried none of the postback's arrived.</summary>
    static async ValueTask<bool> NothingArrivedSince(UnitOfWork work, Delivery dead, CancellationToken cancel)
    {
        try
        {
            return await work.Store.Count(
                    ResourceType.Of<Delivery>().Collection,
                    new Filter.And([
                        new Filter.Compare("postback", Comparison.Eq, Key.Of(dead.Postback!.Value.Text<OutgoingPostback>())),
                        new Filter.Compare("deliveredAt", Comparison.Gte, Key.Of(dead.CreatedAt.ToUnixTimeMilliseconds())),
                    ]),
                    1,
                    cancel
                ) == 0;
        }
        catch (QueryTooCostlyException)
        {
            return false; // So many deliveries: some arrived.
        }
    }
}
