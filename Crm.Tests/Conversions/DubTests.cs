// Dub's own SDK, with nothing but its host changed: a click, a lead and a sale, each once, and its typed errors.

using System.Text.Json.Nodes;
using Crm.Tests.Rest;
using Xunit;

namespace Crm.Tests.Conversions;

[Collection(nameof(CrmServer))]
public sealed class DubTests(CrmServer server)
{
    [NeedsNodeFact]
    public async Task dubs_sdk_tells_of_a_lead_and_a_sale_and_both_are_in_the_reports()
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post("/v1/affiliates", new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } });
        var link = await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"] });
        string click;
        using (var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}"))
        {
            follow.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
            follow.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
            using var went = await server.Http.SendAsync(follow);
            click = System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        }
        var result = JsonNode.Parse(await Npm.Run("dub.mjs", "", server.Address.ToString(), workspace.Key, click))!;
        result["lead"]!["link"]!["key"]!.ToString().Should().Be(link["slug"]!.ToString());
        result["lead"]!["link"]!["partnerId"]!.ToString().Should().Be(affiliate["id"]!.ToString());
        result["lead"]!["customer"]!.ToJsonString().Should().Be("""{"name":"Ana Silva","email":"ana@silva.example.org","avatar":null,"externalId":"user_1001"}""");
        JsonNode.DeepEquals(result["again"], result["lead"]).Should().BeTrue();
        result["sale"]!["sale"]!.ToJsonString().Should().Be("""{"amount":4990,"currency":"eur","paymentProcessor":"stripe","invoiceId":"inv_1","metadata":{"seats":3}}""");
        result["saleAgain"]!["sale"]!["amount"]!.GetValue<long>().Should().Be(4990);
        foreach (var (name, type, status) in new[] { ("unknownClick", "NotFound", 404), ("noCurrency", "UnprocessableEntity", 422), ("wrongKey", "Unauthorized", 401) })
            (result[name]!["name"]!.ToString(), result[name]!["known"]!.GetValue<bool>(), result[name]!["status"]?.GetValue<int>() ?? status).Should().Be((type, true, status), result[name]!.ToJsonString());

        var lead = (await workspace.Get("/v1/leads")).Data.Should().ContainSingle().Which!;
        (lead["externalId"]!.ToString(), lead["firstName"]!.ToString(), lead["status"]!.ToString()).Should().Be(("user_1001", "Ana", "converted"));
        (await workspace.All("/v1/conversions")).Select(c => c["type"]!.ToString()).Order(StringComparer.Ordinal).Should().Equal("Sign up", "Trial", "sale");
        (await workspace.Get($"/v1/purchases?customer={lead["customer"]}")).Data.Single()!["orderId"]!.ToString().Should().Be("inv_1");
        var line = (await workspace.Get("/v1/reports/affiliates")).Data.Single()!;
        (line["clicks"]!.GetValue<int>(), line["leads"]!.GetValue<int>(), line["customers"]!.GetValue<int>(), line["revenue"]![0]!["amount"]!.GetValue<long>(), line["commission"]![0]!["amount"]!.GetValue<long>()).Should().Be((1, 1, 1, 4990, 499));
    }

    [Fact]
    public async Task forty_calls_of_one_person_at_once_are_one_lead_and_one_sale()
    {
        var workspace = await server.NewWorkspace();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? workspace.Post("/track/lead", new { clickId = "", eventName = "Sign up", customerExternalId = "u1", customerEmail = "u1@example.org" })
            : workspace.Post("/track/sale", new { customerExternalId = "u1", customerEmail = "u1@example.org", amount = 100, invoiceId = "i1" })));
        answers.Should().OnlyContain(a => a.Status == 200, string.Join(";", answers.Where(a => a.Status != 200).Select(a => a.Text)));
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await workspace.All("/v1/conversions")).Should().HaveCount(2);
        (await workspace.All("/v1/customers")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("/track/lead", """{"eventName":"Sign up"}""", 422, "unprocessable_entity")]
    [InlineData("/track/lead", """{"customerExternalId":"u","eventName":5}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":1.5}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":-1}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", """{"customerExternalId":"u","amount":1,"paymentProcessor":"cash"}""", 422, "unprocessable_entity")]
    [InlineData("/track/sale", "{", 400, "bad_request")]
    [InlineData("/track/sale", "[]", 400, "bad_request")]
    public async Task a_wrong_call_gets_dubs_kind_of_error(string path, string body, int status, string code)
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Post(path, body);
        (refused.Status, refused["error"]!["code"]!.ToString()).Should().Be((status, code), refused.Text);
        (await workspace.With("").Post(path, body))["error"]!["code"]!.ToString().Should().Be("unauthorized");
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }
}
