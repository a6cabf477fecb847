// The tool that says what there is: the resources a key may use, and of one its fields, filters, verbs and parts, as the catalog has them.

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Rest;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Microsoft.OpenApi;

namespace Crm.Api.Mcp;

static class DescribeTool
{
    /// <summary>Schemas with all fields; what a caller may not see is taken out of a copy.</summary>
    static readonly ConcurrentDictionary<CatalogEntry, string> Schemas = new(ReferenceEqualityComparer.Instance);

    public static readonly AgentTool Tool = new(
        "describe",
        "What there is",
        "Without a resource: the resources and reports that this key can use. With one: its fields, what can be filtered and sorted by, its verbs, and the schemas for create, update and run. Ask before you write.",
        audience =>
            AgentTool.Object(
                [],
                (
                    "resource",
                    AgentTool.Resources(audience, (_, rights) => rights.MayRead || rights.MayWrite) ?? AgentTool.Text("The resource.")
                )
            ),
        _ => 1,
        (call, cost) =>
        {
            var name = call.Text("resource");
            call.TakesNothingElse();
            var said = name is null ? All(call.Audience) : One(call.Audience, call.Resource());
            return Task.FromResult(ToolAnswer.Of(cost, [], writer => said.WriteTo(writer)));
        }
    )
    {
        OnlyReads = true,
        IsIdempotent = true,
    };

    static JsonObject All(ToolAudience audience) =>
        new()
        {
            ["resources"] = new JsonArray([
                .. audience
                    .Which((_, rights) => rights.MayRead || rights.MayWrite)
                    .Select(entry => new JsonObject
                    {
                        ["resource"] = entry.Type.Plural,
                        ["description"] = entry.Type.Description,
                        ["may"] = May(audience, entry),
                    }),
            ]),
            ["reports"] = new JsonArray([
                .. audience.Catalog.Reports.All.Select(report => new JsonObject
                {
                    ["report"] = report.Name,
                    ["description"] = $"{report.Title}: {report.Description}",
                }),
            ]),
        };

    /// <summary>The tools that this caller can use with a resource.</summary>
    static JsonArray May(ToolAudience audience, CatalogEntry entry) =>
        new([
            .. AgentTools
                .All.Where(tool =>
                    tool.Input(audience)?["properties"]?["resource"]?["enum"]?.AsArray().Any(one => one!.ToString() == entry.Type.Plural)
                    == true
                )
                .Select(tool => (JsonNode)tool.Name)
                .Where(tool => tool.ToString() != "describe"),
        ]);

    static JsonObject One(ToolAudience audience, CatalogEntry entry)
    {
        var (type, rights) = (entry.Type, audience.Caller.Rights(entry.Type));
        var context = audience.Caller.Settings.For(type);
        var said = new JsonObject
        {
            ["resource"] = type.Plural,
            ["description"] = type.Description,
            ["idsBeginWith"] = type.Prefix + "_",
            ["may"] = May(audience, entry),
        };
        var name = ResourceSchemas.NameOf(type);
        var schemas = JsonNode.Parse(Schemas.GetOrAdd(entry, Make))!.AsObject();
        if (rights.MayRead && type.Can.HasFlag(Operations.Read))
        {
            said["record"] = Ref(schemas, name, rights.Reads);
            said["filters"] = new JsonArray([
                .. type
                    .Filters.Where(one => rights.ReadsFilter(type, one.Name))
                    .Select(one => new JsonObject
                    {
                        ["field"] = one.Name,
                        ["kind"] = one.Field.Kind.Name,
                        ["sorts"] = one.Field.IsSortable,
                    }),
            ]);
            said["parts"] = new JsonArray([.. audience.Routes.Parts(entry).Select(part => (JsonNode)part.Name)]);
        }
        if (rights.MayCreate && type.Can.HasFlag(Operations.Create))
            said["create"] = Ref(schemas, name + "Input", rights.Writes);
        if (!rights.Writes.IsEmpty && type.Can.HasFlag(Operations.Update))
            said["update"] = Ref(schemas, name + "Patch", rights.Writes);
        if (type.TakesCustomFields)
            said["customFields"] = new JsonArray([.. context.CustomFields.Select(Custom)]);
        if (rights.MayAct && entry.Actions.Count > 0)
            said["verbs"] = new JsonArray([.. entry.Actions.Select(Verb)]);
        // References lead to here; what nobody asked for is left out.
        foreach (var whole in new[] { name, name + "Input", name + "Patch", name + "Page", name + "Created" })
            schemas.Remove(whole);
        said["$defs"] = schemas;
        return said;
    }

    /// <summary>A schema of the resource itself, without the fields that the caller has nothing to do with.</summary>
    static JsonNode? Ref(JsonObject schemas, string name, FieldSet fields)
    {
        if (schemas[name]?.DeepClone() is not JsonObject schema)
            return null;
        foreach (var field in schema["properties"]?.AsObject().Select(one => one.Key).ToList() ?? [])
            if (!fields.Contains(field) && !(field == "custom" && fields.Custom != FieldPart.None))
                schema["properties"]!.AsObject().Remove(field);
        return schema;
    }

    static JsonObject Custom(Field field) =>
        new()
        {
            ["name"] = "custom." + field.Name,
            ["kind"] = field.Kind.Name,
            ["description"] = field.Description,
            ["choices"] = new JsonArray([.. field.Choices.Select(choice => (JsonNode)choice)]),
        };

    static JsonObject Verb(ResourceAction action) =>
        new()
        {
            ["verb"] = action.Name,
            ["description"] = action.Description,
            ["needsId"] = action.OnRecord,
            ["plansFirst"] = action.Effect is not (Effect.Ordinary or Effect.Looks),
            ["input"] = action.Input is null ? null : new JsonObject { ["$ref"] = "#/$defs/" + ResourceSchemas.NameOf(action.Input) },
        };

    /// <summary>The same schemas as the API's document has, with their references leading into the answer.</summary>
    static string Make(CatalogEntry entry)
    {
        var document = new OpenApiDocument
        {
            Info = new() { Title = "", Version = "" },
            Components = new() { Schemas = new Dictionary<string, IOpenApiSchema>() },
        };
        var schemas = new ResourceSchemas(document);
        schemas.Add(entry);
        foreach (var action in entry.Actions.Where(action => action.Input is not null))
            schemas.AddInput(ObjectType.Of(action.Input!), ResourceSchemas.NameOf(action.Input!));
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        var all = JsonNode.Parse(text.ToString())!["components"]!["schemas"]!;
        return all.ToJsonString(new JsonSerializerOptions { Encoder = JsonText.Encoder })
            .Replace("\"#/components/schemas/", "\"#/$defs/", StringComparison.Ordinal);
    }
}
