// Removes facts and leaves their roll-ups in the same commit: counters stay, and a recount agrees to the unit.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <param name="Kind">What it is: part of the roll-up's class.</param>
/// <param name="Human">Whether it counted as a person's.</param>
/// <param name="Verb">The verb of its event; null: it has none.</param>
public readonly record struct LeavingFact(Resource Record, string Kind, bool Human, string? Verb = null);

public static class RemoveFacts
{
    /// <summary>What nothing is owed to: no subject, so that it counts in no report.</summary>
    const string Nobody = "-";

    /// <summary>
    /// Takes the facts out of the store in this unit. Whoever changes one meanwhile, or adds to one of the roll-ups, is met at the commit,
    /// and all of it is decided anew.
    /// </summary>
    public static async ValueTask Run(UnitOfWork work, IEnumerable<LeavingFact> facts, CancellationToken cancel)
    {
        var sums = new RollUpSums();
        foreach (var (record, kind, human, verb) in facts)
        {
            var counts = work.Installation.Catalog.Reports.CountsOf(ResourceType.Of(record.GetType()), record);
            sums.Add(counts, kind, human, record.Id.Time, Nobody);
            work.Delete(record, verb);
        }
        await RollUpSums.Store(work, sums.All, cancel);
    }
}
