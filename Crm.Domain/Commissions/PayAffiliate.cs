// What an affiliate has earned is paid, once for each reference, and a payment by mistake is undone within a day.

using Crm.Domain.Affiliates;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public sealed record Payment
{
    public const int Longest = 120;

    [Field(
        "What the payment is known by, as on the bank statement. One reference is one payment of the affiliate.",
        Max = Longest,
        Is = Is.Required,
        Example = "2026-11"
    )]
    public string? Reference { get; init; }
}

/// <summary>
/// A payment is its reference: sent again it answers what it was, and pays nothing more. Reports go by what is not reversed, so that
/// neither paying nor undoing moves them.
/// </summary>
public static class PayAffiliate
{
    public const string UndoVerb = "undo-payment",
        PaidEvent = "affiliate.paid",
        UndoneEvent = "affiliate.paymentUndone";

    static readonly TimeSpan Undoable = TimeSpan.FromDays(1);

    public static readonly ResourceAction Pay = ResourceAction
        .On<Affiliate, Payment>(
            "pay",
            "Marks every approved commission of the affiliate as paid, up to 1,000 at once, and says how much that is in each currency. "
                + "With the reference of an earlier payment it pays nothing, and says what that one was.",
            async (work, affiliate, payment, cancel) =>
            {
                if (await Of(work, affiliate, payment, "payment", cancel) is { Count: > 0 } done)
                    return CommissionSums.Of(done);
                if (await Of(work, affiliate, payment, "undonePayments", cancel) is { Count: > 0 })
                    throw ProblemException.Invalid("reference", "taken", "The payment of this reference was undone. Use another one.");
                var due = FindCommissions.With(affiliate, CommissionStatus.Approved);
                var approved = await FindCommissions.Of(work, due, cancel);
                // The same payment, asked for twice at once, was made between the two looks.
                if (approved.Count == 0 && await Of(work, affiliate, payment, "payment", cancel) is { Count: > 0 } since)
                    return CommissionSums.Of(since);
                foreach (var commission in approved)
                    work.Replace(
                        commission,
                        commission with
                        {
                            Status = CommissionStatus.Paid,
                            PaidAt = work.Now,
                            Payment = payment.Reference,
                        },
                        "paid"
                    );
                Record(work, PaidEvent, affiliate, payment, approved);
                return CommissionSums.Of(approved, await FindCommissions.AreMore(work, due, approved, cancel));
            },
            Effect.Pays
        )
        .Answering<CommissionSums>();

    public static readonly ResourceAction Undo = ResourceAction
        .On<Affiliate, Payment>(
            UndoVerb,
            "Takes a payment back within a day, as one that was recorded by mistake: its commissions are approved again. Its reference is not used again.",
            async (work, affiliate, payment, cancel) =>
            {
                var paid = await Of(work, affiliate, payment, "payment", cancel);
                if (paid.Count == 0)
                    // Undone already, or never made.
                    return await Of(work, affiliate, payment, "undonePayments", cancel) is { Count: > 0 } undone
                        ? CommissionSums.Of(undone)
                        : throw ProblemException.Invalid("reference", "not_found", "The affiliate has no payment with this reference.");
                if (paid.Max(commission => commission.PaidAt) is { } at && work.Now - at > Undoable)
                    throw new ProblemException(
                        ProblemCodes.WrongState,
                        $"It was paid at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC, and is undone within a day only. Take commissions back one by one instead."
                    );
                foreach (var commission in paid)
                    work.Replace(
                        commission,
                        commission with
                        {
                            Status = CommissionStatus.Approved,
                            PaidAt = null,
                            Payment = null,
                            UndonePayments = [.. commission.UndonePayments, commission.Payment!],
                        },
                        "paymentUndone"
                    );
                Record(work, UndoneEvent, affiliate, payment, paid);
                return CommissionSums.Of(paid);
            },
            Effect.Pays
        )
        .Answering<CommissionSums>();

    static ValueTask<List<Commission>> Of(UnitOfWork work, Affiliate affiliate, Payment payment, string field, CancellationToken cancel) =>
        FindCommissions.Of(work, FindCommissions.InPayment(affiliate, payment.Reference!, field), cancel);

    /// <summary>One event of the affiliate beside those of its commissions.</summary>
    static void Record(UnitOfWork work, string type, Affiliate affiliate, Payment payment, IReadOnlyList<Commission> commissions)
    {
        if (commissions.Count > 0)
            work.RecordEvent(type, affiliate.Id.Text<Affiliate>(), data =>
            {
                data.WriteString("reference", payment.Reference);
                data.WriteNumber("commissions", commissions.Count);
            });
    }
}
