// The JSON Schemas of resources: as they are read, as they are made, as they are patched.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Microsoft.OpenApi;

namespace Crm.Api.Rest;

public sealed class ResourceSchemas(OpenApiDocument document)
{
    public static string NameOf(ResourceType type) => char.ToUpperInvariant(type.Name[0]) + type.Name[1..];

    public static string NameOf(Type type) => type.Name;

    /// <summary>Adds NAME, NAMEInput, NAMEPatch, NAMEPage and, where a secret is shown once, NAMECreated.</summary>
    public void Add(CatalogEntry entry)
    {
        var type = entry.Type;
        var name = NameOf(type);
        Put(name, Read(type));
        if (type.Can.HasFlag(Operations.Create))
            Put(name + "Input", Write(type, Use.Make));
        if (type.Can.HasFlag(Operations.Update))
            Put(name + "Patch", Write(type, Use.Patch));
        if (type.Can.HasFlag(Operations.Read))
            Put(name + "Page", Page(name));
        if (ShownOnce(entry) is not { } secret)
            return;
        var made = Read(type);
        made.Properties![secret.Name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = secret.Description };
        made.Required!.Add(secret.Name);
        Put(name + "Created", made);
    }

    /// <summary>Whether the answer to making one has a secret that is shown this once.</summary>
    public static bool ShowsSecretOnce(CatalogEntry entry) => ShownOnce(entry) is not null;

    static (string Name, string Description)? ShownOnce(CatalogEntry entry) =>
        entry.Create is not null || entry.Type.Clr == typeof(Domain.Workspaces.ApiKey) ? ("key", "The API key. Shown this once.")
        : entry.Type.Clr == typeof(Domain.Reports.ReportShare) ? ("token", "The end of its address, /reports/s/{token}. Shown this once.")
        : null;

    /// <summary>The body of a verb.</summary>
    public void AddInput(ObjectType type, string name) =>
        Put(name, Members(new() { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = false }, type, Use.Make));

    /// <summary>What a verb answers that is no resource.</summary>
    public string AddAnswer(Type type)
    {
        Named(ObjectType.Of(type), false);
        return NameOf(type);
    }

    void Put(string name, OpenApiSchema schema) => document.Components!.Schemas![name] = schema;

    OpenApiSchema Page(string name) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "data", "page" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["data"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(name, document) },
                ["page"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "next", "hasMore" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["next"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.String | JsonSchemaType.Null,
                            Description = "For after= of the next page.",
                        },
                        ["hasMore"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
                    },
                },
            },
        };

    OpenApiSchema Read(ResourceType type)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = type.Description,
            Required = new HashSet<string> { "id", "version", "createdAt", "updatedAt" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["id"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^{type.Prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$" },
                ["version"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int64",
                    Description = "One more with each change; the ETag.",
                },
                ["createdAt"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
                ["updatedAt"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            },
        };
        Members(schema, type, Use.Read);
        if (type.TakesCustomFields)
        {
            schema.Properties["custom"] = Custom();
            schema.Required.Add("custom");
        }
        return schema;
    }

    OpenApiSchema Write(ResourceType type, Use use)
    {
        var schema = Members(new() { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = false }, type, use);
        foreach (var (name, description, _) in ((Resource)Activator.CreateInstance(type.Clr)!).ShortForms)
            schema.Properties![name] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = description };
        if (type.TakesCustomFields)
            schema.Properties!["custom"] = Custom();
        return schema;
    }

    static OpenApiSchema Custom() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "The workspace's own fields by name; see custom-fields.",
            AdditionalProperties = new OpenApiSchema(),
        };

    OpenApiSchema Members(OpenApiSchema schema, ObjectType type, Use use)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Required ??= new HashSet<string>();
        foreach (var field in type.Fields.Where(f => use == Use.Read ? f.IsShown : f.IsShown && !f.IsReadOnly || f.IsWritable))
        {
            if (use == Use.Patch && field.IsWriteOnce)
                continue;
            schema.Properties[field.Name] = Of(type, field, use);
            if (use == Use.Read || use == Use.Make && type.MustBeGiven(field))
                schema.Required.Add(field.Name);
        }
        return schema;
    }

    /// <summary>A value is null only where that means something: what has a default or must have a value is never nothing.</summary>
    IOpenApiSchema Of(ObjectType type, Field field, Use use)
    {
        var said = field.Kind.Schema(field);
        var nullable = field.Nullable && !field.IsRequired;
        if (said.Object is { } inner)
            return Nullable(Named(ObjectType.Of(inner), use == Use.Patch), nullable, field.Description);
        if (said.Items?.Object is { } items)
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = Named(ObjectType.Of(items), false),
                MaxItems = (int?)said.MaxItems,
                Description = field.Description,
            };
        var schema = OfKind(said);
        schema.Description = field.Description;
        if (field.Example is not null && schema.Type is JsonSchemaType.String)
            schema.Examples = [field.Example];
        if (nullable && schema.Type is { } plain)
            schema.Type = plain | JsonSchemaType.Null;
        if (nullable && schema.Enum is { } words)
            schema.Enum = [.. words, JsonNullSentinel.JsonNull];
        if (use == Use.Make)
            schema.Default = DefaultOf(type, field);
        return schema;
    }

    /// <summary>
    /// What counts when nothing is said. Where a generated client would send the same by itself (false, nothing, the first word) it is not
    /// repeated: some generators take what has a default for what must be given.
    /// </summary>
    static JsonNode? DefaultOf(ObjectType type, Field field)
    {
        if (type.Default(field) is not { } value || JsonNode.Parse(value.Utf8.Span) is not System.Text.Json.Nodes.JsonValue plain)
            return null;
        return plain.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.False => null,
            System.Text.Json.JsonValueKind.Number when plain.ToJsonString() == "0" => null,
            System.Text.Json.JsonValueKind.String
                when plain.GetValue<string>() is var text
                    && (text.Length == 0 || field.Kind is ChoiceValue choice && choice.Words(field)[0] == text) => null,
            _ => plain,
        };
    }

    static IOpenApiSchema Nullable(IOpenApiSchema schema, bool nullable, string description) =>
        nullable
            ? new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = description }
            : schema;

    /// <summary>An object's schema stands in components once, under its C# name: as it is read, and as it is made where it is written.
    /// What a change merges into it has a schema of its own, in which nothing has to be given and nothing has a default.</summary>
    OpenApiSchemaReference Named(ObjectType type, bool patch)
    {
        var name = NameOf(type.Clr) + (patch ? "Patch" : "");
        if (!document.Components!.Schemas!.ContainsKey(name))
        {
            Put(name, new()); // Objects may hold themselves.
            var schema = Members(new() { Type = JsonSchemaType.Object }, type, patch ? Use.Patch : Use.Read);
            if (patch)
                schema.AdditionalPropertiesAllowed = false;
            else
            {
                schema.Required = type.Fields.Where(f => f.IsRequired).Select(f => f.Name).ToHashSet();
                foreach (var field in type.Fields)
                    if (schema.Properties!.TryGetValue(field.Name, out var member) && member is OpenApiSchema own)
                    {
                        own.ReadOnly = field.IsReadOnly;
                        if (own.Type is not JsonSchemaType.Array && own.OneOf is null)
                            own.Default = DefaultOf(type, field);
                    }
            }
            Put(name, schema);
        }
        return new(name, document);
    }

    enum Use
    {
        Read,
        Make,
        Patch,
    }

    public static OpenApiSchema OfKind(JsonSchema said) =>
        new()
        {
            Type = said.Type switch
            {
                "string" => JsonSchemaType.String,
                "integer" => JsonSchemaType.Integer,
                "number" => JsonSchemaType.Number,
                "boolean" => JsonSchemaType.Boolean,
                "array" => JsonSchemaType.Array,
                "object" => JsonSchemaType.Object,
                _ => null,
            },
            Format = said.Format,
            MaxLength = (int?)said.MaxLength,
            Pattern = said.Pattern,
            MaxItems = (int?)said.MaxItems,
            Minimum = said.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = said.Maximum?.ToString(CultureInfo.InvariantCulture),
            Enum = said.Enum is { Count: > 0 } ? [.. said.Enum.Select(word => (JsonNode)word)] : null,
            Items = said.Items is null ? null : OfKind(said.Items),
        };
}
