// A postback comes in: one conversion for each click and order, taken back, corrected or given again when it says so, and kept on the
// affiliate's timeline when nothing came of it.

using Crm.Domain.Conversions;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Affiliates;

public enum PostbackOutcome
{
    Recorded,

    /// <summary>All or a part of it was taken back.</summary>
    Reversed,

    /// <summary>Another amount was reported for it.</summary>
    Adjusted,

    /// <summary>What the network had taken back counts again.</summary>
    Reapproved,
    Duplicate,

    /// <summary>Not decided yet: what is not paid is no conversion.</summary>
    Waiting,

    /// <summary>A word that nobody knows is no money.</summary>
    UnknownStatus,

    /// <summary>It says something of a known conversion that cannot be: for a person to look at.</summary>
    Unclear,
    NothingToReverse,
    UnknownClick,
    Invalid,
}

/// <param name="Word">The status that it said, where that decided.</param>
/// <param name="Because">What is unclear.</param>
public sealed record PostbackResult(
    PostbackOutcome Outcome,
    FieldErrors Errors,
    Conversion? Conversion = null,
    string? Word = null,
    string? Because = null
);

public static class IngestPostback
{
    /// <summary>When this returns, what came of it is on disk: the conversion with what follows from it, or an event that holds what was
    /// sent.</summary>
    /// <param name="values">Tidy, and within the limits of the edge; names without regard to case.</param>
    public static ValueTask<PostbackResult> Run(
        Installation installation,
        WorkspaceSettings settings,
        Affiliate affiliate,
        IReadOnlyDictionary<string, string> values,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<PostbackResult>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, affiliate.Id.Text<Affiliate>());
                var errors = new FieldErrors();
                var postback = Postback.Read(
                    values,
                    affiliate,
                    token => ClickToken.Read(installation, settings.Key, token) is not null,
                    errors
                );
                var result = await Decide(work, affiliate, postback, errors, cancel);
                if (IsKept(result.Outcome))
                    work = KeepPostback.Run(
                        installation,
                        settings,
                        affiliate,
                        result.Outcome,
                        values,
                        result.Because ?? errors.All.Select(error => $"{error.Field}: {error.Message}").FirstOrDefault(),
                        result.Conversion?.Id
                    );
                return (work, result);
            },
            cancel
        );

    /// <summary>A body that could not be read is no reason to forget what the address said.</summary>
    public static ValueTask<bool> Unreadable(
        Installation installation,
        WorkspaceSettings settings,
        Affiliate affiliate,
        IReadOnlyDictionary<string, string> values,
        string because,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<bool>(
            _ => new((KeepPostback.Run(installation, settings, affiliate, PostbackOutcome.Invalid, values, because, null), true)),
            cancel
        );

    static bool IsKept(PostbackOutcome outcome) =>
        outcome is not (PostbackOutcome.Recorded or PostbackOutcome.Reversed or PostbackOutcome.Adjusted or PostbackOutcome.Reapproved);

    static async ValueTask<PostbackResult> Decide(
        UnitOfWork work,
        Affiliate affiliate,
        Postback postback,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (errors.Any)
            return new(PostbackOutcome.Invalid, errors);
        // Sealed by us, and a click of this very affiliate: one partner's key reports nothing of another's.
        var (token, click) = ("", (Click?)null);
        foreach (var text in postback.Clicks)
            if (await ClickToken.Find(work, text, cancel) is { } found && found.Affiliate == affiliate.Id)
            {
                (token, click) = (text, found);
                break;
            }
        if (click is null)
            return new(PostbackOutcome.UnknownClick, errors);
        if (postback.Status is StatusMeaning.Unknown or StatusMeaning.Waiting)
            return new(
                postback.Status == StatusMeaning.Unknown ? PostbackOutcome.UnknownStatus : PostbackOutcome.Waiting,
                errors,
                Word: postback.Word
            );
        // Without an order number a click converts once for each type.
        var conversion = new Conversion
        {
            Type = postback.Type,
            OrderId = postback.Order ?? click.Id.Text<Click>(),
            Value = postback.Amount,
            Click = token,
            ReportedBy = affiliate.Id,
            Heard = [postback.Mark],
        };
        var known = await FindConversion.Of(work, conversion, cancel);
        if (postback.TakesBack)
            return await TakeBack(work, affiliate, postback, known, errors, cancel);
        var own = known?.Affiliate is null || known.Affiliate == affiliate.Id;
        // A network's word goes before a page's, but takes nothing from another partner.
        if (known is null || own && known.GivesWayTo(conversion))
        {
            var prepared = await PrepareConversion.New(work, conversion, known, errors, cancel);
            return errors.Any ? new(PostbackOutcome.Invalid, errors) : new(PostbackOutcome.Recorded, errors, work.Insert(prepared));
        }
        return own && known.ReportedBy == affiliate.Id
            ? await Again(work, affiliate, postback, known, errors, cancel)
            : new(PostbackOutcome.Duplicate, errors, known);
    }

    static async ValueTask<PostbackResult> TakeBack(
        UnitOfWork work,
        Affiliate affiliate,
        Postback postback,
        Conversion? known,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (known is null || known.Affiliate != affiliate.Id)
            return new(PostbackOutcome.NothingToReverse, errors, null, postback.Word);
        if (known.ReversedAt is not null)
            return new(PostbackOutcome.Duplicate, errors, known);
        // What was rejected never was a sale, whatever amount the network repeats with it; of a refund it is how much.
        var part = postback.Status == StatusMeaning.Rejected && postback.Amount is not { Amount: < 0 } ? null : postback.Amount;
        if (part is { Amount: 0 })
            part = null;
        if (part is null && postback.Status == StatusMeaning.PartlyRefunded)
            return Unclear(known, postback, errors, "It says that a part was given back, and not how much.");
        if (part is not null && part.Currency != known.NetValue?.Currency)
            return Unclear(known, postback, errors, $"The conversion's value is in {known.NetValue?.Currency ?? "no currency"}.");
        if (part is not null && known.Heard.Contains(postback.Mark))
            return new(PostbackOutcome.Duplicate, errors, known);
        if (part is not null && known.IsFull)
            return Unclear(known, postback, errors, Full);
        return new(
            PostbackOutcome.Reversed,
            errors,
            await AdjustConversion.TakeBack(
                work,
                known,
                part is null ? null : Math.Abs(part.Amount),
                postback.Word ?? "postback",
                postback.Mark,
                cancel
            )
        );
    }

    /// <summary>What the same network says once more of the same order.</summary>
    static async ValueTask<PostbackResult> Again(
        UnitOfWork work,
        Affiliate affiliate,
        Postback postback,
        Conversion known,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        var amount = postback.Amount;
        // What the team took back stays so, and a repeated report without a word gives nothing again.
        var isAgain = known.ReversedAt is not null;
        if (
            known.ReplacedBy is not null
            || (
                isAgain
                    ? postback.Status != StatusMeaning.Paid
                        || known.Adjustments is not [.., { } last]
                        || last.By != affiliate.Id.Text<Affiliate>()
                    // Without a number another amount may be another sale.
                    : postback.Order is null || amount is null || amount == known.NetValue || known.Heard.Contains(postback.Mark)
            )
        )
            return new(PostbackOutcome.Duplicate, errors, known);
        var currency = (known.NetValue ?? amount)?.Currency;
        if (amount is not null && amount.Currency != currency)
            return Unclear(known, postback, errors, $"The conversion's value is in {currency}.");
        if (known.IsFull)
            return Unclear(known, postback, errors, Full);
        amount ??= known.Adjustments[^1].Amount is { } taken ? taken with { Amount = -taken.Amount } : null;
        return new(
            isAgain ? PostbackOutcome.Reapproved : PostbackOutcome.Adjusted,
            errors,
            await AdjustConversion.To(work, known, amount, postback.Word ?? "postback", postback.Mark, cancel)
        );
    }

    static readonly string Full = $"It was adjusted {Conversion.MostAdjustments} times already.";

    static PostbackResult Unclear(Conversion known, Postback postback, FieldErrors errors, string because) =>
        new(PostbackOutcome.Unclear, errors, known, postback.Word, because);
}
