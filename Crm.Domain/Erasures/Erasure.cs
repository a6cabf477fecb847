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
    public ErasureMatch? Match { get; init; }

    [Field("Why, without names.", Max = 500, Is = Is.WriteOnce, Example = "asked for it by mail")]
    public string? Reason { get; init; }

    [Field("Whether it only counts, and changes nothing.", Is = Is.WriteOnce)]
    public bool DryRun { get; init; }

    [Field("Waiting, running, cleaning or done.", Is = Is.ReadOnly | Is.Indexed)]
    public ErasureStatus Status { get; init; }

    [Field("The leads and customers that are the person. Their records stay, empty, for what counts them.", Max = 500, Is = Is.ReadOnly)]
    public ImmutableArray<string> People { get; init; } = [];

    [Field("By resource, what was found.", Max = 100, Is = Is.ReadOnly)]
    public ImmutableArray<ErasureCount> Counts { get; init; } = [];

    [Field("When it was done.", Is = Is.ReadOnly)]
    public DateTimeOffset? FinishedAt { get; init; }

    [Field(
        "Seals of the addresses that were erased: whether one is among them can be asked, which they are cannot.",
        Max = 100,
        Is = Is.Secret
    )]
    public ImmutableArray<string> Seals { get; init; } = [];

    [Field("Ids and addresses that are looked for, until it is done.", Is = Is.Secret | Is.Personal)]
    public JsonData Sought { get; init; } = JsonData.EmptyObject;

    [Field("The resource that is gone through.", Is = Is.Secret)]
    public long Stage { get; init; }

    [Field("The last record that was looked at there.", Max = 64, Is = Is.Secret)]
    public string? Place { get; init; }

    public override void Check(FieldErrors errors)
    {
        var said = new[] { Match?.Email, Match?.Phone, Match?.Id }.Count(one => one is not null);
        if (said != 1)
            errors.Add("match", "required", "Say one of email, phone and id.");
    }
}

public sealed record ErasureMatch
{
    [Field("An e-mail address of the person.", Kind = TextKind.Email, Is = Is.Personal, Example = "ana@silva.example.org")]
    public string? Email { get; init; }

    [Field("A phone number that is theirs alone.", Kind = TextKind.Phone, Is = Is.Personal, Example = "+5511912345678")]
    public string? Phone { get; init; }

    [Field("The id of the person's lead or customer.", Max = 64, Is = Is.Personal)]
    public string? Id { get; init; }
}

/// <summary>What was found in one resource.</summary>
public sealed record ErasureCount
{
    [Field("The resource.", Max = 60, Example = "submissions")]
    public string Resource { get; init; } = "";

    [Field("Records that were emptied of the person, or would be.")]
    public long Emptied { get; init; }

    [Field("Records that were deleted, or would be: copies of others.")]
    public long Deleted { get; init; }

    [Field("Records that belong to the person and hold nothing of them, such as amounts: they stay.")]
    public long Kept { get; init; }
}
