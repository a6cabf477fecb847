// What an affiliate earned by a conversion follows the conversion's value: by the same rule, and what was paid is set off.

using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public static class FollowConversion
{
    /// <summary>
    /// All commissions of the conversion together are what its rule gives for what it is worth now. One that is not paid changes; one that
    /// is paid stays, and the difference is a commission of its own. What has become more waits for the team's approval again.
    /// </summary>
    /// <param name="conversion">As it will be stored.</param>
    public static async ValueTask<Conversion> Run(UnitOfWork work, Conversion conversion, CancellationToken cancel)
    {
        var stands = conversion.ReversedAt is null;
        var all = await FindCommissions.Of(work, conversion.Id, cancel);
        if (all.Find(one => one.Reverses is null) is not { } earned)
            return stands ? EarnsNow(work, conversion) : conversion;
        // What the team itself took back stays so.
        if (all.Exists(one => one.Reversal == CommissionReversal.Team))
            return conversion;
        var due = stands ? Due(earned, conversion) : null;
        // Where something was set off it stays so, also when the payment was undone since.
        if (earned.Status == CommissionStatus.Paid || all.Exists(one => one.Reverses is not null))
            SetOff(work, earned, all, due, due is null ? CommissionReversal.Whole : CommissionReversal.Part);
        else if (due is not null)
            Change(work, earned, due);
        else if (earned.Status != CommissionStatus.Reversed)
            work.Replace(earned, earned with { Status = CommissionStatus.Reversed, Reversal = CommissionReversal.Whole }, "reversed");
        return conversion;
    }

    /// <summary>The commission as its rule gives it for the conversion's value now; null when that is nothing.</summary>
    static Commission? Due(Commission fact, Conversion conversion) =>
        fact.Rule is { } rule && rule.For(conversion.NetValue) is { } amount
            ? fact with
            {
                Value = conversion.NetValue,
                Amount = amount,
                Why = ChooseRule.Why(rule, fact with { Value = conversion.NetValue }, fact.CreatedAt),
            }
            : null;

    /// <summary>It was worth nothing when it came: its commission is made now, and of the time of the fact.</summary>
    static Conversion EarnsNow(UnitOfWork work, Conversion conversion)
    {
        if (conversion.Unearned is not { } kept)
            return conversion;
        using var json = kept.Parse();
        if (
            !Id.TryParse<Commission>(json.RootElement.GetProperty("id").GetString(), out var id)
            || Due(ResourceType.Of<Commission>().FromRow<Commission>(new(id, 0, kept.Utf8)), conversion) is not { } due
        )
            return conversion;
        work.Insert(due, "created", null, due.Affiliate!.Value.Text<Affiliates.Affiliate>());
        return conversion with { Unearned = null };
    }

    static void Change(UnitOfWork work, Commission earned, Commission due)
    {
        var isMore = earned.Status == CommissionStatus.Reversed || due.Amount!.Amount > (earned.Amount?.Amount ?? 0);
        if (earned.Status == CommissionStatus.Reversed || due.Amount != earned.Amount || due.Value != earned.Value)
            work.Replace(earned, due with { Status = isMore ? CommissionStatus.Pending : earned.Status, Reversal = null }, "adjusted");
    }

    /// <summary>Sets the difference against a commission that was paid.</summary>
    /// <param name="all">All of the same fact.</param>
    /// <param name="due">What they have to come to; null: nothing.</param>
    /// <returns>Null when they do already.</returns>
    public static Commission? SetOff(
        UnitOfWork work,
        Commission paid,
        IReadOnlyList<Commission> all,
        Commission? due,
        CommissionReversal reversal
    )
    {
        var standing = all.Where(one => one.Status != CommissionStatus.Reversed).Sum(one => one.Amount?.Amount ?? 0);
        var difference = (due?.Amount?.Amount ?? 0) - standing;
        if (difference == 0)
            return null;
        return work.Insert(
            (due ?? paid) with
            {
                Id = Id.Empty,
                Version = 0,
                Status = difference < 0 ? CommissionStatus.Approved : CommissionStatus.Pending,
                Amount = (due ?? paid).Amount! with { Amount = difference },
                Reverses = paid.Id,
                Reversal = reversal,
                SetOff = all.Count(one => one.Reverses is not null) + 1,
                PaidAt = null,
                Payment = null,
                UndonePayments = [],
            },
            "created",
            null,
            paid.Id.Text<Commission>()
        );
    }
}
