// Refunds, corrections and what is given again: facts with amounts beside what was first said, and everything that goes by the value
// follows.

using Crm.Domain.Commissions;
using Crm.Domain.Customers;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Conversions;

public sealed record Reversal
{
    [Field("How much was given back; all of what is left without it.")]
    public Money? Amount { get; init; }

    [Field("Why.", Max = 200, Example = "One of two came back broken")]
    public string? Reason { get; init; }
}

public sealed record Correction
{
    [Field("What the conversion is worth now.", Is = Is.Required)]
    public Money? Value { get; init; }

    [Field("Why.", Max = 200, Example = "Final amount without postage")]
    public string? Reason { get; init; }
}

public static class AdjustConversion
{
    public static readonly ResourceAction Reverse = ResourceAction.On<Conversion, Reversal>(
        "reverse",
        "Takes the conversion back, as after a refund, or an amount of it: it counts less or no more, and so does what an affiliate earned by it.",
        async (work, conversion, input, cancel) =>
        {
            if (input.Amount is not { } amount)
                return new(conversion.ReversedAt is null ? await TakeBack(work, conversion, null, input.Reason, null, cancel) : conversion);
            Require(conversion, conversion.ReversedAt is null, "It was taken back already.");
            var (errors, net) = (new FieldErrors(), conversion.NetValue);
            if (amount.Amount <= 0)
                errors.Add("amount.amount", "out_of_range", "Must be above 0: it is what was given back.");
            if (net is null)
                errors.Add("amount", "not_allowed", "The conversion has no value of which a part could be taken back; leave amount out.");
            else if (amount.Currency != net.Currency)
                errors.Add("amount.currency", "not_a_choice", $"The conversion's value is in {net.Currency}.");
            else if (amount.Amount > net.Amount)
                errors.Add("amount.amount", "out_of_range", $"Must be at most {net.Amount}: that is left of its value.");
            return errors.Any
                ? throw ProblemException.Invalid(errors)
                : new(await TakeBack(work, conversion, amount.Amount, input.Reason, null, cancel));
        },
        Effect.Pays
    );

    public static readonly ResourceAction Adjust = ResourceAction.On<Conversion, Correction>(
        "adjust",
        "Says what the conversion is worth now, as after a correction. One that was taken back counts again.",
        async (work, conversion, input, cancel) =>
        {
            Require(conversion, conversion.ReplacedBy is null, "Another conversion took its place: adjust that one.");
            var (errors, net) = (new FieldErrors(), conversion.NetValue);
            var value = input.Value!;
            if (value.Amount < 0)
                errors.Add("value.amount", "out_of_range", "Must not be negative.");
            if (net is not null && value.Currency != net.Currency)
                errors.Add("value.currency", "not_a_choice", $"The conversion's value is in {net.Currency}.");
            if (errors.Any)
                throw ProblemException.Invalid(errors);
            return new(
                conversion.ReversedAt is null && value == net ? conversion : await To(work, conversion, value, input.Reason, null, cancel)
            );
        },
        Effect.Pays
    );

    static void Require(Conversion conversion, bool may, string otherwise)
    {
        if (!may)
            throw new ProblemException(ProblemCodes.WrongState, otherwise);
        if (conversion.IsFull)
            throw new ProblemException(ProblemCodes.LimitReached, $"A conversion has at most {Conversion.MostAdjustments} adjustments.");
    }

    /// <summary>Takes an amount back, or all that is left.</summary>
    /// <param name="part">In the currency of its value; as much as is left, or more, is all.</param>
    /// <param name="mark">Of the postback that says so.</param>
    public static ValueTask<Conversion> TakeBack(
        UnitOfWork work,
        Conversion conversion,
        long? part,
        string? reason,
        string? mark,
        CancellationToken cancel
    )
    {
        var left = part is { } some && conversion.NetValue is { } net && some < net.Amount ? net with { Amount = net.Amount - some } : null;
        // All of it can be taken back again after it was given again; the same part only once.
        return left is null
            ? Store(
                work,
                conversion,
                conversion.NetValue is { } all ? all with { Amount = 0 } : null,
                false,
                "reversed",
                reason,
                null,
                cancel
            )
            : Store(work, conversion, left, true, "adjusted", reason, mark, cancel);
    }

    /// <summary>It counts for this much from now on, also when it was taken back before.</summary>
    public static ValueTask<Conversion> To(
        UnitOfWork work,
        Conversion conversion,
        Money? net,
        string? reason,
        string? mark,
        CancellationToken cancel
    ) => Store(work, conversion, net, true, "adjusted", reason, mark, cancel);

    static async ValueTask<Conversion> Store(
        UnitOfWork work,
        Conversion before,
        Money? net,
        bool stands,
        string past,
        string? reason,
        string? mark,
        CancellationToken cancel
    )
    {
        var after = Adjusted(work, before, net, reason) with
        {
            ReversedAt = stands ? null : work.Now,
            Heard = mark is null || before.Heard.Contains(mark) ? before.Heard : before.Heard.Add(mark),
        };
        after = await FollowConversion.Run(work, after, cancel);
        await RefundPurchase.Run(work, after, cancel);
        return work.Replace(before, after, past);
    }

    /// <summary>Another conversion stands in its place, and has its purchase.</summary>
    public static async ValueTask Replaced(UnitOfWork work, Conversion conversion, Id by, CancellationToken cancel)
    {
        var gone = Adjusted(work, conversion, conversion.NetValue is { } net ? net with { Amount = 0 } : null, "replaced") with
        {
            ReversedAt = work.Now,
            ReplacedBy = by,
        };
        work.Replace(conversion, await FollowConversion.Run(work, gone, cancel), "replaced");
    }

    /// <param name="net">What it is worth afterwards; null for one without a value.</param>
    static Conversion Adjusted(UnitOfWork work, Conversion before, Money? net, string? reason) =>
        before.IsFull
            ? before
            : before with
            {
                Adjustments = before.Adjustments.Add(
                    new()
                    {
                        Id = work.NextId().ToString("")[1..],
                        At = work.Now,
                        Amount = net is null ? null : net with { Amount = net.Amount - (before.NetValue?.Amount ?? 0) },
                        Reason = reason is null ? null : TextRules.Cut(reason, 200),
                        By = work.By,
                    }
                ),
            };
}
