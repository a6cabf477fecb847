// What stands beside the API with a key, as the OpenAPI document says it: forms, links, trackers, networks, other tools' addresses, GraphQL
// and health.

using System.Text.Json;
using Crm.Domain.Affiliates;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Microsoft.OpenApi;
using static Crm.Api.Rest.DocumentParts;

namespace Crm.Api.Rest;

public sealed class PublicPaths(DocumentParts parts)
{
    const string Form = "application/x-www-form-urlencoded",
        Page = "text/html",
        Plain = "text/plain",
        Gif = "image/gif",
        Png = "image/png";

    public void Add()
    {
        parts.Document.Tags!.Add(
            new()
            {
                Name = "public",
                Description = "Without a secret: a form's, site's, link's or affiliate's public key names the workspace.",
            }
        );
        parts.Document.Tags!.Add(new() { Name = "drop-in", Description = "Addresses of other tools: their clients only change the host." });
        Forms();
        Links();
        Tracker();
        Picture();
        Postback();
        Mail();
        Dub();
        Matomo();
        GraphQL();
        Keys();
        Health();
    }

    /// <summary>Without the key that everything else needs.</summary>
    OpenApiOperation Open(
        string id,
        string summary,
        IReadOnlyList<IOpenApiParameter> parameters,
        IOpenApiRequestBody? body,
        IEnumerable<DocumentedAnswer> answers,
        params IEnumerable<string> problems
    )
    {
        var operation = parts.Operation("public", id, summary, parameters, body, answers, problems);
        operation.Security = [];
        return operation;
    }

    static DocumentedAnswer Html(string status, string description) => new(status, description, null, Page) { Inline = Text() };

    static DocumentedAnswer Said(string status, string description) => new(status, description, null, Plain) { Inline = Text() };

    static OpenApiSchema Anything(string? description = null) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            AdditionalProperties = new OpenApiSchema(),
        };

    static OpenApiRequestBody Bodies(IOpenApiSchema schema, bool required, params IEnumerable<string> mediaTypes) =>
        new()
        {
            Required = required,
            Content = mediaTypes.ToDictionary(type => type, type => (IOpenApiMediaType)new OpenApiMediaType { Schema = schema }),
        };

    // ---- Forms

    void Forms()
    {
        parts.Schemas.Add(
            "Receipt",
            Object(
                [
                    ("id", Text("The submission's id.")),
                    ("next", Text("Where to send the visitor.")),
                    ("verdict", Text("Only for a secret key of the form's workspace.")),
                    ("reason", Text("Only for a secret key.")),
                    ("lead", Text("Only for a secret key.")),
                ],
                null,
                "verdict",
                "reason",
                "lead"
            )
        );
        var key = Path("formKey", "The form's public key.");
        parts.At(
            "/f/{formKey}",
            HttpMethod.Post,
            Open(
                "submitForm",
                "Post a form. The entry is stored whatever becomes of it; a 2xx means that it is on disk.",
                [IdempotencyKey()],
                Bodies(
                    Anything("The form's fields by name; _next, _key, _page and _referrer steer."),
                    true,
                    Form,
                    "multipart/form-data",
                    Json
                ),
                [
                    new("201", "The receipt (Accept: application/json).", "Receipt"),
                    new("202", "The receipt of a post that waits in the node's spool while the database is away.", "Receipt"),
                    new("303", "To the thank-you page (a browser's own post)."),
                    Html("410", "The form is closed: a page with what was typed (a browser's own post)."),
                ],
                "400",
                "403",
                "404",
                "409",
                "413",
                "415",
                "422",
                "429",
                "503"
            ),
            key
        );
        DocumentedAnswer[] thanks = [Html("200", "The page."), Html("404", "There is no such form.")],
            page = [.. thanks, Html("410", "The form is closed.")];
        parts.At(
            "/f/{formKey}",
            HttpMethod.Get,
            Open(
                "showPostedForm",
                "The form's page with the query's values filled in; nothing is sent by that.",
                [],
                null,
                page,
                "429",
                "503"
            )
        );
        parts.At(
            "/forms/{formKey}",
            HttpMethod.Get,
            Open("showForm", "The form's own page. Parameters that are named like its fields fill them in.", [], null, page, "429", "503"),
            key
        );
        parts.At(
            "/forms/{formKey}/thanks",
            HttpMethod.Get,
            Open("showThanks", "The form's thank-you page.", [], null, thanks, "429", "503"),
            key
        );
    }

    // ---- Links

    void Links() =>
        parts.At(
            "/l/{slug}",
            HttpMethod.Get,
            Open(
                "followLink",
                "Follow a tracked link. The click is stored before the redirect leaves.",
                [],
                null,
                [
                    new("302", "To the link's destination."),
                    Said("404", "There is no such link."),
                    Said("410", "The link leads nowhere any more."),
                    Said("503", "The browser fetches ahead, or nothing can be stored: ask again."),
                ]
            ),
            Path("slug", "The link's slug.")
        );

    // ---- Trackers

    void Tracker()
    {
        foreach (
            var (path, id, summary) in new[]
            {
                ("/t.js", "getTracker", "The tracker for pages: <script src=\"/t.js?site=KEY\" async></script>."),
                ("/dub.js", "getDubScript", "Dub's script for pages, which reports here."),
            }
        )
            parts.At(
                path,
                HttpMethod.Get,
                Open(
                    id,
                    summary,
                    path == "/t.js" ? [Query("site", "The site's key; data-site at the script says it too.")] : [],
                    null,
                    [new("200", "The script.", null, "text/javascript") { Inline = Text() }, new("304", "It is as it was with this ETag.")],
                    "429"
                )
            );
        parts.Schemas.Add(
            "PageEvents",
            Object(
                [
                    (
                        "events",
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            MaxItems = IngestEvents.MostEvents,
                            Items = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Required = new HashSet<string> { "kind" },
                                Properties = new Dictionary<string, IOpenApiSchema>
                                {
                                    ["kind"] = Words("pageView", "formView", "formStart", "outbound", "download", "conversion", "event"),
                                    ["page"] = Text("The page's address."),
                                },
                                AdditionalProperties = new OpenApiSchema(),
                            },
                        }
                    ),
                    ("visitor", Text("As the last answer said; only while the visitor agrees.")),
                    (
                        "consent",
                        new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether the visitor agreed to be recognised." }
                    ),
                    (
                        "quiet",
                        new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether the visitor asks not to be tracked." }
                    ),
                ],
                "What happened on a page; docs/tracking.md has the members of each kind.",
                "visitor",
                "consent",
                "quiet"
            )
        );
        parts.Schemas.Add(
            "TakenEvents",
            Object(
                [
                    ("accepted", Whole("How many are stored.")),
                    (
                        "refused",
                        ListOf(
                            Object([
                                ("field", Text("Which event and member.")),
                                ("code", Text("A stable code.")),
                                ("message", Text("What is allowed.")),
                            ])
                        )
                    ),
                    ("visitor", OrNull(Text("What the browser may keep; null when it must keep nothing."))),
                    ("arrival", Text("The sealed page view of a visitor who has not agreed yet.")),
                ],
                null,
                "arrival"
            )
        );
        parts.At(
            "/t/events",
            HttpMethod.Post,
            Open(
                "reportEvents",
                "Report what happened on a page. The answer leaves when it is on disk.",
                [Query("site", "The site's key.")],
                Bodies(parts.Ref("PageEvents"), true, Json, Plain),
                [new("200", "What was taken.", "TakenEvents")],
                "400",
                "404",
                "413",
                "422",
                "429",
                "503"
            )
        );
        parts.At(
            "/t/pixel.gif",
            HttpMethod.Get,
            Open(
                "loadPixel",
                "A tracking pixel: an opened e-mail, a view, an impression of a link, or a sale on a thank-you page. The picture comes whatever was said.",
                [
                    Query("site", "The site's key."),
                    Query("kind", "What its loading is.", Words("open", "view", "impression", "conversion")),
                    Query("link", "The slug of the link that is shown: counts an impression."),
                    Query("lead", "A sealed lead, as GET /v1/sites/{id}/pixel gives it."),
                    Query("campaign", "The campaign's id."),
                    Query("page", "The page's address; without it the Referer."),
                    Query("type", "Of a conversion: what it is; sale without it."),
                    Query("order", "Of a conversion: the order's number, once for each."),
                    Query("amount", "Of a conversion: in whole units with decimals, 49.99."),
                    Query("currency", "Of a conversion: an ISO 4217 code."),
                    Query("click", "Of a conversion: the sealed click; without it the cookie's."),
                ],
                null,
                [
                    new("200", "The picture.", null, Gif) { Inline = Bytes() },
                    new("429", "The picture; too many came.", null, Gif) { Inline = Bytes() },
                    new("503", "The picture; nothing could be stored.", null, Gif) { Inline = Bytes() },
                ]
            )
        );
    }

    // ---- Pictures of reports

    void Picture() =>
        parts.At(
            "/r/{token}.png",
            HttpMethod.Get,
            Open(
                "showReportPicture",
                "One picture of a report, at the address that GET /v1/reports/{name}/address gave.",
                [],
                null,
                [new("200", "The picture.", null, Png) { Inline = Bytes() }, new("304", "It is as it was with this ETag.")],
                "404",
                "410",
                "429",
                "503"
            ),
            Path("token", "What picture it is, sealed.")
        );

    // ---- Affiliate networks

    void Postback()
    {
        parts.Schemas.Add(
            "PostbackAnswer",
            Object(
                [
                    ("status", Words(Enum.GetNames<PostbackOutcome>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))),
                    ("conversion", OrNull(Text("The conversion's id."))),
                    ("netValue", parts.Ref("Money")),
                    ("word", Text("The status word that decided.")),
                    ("message", Text("Why nothing was changed.")),
                ],
                null,
                "netValue",
                "word",
                "message"
            )
        );
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            parts.At(
                "/postback/{affiliateKey}",
                method,
                Open(
                    method == HttpMethod.Get ? "reportByPostback" : "reportByPostbackBody",
                    "An affiliate network reports what became of a click, in the words that it uses itself. Names of parameters are those of the usual networks, in any case; docs/affiliates.md lists them.",
                    [
                        Query("click_id", "The sealed click; whichever parameter holds it."),
                        Query("status", "What became of it, in the network's word."),
                        Query("amount", "In whole units with decimals."),
                        Query("currency", "An ISO 4217 code."),
                        Query("order_id", "The network's number of the order."),
                    ],
                    method == HttpMethod.Get ? null : Bodies(Anything(), false, Form, Json),
                    [new("200", "What was recorded, or why nothing was.", "PostbackAnswer")],
                    "400",
                    "404",
                    "409",
                    "413",
                    "415",
                    "422",
                    "429",
                    "503"
                ),
                Path("affiliateKey", "The affiliate's postbackKey.")
            );
    }

    // ---- Mails

    void Mail()
    {
        parts.Schemas.Add("MailAnswer", Object([("outcome", Words("bounced", "complained", "answered", "kept", "ignored", "repeated"))]));
        parts.At(
            "/in/mail/{key}",
            HttpMethod.Post,
            Open(
                "takeMail",
                "A mail server hands over a mail that came in: a report of one that did not arrive, a complaint, or an answer. docs/mail.md says what becomes of each.",
                [],
                Bodies(Anything(), false, "message/rfc822"),
                [new("200", "What it was.", "MailAnswer")],
                "404",
                "413",
                "429",
                "503"
            ),
            Path("key", "The sender's inboxKey.")
        );
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            parts.At(
                "/u/{token}",
                method,
                Open(
                    method == HttpMethod.Get ? "getUnsubscribePage" : "unsubscribe",
                    method == HttpMethod.Get
                        ? "The page behind the link of a mail, with a button. It changes nothing."
                        : "Whoever got the mail gets no more of this workspace. One click of a mail program (RFC 8058), or the page's button.",
                    [],
                    null,
                    method == HttpMethod.Get
                        ? [Html("200", "The page."), Html("404", "There is no such link.")]
                        : [Said("200", "They get no more."), Html("404", "There is no such link.")],
                    "429",
                    "503"
                ),
                Path("token", "As the mail's link has it.")
            );
    }

    // ---- Other tools

    void Dub()
    {
        parts.Schemas.Add("DubError", Object([("error", Object([("code", Text("As Dub's.")), ("message", Text("What is wrong."))]))]));
        (string, IOpenApiSchema)[] person =
        [
            ("customerExternalId", Limited(100, "The person's id at the caller.")),
            ("customerName", OrNull(Limited(160))),
            ("customerEmail", OrNull(Limited(254))),
            ("clickId", OrNull(Limited(80, "The sealed click."))),
            ("metadata", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null }),
        ];
        parts.Schemas.Add(
            "DubLead",
            Object([("eventName", Limited(40)), .. person], null, "customerName", "customerEmail", "clickId", "metadata")
        );
        parts.Schemas.Add(
            "DubSale",
            Object(
                [
                    (
                        "amount",
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Integer,
                            Minimum = "0",
                            Description = Money.Unit,
                        }
                    ),
                    ("currency", Limited(3)),
                    ("eventName", OrNull(Limited(40))),
                    (
                        "paymentProcessor",
                        Words("stripe", "shopify", "polar", "paddle", "apple", "revenuecat", "lemonsqueezy", "dub", "custom")
                    ),
                    ("invoiceId", OrNull(Limited(120))),
                    .. person,
                ],
                null,
                "currency",
                "eventName",
                "paymentProcessor",
                "invoiceId",
                "customerName",
                "customerEmail",
                "clickId",
                "metadata"
            )
        );
        parts.Schemas.Add(
            "DubClick",
            Object(
                [
                    ("domain", Text("The host of the link.")),
                    ("key", Text("The link's slug.")),
                    ("url", OrNull(Text())),
                    ("referrer", OrNull(Text())),
                ],
                null,
                "url",
                "referrer"
            )
        );
        foreach (
            var (path, id, summary, body, open) in new[]
            {
                ("/track/lead", "trackLead", "As Dub's: a person became a lead.", "DubLead", false),
                ("/track/sale", "trackSale", "As Dub's: a person bought.", "DubSale", false),
                ("/track/lead/client", "trackLeadOfPage", "The same from a page, with a site's publishable key crm_pk_.", "DubLead", true),
                ("/track/sale/client", "trackSaleOfPage", "The same from a page, with a site's publishable key crm_pk_.", "DubSale", true),
                ("/track/click", "trackClick", "As Dub's: a page says that somebody came by a link.", "DubClick", true),
            }
        )
        {
            var operation = parts.Operation(
                "drop-in",
                id,
                summary,
                [],
                parts.Body(body),
                [
                    new("200", "As Dub answers it.") { Inline = Anything() },
                    .. new[] { "400", "401", "403", "404", "409", "422", "429", "500" }.Select(status => new DocumentedAnswer(
                        status,
                        status == "500" ? "Nothing was stored: the store is away." : "As Dub says what is wrong.",
                        "DubError"
                    )),
                ],
                []
            );
            if (open)
                operation.Security = [];
            parts.At(path, HttpMethod.Post, operation);
        }

        static OpenApiSchema Limited(int most, string? description = null) =>
            new()
            {
                Type = JsonSchemaType.String,
                MaxLength = most,
                Description = description,
            };
    }

    void Matomo()
    {
        parts.Schemas.Add(
            "MatomoAnswer",
            Object(
                [
                    ("status", Words("success", "error")),
                    ("tracked", Whole()),
                    ("invalid", Whole()),
                    ("invalid_indices", ListOf(Whole())),
                    ("message", Text()),
                ],
                null,
                "invalid_indices",
                "message"
            )
        );
        foreach (var path in new[] { "/matomo.php", "/piwik.php" })
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var operation = parts.Operation(
                "drop-in",
                (path == "/matomo.php" ? "reportToMatomo" : "reportToPiwik") + (method == HttpMethod.Get ? "" : "Body"),
                "As Matomo's tracking API; docs/dropin.md has the parameters that count.",
                [
                    Query("idsite", "The site's matomoId."),
                    Query("rec", "1, or nothing is recorded.", Words("1")),
                    Query("url", "The page's address."),
                    Query("send_image", "0 for 204 instead of the picture.", Words("0", "1")),
                ],
                method == HttpMethod.Get ? null : Bodies(Anything(), false, Form, Json),
                [
                    new("200", "The picture, or for many hits at once what was taken.", "MatomoAnswer") { Also = [Gif, Plain] },
                    new("204", "It was taken (send_image=0)."),
                    .. new[] { "400", "413", "429", "503" }.Select(status => new DocumentedAnswer(
                        status,
                        "What is wrong.",
                        "MatomoAnswer"
                    )),
                ],
                []
            );
            operation.Security = [];
            parts.At(path, method, operation);
        }
    }

    // ---- GraphQL

    void GraphQL()
    {
        parts.Document.Tags!.Add(new() { Name = "graphql", Description = "Everything of the API in one address; docs/graphql.md." });
        parts.Schemas.Add(
            "GraphQLRequest",
            Object(
                [
                    ("query", OrNull(Text("The text of the document."))),
                    ("documentId", OrNull(Text("The id of a trusted document, instead of its text."))),
                    ("operationName", OrNull(Text())),
                    ("variables", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null }),
                    ("extensions", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null }),
                ],
                null,
                "query",
                "documentId",
                "operationName",
                "variables",
                "extensions"
            )
        );
        parts.Schemas.Add(
            "GraphQLAnswer",
            Object(
                [
                    ("data", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null }),
                    (
                        "errors",
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            MinItems = 1,
                            Items = Object([("message", Text()), ("extensions", Anything())], null, "extensions"),
                        }
                    ),
                    ("extensions", Anything()),
                ],
                null,
                "data",
                "errors",
                "extensions"
            )
        );
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            parts.At(
                "/graphql",
                method,
                parts.Operation(
                    "graphql",
                    method == HttpMethod.Get ? "queryGraphQL" : "runGraphQL",
                    method == HttpMethod.Get ? "Run a query." : "Run a query or a mutation.",
                    method == HttpMethod.Get
                        ?
                        [
                            Query("query", "The text of the document."),
                            Query("variables", "An object, as JSON."),
                            Query("operationName", "Which of several."),
                        ]
                        : [IdempotencyKey()],
                    method == HttpMethod.Get ? null : parts.Body("GraphQLRequest"),
                    [
                        new("200", "What came of it.", "GraphQLAnswer"),
                        .. (
                            method == HttpMethod.Get
                                ? new[] { "400", "401", "405", "429", "503" }
                                : ["400", "401", "413", "415", "429", "503"]
                        ).Select(status => new DocumentedAnswer(status, "Why it was not run.", "GraphQLAnswer")),
                    ],
                    []
                )
            );
    }

    // ---- The process

    void Keys() =>
        parts.At(
            Security.PublicKeys.Path,
            HttpMethod.Get,
            Open(
                "getPublicKeys",
                "The keys that check what is signed here, such as the certificate of an erasure: a JWK set (RFC 7517).",
                [],
                null,
                [new("200", "The keys.", null, "application/jwk-set+json") { Inline = Anything() }]
            )
        );

    void Health()
    {
        parts.At("/health/live", HttpMethod.Get, Open("isAlive", "Whether the process runs.", [], null, [Said("200", "It does.")]));
        parts.At(
            "/health/ready",
            HttpMethod.Get,
            Open(
                "isReady",
                "Whether the process can store.",
                [],
                null,
                [Said("200", "It can."), Said("503", "It cannot: the store takes no commit, or the process ends.")]
            )
        );
    }
}
