// The parts that every operation of the OpenAPI document is put together from: parameters, bodies, answers, and the statuses that can
// happen.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Microsoft.OpenApi;

namespace Crm.Api.Rest;

/// <param name="Schema">The name of a schema, or null for none of its own.</param>
public sealed record DocumentedAnswer(string Status, string Description, string? Schema = null, string MediaType = "application/json")
{
    /// <summary>What the body is where no named schema says it.</summary>
    public IOpenApiSchema? Inline { get; init; }

    /// <summary>Other media types of the same answer.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];
}

public sealed class DocumentParts(OpenApiDocument document)
{
    public const string Json = "application/json";

    /// <summary>Problems of every route with a key; of those that read; of those that take a body.</summary>
    public static readonly string[] WithKey = ["400", "401", "403", "429", "503"],
        Reading = [.. WithKey, "406"],
        Changing = [.. WithKey, "409", "413", "415", "422"];

    public OpenApiDocument Document => document;

    public IDictionary<string, IOpenApiSchema> Schemas => document.Components!.Schemas!;

    public OpenApiOperation Operation(
        string tag,
        string id,
        string summary,
        IReadOnlyList<IOpenApiParameter> parameters,
        IOpenApiRequestBody? body,
        IEnumerable<DocumentedAnswer> answers,
        IEnumerable<string> problems,
        string? description = null
    )
    {
        var responses = new OpenApiResponses();
        foreach (var answer in answers)
        {
            var schema = answer.Schema is not null ? new OpenApiSchemaReference(answer.Schema, document) : answer.Inline;
            var content = new Dictionary<string, IOpenApiMediaType>();
            if (schema is not null)
                content[answer.MediaType] = new OpenApiMediaType { Schema = schema };
            foreach (var also in answer.Also)
                content[also] = new OpenApiMediaType { Schema = Bytes() };
            responses[answer.Status] = new OpenApiResponse
            {
                Description = answer.Description,
                Content = content.Count == 0 ? null : content,
            };
        }
        foreach (var status in problems.Distinct().Order(StringComparer.Ordinal))
            if (!responses.ContainsKey(status))
                responses[status] = new OpenApiResponseReference("Problem", document);
        if (document.Tags!.All(known => known.Name != tag))
            document.Tags!.Add(new() { Name = tag });
        return new()
        {
            OperationId = id,
            Summary = summary,
            Description = description,
            Parameters = parameters.Count == 0 ? null : [.. parameters],
            RequestBody = body,
            Responses = responses,
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
        };
    }

    /// <summary>Adds an operation at a path, beside those that are there.</summary>
    public void At(string path, HttpMethod method, OpenApiOperation operation, params IReadOnlyList<IOpenApiParameter> ofPath)
    {
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths[path] = item = new OpenApiPathItem { Operations = [], Parameters = ofPath.Count == 0 ? null : [.. ofPath] };
        item.Operations![method] = operation;
    }

    public OpenApiRequestBody Body(string schema, string mediaType = Json, bool required = true) =>
        new() { Required = required, Content = Content(mediaType, new OpenApiSchemaReference(schema, document)) };

    public static Dictionary<string, IOpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };

    // ---- Schemas

    public static OpenApiSchema Text(string? description = null) => new() { Type = JsonSchemaType.String, Description = description };

    public static OpenApiSchema Whole(string? description = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Description = description,
        };

    public static OpenApiSchema Number(string? description = null) => new() { Type = JsonSchemaType.Number, Description = description };

    public static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };

    public static OpenApiSchema Words(params IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    public static OpenApiSchema ListOf(IOpenApiSchema item, string? description = null) =>
        new()
        {
            Type = JsonSchemaType.Array,
            Items = item,
            Description = description,
        };

    public static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    /// <summary>An object whose members are always there, but for those that say otherwise.</summary>
    public static OpenApiSchema Object(
        IEnumerable<(string Name, IOpenApiSchema Schema)> members,
        string? description = null,
        params IReadOnlyList<string> optional
    )
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Required = new HashSet<string>(),
            Properties = new Dictionary<string, IOpenApiSchema>(),
        };
        foreach (var (name, member) in members)
        {
            schema.Properties[name] = member;
            if (!optional.Contains(name))
                schema.Required.Add(name);
        }
        return schema;
    }

    public OpenApiSchemaReference Ref(string schema) => new(schema, document);

    // ---- Parameters

    public static OpenApiParameter Parameter(
        string name,
        ParameterLocation place,
        string description,
        IOpenApiSchema schema,
        bool required = false
    ) =>
        new()
        {
            Name = name,
            In = place,
            Description = description,
            Schema = schema,
            Required = required,
        };

    public static OpenApiParameter Query(string name, string description, IOpenApiSchema? schema = null) =>
        Parameter(name, ParameterLocation.Query, description, schema ?? Text());

    public static OpenApiParameter Path(string name, string description, IOpenApiSchema? schema = null) =>
        Parameter(name, ParameterLocation.Path, description, schema ?? Text(), true);

    public static OpenApiParameter Id(ResourceType type) =>
        Path(
            "id",
            $"The {Domain.Text.English.Words(type.Name)}'s id.",
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = IdPattern(type.Prefix) }
        );

    public static string IdPattern(string prefix) => $"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$";

    public static OpenApiParameter Fields() => Query("fields", "Members to answer, separated by commas; id always.");

    public static OpenApiParameter IfMatch() =>
        Parameter("If-Match", ParameterLocation.Header, "The ETag that was read; another version answers 412.", Text());

    public static OpenApiParameter IdempotencyKey() =>
        Parameter(
            "Idempotency-Key",
            ParameterLocation.Header,
            "A retry with the same key and body gets the first answer. Kept 24 hours.",
            new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.MostKeyLength }
        );

    public static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    // ---- What stands for all

    /// <summary>Problems are the same everywhere, so they are said once.</summary>
    public void AddProblem()
    {
        document.Components!.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["Problem"] = new OpenApiResponse
            {
                Description = "What went wrong, with a stable code.",
                Content = Content("application/problem+json", Ref("Problem")),
            },
        };
        Schemas["Problem"] = Object(
            [
                ("type", Text("An address that names the problem.")),
                ("title", Text("The problem in general.")),
                ("status", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." }),
                (
                    "code",
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Description = "Stable; a closed list.",
                        Enum = [.. ProblemCodes.All.Keys.Order(StringComparer.Ordinal).Select(c => (JsonNode)c)],
                    }
                ),
                ("detail", Text("The problem this time.")),
                ("verb", Text("With use_verb: the verb that does what a change cannot do.")),
                ("earliest", Text("With cursor_expired: the first place from which to go on.")),
                ("candidates", ListOf(Text(), "With ambiguous_match: ids of the records that may be meant.")),
                (
                    "errors",
                    ListOf(
                        Object(
                            [
                                ("field", Text("Which field, by its path.")),
                                ("code", Text("A stable code.")),
                                ("message", Text("What is allowed.")),
                            ],
                            null,
                            "field"
                        )
                    )
                ),
            ],
            "RFC 9457 problem details.",
            "verb",
            "earliest",
            "candidates"
        );
    }
}
