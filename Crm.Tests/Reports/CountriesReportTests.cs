// Leads by country: where a lead is, what follows when that changes, and the same numbers at every edge.

using System.Text.Json.Nodes;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
public sealed class CountriesReportTests(CrmServer server)
{
    [Fact]
    public async Task a_lead_counts_for_its_address_else_for_its_primary_phone_else_for_nowhere_known()
    {
        var workspace = await server.NewWorkspace();
        async Task<string> Lead(object lead)
        {
            var made = await workspace.Post("/v1/leads", lead);
            made.Status.Should().Be(201, made.Text);
            return made["id"]!.ToString();
        }
        var portuguese = await Lead(
            new
            {
                email = "a@silva.example.org",
                phone = "+5511960000001",
                address = new { country = "PT" },
            }
        );
        var brazilian = await Lead(new { phone = "+5511960000002" });
        await Lead(new { email = "b@silva.example.org", address = new { city = "Porto" } });
        await Is(("-", 1, 0), ("BR", 1, 0), ("PT", 1, 0));

        await workspace.Post($"/v1/leads/{brazilian}/convert", new { });
        await Is(("-", 1, 0), ("BR", 1, 1), ("PT", 1, 0));
        await workspace.Patch($"/v1/leads/{portuguese}", new { address = (object?)null });
        await Is(("BR", 2, 1), ("-", 1, 0));
        await workspace.Post($"/v1/leads/{portuguese}/merge", new { lead = brazilian });
        await workspace.Patch($"/v1/leads/{portuguese}", new { address = new { country = "ao" } });
        (await workspace.Get("/v1/reports/countries")).Data.Sum(line => line!["leads"]!.GetValue<int>()).Should().Be(2);
        await workspace.Delete($"/v1/leads/{portuguese}");
        await Is(("-", 1, 0));

        async Task Is(params (string, int, int)[] lines) =>
            (await workspace.Get("/v1/reports/countries"))
                .Data.Select(l => (l!["country"]!.ToString(), l["leads"]!.GetValue<int>(), l["customers"]!.GetValue<int>()))
                .Should()
                .Equal(lines);
    }

    [Fact]
    public async Task it_is_served_as_json_csv_and_a_picture_over_graphql_and_on_the_page()
    {
        var workspace = await server.NewWorkspace();
        foreach (var i in Enumerable.Range(0, 3))
            await workspace.Post("/v1/leads", new { lastName = $"Silva {i}", address = new { country = i == 0 ? "PT" : "BR" } });
        var lead = (await workspace.Get("/v1/leads?limit=1")).Data.Single()!;
        await workspace.Post($"/v1/leads/{lead["id"]}/convert", new { });

        var json = await workspace.Get("/v1/reports/countries?interval=month&compare=previous");
        json.Data.Select(line => line!.ToJsonString())
            .Should()
            .Equal(
                """{"country":"BR","leads":2,"customers":1,"conversionRate":0.5,"previous":{"leads":0,"customers":0,"conversionRate":null}}""",
                """{"country":"PT","leads":1,"customers":0,"conversionRate":0,"previous":{"leads":0,"customers":0,"conversionRate":null}}"""
            );
        json["series"]!.AsArray().Sum(part => part!["leads"]!.GetValue<int>()).Should().Be(3);
        var graph = await workspace.Post(
            "/graphql",
            new { query = """{ report(name: "countries", interval: "month", compare: "previous") }""" }
        );
        graph["data"]!["report"]!.ToJsonString().Should().Be(json.Json!.ToJsonString());

        (await workspace.Get("/v1/reports/countries?format=csv&sort=leads"))
            .Text.Should()
            .Be("id,name,leads,customers,conversionRate\r\n\"PT\",\"\",1,0,0\r\n\"BR\",\"\",2,1,0.5\r\n");
        (await workspace.Get("/v1/reports/countries?format=svg"))
            .Text.Should()
            .Contain("Brazil: leads 2, customers 1.")
            .And.Contain("<title id=\"title\">Countries, ")
            .And.NotContain("people only");
        (await server.Http.GetStringAsync("/reports")).Should().Contain("\"name\":\"countries\",\"line\":\"country\"");
        JsonNode.Parse(await server.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!["/v1/reports/{name}"]!
            .ToJsonString()
            .Should()
            .Contain("\"countries\"");
        (await workspace.Get("/v1/reports/countries?minClicks=1"))["errors"]![0]!["message"]!
            .ToString()
            .Should()
            .Be("Only for links, campaigns, affiliates, channels: others have no clicks.");
    }

    /// <summary>Each is a change in the commit: the report must not be felt where the product is busiest.</summary>
    [Fact]
    public async Task it_adds_one_change_to_a_new_lead_and_none_to_a_click()
    {
        var (workspace, product) = (await server.NewWorkspace(), server.Services.GetRequiredService<Installation>());
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        Counted(new Click { Channel = "email", Human = true })
            .Should()
            .Be(3, "the clicks of all and of the channel, and the budget's bytes");
        Counted(new Lead { FirstName = "Ana" }).Should().Be(3);

        int Counted(Resource record)
        {
            var work = new UnitOfWork(product, settings, "test");
            work.Insert(record, null);
            return work.Changes.OfType<Change.Count>().Count();
        }
    }

    [Theory]
    [InlineData("+5511960000001", "BR")]
    [InlineData("+16135550123", "US")]
    [InlineData("+390669812345", "IT")]
    [InlineData("+80012345678", null)]
    [InlineData("+999", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void a_country_code_names_a_country_or_none(string? number, string? country) =>
        PhoneNumber.CountryOf(number).Should().Be(country);
}
