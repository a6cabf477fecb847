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
            Put(name + "Input", Write(type, patch: false));
        if (type.Can.HasFlag(Operations.Update))
            Put(name + "Patch", Write(type, patch: true));
        if (type.Can.HasFlag(Operations.Read))
            Put(name + "Page", Page(name));
        if (entry.Create is not null || type.Clr == typeof(Domain.Workspaces.ApiKey))
            Put(
                name + "Created",
                new()
                {
                    AllOf =
                    [
                        new OpenApiSchemaReference(name, document),
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Required = new HashSet<string> { "key" },
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["key"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The API key. Shown this once." },
                            },
                        },
                    ],
                }
            );
    }

    public void AddObject(ObjectType type, string name) =>
        Put(name, Members(new() { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = false }, type, writing: true, patch: false));

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
        Members(schema, type, writing: false, patch: false);
        if (type.TakesCustomFields)
        {
            schema.Properties["custom"] = Custom();
            schema.Required.Add("custom");
        }
        return schema;
    }

    OpenApiSchema Write(ResourceType type, bool patch)
    {
        var schema = Members(new() { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = false }, type, writing: true, patch);
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

    OpenApiSchema Members(OpenApiSchema schema, ObjectType type, bool writing, bool patch)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Required ??= new HashSet<string>();
        foreach (var field in type.Fields.Where(f => f.Stored && !f.IsSecret && !(writing && (f.IsReadOnly || patch && f.IsWriteOnce))))
        {
            schema.Properties[field.Name] = Of(field, nullable: writing ? patch || !field.IsRequired : !field.IsRequired && field.Nullable);
            if (writing ? field.IsRequired && !patch : true)
                schema.Required.Add(field.Name);
        }
        return schema;
    }

    IOpenApiSchema Of(Field field, bool nullable)
    {
        var said = field.Kind.Schema(field);
        if (said.Object is { } inner)
            return Nullable(Named(ObjectType.Of(inner)), nullable, field.Description);
        if (said.Items?.Object is { } items)
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Array | (nullable ? JsonSchemaType.Null : 0),
                Items = Named(ObjectType.Of(items)),
                MaxItems = (int?)said.MaxItems,
                Description = field.Description,
            };
        var schema = OfKind(said);
        schema.Description = field.Description;
        if (field.Example is not null && schema.Type is JsonSchemaType.String)
            schema.Examples = [field.Example];
        if (nullable && schema.Type is { } type)
            schema.Type = type | JsonSchemaType.Null;
        if (nullable && schema.Enum is { } words)
            schema.Enum = [.. words, JsonNullSentinel.JsonNull];
        return schema;
    }

    static IOpenApiSchema Nullable(IOpenApiSchema schema, bool nullable, string description) =>
        nullable
            ? new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = description }
            : schema;

    /// <summary>An object's schema stands in components once, under its C# name.</summary>
    OpenApiSchemaReference Named(ObjectType type)
    {
        var name = NameOf(type.Clr);
        if (!document.Components!.Schemas!.ContainsKey(name))
        {
            Put(name, new()); // Objects may hold themselves.
            var schema = Members(new() { Type = JsonSchemaType.Object }, type, writing: false, patch: false);
            // The same schema serves writing, where everything but what is required may be left out.
            schema.Required = type.Fields.Where(f => f.IsRequired).Select(f => f.Name).ToHashSet();
            Put(name, schema);
        }
        return new(name, document);
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
