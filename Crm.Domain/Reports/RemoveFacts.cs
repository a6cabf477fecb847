// Removes facts, or what they say, and leaves roll-ups in the same commit: counters stay, and a recount agrees to the unit.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <param name="Kind">What it is: part of the roll-up's class.</param>
/// <param name="Human">Whether it counted as a person's.</param>
/// <param name="Verb">The verb of its event; null: it has none.</param>
public readonly record struct LeavingFact(Resource Record, string Kind, bool Human, string? Verb = null);

/// <summary>One that stays, with less in it than it counted for.</summary>
public readonly record struct EmptiedFact(LeavingFact Fact, Resource After);

public static class RemoveFacts
{
    /// <summary>What nothing is owed to: no subject, so that it counts in no report.</summary>
    const string Nobody = "-";

    /// <summary>
    /// Takes the facts out of the store in this unit, and out of others what they say. Whoever changes one meanwhile, or adds to one of the
    /// roll-ups, is met at the commit, and all of it is decided anew.
    /// </summary>
    public static async ValueTask Run(
        UnitOfWork work,
        IEnumerable<LeavingFact> facts,
        IEnumerable<EmptiedFact> emptied,
        CancellationToken cancel
    )
    {
        var sums = new RollUpSums();
        foreach (var (record, kind, human, verb) in facts)
        {
            sums.Add(Counts(work, record), kind, human, record.Id.Time, Nobody);
            work.Delete(record, verb);
        }
        foreach (var ((record, kind, human, verb), after) in emptied)
        {
            var lost = Counts(work, record)
                .Concat(Counts(work, after).Select(one => one with { Amount = -one.Amount }))
                .GroupBy(one => (one.Of, one.Measure))
                .Select(same => (same.Key.Of, same.Key.Measure, Amount: same.Sum(one => one.Amount)))
                .Where(one => one.Amount != 0)
                .ToList();
            if (lost.Count > 0)
                sums.Add(lost, kind, human, record.Id.Time, Nobody);
            work.Replace(record, after, verb);
        }
        await RollUpSums.Store(work, sums.All, cancel);
    }

    static IReadOnlyList<(Subject Of, string Measure, long Amount)> Counts(UnitOfWork work, Resource record) =>
        work.Installation.Catalog.Reports.CountsOf(ResourceType.Of(record.GetType()), record);
}
