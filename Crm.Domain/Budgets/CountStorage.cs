// Counts what is stored of each budget in the commit that stores it.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Budgets;

public static class CountStorage
{
    /// <summary>The installation counts for each workspace how often its budgets are to be looked at.</summary>
    public const string Looks = "storage/";

    /// <summary>Whatever it is that stores, changes or removes a record.</summary>
    public static readonly FollowUp FollowUp = new("storage-budgets") { Each = Count };

    static void Count(UnitOfWork work, RecordChange change)
    {
        if (Budgeted.Of(change.Type) is not { } budget)
            return;
        var (was, willBe) = (budget.Of(change.Before), budget.Of(change.After, change.Stored));
        var (bytes, records) = (willBe.Bytes - was.Bytes, willBe.Records - was.Records);
        var set = work.Installation.Options<StorageBudgets>();
        var node = StorageCounters.Place(work.Installation.Store, work.Installation.Node);
        if (bytes != 0)
            work.Count(budget.BytesByNode[node], bytes);
        if (records != 0 && budget.RecordsByNode is { } names)
            work.Count(names[node], records);
        if (bytes <= 0 && records <= 0 || !set.IsTime(work.Settings.Key, budget, bytes, records))
            return;
        work.Notify(Looks);
    }

    /// <summary>What the counters of these resources would be, of the records alone.</summary>
    internal static void Add(Resource record, Action<string, long> to)
    {
        if (Budgeted.Of(ResourceType.Of(record.GetType())) is not { } budget || budget.Of(record) is not { Bytes: > 0 } use)
            return;
        to(budget.Bytes, use.Bytes);
        if (use.Records > 0)
            to(budget.Records, use.Records);
    }
}
