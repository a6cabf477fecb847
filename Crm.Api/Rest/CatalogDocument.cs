// Writes the paths and schemas of every resource into the OpenAPI document, from the same definitions that serve them.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Crm.Api.Rest;

public sealed class CatalogDocument(Installation installation) : IDocumentFilter
{
    const string Json = "application/json",
        ProblemJson = "application/problem+json";

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
        document.Components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["Problem"] = new OpenApiResponse
            {
                Description = "What went wrong, with a stable code.",
                Content = Content(ProblemJson, new OpenApiSchemaReference("Problem", document)),
            },
        };
        document.Components.Schemas["Problem"] = Problem();
        document.Tags = new HashSet<OpenApiTag>();
        var schemas = new ResourceSchemas(document);
        foreach (var entry in installation.Catalog.Public)
            Resource(document, schemas, entry);
        LeadPaths(document);
        ReportPaths(document);
        FormPaths(document);
    }

    static OpenApiSchema Problem() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457 problem details.",
            Required = new HashSet<string> { "type", "title", "status", "code", "detail", "errors" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("An address that names the problem."),
                ["title"] = Text("The problem in general."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "Stable; a closed list.",
                    Enum = [.. ProblemCodes.All.Keys.Order(StringComparer.Ordinal).Select(c => (System.Text.Json.Nodes.JsonNode)c)],
                },
                ["detail"] = Text("The problem this time."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "code", "message" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["field"] = Text("Which field, by its path."),
                            ["code"] = Text("A stable code."),
                            ["message"] = Text("What is allowed."),
                        },
                    },
                },
            },
        };

    static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    void Resource(OpenApiDocument document, ResourceSchemas schemas, CatalogEntry entry)
    {
        var type = entry.Type;
        var name = ResourceSchemas.NameOf(type);
        document.Tags!.Add(new() { Name = type.Plural, Description = type.Description });
        schemas.Add(entry);
        var list = new OpenApiPathItem { Operations = [] };
        var one = new OpenApiPathItem { Operations = [], Parameters = [Id(type)] };
        if (type.Can.HasFlag(Operations.Read))
        {
            list.Operations![HttpMethod.Get] = Operation(
                document,
                entry,
                "list" + Pascal(type.Plural),
                $"List {type.Plural}.",
                ListParameters(type),
                null,
                ("200", "A page.", name + "Page")
            );
            one.Operations![HttpMethod.Get] = Operation(
                document,
                entry,
                "get" + name,
                $"Read one {type.Name}.",
                [Fields()],
                null,
                ("200", "The record; its version is the ETag.", name)
            );
        }
        if (type.Can.HasFlag(Operations.Create))
            list.Operations![HttpMethod.Post] = Operation(
                document,
                entry,
                "create" + name,
                $"Make a {type.Name}.",
                [IdempotencyKey()],
                Body(document, name + "Input"),
                (
                    "201",
                    "The new record.",
                    entry.Create is not null || type.Clr == typeof(Domain.Workspaces.ApiKey) ? name + "Created" : name
                )
            );
        if (type.Can.HasFlag(Operations.Update))
            one.Operations![HttpMethod.Patch] = Operation(
                document,
                entry,
                "update" + name,
                $"Change a {type.Name} by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced.",
                [IfMatch()],
                Body(document, name + "Patch", "application/merge-patch+json"),
                ("200", "The record as it is now.", name)
            );
        if (type.Can.HasFlag(Operations.Delete))
            one.Operations![HttpMethod.Delete] = Operation(
                document,
                entry,
                "delete" + name,
                $"Delete a {type.Name}.",
                [IfMatch()],
                null,
                ("204", "It is gone.", null)
            );
        document.Paths[$"/v1/{type.Plural}"] = list;
        document.Paths[$"/v1/{type.Plural}/{{id}}"] = one;
        foreach (var action in entry.Actions)
        {
            var input = action.Input is null ? null : ResourceSchemas.NameOf(action.Input);
            if (action.Input is not null)
                schemas.AddObject(ObjectType.Of(action.Input), input!);
            var operation = Operation(
                document,
                entry,
                Camel(action.Name) + (action.OnRecord ? name : Pascal(type.Plural)),
                action.Description,
                [IdempotencyKey()],
                input is null ? null : Body(document, input),
                ("200", action.OnRecord ? "The record as it is now." : "What was done.", action.OnRecord ? name : null)
            );
            var path = new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } };
            if (action.OnRecord)
                path.Parameters = [Id(type)];
            document.Paths[$"/v1/{type.Plural}{(action.OnRecord ? "/{id}" : "")}/{action.Name}"] = path;
        }
    }

    static OpenApiOperation Operation(
        OpenApiDocument document,
        CatalogEntry entry,
        string id,
        string summary,
        IList<IOpenApiParameter> parameters,
        IOpenApiRequestBody? body,
        (string Status, string Description, string? Schema) success
    )
    {
        var responses = new OpenApiResponses
        {
            [success.Status] = new OpenApiResponse
            {
                Description = success.Description,
                Content = success.Schema is null
                    ? success.Status == "204"
                        ? null
                        : Content(Json, new OpenApiSchema { Type = JsonSchemaType.Object })
                    : Content(Json, new OpenApiSchemaReference(success.Schema, document)),
            },
        };
        foreach (var status in (string[])["400", "401", "403", "404", "409", "412", "422", "429", "503"])
            responses[status] = new OpenApiResponseReference("Problem", document);
        return new()
        {
            OperationId = id,
            Summary = summary,
            Parameters = parameters.Count == 0 ? null : parameters,
            RequestBody = body,
            Responses = responses,
            Tags = new HashSet<OpenApiTagReference> { new(entry.Type.Plural, document) },
        };
    }

    static Dictionary<string, IOpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };

    static OpenApiRequestBody Body(OpenApiDocument document, string schema, string mediaType = Json) =>
        new() { Required = true, Content = Content(mediaType, new OpenApiSchemaReference(schema, document)) };

    static OpenApiParameter Parameter(
        string name,
        ParameterLocation place,
        string description,
        OpenApiSchema schema,
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

    static OpenApiParameter Id(ResourceType type) =>
        Parameter(
            "id",
            ParameterLocation.Path,
            $"The {type.Name}'s id.",
            new() { Type = JsonSchemaType.String, Pattern = $"^{type.Prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$" },
            true
        );

    static OpenApiParameter Fields() =>
        Parameter(
            "fields",
            ParameterLocation.Query,
            "Members to answer, separated by commas; id always.",
            new() { Type = JsonSchemaType.String }
        );

    static OpenApiParameter IfMatch() =>
        Parameter(
            "If-Match",
            ParameterLocation.Header,
            "The ETag that was read; another version answers 412.",
            new() { Type = JsonSchemaType.String }
        );

    static OpenApiParameter IdempotencyKey() =>
        Parameter(
            "Idempotency-Key",
            ParameterLocation.Header,
            "A retry with the same key and body gets the first answer. Kept 24 hours.",
            new() { Type = JsonSchemaType.String, MaxLength = Idempotency.MostKeyLength }
        );

    static List<IOpenApiParameter> ListParameters(ResourceType type)
    {
        var sortable = string.Join(", ", ListQuery.Sortable(type, ReadContext.Nothing));
        var parameters = new List<IOpenApiParameter>
        {
            Parameter(
                "limit",
                ParameterLocation.Query,
                "Rows in the page.",
                new()
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = ListQuery.MostRows.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Default = ListQuery.DefaultLimit,
                }
            ),
            Parameter("after", ParameterLocation.Query, "page.next of the page before.", new() { Type = JsonSchemaType.String }),
            Parameter(
                "sort",
                ParameterLocation.Query,
                $"Fields separated by commas, each with - for descending: {sortable}{(type.TakesCustomFields ? ", custom.NAME" : "")}.",
                new() { Type = JsonSchemaType.String, Default = "-createdAt" }
            ),
            Fields(),
        };
        if (type.Collection.Searchable)
            parameters.Add(
                Parameter(
                    "q",
                    ParameterLocation.Query,
                    "Words; each must begin a word of the record.",
                    new() { Type = JsonSchemaType.String, MaxLength = 200 }
                )
            );
        var times = type.Collection.Key("updatedAt") is null ? (string[])["createdAt"] : ["createdAt", "updatedAt"];
        foreach (var time in times)
            parameters.Add(
                Parameter(
                    time,
                    ParameterLocation.Query,
                    $"{time}[gte], {time}[lt], ... compare.",
                    new() { Type = JsonSchemaType.String, Format = "date-time" }
                )
            );
        foreach (var (name, field) in type.Filters)
            parameters.Add(
                Parameter(
                    name,
                    ParameterLocation.Query,
                    $"{field.Description} {(field.IsIndexed || field.IsUnique ? "Indexed. " : "")}Also {name}[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists].",
                    ResourceSchemas.OfKind(field.Kind is ListValue list ? list.Item.Schema(field) : field.Kind.Schema(field))
                )
            );
        return parameters;
    }

    void LeadPaths(OpenApiDocument document)
    {
        var leads = installation.Catalog.For(ResourceType.Of<Domain.Leads.Lead>());
        if (!document.Paths.TryGetValue("/v1/leads", out var list))
            return;
        list.Operations![HttpMethod.Put] = Operation(
            document,
            leads,
            "upsertLead",
            "Change the lead with this e-mail address, phone number or external id, or make one. A phone number that does not say whose it is: 409 ambiguous_match with the candidates.",
            [
                Parameter(
                    "match",
                    ParameterLocation.Query,
                    "What the body's person is known by.",
                    new() { Type = JsonSchemaType.String, Enum = ["email", "phone", "externalId"] },
                    true
                ),
                IdempotencyKey(),
            ],
            Body(document, "LeadInput"),
            ("200", "The lead; 201 when it was made.", "Lead")
        );
        Timeline(
            document,
            leads,
            "Everything that happened to a lead, newest first. Entries of resources that the key may not read are left out."
        );
        Timeline(
            document,
            installation.Catalog.For(ResourceType.Of<Domain.Customers.Customer>()),
            "Everything that happened to a customer and to the lead it was, newest first. Entries of resources that the key may not read are left out."
        );
    }

    static void Timeline(OpenApiDocument document, CatalogEntry of, string summary) =>
        document.Paths[$"/v1/{of.Type.Plural}/{{id}}/timeline"] = new OpenApiPathItem
        {
            Parameters = [Id(of.Type)],
            Operations = new()
            {
                [HttpMethod.Get] = Operation(
                    document,
                    of,
                    $"list{ResourceSchemas.NameOf(of.Type)}Timeline",
                    summary,
                    ListParameters(ResourceType.Of<Domain.Work.Event>()),
                    null,
                    ("200", "A page of events.", "EventPage")
                ),
            },
        };

    void ReportPaths(OpenApiDocument document)
    {
        var (clicks, reports) = (installation.Catalog.For(ResourceType.Of<Domain.Links.Click>()), installation.Catalog.Reports);
        if (!document.Paths.ContainsKey("/v1/clicks"))
            return;
        var lines = reports.All.Select(report =>
            $"{report.Name}: {report.Description}{(report.OrderLabel is { } first ? $", the most {first.ToLowerInvariant()} first" : "")}."
        );
        document.Paths["/v1/reports/{name}"] = new OpenApiPathItem
        {
            Parameters =
            [
                Parameter(
                    "name",
                    ParameterLocation.Path,
                    "Which report. There is a line for each: " + string.Join(' ', lines),
                    Words([.. reports.Names]),
                    true
                ),
            ],
            Operations = new()
            {
                [HttpMethod.Get] = Operation(
                    document,
                    clicks,
                    "report",
                    "What happened in a period, in lines with totals. Also as CSV (Accept: text/csv) and as a picture (Accept: image/svg+xml). Lines have names when the key may read what they are of.",
                    [
                        Parameter(
                            "from",
                            ParameterLocation.Query,
                            "First day, in the workspace's time zone; without it 29 days before the last.",
                            new() { Type = JsonSchemaType.String, Format = "date" }
                        ),
                        Parameter(
                            "to",
                            ParameterLocation.Query,
                            "Last day, included; without it today.",
                            new() { Type = JsonSchemaType.String, Format = "date" }
                        ),
                        Parameter(
                            "interval",
                            ParameterLocation.Query,
                            "Adds the totals by day, week (from Monday) or month.",
                            Words("day", "week", "month")
                        ),
                        Parameter(
                            "traffic",
                            ParameterLocation.Query,
                            "Whether robots' clicks count among the clicks; without it people's only.",
                            Words("human", "all")
                        ),
                        Parameter(
                            "compare",
                            ParameterLocation.Query,
                            "Adds the numbers of the period before, just as long.",
                            Words("previous")
                        ),
                        Parameter(
                            "sort",
                            ParameterLocation.Query,
                            "Columns to sort the lines by, at most 3, with - the largest first: -conversionRate,-leads. Lines without a value come last; money counts in the currency that most of it is in.",
                            new() { Type = JsonSchemaType.String }
                        ),
                        Parameter(
                            "minClicks",
                            ParameterLocation.Query,
                            $"Leaves out lines with fewer clicks, whose rates say little. For {string.Join(", ", reports.All.Where(report => report.HasClicks).Select(report => report.Name))}.",
                            new() { Type = JsonSchemaType.Integer }
                        ),
                        Parameter(
                            "limit",
                            ParameterLocation.Query,
                            $"Lines at most, 1 to {Domain.Reports.ReportQuestion.MostLines}.",
                            new() { Type = JsonSchemaType.Integer }
                        ),
                        Parameter("format", ParameterLocation.Query, "Instead of the Accept header.", Words("json", "csv", "svg")),
                        Parameter(
                            "width",
                            ParameterLocation.Query,
                            $"Of the picture, {Reports.ReportPicture.Narrowest} to {Reports.ReportPicture.Widest} pixels; without it {Reports.ReportPicture.Usual}.",
                            new() { Type = JsonSchemaType.Integer }
                        ),
                    ],
                    null,
                    ("200", "A line for each, totals, the series when it was asked for, and the period.", null)
                ),
            },
        };

        static OpenApiSchema Words(params string[] words) =>
            new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (System.Text.Json.Nodes.JsonNode)word)] };
    }

    static void FormPaths(OpenApiDocument document)
    {
        document.Components!.Schemas!["Receipt"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "id", "next" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["id"] = Text("The submission's id."),
                ["next"] = Text("Where to send the visitor."),
                ["verdict"] = Text("Only for a secret key of the form's workspace."),
                ["reason"] = Text("Only for a secret key."),
                ["lead"] = Text("Only for a secret key."),
            },
        };
        document.Tags!.Add(new() { Name = "public", Description = "Without a secret: a form's key names the workspace." });
        var fields = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "The form's fields by name; _next, _key, _page and _referrer steer.",
            AdditionalProperties = new OpenApiSchema(),
        };
        var submit = new OpenApiOperation
        {
            OperationId = "submitForm",
            Summary = "Post a form. The entry is stored whatever becomes of it; a 2xx means that it is on disk.",
            Security = [],
            Tags = new HashSet<OpenApiTagReference> { new("public", document) },
            Parameters = [IdempotencyKey()],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/x-www-form-urlencoded"] = new OpenApiMediaType { Schema = fields },
                    ["multipart/form-data"] = new OpenApiMediaType { Schema = fields },
                    [Json] = new OpenApiMediaType { Schema = fields },
                },
            },
            Responses = new()
            {
                ["201"] = new OpenApiResponse
                {
                    Description = "The receipt (Accept: application/json).",
                    Content = Content(Json, new OpenApiSchemaReference("Receipt", document)),
                },
                ["303"] = new OpenApiResponse { Description = "To the thank-you page (a browser's own post)." },
            },
        };
        foreach (var status in (string[])["400", "403", "404", "409", "413", "415", "422", "429", "503"])
            submit.Responses[status] = new OpenApiResponseReference("Problem", document);
        document.Paths["/f/{formKey}"] = new OpenApiPathItem
        {
            Parameters =
            [
                Parameter("formKey", ParameterLocation.Path, "The form's public key.", new() { Type = JsonSchemaType.String }, true),
            ],
            Operations = new() { [HttpMethod.Post] = submit },
        };
    }

    static string Pascal(string kebab) => string.Concat(kebab.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    static string Camel(string kebab) => Names.Camel(Pascal(kebab));
}
