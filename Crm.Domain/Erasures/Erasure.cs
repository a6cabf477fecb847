// An erasure: everything of one person goes, in every resource; asked for once, done batch by batch, and seen while it goes on.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Erasures;

/// <summary>Cleaning: the records are done, and the database lets go of the bytes.</summary>
public enum ErasureStatus
{
    Waiting,
    Running,
    Cleaning,
    Done,
}

[Resource(
    "erasure",
    "erasures",
    "erase",
    "Takes one person out of everything that is stored. Amounts that bookkeeping needs stay, without the person.",
    Can = Operations.Read | Operations.Create
)]
public sealed record Erasure : Resource
{
    [Field("Whom: by exactly one of e-mail, phone or id. Gone when the erasure is done.", Is = Is.WriteOnce | Is.Personal)]
    public PersonMatch? Match { get; init; }

    [Field("Why, without names.", Max = 500, Is = Is.WriteOnce | Is.NoPerson, Example = "asked for it by mail")]
    public string? Reason { get; init; }

    [Field("Whether it only counts, and changes nothing.", Is = Is.WriteOnce)]
    public bool DryRun { get; init; }

    [Field("Waiting, running, cleaning or done.", Is = Is.ReadOnly | Is.Indexed)]
    public ErasureStatus Status { get; init; }

    [Field(
        "The leads and customers that are the person, and leads that were merged into these. Their records stay, empty, for what counts them.",
        Max = 5_000,
        Is = Is.ReadOnly | Is.NoPerson
    )]
    public ImmutableArray<string> People { get; init; } = [];

    [Field("By resource, what was found.", Max = 100, Is = Is.ReadOnly)]
    public ImmutableArray<ErasureCount> Counts { get; init; } = [];

    [Field("When it was done.", Is = Is.ReadOnly)]
    public DateTimeOffset? FinishedAt { get; init; }

    [Field("When it began: what was said before is erased, also when it comes later.", Is = Is.Secret)]
    public DateTimeOffset? BegunAt { get; init; }

    [Field("What it was asked for by: email, phone or id.", Max = 20, Is = Is.ReadOnly | Is.NoPerson)]
    public string? MatchedBy { get; init; }

    [Field(
        "The erasure that is looked after here: whether anything of the person is found again.",
        Refers = typeof(Erasure),
        Is = Is.ReadOnly
    )]
    public Stores.Id? Verifies { get; init; }

    [Field(
        "What was done, signed: a JWS (RFC 7515) with EdDSA (RFC 8037); the keys are at /.well-known/jwks.json.",
        Kind = TextKind.Long,
        Max = 262_144,
        Is = Is.ReadOnly | Is.NoPerson
    )]
    public string? Certificate { get; init; }

    [Field(
        "Seals of the addresses that were erased: whether one is among them can be asked, which they are cannot.",
        Max = 5_000,
        Is = Is.Secret | Is.NoPerson
    )]
    public ImmutableArray<string> Seals { get; init; } = [];

    [Field("Ids and addresses that are looked for, until it is done.", Is = Is.Secret | Is.Personal)]
    public JsonData Sought { get; init; } = JsonData.EmptyObject;

    [Field("The resource that is gone through.", Is = Is.Secret)]
    public long Stage { get; init; }

    [Field("The last record that was looked at there.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string? Place { get; init; }

    public override void Check(FieldErrors errors) => PersonMatch.Check(Match, errors);
}

/// <summary>What was found in one resource.</summary>
public sealed record ErasureCount
{
    [Field("The resource.", Max = 60, Example = "submissions", Is = Is.NoPerson)]
    public string Resource { get; init; } = "";

    [Field("Records that were emptied of the person, or would be.")]
    public long Emptied { get; init; }

    [Field("Records that were deleted, or would be: copies of others.")]
    public long Deleted { get; init; }

    [Field("Records of somebody else from which an address of the person was cut out, or would be.")]
    public long Cut { get; init; }

    [Field("Records that belong to the person and hold nothing of them, such as amounts: they stay.")]
    public long Kept { get; init; }
}
