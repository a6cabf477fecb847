// A person asks what is stored about them: their records are found once, and read when the answer is fetched.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Erasures;

public enum AccessStatus
{
    Waiting,
    Running,
    Done,
}

[Resource(
    "accessRequest",
    "access-requests",
    "access",
    "Everything that is stored about one person, for them: a zip file at /v1/access-requests/{id}/file when it is done.",
    Can = Operations.Read | Operations.Create
)]
public sealed record AccessRequest : Resource
{
    [Field("Who: by exactly one of e-mail, phone or id. Gone when it is done.", Is = Is.WriteOnce | Is.Personal)]
    public PersonMatch? Match { get; init; }

    [Field("Waiting, running or done.", Is = Is.ReadOnly | Is.Indexed)]
    public AccessStatus Status { get; init; }

    [Field("By resource, how many records were found.", Max = 100, Is = Is.ReadOnly)]
    public ImmutableArray<AccessCount> Counts { get; init; } = [];

    [Field("When it was done.", Is = Is.ReadOnly)]
    public DateTimeOffset? FinishedAt { get; init; }

    [Field("Until when the file can be fetched.", Is = Is.ReadOnly)]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Field("The leads and customers that are the person.", Max = 5_000, Is = Is.ReadOnly | Is.NoPerson)]
    public ImmutableArray<string> People { get; init; } = [];

    [Field("Ids of the records: the file is made of what they are when it is fetched.", Is = Is.Secret | Is.NoPerson)]
    public JsonData Records { get; init; } = new("[]"u8.ToArray());

    [Field("Ids and addresses that are looked for, until it is done.", Is = Is.Secret | Is.Personal)]
    public JsonData Sought { get; init; } = JsonData.EmptyObject;

    [Field("The resource that is gone through.", Is = Is.Secret)]
    public long Stage { get; init; }

    [Field("The last record that was looked at there.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string? Place { get; init; }

    public override void Check(FieldErrors errors) => PersonMatch.Check(Match, errors);

    /// <summary>The ids of the records, in the order of the resources.</summary>
    public IReadOnlyList<string> ReadRecords()
    {
        using var json = Records.Parse();
        return [.. json.RootElement.EnumerateArray().Select(one => one.GetString()!)];
    }
}

public sealed record AccessCount
{
    [Field("The resource.", Max = 60, Example = "submissions", Is = Is.NoPerson)]
    public string Resource { get; init; } = "";

    [Field("Records of the person.")]
    public long Records { get; init; }
}
