// Values that differ from a lead's become proposed changes beside it, as far as there is room; the lead counts them.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

/// <summary>A value that a lead's field could have.</summary>
public readonly record struct ProposedValue(string Field, JsonData Value);

/// <summary>What became of values that were proposed.</summary>
/// <param name="Lead">The lead with its counts.</param>
/// <param name="Changes">To be inserted in the commit that stores the lead.</param>
/// <param name="LeftOut">What there was no room for.</param>
public sealed record ProposalsMade(Lead Lead, ImmutableArray<ProposedChange> Changes, IReadOnlyList<ProposedValue> LeftOut);

public static class ProposeChanges
{
    static readonly ResourceType Type = ResourceType.Of<ProposedChange>();

    /// <summary>
    /// The same proposal again says nothing new. What does not fit into the budgets is counted on the lead, and whoever sent it is
    /// where it is kept.
    /// </summary>
    /// <param name="by">The submission or lead the values come from, as text.</param>
    /// <param name="entry">The submission; null when it is none.</param>
    public static async ValueTask<ProposalsMade> To(
        UnitOfWork work,
        Lead lead,
        IReadOnlyList<ProposedValue> values,
        string by,
        Id? entry,
        CancellationToken cancel
    )
    {
        var (made, leftOut) = (ImmutableArray.CreateBuilder<ProposedChange>(), new List<ProposedValue>());
        long? room = null;
        foreach (var change in values.Distinct().Select(value => New(work, lead.Id, value, by, entry)))
        {
            if (await work.Store.FindByKey(Type.Collection, "same", change.Same!, cancel) is not null)
                continue;
            room ??= await work.Installation.Options<ProposalBudget>().RoomFor(work, lead, cancel);
            if (change.Bytes > room)
            {
                leftOut.Add(new(change.Field, change.Value));
                continue;
            }
            room -= change.Bytes;
            made.Add(change);
        }
        lead = Counted(lead, [], made);
        return new(lead with { ProposedChangesNotKept = lead.ProposedChangesNotKept + leftOut.Count }, made.ToImmutable(), leftOut);
    }

    public static ProposedChange New(UnitOfWork work, Id lead, ProposedValue value, string by, Id? entry) =>
        new()
        {
            Lead = lead,
            Field = value.Field,
            Value = value.Value,
            By = by,
            Submission = entry,
            At = work.Now,
        };

    /// <summary>The lead with its counts, when it loses some proposals and gains others.</summary>
    public static Lead Counted(Lead lead, IReadOnlyCollection<ProposedChange> gone, IReadOnlyCollection<ProposedChange> added) =>
        lead with
        {
            ProposedChangeCount = Math.Max(0, lead.ProposedChangeCount + added.Count(c => c.IsOpen) - gone.Count(c => c.IsOpen)),
            ProposedChangeBytes = Math.Max(0, lead.ProposedChangeBytes + added.Sum(c => c.Bytes) - gone.Sum(c => c.Bytes)),
        };

    /// <summary>All proposals of a lead, or those of one sender; the oldest first. The budget bounds how many there can be.</summary>
    public static async ValueTask<List<ProposedChange>> Of(UnitOfWork work, Id lead, CancellationToken cancel, string? by = null)
    {
        Filter filter = new Filter.Compare("lead", Comparison.Eq, Key.Of(lead.Text<Lead>()));
        if (by is not null)
            filter = new Filter.And([filter, new Filter.Compare("by", Comparison.Eq, Key.Of(TextRules.Fold(by)))]);
        var found = new List<ProposedChange>();
        await foreach (var page in work.Store.Pages(new(Type.Collection, filter, [], false, null, 500), cancel))
            for (var i = 0; i < page.Count; i++)
                found.Add(Type.FromRow<ProposedChange>(page[i]));
        return found;
    }
}
