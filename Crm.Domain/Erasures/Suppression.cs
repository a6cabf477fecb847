// An address, number or id of somebody who was erased, sealed: whether one is among them can be asked, which they are cannot.

using Crm.Domain.Resources;

namespace Crm.Domain.Erasures;

/// <summary>A setting, for every node keeps in memory whether a workspace has any.</summary>
[Resource(
    "suppression",
    "suppressions",
    "supp",
    "A sealed address of somebody who was erased.",
    Can = Operations.None,
    RecordsEvents = false
)]
public sealed record Suppression : Resource
{
    [Field("The seal.", Max = 64, Is = Is.Secret | Is.Unique)]
    public string Seal { get; init; } = "";

    [Field("The lead or customer that was emptied: what is counted of the person goes on there.", Max = 64, Is = Is.Secret)]
    public string? Person { get; init; }

    [Field("When the erasure began, which a restored backup may do again later: what was said afterwards lifts it.", Is = Is.Secret)]
    public DateTimeOffset? Since { get; init; }
}
