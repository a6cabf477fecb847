// Tools that change: making, changing, deleting, and the resources' verbs. What deletes, merges, sends or the like answers a plan first.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Rest;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Mcp;

static class ChangingTools
{
    const string Planned =
        " What deletes, merges, sends, pays or opens something does nothing at first: it answers a plan with status 202. Show the plan to whoever you act for; to do it, make the same call with plan set to the plan's token, once, within ten minutes.";

    static (string, JsonObject) Plan => ("plan", AgentTool.Text("The token of this call's plan, to carry it out."));

    static (string, JsonObject) Key =>
        ("idempotencyKey", AgentTool.Text("A word of your own for this call: sent again with it, it is done once and answered alike."));

    static (string, JsonObject) IfMatch =>
        ("ifMatch", AgentTool.Text("The etag that the record had when you read it: refused when somebody changed it since."));

    static (string, JsonObject) Id => ("id", AgentTool.Text("The record's id."));

    static ReadOnlyMemory<byte> Body(JsonElement? values) => JsonSerializer.SerializeToUtf8Bytes(values ?? Empty);

    static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement.Clone();

    static JsonElement Must(ToolCall call, string name) =>
        call.Object(name)
        ?? throw new ProblemException(
            ProblemCodes.InvalidParameter,
            $"{name}: A value is needed.",
            [new(name, "required", "A value is needed.")]
        );

    static Dictionary<string, string> At(string id) => new() { ["id"] = id };

    public static readonly AgentTool Create = new(
        "create",
        "Make a record",
        "Makes a record of a resource; describe has the schema of values." + Planned,
        audience =>
            AgentTool.OfResources(
                audience,
                (entry, rights) =>
                    entry.Type.Can.HasFlag(Operations.Create)
                    && rights.MayCreate
                    && (entry.Create is null || audience.Caller.Key.Installation),
                ["values"],
                [("values", AgentTool.Any("The record's fields, by the schema that describe answers as create.")), Key, Plan]
            ),
        _ => 1,
        async (call, cost) =>
        {
            var (entry, values, key, plans) = (call.Resource(), Must(call, "values"), call.Text("idempotencyKey"), call.Plans());
            call.TakesNothingElse();
            var reply = await call.Rest(
                new(call.Route(entry, "create"), "POST", Body: Body(values)) { IdempotencyKey = key, Plans = plans }
            );
            return ToolAnswer.Of(reply, call.Catalog, entry, cost);
        }
    );

    public static readonly AgentTool Update = new(
        "update",
        "Change a record",
        "Changes fields of a record: those in values; null empties one, lists are replaced. What a verb does is refused and names the verb."
            + Planned,
        audience =>
            AgentTool.OfResources(
                audience,
                (entry, rights) => entry.Type.Can.HasFlag(Operations.Update) && !rights.Writes.IsEmpty,
                ["id", "values"],
                [Id, ("values", AgentTool.Any("The fields to change, by the schema that describe answers as update.")), IfMatch, Plan]
            ),
        _ => 1,
        async (call, cost) =>
        {
            var (entry, id, values, match, plans) = (
                call.Resource(),
                call.MustText("id"),
                Must(call, "values"),
                call.Text("ifMatch"),
                call.Plans()
            );
            call.TakesNothingElse();
            var reply = await call.Rest(
                new(call.Route(entry, "update"), "PATCH", At(id), Body: Body(values)) { IfMatch = match, Plans = plans }
            );
            return ToolAnswer.Of(reply, call.Catalog, entry, cost);
        }
    )
    {
        IsIdempotent = true,
    };

    public static readonly AgentTool Upsert = new(
        "upsert",
        "Make or change whoever this is",
        "Changes the record that has this identity, or makes one: values has the identity that match names." + Planned,
        audience =>
            AgentTool.OfResources(
                audience,
                (entry, rights) => rights.MayCreate && audience.Routes.Find(entry, "upsert") is not null,
                ["match", "values"],
                [
                    ("match", AgentTool.Text("email, phone or externalId.")),
                    ("values", AgentTool.Any("The record's fields, by the schema that describe answers as create.")),
                    Key,
                    Plan,
                ]
            ),
        _ => 1,
        async (call, cost) =>
        {
            var (entry, match, values) = (call.Resource(), call.MustText("match"), Must(call, "values"));
            var (key, plans) = (call.Text("idempotencyKey"), call.Plans());
            call.TakesNothingElse();
            var reply = await call.Rest(
                new(call.Route(entry, "upsert"), "PUT", Query: [new("match", match)], Body: Body(values))
                {
                    IdempotencyKey = key,
                    Plans = plans,
                }
            );
            return ToolAnswer.Of(reply, call.Catalog, entry, cost);
        }
    )
    {
        IsIdempotent = true,
    };

    public static readonly AgentTool Delete = new(
        "delete",
        "Delete a record",
        "Deletes a record." + Planned,
        audience =>
            AgentTool.OfResources(
                audience,
                (entry, rights) => entry.Type.Can.HasFlag(Operations.Delete) && rights.MayDelete,
                ["id"],
                [Id, IfMatch, Plan]
            ),
        _ => 1,
        async (call, cost) =>
        {
            var (entry, id, match, plans) = (call.Resource(), call.MustText("id"), call.Text("ifMatch"), call.Plans());
            call.TakesNothingElse();
            var reply = await call.Rest(new(call.Route(entry, "delete"), "DELETE", At(id)) { IfMatch = match, Plans = plans });
            return ToolAnswer.Of(reply, call.Catalog, entry, cost);
        }
    )
    {
        Destroys = true,
        IsIdempotent = true,
    };

    public static readonly AgentTool Run = new(
        "run",
        "Run a verb",
        "Runs a verb of a resource, such as convert or merge of leads; describe lists the verbs with their input." + Planned,
        audience =>
            AgentTool.OfResources(
                audience,
                (entry, rights) => entry.Actions.Count > 0 && rights.MayAct,
                ["verb"],
                [
                    ("verb", AgentTool.Text("The verb.")),
                    ("id", AgentTool.Text("The record it is done to; not for a verb on the whole list.")),
                    ("input", AgentTool.Any("What the verb needs to know, by its schema in describe.")),
                    IfMatch,
                    Key,
                    Plan,
                ]
            ),
        _ => 1,
        async (call, cost) =>
        {
            var (entry, verb, id, input) = (call.Resource(), call.MustText("verb"), call.Text("id"), call.Object("input"));
            var (match, key, plans) = (call.Text("ifMatch"), call.Text("idempotencyKey"), call.Plans());
            call.TakesNothingElse();
            if (call.Routes.FindVerb(entry, verb, id is not null) is not { } route)
                throw Unknown(entry, verb, id is not null);
            var reply = await call.Rest(
                new(route, "POST", id is null ? null : At(id), Body: Body(input))
                {
                    IfMatch = match,
                    IdempotencyKey = key,
                    Plans = plans,
                }
            );
            return ToolAnswer.Of(reply, call.Catalog, entry, cost);
        }
    )
    {
        Destroys = true,
    };

    static ProblemException Unknown(CatalogEntry entry, string verb, bool ofRecord) =>
        entry.Actions.FirstOrDefault(action => action.Name == verb) is { } other && other.OnRecord != ofRecord
            ? new(
                ProblemCodes.InvalidParameter,
                other.OnRecord ? "id: The verb is done to one record." : "id: The verb is done to the whole list.",
                [new("id", other.OnRecord ? "required" : "unknown", "See describe.")]
            )
            : new(
                ProblemCodes.InvalidParameter,
                $"verb: There are: {string.Join(", ", entry.Actions.Select(action => action.Name).Distinct())}.",
                [new("verb", "not_a_choice", "There is no such verb of this resource.")]
            );
}
