// A tool that a program which acts for people can call: what it is called, what it takes, and what it does to the data.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Security;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using ModelContextProtocol.Protocol;

namespace Crm.Api.Mcp;

/// <summary>Who looks at the tools, and what there is.</summary>
public sealed record ToolAudience(Caller Caller, Catalog Catalog, RestRoutes Routes)
{
    public IEnumerable<CatalogEntry> Which(Func<CatalogEntry, Rights, bool> can) =>
        Catalog.Public.Where(entry => can(entry, Caller.Rights(entry.Type)));
}

/// <param name="Input">Its arguments for this caller; null: the caller may do nothing with it, and it is not listed.</param>
/// <param name="Cost">Points it takes of the key's, before it does anything.</param>
public sealed record AgentTool(
    string Name,
    string Title,
    string Description,
    Func<ToolAudience, JsonObject?> Input,
    Func<ToolCall, int> Cost,
    Func<ToolCall, string, Task<ToolAnswer>> Run
)
{
    public bool OnlyReads { get; init; }
    public bool Destroys { get; init; }

    /// <summary>Whether doing it twice is the same as doing it once.</summary>
    public bool IsIdempotent { get; init; }

    static readonly JsonElement Output = JsonDocument.Parse(ToolAnswer.Schema).RootElement.Clone();

    /// <summary>As it is listed for a caller; null when there is nothing that this one may do with it.</summary>
    public Tool? For(ToolAudience audience) =>
        Input(audience) is { } input
            ? new()
            {
                Name = Name,
                Title = Title,
                Description = Description,
                InputSchema = JsonSerializer.SerializeToElement(input),
                OutputSchema = Output,
                Annotations = new()
                {
                    Title = Title,
                    ReadOnlyHint = OnlyReads,
                    DestructiveHint = Destroys,
                    IdempotentHint = IsIdempotent,
                    OpenWorldHint = false,
                },
            }
            : null;

    // ---- Arguments that several take

    public static JsonObject Object(IEnumerable<string> required, params (string Name, JsonObject Schema)[] members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members)
            properties[name] = schema;
        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
        };
    }

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    public static JsonObject Whole(string description, int least, int most) =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = least,
            ["maximum"] = most,
            ["description"] = description,
        };

    public static JsonObject Texts(string description) =>
        new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "string" },
            ["description"] = description,
        };

    public static JsonObject Any(string description) => new() { ["type"] = "object", ["description"] = description };

    /// <summary>The resources with which this can be done; null when there are none.</summary>
    public static JsonObject? Resources(ToolAudience audience, Func<CatalogEntry, Rights, bool> can) =>
        audience.Which(can).Select(entry => (JsonNode)entry.Type.Plural).ToArray() is { Length: > 0 } names
            ? new()
            {
                ["type"] = "string",
                ["enum"] = new JsonArray(names),
                ["description"] = "The resource.",
            }
            : null;

    public static JsonObject? OfResources(
        ToolAudience audience,
        Func<CatalogEntry, Rights, bool> can,
        IEnumerable<string> required,
        params (string Name, JsonObject Schema)[] members
    ) => Resources(audience, can) is { } resources ? Object(required.Prepend("resource"), [("resource", resources), .. members]) : null;

    public static bool CanRead(CatalogEntry entry, Rights rights) => entry.Type.Can.HasFlag(Operations.Read) && rights.MayRead;
}
