// An address that gets no mail, or an address, number or id of somebody who was erased: sealed, so that whether one is among them can be
// asked, and which they are only of those that are not erased.

using Crm.Domain.Resources;

namespace Crm.Domain.Erasures;

/// <summary>Why somebody is left alone.</summary>
public enum SuppressionReason
{
    Erased,
    Unsubscribed,
    Bounced,
    Complaint,
    Manual,
}

public enum SuppressionChannel
{
    Email,
}

[Resource(
    "suppression",
    "suppressions",
    "supp",
    "An address that gets no mail, or somebody who was erased.",
    Can = Operations.Read | Operations.Create | Operations.Delete
)]
public sealed record Suppression : Resource
{
    [Field("What it is for.", Is = Is.WriteOnce)]
    public SuppressionChannel Channel { get; init; }

    [Field(
        "The address that gets no mail. null for somebody who was erased: only its seal is kept.",
        Kind = TextKind.Email,
        Is = Is.WriteOnce | Is.Personal | Is.Indexed,
        Example = "ana@silva.example.org"
    )]
    public string? Address { get; init; }

    [Field(
        "Why: they unsubscribed, nothing arrives there (bounced), a complaint, a member's word (manual), or erased.",
        Is = Is.ReadOnly | Is.Indexed
    )]
    public SuppressionReason Reason { get; init; }

    [Field("The seal.", Max = 64, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Seal { get; init; } = "";

    [Field("The lead or customer that was emptied: what is counted of the person goes on there.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string? Person { get; init; }

    [Field("When the erasure began, which a restored backup may do again later: what was said afterwards lifts it.", Is = Is.Secret)]
    public DateTimeOffset? Since { get; init; }
}
