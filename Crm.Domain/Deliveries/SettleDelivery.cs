// What came of a try: delivered, tried again later, or given up, and a receiver that wants no more is asked no more.

using Crm.Domain.Work;

namespace Crm.Domain.Deliveries;

/// <param name="Status">The answer's status, when there was one: of HTTP or SMTP.</param>
/// <param name="RetryAfter">How long the other side asked to be left alone.</param>
public sealed record TryOutcome(AttemptResult Result, int? Status, TimeSpan? RetryAfter, TimeSpan Took)
{
    /// <summary>Why it is never to be tried again, as <see cref="Delivery.Reason"/> says it; null: it may.</summary>
    public string? Final { get; init; }
}

public static class SettleDelivery
{
    /// <summary>False when another node has taken the delivery over meanwhile: what came of this try then changes nothing.</summary>
    /// <param name="claimed">As <see cref="ClaimDeliveries"/> returned it.</param>
    public static ValueTask<bool> Run(
        Installation installation,
        WorkspaceSettings settings,
        DeliveryPlan usual,
        Delivery claimed,
        TryOutcome outcome,
        CancellationToken cancel
    )
    {
        var kind = installation.Catalog.DeliveryKind(claimed.Kind)!;
        return CommitLoop.Run<bool>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var settled = Settled(claimed, outcome, kind.Plan(usual), work.Now);
                work.Replace(claimed, settled, null);
                if (outcome.Result != AttemptResult.Interrupted)
                    await kind.Settled(work, settled, cancel);
                return (work, true);
            },
            cancel,
            // Whose it is may have been changed at the same time; the delivery itself only by whoever took it over.
            (_, met) => new((met.Conflicts.Any(conflict => conflict.Change == 0), false))
        );
    }

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
            case AttemptResult.Interrupted: // by our own end or pace: not the other side's failure
                return delivery with { Attempts = claimed.Attempts - 1, DueAt = now + (outcome.RetryAfter ?? TimeSpan.Zero) };
            case AttemptResult.NotAllowed:
                return delivery.GivenUp("not_allowed");
        }
        if (outcome.Final is { } reason)
            return delivery.GivenUp(reason);
        return plan.After(claimed.Attempts, outcome.RetryAfter, Random.Shared.NextDouble()) is { } wait
            ? delivery with
            {
                Status = DeliveryStatus.Failed,
                DueAt = now + wait,
            }
            : delivery.GivenUp("attempts_used");
    }
}
