// What undoing a merge needs: pictures of both leads, kept apart from events, which carry no people.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Leads;

/// <summary>One merge of two leads. No key can read it; it goes when the lead goes that holds it.</summary>
[Resource(
    "leadMerge",
    "lead-merges",
    "merge",
    "What undoing a merge needs.",
    Can = Operations.None,
    RecordsEvents = false,
    HoldsCopies = true
)]
public sealed record LeadMerge : Resource
{
    /// <summary>Moves on when that lead is merged itself, so that nothing of a person stays behind when the last one is deleted.</summary>
    [Field("The lead that holds what was merged.", Refers = typeof(Lead), Is = Is.Secret | Is.Indexed, OnDelete = OnDelete.Delete)]
    public Id? Lead { get; init; }

    [Field("The lead that was merged into.", Max = 40, Is = Is.Secret)]
    public string Into { get; init; } = "";

    [Field("The lead that was merged.", Max = 40, Is = Is.Secret)]
    public string Other { get; init; } = "";

    [Field("The lead right before the merge.", Is = Is.Secret | Is.Personal)]
    public JsonData Before { get; init; } = JsonData.EmptyObject;

    [Field("The other lead.", Is = Is.Secret | Is.Personal)]
    public JsonData OtherBefore { get; init; } = JsonData.EmptyObject;

    [Field("The lead right after the merge.", Is = Is.Secret | Is.Personal)]
    public JsonData After { get; init; } = JsonData.EmptyObject;

    [Field("The references that were moved: record, path, and for a list what it was.", Is = Is.Secret)]
    public JsonData Moved { get; init; } = JsonData.EmptyObject;

    [Field(
        "Proposed changes of the other lead that this one had too: they are one until the merge is undone.",
        Is = Is.Secret | Is.Personal
    )]
    public JsonData Doubles { get; init; } = NoDoubles;

    public static readonly JsonData NoDoubles = new("[]"u8.ToArray());

    /// <summary>In the order of ids, which is that of unmerges in one workspace; a time could be the same for two.</summary>
    [Field("The id that the unmerge took; null while the merge is in force.", Max = 40, Is = Is.Secret)]
    public string? Undone { get; init; }
}
