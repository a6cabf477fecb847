// Writes the paths and schemas of every resource into the OpenAPI document, from the same definitions that serve them.

using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Crm.Api.Rest;

public sealed class CatalogDocument(Installation installation) : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["apiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "crm_sk_...",
                Description = "An API key: Authorization: Bearer crm_sk_...",
            },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] }];
        document.Components.Schemas = new Dictionary<string, IOpenApiSchema>();
        document.Tags = new HashSet<OpenApiTag>();
        var parts = new DocumentParts(document);
        parts.AddProblem();
        AddOfLists(document);
        var schemas = new ResourceSchemas(document);
        foreach (var entry in installation.Catalog.Public)
            Resource(parts, schemas, entry);
        new RecordPaths(parts, installation.Catalog).Add();
        new ReportPaths(parts, installation.Catalog).Add();
        new PublicPaths(parts).Add();
    }

    static void Resource(DocumentParts parts, ResourceSchemas schemas, CatalogEntry entry)
    {
        var type = entry.Type;
        var (name, one, many) = (ResourceSchemas.NameOf(type), English.Words(type.Name), English.Words(type.Plural));
        var (list, record, tag) = ($"/v1/{type.Plural}", $"/v1/{type.Plural}/{{id}}", type.Plural);
        parts.Document.Tags!.Add(new() { Name = tag, Description = type.Description });
        schemas.Add(entry);
        if (type.Can.HasFlag(Operations.Read))
        {
            parts.At(
                list,
                HttpMethod.Get,
                parts.Operation(
                    tag,
                    "list" + Pascal(type.Plural),
                    $"List {many}.",
                    EventFeed.Is(type) ? [.. EventFeed.InDocument, .. ListParameters(parts, type)] : ListParameters(parts, type),
                    null,
                    [new("200", "A page.", name + "Page")],
                    EventFeed.Is(type) ? [.. DocumentParts.Reading, "410"] : DocumentParts.Reading
                )
            );
            parts.At(
                record,
                HttpMethod.Get,
                parts.Operation(
                    tag,
                    "get" + name,
                    $"Read {English.A(one)}.",
                    [DocumentParts.Fields(), IfNoneMatch()],
                    null,
                    [new("200", "The record; its version is the ETag.", name), new("304", "It is as it was with this ETag.")],
                    [.. DocumentParts.Reading, "404"]
                ),
                DocumentParts.Id(type)
            );
        }
        if (type.Can.HasFlag(Operations.Create))
            parts.At(
                list,
                HttpMethod.Post,
                parts.Operation(
                    tag,
                    "create" + name,
                    $"Make {English.A(one)}.",
                    [DocumentParts.IdempotencyKey()],
                    parts.Body(name + "Input"),
                    [new("201", "The new record.", ResourceSchemas.ShowsSecretOnce(entry) ? name + "Created" : name)],
                    DocumentParts.Changing
                )
            );
        if (type.Can.HasFlag(Operations.Update))
            parts.At(
                record,
                HttpMethod.Patch,
                parts.Operation(
                    tag,
                    "update" + name,
                    $"Change {English.A(one)} by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced.",
                    [DocumentParts.IfMatch()],
                    new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, IOpenApiMediaType>
                        {
                            ["application/merge-patch+json"] = new OpenApiMediaType { Schema = parts.Ref(name + "Patch") },
                            [DocumentParts.Json] = new OpenApiMediaType { Schema = parts.Ref(name + "Patch") },
                        },
                    },
                    [new("200", "The record as it is now.", name)],
                    [.. DocumentParts.Changing, "404", "412"]
                ),
                DocumentParts.Id(type)
            );
        if (type.Can.HasFlag(Operations.Delete))
            parts.At(
                record,
                HttpMethod.Delete,
                parts.Operation(
                    tag,
                    "delete" + name,
                    $"Delete {English.A(one)}.",
                    [DocumentParts.IfMatch()],
                    null,
                    [new("204", "It is gone.")],
                    [.. DocumentParts.WithKey, "404", "409", "412", "422"]
                ),
                DocumentParts.Id(type)
            );
        foreach (var action in entry.Actions)
            Action(parts, schemas, entry, action);
    }

    static void Action(DocumentParts parts, ResourceSchemas schemas, CatalogEntry entry, ResourceAction action)
    {
        var (type, name) = (entry.Type, ResourceSchemas.NameOf(entry.Type));
        OpenApiRequestBody? body = null;
        if (action.Input is not null)
        {
            var input = ObjectType.Of(action.Input);
            schemas.AddInput(input, ResourceSchemas.NameOf(action.Input));
            body = parts.Body(ResourceSchemas.NameOf(action.Input), required: input.Fields.Any(input.MustBeGiven));
        }
        var answer =
            action.Answers is { } other ? schemas.AddAnswer(other)
            : action.ShowsSecret ? name + "Created"
            : name;
        var operation = parts.Operation(
            type.Plural,
            Camel(action.Name) + (action.OnRecord ? name : Pascal(type.Plural)),
            action.Description,
            action.OnRecord ? [DocumentParts.IdempotencyKey(), DocumentParts.IfMatch()] : [DocumentParts.IdempotencyKey()],
            body,
            [new("200", action.Answers is null ? "The record as it is now." : "What was done.", answer)],
            action.OnRecord ? [.. DocumentParts.Changing, "404", "412"] : DocumentParts.Changing
        );
        if (action.OnRecord)
            parts.At($"/v1/{type.Plural}/{{id}}/{action.Name}", HttpMethod.Post, operation, DocumentParts.Id(type));
        else
            parts.At($"/v1/{type.Plural}/{action.Name}", HttpMethod.Post, operation);
    }

    static OpenApiParameter IfNoneMatch() =>
        DocumentParts.Parameter("If-None-Match", ParameterLocation.Header, "An ETag that is known already.", DocumentParts.Text());

    // ---- Filters

    static readonly string[] Ordered = ["ne", "gt", "gte", "lt", "lte"],
        Times = ["createdAt", "updatedAt"];

    /// <summary>Every list has them, so they stand in components once.</summary>
    static void AddOfLists(OpenApiDocument document)
    {
        document.Components!.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["format"] = DocumentParts.Query(
                "format",
                "csv: one file (text/csv) of all rows, as with Accept: text/csv. Not among the answers here, for clients that are made of this read JSON.",
                DocumentParts.Words("json", "csv")
            ),
            ["bom"] = DocumentParts.Query(
                "bom",
                "For CSV: whether it begins with the mark by which spreadsheets know UTF-8. Without it true.",
                Boolean()
            ),
            ["raw"] = DocumentParts.Query(
                "raw",
                "For CSV: true leaves texts as they are that a spreadsheet would run. For programs.",
                Boolean()
            ),
        };
        foreach (var time in Times)
        {
            var at = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
            document.Components.Parameters[time] = DocumentParts.Query(time, "Exactly at this time.", at);
            foreach (var comparison in Ordered)
                document.Components.Parameters[$"{time}.{comparison}"] = DocumentParts.Query(
                    $"{time}[{comparison}]",
                    $"Whose {time} is {Compared(comparison)} this time.",
                    at
                );
        }
    }

    static OpenApiSchema Boolean() => new() { Type = JsonSchemaType.Boolean };

    static string Compared(string comparison) =>
        comparison switch
        {
            "ne" => "not",
            "gt" => "after",
            "gte" => "at or after",
            "lt" => "before",
            _ => "at or before",
        };

    public static List<IOpenApiParameter> ListParameters(DocumentParts parts, ResourceType type)
    {
        var sortable = string.Join(", ", ListQuery.Sortable(type, ReadContext.Nothing));
        var parameters = new List<IOpenApiParameter>
        {
            DocumentParts.Query(
                "limit",
                $"Rows in the page; a CSV file has all that are found, up to {ListCsv.MostRows:N0}, or up to this many.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = DocumentParts.Invariant(ListQuery.MostRows),
                    Default = ListQuery.DefaultLimit,
                }
            ),
            DocumentParts.Query("after", "page.next of the page before."),
            DocumentParts.Query(
                "sort",
                $"Fields separated by commas, each with - for descending: {sortable}{(type.TakesCustomFields ? ", custom.NAME" : "")}.",
                new OpenApiSchema { Type = JsonSchemaType.String, Default = "-createdAt" }
            ),
            DocumentParts.Fields(),
            new OpenApiParameterReference("format", parts.Document),
            new OpenApiParameterReference("bom", parts.Document),
            new OpenApiParameterReference("raw", parts.Document),
        };
        if (type.Collection.Searchable)
            parameters.Add(
                DocumentParts.Query(
                    "q",
                    "Words; each must begin a word of the record.",
                    new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 }
                )
            );
        foreach (var time in Times.Where(time => time == "createdAt" || type.Collection.Key("updatedAt") is not null))
        {
            parameters.Add(new OpenApiParameterReference(time, parts.Document));
            foreach (var comparison in Ordered)
                parameters.Add(new OpenApiParameterReference($"{time}.{comparison}", parts.Document));
        }
        foreach (var (name, field) in type.Filters)
            AddFilter(parameters, name, field);
        return parameters;
    }

    /// <summary>A parameter for each way to compare that makes sense for the kind.</summary>
    static void AddFilter(List<IOpenApiParameter> parameters, string name, Field field)
    {
        var said = field.Kind is ListValue list ? list.Item.Schema(field) : field.Kind.Schema(field);
        OpenApiSchema One() => ResourceSchemas.OfKind(said);
        parameters.Add(DocumentParts.Query(name, field.Description + (field.IsIndexed || field.IsUnique ? " Indexed." : ""), Loose(One())));
        var isOrdered = field.Kind is IntegerValue or NumberValue or DateTimeValue or DateValue;
        string[] comparisons =
            isOrdered ? Ordered
            : said.Type == "string" && said.Enum is not { Count: > 0 } && field.Refers is null ? ["ne", "contains", "startsWith"]
            : ["ne"];
        foreach (var comparison in comparisons)
            parameters.Add(DocumentParts.Query($"{name}[{comparison}]", Comparison(comparison), Loose(One())));
        if (!isOrdered && said.Type != "boolean")
            foreach (var comparison in (string[])["in", "nin"])
            {
                var parameter = DocumentParts.Query($"{name}[{comparison}]", Comparison(comparison), DocumentParts.ListOf(Loose(One())));
                (parameter.Style, parameter.Explode) = (ParameterStyle.Form, false);
                parameters.Add(parameter);
            }
        parameters.Add(
            DocumentParts.Query($"{name}[exists]", "Whether there is a value.", new OpenApiSchema { Type = JsonSchemaType.Boolean })
        );
    }

    /// <summary>What is looked for need not be a whole value: limits are for what is stored.</summary>
    static OpenApiSchema Loose(OpenApiSchema schema)
    {
        (schema.MaxLength, schema.Minimum, schema.Maximum) = (null, null, null);
        if (schema.Format is not ("date" or "date-time" or "int64"))
            schema.Format = null;
        return schema;
    }

    static string Comparison(string comparison) =>
        comparison switch
        {
            "ne" => "Another value, or none.",
            "gt" => "More.",
            "gte" => "So much or more.",
            "lt" => "Less.",
            "lte" => "So much or less.",
            "contains" => "Somewhere in the value.",
            "startsWith" => "At its beginning.",
            "in" => "One of these values.",
            _ => "None of these values.",
        };

    static string Pascal(string kebab) => string.Concat(kebab.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    static string Camel(string kebab) => Names.Camel(Pascal(kebab));
}
