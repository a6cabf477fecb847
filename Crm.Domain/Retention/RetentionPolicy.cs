// A retention policy: how long a workspace keeps one kind of record, and what becomes of what is older.

using Crm.Domain.Resources;

namespace Crm.Domain.Retention;

/// <summary>What a policy can be about.</summary>
public enum RetainedKind
{
    /// <summary>Rejected and failed entries of forms; those of a lead are its proof and stay with it.</summary>
    Entries,
    Quarantine,
    Clicks,
    Touches,
    Visitors,

    /// <summary>Deliveries that are over.</summary>
    Deliveries,

    /// <summary>Those that no timeline shows: events of a lead, a customer or a visitor live as long as these.</summary>
    Events,

    /// <summary>Inactive ones: nothing has happened for so long, and nothing was sold or is owed.</summary>
    Leads,
}

public enum RetentionDeed
{
    Delete,
    Anonymise,
}

/// <summary>Unconfirmed: a run would take so much that somebody has to say yes first.</summary>
public enum RetentionStatus
{
    Waiting,
    Unconfirmed,
    Running,

    /// <summary>Looks at each record to see how much the run would take, before it begins.</summary>
    Counting,
}

[Resource(
    "retentionPolicy",
    "retention-policies",
    "ret",
    "How long records of a kind are kept, and what becomes of older ones. The first run is seven days after the policy is made or changed; reports stay as they are."
)]
public sealed record RetentionPolicy : Resource
{
    [Field(
        "Of what: entries (rejected and failed ones; those of a lead stay with it), quarantine, clicks, touches, visitors, deliveries (those that are over), events (those that no timeline of a lead or a customer shows), leads (those in which nothing has happened for so long and which bought nothing).",
        Is = Is.Required | Is.WriteOnce | Is.Filterable,
        Example = "clicks"
    )]
    public RetainedKind On { get; init; }

    [Field(
        "Records made longer ago than this, or leads in which nothing has happened for longer: an ISO 8601 duration of 30 days or more; a month is 30 days, a year 365. Empty: what suits a small firm.",
        Max = 20,
        Example = "P24M",
        Is = Is.NoPerson
    )]
    public string? OlderThan { get; init; }

    [Field(
        "The date or time that olderThan counts from: one that lists are filtered by, such as at, deliveredAt or custom.contractEnd; records without it stay, and a lead must be inactive for so long as well. Empty: when they were made.",
        Max = 80,
        Is = Is.NoPerson,
        Example = "deliveredAt"
    )]
    public string? Field { get; init; }

    [Field(
        "Only those of them: filters as a list has them in its address, on fields that say nothing of a person. What a filter leaves out is held.",
        Max = 1000,
        Is = Is.NoPerson,
        Example = "tags[nin]=legal-hold"
    )]
    public string? Filter { get; init; }

    [Field("Delete them, or anonymise them: clicks, touches and leads lose what says who it was.", Example = "delete")]
    public RetentionDeed Do { get; init; }

    [Field("Why they are kept so long.", Kind = TextKind.Long, Max = 1000, Is = Is.NoPerson)]
    public string? Purpose { get; init; }

    [Field("Whether it runs.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("Waiting for its next run, waiting for confirm, running, or counting what a run would take.", Is = Is.ReadOnly | Is.Filterable)]
    public RetentionStatus Status { get; init; }

    [Field("When it runs next; none while it waits for confirm.", Is = Is.ReadOnly)]
    public DateTimeOffset? NextRunAt { get; init; }

    [Field("When it last came to its end.", Is = Is.ReadOnly)]
    public DateTimeOffset? LastRunAt { get; init; }

    [Field("Records that the current or last run deleted or anonymised.", Is = Is.ReadOnly)]
    public long Done { get; init; }

    [Field("Records that all runs deleted or anonymised.", Is = Is.ReadOnly)]
    public long DoneInAll { get; init; }

    [Field("The run takes what was made before.", Is = Is.Secret)]
    public DateTimeOffset? Before { get; init; }

    [Field("The last record that the run looked at.", Max = 40, Is = Is.Secret | Is.NoPerson)]
    public string? Place { get; init; }

    [Field("What counting has found so far.", Is = Is.Secret)]
    public long Found { get; init; }

    [Field("Whether somebody said yes to the next run.", Is = Is.Secret)]
    public bool Confirmed { get; init; }
}
