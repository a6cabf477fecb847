// What single resources have beside the routes of all of them, as the OpenAPI document says it: the upsert, timelines, attribution,
// addresses and pictures of links, pixels.

using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Customers;
using Crm.Domain.Erasures;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.OpenApi;
using static Crm.Api.Rest.DocumentParts;

namespace Crm.Api.Rest;

public sealed class RecordPaths(DocumentParts parts, Catalog catalog)
{
    public void Add()
    {
        parts.Schemas.Add("PublicAddress", Object([("url", Text("The whole address."))]));
        if (Has<Lead>())
            Upsert();
        if (Has<Lead>() && Has<Event>())
            Timeline(
                ResourceType.Of<Lead>(),
                "Everything that happened to a lead, newest first. Entries of resources that the key may not read are left out."
            );
        if (Has<Customer>() && Has<Event>())
            Timeline(
                ResourceType.Of<Customer>(),
                "Everything that happened to a customer and to the lead it was, newest first. Entries of resources that the key may not read are left out."
            );
        if (Has<Conversion>())
            Attribution();
        if (Has<Workspace>())
            Storage();
        if (Has<Link>())
            Addresses();
        if (Has<Site>())
            Pixel();
        if (Has<AccessRequest>())
            AccessFile();
        if (Has<Affiliate>())
            Statement();
        if (Has<Sender>())
            SenderCheck();
    }

    bool Has<T>()
        where T : Resource => catalog.Public.Any(entry => entry.Type.Clr == typeof(T));

    void Upsert() =>
        parts.At(
            "/v1/leads",
            HttpMethod.Put,
            parts.Operation(
                "leads",
                "upsertLead",
                "Change the lead with this e-mail address, phone number or external id, or make one. A phone number that does not say whose it is: 409 ambiguous_match with the candidates.",
                [
                    Parameter(
                        "match",
                        ParameterLocation.Query,
                        "What the body's person is known by.",
                        Words("email", "phone", "externalId"),
                        true
                    ),
                    IdempotencyKey(),
                    IfMatch(),
                ],
                parts.Body("LeadInput"),
                [new("200", "The lead as it is now.", "Lead"), new("201", "The new lead.", "Lead")],
                [.. Changing, "412"]
            )
        );

    void Timeline(ResourceType of, string summary) =>
        parts.At(
            $"/v1/{of.Plural}/{{id}}/timeline",
            HttpMethod.Get,
            parts.Operation(
                of.Plural,
                $"list{ResourceSchemas.NameOf(of)}Timeline",
                summary,
                CatalogDocument.ListParameters(parts, ResourceType.Of<Event>()),
                null,
                [new("200", "A page of events.", "EventPage")],
                [.. Reading, "404"]
            ),
            Id(of)
        );

    void Attribution()
    {
        var money = OneOrNull("Money");
        parts.Schemas.Add(
            "Attribution",
            Object([
                ("conversion", Text("The conversion's id.")),
                ("model", Words(Models)),
                ("value", OneOrNull("Money")),
                (
                    "shares",
                    ListOf(
                        Object([
                            ("of", OrNull(Text("The click, touch or entry; null for a key that may not read it."))),
                            ("kind", OrNull(Text("What it was."))),
                            ("at", OrNull(new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" })),
                            ("channel", OrNull(Text())),
                            ("link", OrNull(Text())),
                            ("campaign", OrNull(Text())),
                            ("affiliate", OrNull(Text())),
                            ("perMillion", Whole("Its part; all parts are a million.")),
                            ("amount", money),
                            ("why", OrNull(Text("In a sentence."))),
                        ])
                    )
                ),
            ])
        );
        var model = Words(Models);
        model.Default = "lastNonDirect";
        parts.At(
            "/v1/attribution/{id}",
            HttpMethod.Get,
            parts.Operation(
                "conversions",
                "getAttribution",
                "What a conversion is owed to, and why.",
                [Query("model", "How its value is shared.", model)],
                null,
                [new("200", "The shares; they add up to the value.", "Attribution")],
                [.. Reading, "404"]
            ),
            Id(ResourceType.Of<Conversion>())
        );
    }

    void Storage()
    {
        var type = ResourceType.Of<Workspace>();
        OpenApiSchema Budget(params (string, IOpenApiSchema)[] more) =>
            Object([("bytes", Whole("Bytes that are stored.")), ("mostBytes", Whole("Beyond them the least of it goes.")), .. more]);

        parts.Schemas.Add(
            "Storage",
            Object([
                ("clicks", Budget()),
                ("touches", Budget()),
                (
                    "entries",
                    Budget(("records", Whole("Entries that are in no lead.")), ("mostRecords", Whole("Beyond them the least of it goes.")))
                ),
            ])
        );
        parts.At(
            $"/v1/{type.Plural}/{{id}}/storage",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "getWorkspaceStorage",
                "How much is stored of what strangers send, and how much may be.",
                [],
                null,
                [new("200", "What is used of each budget.", "Storage")],
                [.. Reading, "404"]
            ),
            Id(type)
        );
    }

    void SenderCheck()
    {
        var type = ResourceType.Of<Sender>();
        var add = Object([("name", Text("Where.")), ("type", Text("Of the record.")), ("value", Text("What it says."))]);
        add.Type = JsonSchemaType.Object | JsonSchemaType.Null;
        parts.Schemas.Add(
            "SenderCheck",
            Object([
                ("domain", Text("What it sends for.")),
                (
                    "records",
                    ListOf(
                        Object([
                            ("name", Words("spf", "dkim", "dmarc", "mx")),
                            ("status", Words("good", "missing", "wrong", "unknown")),
                            ("says", OrNull(Text("The record as it is."))),
                            ("add", add),
                            ("because", Text("In a sentence.")),
                        ])
                    )
                ),
            ])
        );
        parts.At(
            $"/v1/{type.Plural}/{{id}}/check",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "checkSender",
                "What DNS says about the domain that a sender's mails are from (SPF, DKIM, DMARC, MX), and the records to add.",
                [],
                null,
                [new("200", "What was found.", "SenderCheck")],
                [.. Reading, "404"]
            ),
            Id(type)
        );
    }

    static IEnumerable<string> Models => Enum.GetNames<AttributionModel>().Select(Names.Camel);

    OpenApiSchema OneOrNull(string schema) => new() { OneOf = [parts.Ref(schema), new OpenApiSchema { Type = JsonSchemaType.Null }] };

    void Addresses()
    {
        var type = ResourceType.Of<Link>();

        IOpenApiParameter[] asked =
        [
            Query("lead", "For one lead only: its id, sealed into the address."),
            Query("domain", "On this linkDomain of a site of the workspace."),
        ];
        parts.At(
            $"/v1/{type.Plural}/{{id}}/address",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "getLinkAddress",
                "The address of a link, as it is given to visitors.",
                asked,
                null,
                [new("200", "The address.", "PublicAddress")],
                [.. Reading, "404"]
            ),
            Id(type)
        );
        foreach (var (format, mediaType) in new[] { ("svg", "image/svg+xml"), ("png", "image/png") })
            parts.At(
                $"/v1/{type.Plural}/{{id}}/qr.{format}",
                HttpMethod.Get,
                parts.Operation(
                    type.Plural,
                    $"getLinkQr{English.Words(format).ToUpperInvariant()}",
                    $"The address of a link as a QR code, {(format == "svg" ? "an SVG" : "a PNG")} picture.",
                    [
                        .. asked,
                        Query(
                            "scale",
                            "Pixels of one module.",
                            new OpenApiSchema
                            {
                                Type = JsonSchemaType.Integer,
                                Minimum = "1",
                                Maximum = "40",
                                Default = 8,
                            }
                        ),
                    ],
                    null,
                    [new("200", "The picture.", null, mediaType) { Inline = Bytes() }],
                    [.. Reading, "404"]
                ),
                Id(type)
            );
    }

    void Statement()
    {
        var type = ResourceType.Of<Affiliate>();
        parts.At(
            $"/v1/{type.Plural}/{{id}}/statement",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "getAffiliateStatement",
                "What an affiliate was or will be paid, commission by commission, with totals: a CSV file to send along.",
                [
                    Query("payment", "The reference of a payment; without it what is approved and not paid yet."),
                    Query("after", "Where a statement of more than 50,000 commissions goes on, as its last line says."),
                    new OpenApiParameterReference("bom", parts.Document),
                    new OpenApiParameterReference("raw", parts.Document),
                ],
                null,
                [new("200", "The file.", null, "text/csv") { Inline = Text() }],
                [.. Reading, "404"]
            ),
            Id(type)
        );
    }

    void AccessFile()
    {
        var type = ResourceType.Of<AccessRequest>();
        parts.At(
            $"/v1/{type.Plural}/{{id}}/file",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "getAccessRequestFile",
                "What is stored about the person: a zip with data.json and page.html, for seven days after it is done.",
                [],
                null,
                [new("200", "The file.", null, "application/zip") { Inline = Bytes() }],
                [.. Reading, "404", "409"]
            ),
            Id(type)
        );
    }

    void Pixel()
    {
        var type = ResourceType.Of<Site>();

        parts.At(
            $"/v1/{type.Plural}/{{id}}/pixel",
            HttpMethod.Get,
            parts.Operation(
                type.Plural,
                "getSitePixel",
                "The address of a tracking pixel for e-mails and pages.",
                [
                    Query("lead", "For one lead only: its id, sealed into the address."),
                    Query("campaign", "The campaign that it counts for."),
                    Query("kind", "What its loading is.", Words("open", "view")),
                ],
                null,
                [new("200", "The address.", "PublicAddress")],
                [.. Reading, "404", "409"]
            ),
            Id(type)
        );
    }
}
