// How many bytes of open proposals are kept, for one lead and for a workspace: strangers send them, and nobody may have to decide.

using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

/// <summary>What an operator can set (<see cref="Installation.Options{T}"/>).</summary>
public sealed record ProposalBudget
{
    public long BytesOfLead { get; init; } = 256 * 1024;
    public long BytesOfWorkspace { get; init; } = 256 * 1024 * 1024;

    /// <summary>Sums the bytes of a workspace's open proposals up, whatever it is that changes them.</summary>
    public static readonly FollowUp FollowUp = new("proposal-budget") { Each = Count };

    const string Counter = "proposed-changes/bytes";

    static void Count(UnitOfWork work, RecordChange change)
    {
        if (change.Type.Clr != typeof(ProposedChange))
            return;
        var more = Bytes(change.After) - Bytes(change.Before);
        if (more != 0)
            work.Increment(Counter, more);

        static long Bytes(Resource? record) => (record as ProposedChange)?.Bytes ?? 0;
    }

    /// <summary>What the lead and its workspace have room for.</summary>
    public async ValueTask<long> RoomFor(UnitOfWork work, Lead lead, CancellationToken cancel)
    {
        var kept = await work.Store.Counters(Counter, 1, cancel) is [var (_, bytes)] ? bytes : 0;
        return Math.Min(BytesOfLead - lead.ProposedChangeBytes, BytesOfWorkspace - kept);
    }
}
