// A postback comes in: one conversion for each click and order, taken back when it says so, and kept on the affiliate's timeline whatever
// it is.

using Crm.Domain.Conversions;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Affiliates;

public enum PostbackOutcome
{
    Recorded,
    Duplicate,
    Reversed,
    NothingToReverse,
    UnknownClick,
    Invalid,
}

public static class IngestPostback
{
    /// <summary>When this returns, what came of it is on disk: the conversion with what follows from it, or an event that holds what was
    /// sent.</summary>
    /// <param name="values">Tidy, and within the limits of the edge.</param>
    public static ValueTask<(PostbackOutcome Outcome, Id? Conversion, FieldErrors Errors)> Run(
        Installation installation,
        WorkspaceSettings settings,
        Affiliate affiliate,
        IReadOnlyDictionary<string, string> values,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<(PostbackOutcome, Id?, FieldErrors)>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, affiliate.Id.Text<Affiliate>());
                var errors = new FieldErrors();
                var postback = Postback.Read(values, affiliate.Currency, errors);
                var (outcome, conversion) = await Decide(work, affiliate, postback, errors, cancel);
                if (outcome is not (PostbackOutcome.Recorded or PostbackOutcome.Reversed or PostbackOutcome.Duplicate))
                {
                    // Nothing else remembers it: whoever looks for a missing sale finds what the network said.
                    work = new(installation, settings, affiliate.Id.Text<Affiliate>());
                    work.RecordEvent("affiliate.postback" + outcome, affiliate.Id.Text<Affiliate>(), writer =>
                    {
                        foreach (var (name, value) in values)
                            writer.WriteString(name, value);
                    });
                }
                return (work, (outcome, conversion, errors));
            },
            cancel
        );

    static async ValueTask<(PostbackOutcome, Id?)> Decide(
        UnitOfWork work,
        Affiliate affiliate,
        Postback postback,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (errors.Any)
            return (PostbackOutcome.Invalid, null);
        // Sealed by us, and a click of this very affiliate: one partner's key reports nothing of another's.
        if (
            !ClickToken.Of(work.Installation).TryRead(work.Settings.Key, postback.Click, out var id)
            || await work.Find<Click>(id, cancel) is not { } click
            || click.Affiliate != affiliate.Id
        )
            return (PostbackOutcome.UnknownClick, null);
        // Without an order number a click converts once for each type.
        var conversion = new Conversion
        {
            Type = postback.Type,
            OrderId = postback.Order ?? id.Text<Click>(),
            Value = postback.Value,
            Click = postback.Click,
        };
        var known = await PrepareConversion.Of(work, conversion, cancel);
        var own = known?.Affiliate is null || known.Affiliate == affiliate.Id;
        if (postback.TakesBack)
        {
            if (known?.Affiliate is null || !own)
                return (PostbackOutcome.NothingToReverse, null);
            if (known.ReversedAt is not null)
                return (PostbackOutcome.Duplicate, known.Id);
            await PrepareConversion.Reversed(work, known, cancel);
            return (PostbackOutcome.Reversed, known.Id);
        }
        // A network's word goes before a page's, but takes nothing from another partner.
        if (known is not null && !(own && known.GivesWayTo(conversion)))
            return (PostbackOutcome.Duplicate, known.Id);
        var prepared = await PrepareConversion.New(work, conversion, known, errors, cancel);
        if (errors.Any)
            return (PostbackOutcome.Invalid, null);
        return (PostbackOutcome.Recorded, work.Insert(prepared).Id);
    }
}
