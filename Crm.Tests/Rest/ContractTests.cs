// The document and the product say the same: every operation is called with what the document describes, and every answer is held
// against it.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Text;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class ContractTests(CrmServer server, ITestOutputHelper output)
{
    /// <summary>Operations that chance alone does not call with success, each with the reason.</summary>
    static readonly Dictionary<string, string> NeedMore = new(StringComparer.Ordinal)
    {
        ["createErasure"] = "names its person in one of three ways, and chance in several",
        ["createAccessRequest"] = "names its person in one of three ways, and chance in several",
        ["verifyErasure"] = "needs an erasure that is done, and the one here may be a dry run",
        ["createWorkspace"] = "only the installation's own key may",
        ["acceptLead"] = "needs a proposed change, which posts of forms make",
        ["dismissLead"] = "needs a proposed change, which posts of forms make",
        ["dismissProposedChange"] = "the one that there is was accepted before",
        ["unmergeLead"] = "needs a lead that was merged before",
        ["retryDelivery"] = "needs a delivery, which a postback to a network makes",
        ["testWebhook"] = "needs a webhook that is active, and chance may have stopped the one here",
        ["replayWebhook"] = "needs a webhook that is active, and chance may have stopped the one here",
        ["pauseWebhookReplay"] = "needs a replay that goes on",
        ["resumeWebhookReplay"] = "needs a replay that is paused",
        ["cancelWebhookReplay"] = "needs a replay that goes on",
        ["undoPaymentAffiliate"] = "needs a payment, which approved commissions make",
        ["holdSubmission"] = "needs an entry that was approved",
        ["detachSubmission"] = "needs another home for the entry than the one it has",
        ["reprocessSubmission"] = "needs an entry that is not in a lead",
        ["approveSubmission"] = "needs an entry that is not in a lead",
        ["getUnsubscribePage"] = "needs the link of a mail",
        ["unsubscribe"] = "needs the link of a mail",
        ["trackLeadOfPage"] = "needs a page of the site",
        ["trackSaleOfPage"] = "needs a page of the site",
    };

    [NeedsNodeFact]
    public async Task every_operation_answers_what_the_document_says()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        var (ids, records) = (new JsonObject(), new Dictionary<string, JsonNode>(StringComparer.Ordinal));
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var record =
                entry.Type.Prefix == "ws" ? (await workspace.Get($"/v1/workspaces/{workspace.Id}")).Json! : await samples.Make(entry);
            records[entry.Type.Plural] = record;
            ids[entry.Type.Prefix] = record["id"]!.ToString();
        }
        var form = await workspace.ContactForm();
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Plain" })).Json!;
        var link = (
            await workspace.Post("/v1/links", new { destination = "https://www.example.org/", slug = $"c{Guid.NewGuid():N}" })
        ).Json!;
        var other = (await workspace.Post("/v1/leads", new { lastName = "Other" })).Json!;
        var picture = (await workspace.Get("/v1/reports/links/address"))["url"]!.ToString();
        var document = JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json"))!;
        var question = new JsonObject
        {
            ["document"] = document,
            ["key"] = workspace.Key,
            ["ids"] = ids,
            // What the document alone does not tell: names that lead somewhere, and values that depend on each other.
            ["values"] = new JsonObject
            {
                ["formKey"] = form["key"]!.ToString(),
                ["slug"] = link["slug"]!.ToString(),
                ["affiliateKey"] = affiliate["postbackKey"]!.ToString(),
                ["token"] = picture[(picture.LastIndexOf('/') + 1)..^".png".Length],
                ["key"] = records["senders"]["inboxKey"]!.ToString(),
                ["?site"] = records["sites"]["key"]!.ToString(),
                ["?idsite"] = records["sites"]["matomoId"]!.ToString(),
                ["?rec"] = "1",
                ["?click_id"] = "nosuch",
                ["?match"] = "email",
                ["?query"] = "{__typename}",
                ["?variables"] = "{}",
                ["?operationName"] = "",
                ["country"] = "BR",
                ["currency"] = "EUR",
                ["language"] = "pt-BR",
                ["timeZone"] = "America/Sao_Paulo",
                ["headers:trackClick"] = new JsonObject { ["origin"] = "https://www.example.org" },
            },
            ["bodies"] = new JsonObject
            {
                ["createLink"] = new JsonObject { ["slug"] = null, ["destination"] = "https://www.example.org/made" },
                ["submitForm"] = new JsonObject
                {
                    ["name"] = "Ana",
                    ["email"] = "ana.contract@example.org",
                    ["message"] = "hello",
                },
                ["createLead"] = new JsonObject
                {
                    ["lastName"] = "Made",
                    ["status"] = "new",
                    ["externalId"] = null,
                },
                ["upsertLead"] = new JsonObject
                {
                    ["email"] = "made@example.org",
                    ["status"] = "new",
                    ["externalId"] = null,
                },
                ["createTouch"] = new JsonObject
                {
                    ["lead"] = ids["lead"]!.ToString(),
                    ["kind"] = "call",
                    ["at"] = "2026-01-02T03:04:05.000Z",
                },
                ["createCustomer"] = new JsonObject { ["lastName"] = "Made" },
                ["createPurchase"] = new JsonObject { ["customer"] = ids["cust"]!.ToString(), ["orderId"] = null },
                ["createApiKey"] = new JsonObject
                {
                    ["name"] = "made",
                    ["scopes"] = new JsonArray("leads:read"),
                    ["expiresAt"] = null,
                },
                ["createReportShare"] = new JsonObject
                {
                    ["name"] = "made",
                    ["reports"] = new JsonArray("overview"),
                    ["days"] = 7,
                    ["from"] = null,
                    ["to"] = null,
                    ["expiresAt"] = null,
                },
                ["createSuppression"] = new JsonObject { ["address"] = "stop@example.org" },
                ["mergeLead"] = new JsonObject { ["lead"] = other["id"]!.ToString() },
                ["rotateWebhook"] = new JsonObject { ["keepOldFor"] = "PT1H" },
                ["testWebhook"] = new JsonObject { ["type"] = "lead.created" },
                ["replayWebhook"] = new JsonObject
                {
                    ["from"] = "2026-01-02T03:04:05.000Z",
                    ["to"] = null,
                    ["types"] = new JsonArray("lead.*"),
                },
                ["bulkLinks"] = new JsonObject
                {
                    ["links"] = new JsonArray(new JsonObject { ["destination"] = "https://www.example.org/b" }),
                },
                ["uploadTrustedDocuments"] = new JsonObject { ["documents"] = new JsonObject { ["a"] = "{__typename}" } },
                ["runGraphQL"] = new JsonObject
                {
                    ["query"] = "{leads{totalCount}}",
                    ["documentId"] = null,
                    ["operationName"] = null,
                    ["extensions"] = null,
                },
                ["trackClick"] = new JsonObject { ["domain"] = server.Address.Authority, ["key"] = link["slug"]!.ToString() },
            },
            ["skip"] = new JsonArray(),
        };
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Domain.Resources.Operations.Create)))
        {
            var name = char.ToUpperInvariant(entry.Type.Name[0]) + entry.Type.Name[1..];
            if (question["bodies"]!["create" + name] is null && entry.Type.Prefix != "ws")
                question["bodies"]!["create" + name] = await Required(samples, entry);
        }
        var seed = Seed.Of(output);

        var said = JsonNode.Parse(
            await Npm.Run(
                "contract.mjs",
                question.ToJsonString(),
                server.Address.ToString().TrimEnd('/'),
                seed.ToString(CultureInfo.InvariantCulture)
            )
        )!;

        output.WriteLine($"{said["calls"]} calls of {said["operations"]} operations");
        said["wrong"]!.AsArray().Select(w => w!.ToString()).Should().BeEmpty();
        said["operations"]!.GetValue<int>().Should().BeGreaterThan(150);
        said["neverDone"]!
            .AsArray()
            .Select(o => o!.ToString())
            .Except(NeedMore.Keys)
            .Should()
            .BeEmpty("everything else was done at least once");
    }

    /// <summary>What must be given, and values that are right only together.</summary>
    static async Task<JsonObject> Required(Samples samples, Domain.Work.CatalogEntry entry)
    {
        var body = new JsonObject();
        foreach (var field in entry.Type.Fields.Where(f => Samples.IsWritable(f) && entry.Type.MustBeGiven(f)))
            body[field.Name] = await samples.Value(field, $"{entry.Type.Plural}.{field.Name}");
        return body;
    }

    // ---- Words

    [Fact]
    public async Task every_text_has_the_article_and_the_plural_that_english_asks_for()
    {
        var document = JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json"))!;
        var wrong = new List<string>();
        foreach (var text in Texts(document).Distinct())
        {
            foreach (System.Text.RegularExpressions.Match match in Article().Matches(text))
                if (English.TakesAn(match.Groups[2].Value) != (match.Groups[1].Value.ToLowerInvariant() == "an"))
                    wrong.Add($"{match.Value}: {text}");
            if (Odd().Match(text) is { Success: true } odd)
                wrong.Add($"{odd.Value}: {text}");
        }
        wrong.Should().BeEmpty();
        foreach (var entry in CrmCatalog.Standard.Public)
            Texts(document["paths"]![$"/v1/{entry.Type.Plural}"]!)
                .Concat(Texts(document["paths"]![$"/v1/{entry.Type.Plural}/{{id}}"]!))
                .Where(text => text.StartsWith("List ", StringComparison.Ordinal) || text.StartsWith("Make ", StringComparison.Ordinal))
                .Should()
                .OnlyContain(text =>
                    text == $"List {English.Words(entry.Type.Plural)}." || text == $"Make {English.A(English.Words(entry.Type.Name))}."
                );
    }

    [Theory]
    [InlineData("affiliate", "an affiliate")]
    [InlineData("api-key", "an API key")]
    [InlineData("apiKey", "an API key")]
    [InlineData("channelRule", "a channel rule")]
    [InlineData("event", "an event")]
    [InlineData("erasure", "an erasure")]
    [InlineData("hour", "an hour")]
    [InlineData("user", "a user")]
    [InlineData("unit", "a unit")]
    [InlineData("URL", "a URL")]
    [InlineData("SVG picture", "an SVG picture")]
    [InlineData("opportunity", "an opportunity")]
    public void an_article_goes_by_the_sound(string name, string words) =>
        English.A(name.Any(char.IsUpper) && !char.IsLower(name[0]) ? name : English.Words(name)).Should().Be(words);

    static System.Text.RegularExpressions.Regex Article() => new(@"\b([Aa]n?) ([A-Za-z0-9][\w-]*)");

    /// <summary>Names of the code where words are meant.</summary>
    static System.Text.RegularExpressions.Regex Odd() => new(@"^(List|Make|Read|Change|Delete) .*\b[a-z]+[A-Z]\w*|^List [a-z]+-[a-z]+");

    static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(m =>
                m is { Key: "summary" or "description", Value: JsonValue text } ? [text.ToString()] : Texts(m.Value)
            ),
            JsonArray items => items.SelectMany(Texts),
            _ => [],
        };
}
