// A lead that buys becomes a customer, once, with everything that was known of it: by hand, by a sale, by both at once.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Customers;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class CustomerTests(CrmServer server)
{
    static async Task<JsonNode> Lead(TestWorkspace workspace, string email = "ana@silva.example.org", object? more = null)
    {
        var sent = await workspace.Submit(
            await workspace.ContactForm(),
            new
            {
                name = "Ana Silva",
                email,
                message = "Hello",
            }
        );
        sent.Status.Should().Be(201, sent.Text);
        var lead = (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(email)}")).Data.Single()!;
        return more is null ? lead : (await workspace.Patch($"/v1/leads/{lead["id"]}", more)).Json!;
    }

    static string Id(JsonNode? record) => record!["id"]!.ToString();

    [Fact]
    public async Task a_lead_becomes_converted_by_the_verb_only_and_does_not_come_back_by_a_patch()
    {
        var workspace = await server.NewWorkspace();
        var lead = Id(await Lead(workspace, "ana@silva.example.org"));

        var refused = await workspace.Patch($"/v1/leads/{lead}", new { status = "converted" });
        (refused.Status, refused.Code, refused["verb"]!.ToString()).Should().Be((409, "use_verb", "convert"));
        refused["errors"]![0]!["field"]!.ToString().Should().Be("status");
        var made = await workspace.Post("/v1/leads", new { lastName = "Costa", status = "converted" });
        (made.Status, made.Code).Should().Be((409, "use_verb"));
        (await workspace.Get("/v1/customers")).Data.Should().BeEmpty();
        (await workspace.Patch($"/v1/leads/{lead}", new { status = "qualified" })).Status.Should().Be(200);

        (await workspace.Post($"/v1/leads/{lead}/convert", new { })).Status.Should().Be(200);
        var back = await workspace.Patch($"/v1/leads/{lead}", new { status = "new" });
        (back.Status, back.Code).Should().Be((409, "wrong_state"));
        (await workspace.Patch($"/v1/leads/{lead}", new { status = "converted", score = 5 })).Status.Should().Be(200, "nothing moves");
    }

    [Fact]
    public async Task a_converted_lead_is_a_customer_with_all_that_was_known_and_the_whole_story()
    {
        var workspace = await server.NewWorkspace();
        var owner = Id((await workspace.Post("/v1/members", new { name = "Bia", email = "bia@example.org" })).Json);
        foreach (var of in new[] { "lead", "customer" })
            (
                await workspace.Post(
                    "/v1/custom-fields",
                    new Dictionary<string, object>
                    {
                        ["for"] = of,
                        ["name"] = "roof",
                        ["label"] = "Roof",
                        ["kind"] = "text",
                    }
                )
            ).Status.Should().Be(201);
        var lead = await Lead(
            workspace,
            more: new
            {
                phone = "+5511912345678",
                owner,
                company = "Silva Ltda",
                tags = new[] { "fair" },
                custom = new { roof = "flat" },
            }
        );
        var answer = await workspace.Post(
            $"/v1/leads/{Id(lead)}/convert",
            new
            {
                purchase = new
                {
                    orderId = "A-1",
                    representative = owner,
                    specialInstructions = "Ring twice",
                    comments = "Friendly",
                    lines = new object[]
                    {
                        new
                        {
                            product = "Panel",
                            sku = "SP-400",
                            quantity = 3,
                            price = new { amount = 12550, currency = "EUR" },
                        },
                        new { product = "Cable", price = new { amount = 1, currency = "EUR" } },
                    },
                },
            }
        );
        answer.Status.Should().Be(200, answer.Text);
        answer["status"]!.ToString().Should().Be("converted");
        var customer = (await workspace.Get($"/v1/customers/{answer["customer"]}")).Json!;
        customer["lead"]!.ToString().Should().Be(Id(lead));
        foreach (
            var field in new[]
            {
                "firstName",
                "lastName",
                "emails",
                "phones",
                "company",
                "owner",
                "tags",
                "consent",
                "source",
                "firstTouch",
                "lastTouch",
                "provenance",
                "custom",
            }
        )
            JsonNode.DeepEquals(customer[field], answer[field]).Should().BeTrue($"{field} is {customer[field]} and was {answer[field]}");
        customer["since"].Should().NotBeNull();

        var purchase = (await workspace.Get($"/v1/purchases?customer={Id(customer)}")).Data.Single()!;
        (
            purchase["orderId"]!.ToString(),
            purchase["total"]!["amount"]!.GetValue<long>(),
            purchase["total"]!["currency"]!.ToString(),
            purchase["specialInstructions"]!.ToString()
        )
            .Should()
            .Be(("A-1", 37651, "EUR", "Ring twice"));
        var story = (await workspace.All($"/v1/customers/{Id(customer)}/timeline")).Select(e => e["type"]!.ToString()).ToList();
        story
            .Should()
            .ContainInOrder("customer.purchased", "lead.updated", "lead.created")
            .And.Contain(["customer.created", "lead.converted"]);
        (await workspace.All($"/v1/leads/{Id(lead)}/timeline")).Should().HaveCountLessThan(story.Count);

        var graph = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new
            {
                query = "query($id: ID!) { lead(id: $id) { status customer { lastName purchases { nodes { orderId lines { product quantity } } } } } }",
                variables = new { id = Id(lead) },
            }
        );
        graph["data"]!["lead"]!["customer"]!["purchases"]!["nodes"]![0]!["lines"]![0]!
            .ToJsonString()
            .Should()
            .Be("{\"product\":\"Panel\",\"quantity\":3}", graph.Text);
    }

    [Fact]
    public async Task two_members_a_shops_sale_and_its_retries_at_once_make_one_customer_and_one_purchase()
    {
        var workspace = await server.NewWorkspace();
        foreach (var round in Enumerable.Range(0, 3))
        {
            var lead = Id(await Lead(workspace, $"p{round}@example.org"));
            var sale = new
            {
                type = "sale",
                orderId = $"S-{round}",
                lead,
                value = new { amount = 990, currency = "BRL" },
            };
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 12)
                    .Select(i =>
                        i % 3 == 0
                            ? workspace.Post("/v1/conversions", sale)
                            : workspace.Post($"/v1/leads/{lead}/convert", new { kind = "person" })
                    )
            );
            answers.Where((_, i) => i % 3 == 0).Count(a => a.Status == 201).Should().Be(1);
            answers.Where((_, i) => i % 3 == 0).Where(a => a.Status != 201).Should().OnlyContain(a => a.Status == 409);
            answers.Where((_, i) => i % 3 != 0).Should().OnlyContain(a => a.Status == 200);
            var customer = (await workspace.Get($"/v1/customers?lead={lead}")).Data.Single()!;
            var purchase = (await workspace.Get($"/v1/purchases?customer={Id(customer)}")).Data.Single()!;
            (purchase["orderId"]!.ToString(), purchase["total"]!["amount"]!.GetValue<long>()).Should().Be(($"S-{round}", 990));
            var conversion = (await workspace.Get($"/v1/conversions/{purchase["conversion"]}")).Json!;
            conversion["customer"]!.ToString().Should().Be(Id(customer));
            (await workspace.Get($"/v1/leads/{lead}"))["customer"]!.ToString().Should().Be(Id(customer));
            // Again, later: the same customer, nothing new.
            (await workspace.Post($"/v1/leads/{lead}/convert", new { purchase = new { orderId = $"S-{round}" } })).Status.Should().Be(200);
        }
        (await workspace.All("/v1/customers")).Should().HaveCount(3);
        (await workspace.All("/v1/purchases")).Should().HaveCount(3);
        var funnel = await workspace.Get("/v1/reports/channels");
        funnel.Data.Sum(r => r!["customers"]!.GetValue<long>()).Should().Be(3, funnel.Text);
    }

    [Fact]
    public async Task a_customer_entered_by_hand_is_the_one_the_lead_becomes_and_an_unclear_one_costs_no_sale()
    {
        var workspace = await server.NewWorkspace();
        var byHand = Id(
            (
                await workspace.Post(
                    "/v1/customers",
                    new
                    {
                        name = "Ana Silva",
                        email = "Ana@silva.example.org",
                        notes = "Met at the fair",
                    }
                )
            ).Json
        );
        var lead = await Lead(workspace);
        (await workspace.Post($"/v1/leads/{Id(lead)}/convert", new { }))["customer"]!.ToString().Should().Be(byHand);
        (await workspace.Get($"/v1/customers/{byHand}"))["notes"]!.ToString().Should().Be("Met at the fair");

        var other = Id((await workspace.Post("/v1/customers", new { name = "Caio", phone = "+5511911112222" })).Json);
        var third = Id((await workspace.Post("/v1/customers", new { name = "Duda", email = "duda@example.org" })).Json);
        var fourth = Id((await workspace.Post("/v1/customers", new { name = "Edu", email = "edu@example.org" })).Json);
        var unclear = await Lead(
            workspace,
            "duda@example.org",
            new { phone = "+5511911112222", emails = new[] { new { address = "duda@example.org" }, new { address = "edu@example.org" } } }
        );
        var refused = await workspace.Post($"/v1/leads/{Id(unclear)}/convert", new { });
        (refused.Status, refused.Code).Should().Be((409, "already_exists"));
        refused.Text.Should().Contain(fourth).And.Contain(third).And.NotContain(other, "a phone number alone makes nothing unclear");
        var sale = await workspace.Post("/v1/conversions", new { lead = Id(unclear), value = new { amount = 5, currency = "EUR" } });
        sale.Status.Should().Be(201, sale.Text);
        sale["customer"].Should().BeNull();
        (await workspace.All($"/v1/leads/{Id(unclear)}/timeline")).Should().Contain(e => e["type"]!.ToString() == "lead.customerUnclear");
    }

    [Fact]
    public async Task merging_takes_the_customer_along_and_two_customers_are_not_merged_unseen()
    {
        var workspace = await server.NewWorkspace();
        var (one, two, three) = (
            Id(await Lead(workspace, "one@example.org")),
            Id(await Lead(workspace, "two@example.org")),
            Id(await Lead(workspace, "three@example.org"))
        );
        var customer = (await workspace.Post($"/v1/leads/{two}/convert", new { }))["customer"]!.ToString();
        var merged = await workspace.Post($"/v1/leads/{one}/merge", new { lead = two });
        (merged.Status, merged["customer"]!.ToString(), merged["status"]!.ToString()).Should().Be((200, customer, "converted"));
        (await workspace.Get($"/v1/customers/{customer}"))["lead"]!.ToString().Should().Be(one);
        var apart = await workspace.Post($"/v1/leads/{one}/unmerge", new { lead = two });
        (apart["customer"], apart["status"]!.ToString()).Should().Be(((JsonNode?)null, "new"));
        (await workspace.Get($"/v1/customers/{customer}"))["lead"]!.ToString().Should().Be(two);
        (await workspace.Get($"/v1/leads/{two}"))["customer"]!.ToString().Should().Be(customer);

        (await workspace.Post($"/v1/leads/{three}/convert", new { })).Status.Should().Be(200);
        var refused = await workspace.Post($"/v1/leads/{three}/merge", new { lead = two });
        (refused.Status, refused.Code).Should().Be((409, "wrong_state"));
    }

    [Theory]
    [InlineData("""{"customer":null}""", "customer:required")]
    [InlineData("""{"total":{"amount":-1,"currency":"EUR"}}""", "total.amount:out_of_range")]
    [InlineData(
        """{"lines":[{"product":"a","price":{"amount":1,"currency":"EUR"}},{"product":"b","price":{"amount":1,"currency":"USD"}}]}""",
        "lines.1.price.currency:not_a_choice"
    )]
    [InlineData("""{"lines":[{"product":"a","quantity":0}]}""", "lines.0.quantity:out_of_range")]
    [InlineData("""{"lines":[{"quantity":1}]}""", "lines.0.product:required")]
    [InlineData(
        """{"lines":[{"product":"a","quantity":1000000,"price":{"amount":1000000000000,"currency":"EUR"}}]}""",
        "lines:out_of_range"
    )]
    public async Task a_purchase_that_cannot_be_is_told_what_is_wrong(string purchase, string error)
    {
        var workspace = await server.NewWorkspace();
        var body = JsonNode.Parse(purchase)!.AsObject();
        if (!body.ContainsKey("customer"))
            body["customer"] = Id((await workspace.Post("/v1/customers", new { company = "Silva Ltda", kind = "organisation" })).Json);
        (await workspace.Post("/v1/purchases", body)).Errors.Should().Equal(error);
        if (body["customer"] is null)
            return;
        body.Remove("customer");
        (await workspace.Post($"/v1/leads/{Id(await Lead(workspace))}/convert", new JsonObject { ["purchase"] = body }))
            .Errors.Should()
            .Equal("purchase." + error);
        (await workspace.All("/v1/customers")).Should().HaveCount(1, "the refused conversion made none");
    }
}
