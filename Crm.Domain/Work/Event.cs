// An event: something that happened, append-only. Timelines, audit and everything sent to others read events; each is stored with its
// cause.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Work;

[Resource(
    "event",
    "events",
    "evt",
    "Something that happened. Never changed, written in the same commit as its cause.",
    Can = Operations.Read,
    RecordsEvents = false,
    Appended = true
)]
public sealed record Event : Resource
{
    [Field(
        "Its place among the workspace's events, in the order in which they were committed: 1, 2, 3, without gaps. Who has seen one never meets a new one before it. null for at most a moment, on a database that numbers behind the commit.",
        Is = Is.ReadOnly | Is.Sortable,
        Example = "1042"
    )]
    public long? Position { get; init; }

    [Field(
        "What happened: the resource and a verb in the past. Filters find it among also as well.",
        Max = 100,
        Is = Is.ReadOnly | Is.Filterable | Is.NoPerson,
        FoundWith = "also",
        Example = "lead.created"
    )]
    public string Type { get; init; } = "";

    [Field("What else it was: further types that the same event has.", Max = 10, Is = Is.ReadOnly | Is.Filterable | Is.NoPerson)]
    public ImmutableArray<string> Also { get; init; } = [];

    [Field("The id of the record it happened to.", Max = 64, Is = Is.ReadOnly | Is.Indexed | Is.NoPerson)]
    public string Subject { get; init; } = "";

    [Field("Ids of other records it concerns.", Max = 20, Is = Is.ReadOnly | Is.NoPerson)]
    public ImmutableArray<string> Related { get; init; } = [];

    [Field("Who caused it: an api key, a form or the system.", Max = 64, Is = Is.ReadOnly | Is.NoPerson)]
    public string By { get; init; } = "system";

    [Field("Which fields changed, with their values where these say nothing about a person.", Max = 500, Is = Is.ReadOnly)]
    public ImmutableArray<FieldChange> Changes { get; init; } = [];

    [Field("What there is to say about it.", Is = Is.ReadOnly | Is.NoPerson)]
    public JsonData Data { get; init; } = JsonData.EmptyObject;
}
