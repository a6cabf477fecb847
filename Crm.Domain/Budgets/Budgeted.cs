// What has a budget, and in which order it leaves when that is used up.

using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Retention;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Domain.Budgets;

/// <summary>Records that leave together, the oldest first.</summary>
/// <param name="Name">As events and metrics say it.</param>
/// <param name="Age">How old they are at least; null: any age.</param>
sealed record Leaving(string Name, Filter? Among, Func<Resource, bool> Is, TimeSpan? Age = null);

/// <param name="Name">The resource's plural, or what of it.</param>
/// <param name="Holds">Whether a record counts towards the budget.</param>
/// <param name="Most">What a workspace may have of it.</param>
/// <param name="Fact">What a record's roll-up says it was.</param>
/// <param name="Order">Nothing of one is taken while there is anything of the one before it.</param>
sealed record Budgeted(
    ResourceType Type,
    string Name,
    Func<Resource, bool> Holds,
    Func<StorageBudgets, StorageUse> Most,
    Func<Resource, LeavingFact> Fact,
    params IReadOnlyList<Leaving> Order
)
{
    /// <summary>What waits for a member, and what belongs to somebody, is at hand so long.</summary>
    public static readonly TimeSpan LeastAge = TimeSpan.FromDays(30);

    /// <summary>Where only bytes count.</summary>
    const long AnyNumber = long.MaxValue;

    public static readonly Budgeted Clicks = new(
        ResourceType.Of<Click>(),
        "clicks",
        _ => true,
        set => new(set.ClickBytes, AnyNumber),
        Retained.Of(RetainedKind.Clicks).Fact!,
        new Leaving("robots", null, click => !((Click)click).Human),
        new Leaving("people", null, click => ((Click)click).Lead is null),
        new Leaving("leads", null, _ => true, LeastAge)
    );

    /// <summary>What members enter by hand is no stranger's.</summary>
    public static readonly Budgeted Touches = new(
        ResourceType.Of<Touch>(),
        "touches",
        touch => ((Touch)touch).Kind is not (TouchKind.Call or TouchKind.Visit or TouchKind.Meeting),
        set => new(set.TouchBytes, AnyNumber),
        Retained.Of(RetainedKind.Touches).Fact!,
        new Leaving("robots", null, touch => !((Touch)touch).Human),
        new Leaving("people", null, touch => ((Touch)touch).Lead is null),
        new Leaving("leads", null, _ => true, LeastAge)
    );

    /// <summary>Those that are in no lead. What waits because of a limit, a shared number or a contradiction goes last.</summary>
    public static readonly Budgeted Entries = new(
        ResourceType.Of<Submission>(),
        "entries",
        entry => entry is Submission { Lead: null, Verdict: not (Verdict.Accepted or Verdict.Merged) },
        set => new(set.EntryBytes, set.Entries),
        Retained.Of(RetainedKind.Entries).Fact!,
        new Leaving("robots", AnyOf(Verdict.Quarantined, Verdict.Rejected), entry =>
            entry is Submission { Verdict: Verdict.Rejected, Reason: Submission.SpamReason }
            || entry is Submission { Verdict: Verdict.Quarantined, Signals.Length: > 0 }
        ),
        new Leaving("rejected", AnyOf(Verdict.Rejected), _ => true),
        new Leaving("waiting", AnyOf(Verdict.Quarantined, Verdict.Failed), _ => true, LeastAge)
    );

    public static readonly IReadOnlyList<Budgeted> All = [Clicks, Touches, Entries];

    public static Budgeted? Of(ResourceType type) =>
        type == Clicks.Type ? Clicks
        : type == Touches.Type ? Touches
        : type == Entries.Type ? Entries
        : null;

    /// <summary>The counters' names, without a node's.</summary>
    public string Bytes { get; } = $"{StorageCounters.Start}{Name}/bytes";

    public string Records { get; } = $"{StorageCounters.Start}{Name}/records";

    public CounterNames[] BytesByNode => field ??= StorageCounters.Of(Bytes);

    /// <summary>Null where only bytes count: a click pays for one counter.</summary>
    public CounterNames[]? RecordsByNode => CountsRecords ? field ??= StorageCounters.Of(Records) : null;

    bool CountsRecords { get; } = Most(new()).Records != AnyNumber;

    /// <summary>What a record takes of it.</summary>
    /// <param name="stored">The record as it is stored, when it is at hand.</param>
    public StorageUse Of(Resource? record, Document? stored = null) =>
        record is null || !Holds(record) ? default : new(StoredBytes.Of(stored ?? Type.ToDocument(record)), CountsRecords ? 1 : 0);

    static Filter.In AnyOf(params Verdict[] verdicts) =>
        new("verdict", [.. verdicts.Select(verdict => Key.Of(Names.Camel(verdict.ToString())))]);
}
