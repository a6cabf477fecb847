// An event: something that happened, append-only. Timelines, audit and everything sent to others read events; each is stored with its cause.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Work;

[Resource(
    "event",
    "events",
    "evt",
    "Something that happened. Never changed, written in the same commit as its cause.",
    Can = Operations.Read,
    TellsEvents = false
)]
public sealed record Event : Resource
{
    [Field("What happened: the resource and a verb in the past.", Max = 100, Is = Is.ReadOnly | Is.Filterable, Example = "lead.created")]
    public string Type { get; init; } = "";

    [Field("The id of the record it happened to.", Max = 64, Is = Is.ReadOnly | Is.Indexed)]
    public string Subject { get; init; } = "";

    [Field("Ids of other records it concerns.", Max = 20, Is = Is.ReadOnly)]
    public ImmutableArray<string> Related { get; init; } = [];

    [Field("Who caused it: an api key, a form or the system.", Max = 64, Is = Is.ReadOnly)]
    public string By { get; init; } = "system";

    [Field("What there is to say about it.", Is = Is.ReadOnly)]
    public JsonData Data { get; init; } = JsonData.EmptyObject;
}
