// Many commissions of an affiliate are approved at once: all that wait, or those of a time, of a kind or of certain conversions.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public sealed record ApproveCommissions
{
    [Field("Only what was earned until then, as of who looked at the list at that time.", Example = "2026-11-30T23:59:59Z")]
    public DateTimeOffset? Until { get; init; }

    [Field("Only what was earned by this: lead, or a conversion's type.", Max = 40, Example = "sale")]
    public string? On { get; init; }

    [Field("Only what these conversions have earned.", Refers = typeof(Conversion), Max = 500)]
    public ImmutableArray<Id> Conversions { get; init; } = [];

    public static readonly ResourceAction Action = ResourceAction
        .On<Affiliate, ApproveCommissions>(
            "approve",
            "Says that the affiliate's pending commissions are to be paid, up to 1,000 at once, and how much that is in each currency.",
            async (work, affiliate, which, cancel) =>
            {
                await CheckConversions(work, which, cancel);
                var filter = Waiting(affiliate, which);
                var pending = await FindCommissions.Of(work, filter, cancel);
                foreach (var commission in pending)
                    work.Replace(commission, commission with { Status = CommissionStatus.Approved }, "approved");
                return CommissionSums.Of(pending, await FindCommissions.AreMore(work, filter, pending, cancel));
            },
            Effect.Pays
        )
        .Answering<CommissionSums>();

    static Filter Waiting(Affiliate affiliate, ApproveCommissions which)
    {
        var terms = new List<Filter> { FindCommissions.With(affiliate, CommissionStatus.Pending) };
        if (which.Until is { } until)
            terms.Add(new Filter.Ids(Id.Empty, until.Year < 9999 ? Id.FirstAt(until.AddMilliseconds(1)) : Id.Largest));
        if (which.On is { } on)
            terms.Add(new Filter.Compare("on", Comparison.Eq, Key.Of(TextRules.Fold(on))));
        if (!which.Conversions.IsEmpty)
            terms.Add(new Filter.In("conversion", [.. which.Conversions.Select(id => Key.Of(id.Text<Conversion>()))]));
        return new Filter.And(terms);
    }

    /// <summary>Who approves what is not there has meant something else.</summary>
    static async ValueTask CheckConversions(UnitOfWork work, ApproveCommissions which, CancellationToken cancel)
    {
        var type = ResourceType.Of<Conversion>();
        var there = new HashSet<Id>();
        await foreach (var page in work.Store.GetAll(type.Collection, which.Conversions, cancel))
            for (var i = 0; i < page.Count; i++)
                there.Add(page.VersionAt(i).Id);
        var errors = new FieldErrors();
        for (var i = 0; i < which.Conversions.Length; i++)
            if (!there.Contains(which.Conversions[i]))
                errors.Add($"conversions.{i}", "not_found", "There is no conversion with this id.");
        if (errors.Any)
            throw ProblemException.Invalid(errors);
    }
}
