// A run of today's channel and bot rules over everything that is stored: asked for once, done batch by batch, and seen while it goes on.

using Crm.Domain.Resources;

namespace Crm.Domain.Traffic;

public enum ReclassificationStatus
{
    Waiting,
    Running,
    Done,
}

/// <summary>What is gone through, in this order: what comes later takes its channel from what came before.</summary>
public enum ReclassificationStage
{
    Clicks,
    Visitors,
    Touches,
    Leads,
    Conversions,
    Commissions,
}

[Resource(
    "reclassification",
    "reclassifications",
    "recl",
    "Applies today's channel rules and bot rules to stored clicks, visitors, touches, leads, conversions and commissions.",
    Can = Operations.Read | Operations.Create
)]
public sealed record Reclassification : Resource
{
    [Field("Only records since this time; empty: all.", Is = Is.WriteOnce)]
    public DateTimeOffset? Since { get; init; }

    [Field("Waiting, running or done. A workspace's are done one after another.", Is = Is.ReadOnly | Is.Indexed)]
    public ReclassificationStatus Status { get; init; }

    [Field("What is gone through now.", Is = Is.ReadOnly)]
    public ReclassificationStage Stage { get; init; }

    [Field("Records that were looked at.", Is = Is.ReadOnly)]
    public long Seen { get; init; }

    [Field("Records that were changed.", Is = Is.ReadOnly)]
    public long Changed { get; init; }

    [Field(
        "Clicks and views that were counted without being stored: they stay counted as they were, because nothing is left to look at.",
        Is = Is.ReadOnly
    )]
    public long CountedOnly { get; init; }

    [Field("When it was done.", Is = Is.ReadOnly)]
    public DateTimeOffset? FinishedAt { get; init; }

    [Field("The last record of the stage that was looked at.", Max = 40, Is = Is.Secret | Is.NoPerson)]
    public string? Place { get; init; }
}
