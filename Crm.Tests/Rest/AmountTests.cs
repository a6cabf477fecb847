// Amounts are whole numbers in the smallest unit: who sends euros instead is told so, wherever an amount stands.

using System.Text.Json.Nodes;
using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class AmountTests(CrmServer server)
{
    [Theory]
    [InlineData("/v1/purchases", """{"customer":"CUSTOMER","total":{"amount":12.5,"currency":"EUR"}}""", "total.amount:wrong_type")]
    [InlineData("/v1/purchases", """{"customer":"CUSTOMER","total":{"amount":"12.50","currency":"EUR"}}""", "total.amount:wrong_type")]
    [InlineData("/v1/purchases", """{"customer":"CUSTOMER","total":12.5}""", "total:wrong_type")]
    [InlineData("/v1/purchases", """{"customer":"CUSTOMER","total":"12.50 EUR"}""", "total:wrong_type")]
    [InlineData("/v1/purchases", """{"customer":"CUSTOMER","lines":[{"product":"a","price":9.99}]}""", "lines.0.price:wrong_type")]
    [InlineData("/v1/conversions", """{"type":"sale","value":{"amount":1e30,"currency":"EUR"}}""", "value.amount:wrong_type")]
    [InlineData("/v1/campaigns", """{"name":"x","costs":[{"on":"2026-11-01","amount":"9,99"}]}""", "costs.0.amount:wrong_type")]
    [InlineData(
        "/v1/affiliates",
        """{"name":"x","commissionRules":[{"on":"sale","amount":{"amount":0.5,"currency":"EUR"}}]}""",
        "commissionRules.0.amount.amount:wrong_type"
    )]
    public async Task an_amount_that_cannot_be_read_says_what_its_unit_is(string path, string body, string error)
    {
        var workspace = await server.NewWorkspace();
        if (body.Contains("CUSTOMER"))
            body = body.Replace("CUSTOMER", (await workspace.Post("/v1/customers", new { lastName = "Silva" }))["id"]!.ToString());
        var reply = await workspace.SendPlain(HttpMethod.Post, path, body);
        reply.Status.Should().Be(422, reply.Text);
        reply.Errors.Should().Contain(error);
        reply["errors"]!.AsArray()[0]!["message"]!.ToString().Should().MatchRegex("smallest unit: .*1250.* for 12\\.50 EUR\\.$");
        reply["detail"]!.ToString().Should().Contain("smallest unit");
    }

    [Fact]
    public async Task the_documents_say_it_too()
    {
        var document = JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json"))!;
        document["components"]!["schemas"]!["Money"]!["properties"]!["amount"]!["description"]!
            .ToString()
            .Should()
            .Contain("1250 for 12.50 EUR");
        document.ToJsonString().Should().NotContain("minor units");
        var schema = await server.Http.GetStringAsync("/openapi/v1.json");
        schema.Should().Contain(Money.Unit);
    }
}
