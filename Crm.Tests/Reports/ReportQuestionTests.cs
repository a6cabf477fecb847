// What can be asked of reports besides a period: the best first, with few clicks left out, with what each advertisement cost, and as a file
// for a spreadsheet.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Conversions;
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
public sealed class ReportQuestionTests(CrmServer server)
{
    Installation Product => server.Services.GetRequiredService<Installation>();

    /// <summary>Links A to D with clicks, leads and sales; D's is a campaign's, B and C are the affiliate's.</summary>
    async Task<TestWorkspace> Told()
    {
        var workspace = await server.NewWorkspace();
        var owner = await Product.Store.FindOwner(
            ResourceType.Of<Domain.Workspaces.ApiKey>().Collection,
            "hash",
            Domain.Workspaces.ApiKey.HashOf(workspace.Key),
            default
        );
        var settings = await Product.Settings.Workspace(owner!.Value.Workspace, default);
        var campaign = (await workspace.Post("/v1/campaigns", new { name = "Spring", costs = new[] { Cost(0, 1000, "EUR") } })).Json![
            "id"
        ]!.ToString();
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Garden blog" })).Json!["id"]!.ToString();
        foreach (
            var (name, clicks, leads, sales, cents, currency, camp, aff, costs) in new (
                string,
                int,
                int,
                int,
                int,
                string,
                string?,
                string?,
                object[]
            )[]
            {
                ("A", 20, 4, 1, 500, "EUR", null, null, [Cost(0, 400, "EUR"), Cost(3, 300, "BRL")]),
                ("B", 10, 1, 2, 100, "EUR", null, affiliate, []),
                ("C", 2, 2, 2, 90_000, "BRL", null, affiliate, []),
                ("D", 40, 0, 0, 0, "EUR", campaign, null, [Cost(1, 50, "EUR")]),
            }
        )
        {
            var link = (
                await workspace.Post(
                    "/v1/links",
                    new
                    {
                        destination = "https://x.example.org/",
                        name,
                        campaign = camp,
                        affiliate = aff,
                        channel = "email",
                        costs,
                    }
                )
            ).Json!["id"]!.ToString();
            Id.TryParse(link, "link", out var id);
            var work = new UnitOfWork(Product, settings, "test");
            Id? Parsed(string? text, string prefix) => Id.TryParse(text, prefix, out var parsed) ? parsed : null;
            var credit = new Credit(id, Parsed(camp, "camp"), Parsed(aff, "aff"), "email");
            foreach (var _ in Enumerable.Range(0, clicks))
                work.Insert(new Click { Credit = credit, Human = true }, null);
            foreach (var i in Enumerable.Range(0, leads))
                work.Insert(
                    new Lead
                    {
                        FirstName = $"{name}{i}",
                        Source = new() { Credit = credit },
                    },
                    null
                );
            foreach (var _ in Enumerable.Range(0, sales))
                work.Insert(
                    new Conversion
                    {
                        Credit = credit,
                        Value = new() { Amount = cents, Currency = currency },
                    },
                    null
                );
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
        return workspace;
    }

    object Cost(int daysAgo, int amount, string currency) =>
        new
        {
            on = DateOnly.FromDateTime(Product.Now.UtcDateTime).AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            amount = new { amount, currency },
        };

    [Fact]
    public async Task the_best_come_first_by_any_column_and_those_without_a_value_last()
    {
        var workspace = await Told();
        await Is("links", "", "D A B C");
        await Is("links", "?sort=clicks", "C B A D");
        await Is("links", "?sort=-conversionRate", "C B A D");
        await Is("links", "?sort=-conversionRate&minClicks=10", "B A D");
        await Is("links", "?sort=-conversionRate&minClicks=10&limit=1", "B");
        await Is("links", "?sort=-sales,-leads", "C B A D");
        await Is("links", "?sort=-leads", "A C B D");
        await Is("links", "?sort=-leadRate", "C A B D");
        // Most of the revenue is in BRL, so that decides; what has none of it is last either way, in the usual order.
        await Is("links", "?sort=-revenue", "C D A B");
        await Is("links", "?sort=revenue", "C D A B");
        // D spent and got no lead: no cost per lead. B and C spent nothing.
        await Is("links", "?sort=costPerLead", "A D B C");
        await Is("links", "?sort=-return", "A D B C");
        (await workspace.Get("/v1/reports/links?sort=-conversionRate,clicks&minClicks=10&limit=2"))["lines"]!
            .GetValue<int>()
            .Should()
            .Be(3);
        (await workspace.Get("/v1/reports/links?sort=-conversionRate,clicks"))["period"]!["sort"]!
            .ToString()
            .Should()
            .Be("-conversionRate,clicks");
        var best = (await workspace.Get("/v1/reports/affiliates?sort=-leads")).Data.Single()!;
        (
            best["affiliate"]!["name"]!.ToString(),
            best["clicks"]!.GetValue<int>(),
            best["leads"]!.GetValue<int>(),
            best["sales"]!.GetValue<int>()
        )
            .Should()
            .Be(("Garden blog", 12, 3, 4));

        foreach (
            var (query, error) in new[]
            {
                ("links?sort=nosuch", "sort:unknown"),
                ("links?sort=", "sort:unknown"),
                ("links?sort=--clicks", "sort:unknown"),
                ("links?sort=commission", "sort:unknown"),
                ("links?sort=clicks,leads,robots,sales", "sort:too_many"),
                ("links?minClicks=-1", "minClicks:invalid"),
                ("links?minClicks=x", "minClicks:invalid"),
                ("forms?minClicks=1", "minClicks:invalid"),
            }
        )
        {
            var refused = await workspace.Get("/v1/reports/" + query);
            (refused.Status, refused.Code, refused.Errors.FirstOrDefault()).Should().Be((400, "invalid_parameter", error), query);
        }

        async Task Is(string report, string query, string names)
        {
            var answer = await workspace.Get($"/v1/reports/{report}{query}");
            string.Join(' ', answer.Data.Select(line => line![report[..^1]]!["name"])).Should().Be(names, query);
            var graph = await workspace.Post("/graphql", new { query = $$"""{ report(name: "{{report}}"{{Arguments(query)}}) }""" });
            graph["data"]!["report"]!.ToJsonString().Should().Be(answer.Json!.ToJsonString());
        }

        static string Arguments(string query) =>
            string.Concat(
                query
                    .TrimStart('?')
                    .Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(p => p.Split('='))
                    .Select(p => int.TryParse(p[1], out _) ? $", {p[0]}: {p[1]}" : $", {p[0]}: \"{p[1]}\"")
            );
    }

    [Fact]
    public async Task an_advertisement_knows_what_it_cost_and_its_campaign_counts_that_too_also_day_by_day()
    {
        var workspace = await Told();
        var line = (await workspace.Get("/v1/reports/links")).Data.Single(l => l!["link"]!["name"]!.ToString() == "A")!;
        (line["cost"]!.ToJsonString(), line["costPerLead"]!.ToJsonString(), line["return"]!.ToJsonString())
            .Should()
            .Be(
                (
                    """[{"amount":300,"currency":"BRL"},{"amount":400,"currency":"EUR"}]""",
                    """[{"amount":75,"currency":"BRL"},{"amount":100,"currency":"EUR"}]""",
                    """[{"ratio":-1,"currency":"BRL"},{"ratio":0.25,"currency":"EUR"}]"""
                )
            );
        await Campaign(1050);
        var series = (await workspace.Get("/v1/reports/campaigns?interval=day"))["series"]!.AsArray();
        series.TakeLast(3).Select(part => part!["cost"]!.AsArray().Sum(c => c!["amount"]!.GetValue<int>())).Should().Equal(0, 50, 1000);
        (await workspace.Get("/v1/reports/links?interval=month"))["series"]!
            .AsArray()
            .Sum(part => part!["cost"]!.AsArray().Where(c => c!["currency"]!.ToString() == "EUR").Sum(c => c!["amount"]!.GetValue<int>()))
            .Should()
            .Be(450);
        var yesterday = DateOnly.FromDateTime(Product.Now.UtcDateTime).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        (await workspace.Get($"/v1/reports/campaigns?from={yesterday}&to={yesterday}")).Data.Single()!["cost"]![0]!["amount"]!
            .GetValue<int>()
            .Should()
            .Be(50);

        // A link that changes its campaign takes its costs along; one that goes takes them away.
        var d = (await workspace.All("/v1/links")).Single(l => l["name"]!.ToString() == "D");
        await workspace.Patch($"/v1/links/{d["id"]}", new { campaign = (string?)null });
        await Campaign(1000);
        (await workspace.Delete($"/v1/links/{d["id"]}")).Status.Should().BeOneOf(200, 204);
        (await workspace.Get("/v1/reports/links"))["totals"]!["cost"]!
            .ToJsonString()
            .Should()
            .Be("""[{"amount":300,"currency":"BRL"},{"amount":400,"currency":"EUR"}]""");
        (
            await workspace.Post(
                "/v1/links",
                new
                {
                    destination = "https://x.example.org/",
                    costs = new[] { new { on = "2026-02-30", amount = new { amount = 1, currency = "XXX" } } },
                }
            )
        )
            .Errors.Should()
            .BeEquivalentTo("costs.0.on:invalid_date", "costs.0.amount.currency:invalid_currency");

        async Task Campaign(int amount) =>
            (await workspace.Get("/v1/reports/campaigns")).Data.Single()!["cost"]!
                .ToJsonString()
                .Should()
                .Be($$"""[{"amount":{{amount}},"currency":"EUR"}]""");
    }

    [Fact]
    public async Task a_browser_that_the_tracker_meets_is_a_visitor_of_its_channel_once_whether_it_came_by_a_link_or_not()
    {
        var workspace = await server.NewWorkspace();
        var site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var link = (await workspace.Post("/v1/links", new { destination = "https://x.example.org/", channel = "email" })).Json!;
        const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        using var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        follow.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await server.Http.SendAsync(follow);
        await See(went.Headers.Location!.AbsoluteUri, Browser);
        await See("https://x.example.org/?utm_source=google&utm_medium=organic", Browser);
        await See("https://x.example.org/?utm_source=google&utm_medium=organic", "examplebot/1.0");
        var channels = (await workspace.Get("/v1/reports/channels")).Data.ToDictionary(
            l => l!["channel"]!.ToString(),
            l => (l!["clicks"]!.GetValue<int>(), l["uniqueVisitors"]!.GetValue<int>())
        );
        channels.Should().Equal(new Dictionary<string, (int, int)> { ["email"] = (1, 1), ["organic-search"] = (0, 1) });
        (await workspace.Get("/v1/reports/funnel"))["totals"]!["visitors"]!.GetValue<int>().Should().Be(2);

        async Task See(string page, string browser)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
            {
                Content = new StringContent(new JsonObject { ["kind"] = "pageView", ["page"] = page }.ToJsonString()),
            };
            request.Headers.TryAddWithoutValidation("User-Agent", browser);
            using var told = await server.Http.SendAsync(request);
            told.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Read back by a CSV parser of somebody else's, and looked at as a spreadsheet would that splits at semicolons.</summary>
    [NeedsNodeFact]
    public async Task a_spreadsheet_reads_numbers_as_numbers_and_runs_no_text()
    {
        var workspace = await server.NewWorkspace();
        string[] names =
        [
            "=1+1",
            "+55 11",
            "-2",
            "@SUM(1)",
            "\u0009=1",
            "＝1",
            "a;=cmd|' /C calc'!A0",
            "a\",\"=1",
            "quote \" here",
            "Fair, spring; 50 %",
            "ok - fine",
            "日本 ✓",
        ];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            var campaign = await workspace.Post(
                "/v1/campaigns",
                new { name, costs = new[] { Cost(0, -100 - i, "EUR"), Cost(0, 12_345, "JPY") } }
            );
            campaign.Status.Should().Be(201, campaign.Text);
        }
        var csv = await workspace.Get("/v1/reports/campaigns?compare=previous", ("Accept", "text/csv"));
        csv.Header("Content-Type").Should().Be("text/csv; charset=utf-8");
        csv.Text.Split("\r\n")[0]
            .Should()
            .Be(
                "id,name,clicks,robots,uniqueVisitors,leads,leadRate,customers,conversions,conversionRate,sales,revenue,cost.EUR,cost.JPY,costPerLead,return.JPY,impressions,clickThroughRate,opens,robotOpens,"
                    + "previous.clicks,previous.robots,previous.uniqueVisitors,previous.leads,previous.leadRate,previous.customers,previous.conversions,previous.conversionRate,previous.sales,previous.revenue,previous.cost,previous.costPerLead,previous.return,previous.impressions,previous.clickThroughRate,previous.opens,previous.robotOpens"
            );
        var rows = await Parsed(csv.Text, ",");
        var read = rows.Skip(1).ToDictionary(row => row[0], row => row);
        foreach (var campaign in await workspace.All("/v1/campaigns"))
        {
            var (row, name) = (read[campaign["id"]!.ToString()], campaign["name"]!.ToString());
            row[1].Replace("'", "").Should().Be(name.Replace("'", ""), "only apostrophes were added");
            (row[2], row[13], decimal.Parse(row[12], CultureInfo.InvariantCulture))
                .Should()
                .Be(("0", "12345", -1 - Array.IndexOf(names, names.First(n => n.Trim() == name)) / 100m));
        }
        // Whichever separator a program believes in, no text cell begins with what it would run; the only cells with a minus are numbers.
        foreach (var separator in new[] { ",", ";", "\t" })
        foreach (var cell in (await Parsed(csv.Text, separator)).SelectMany(row => row).Select(cell => cell.Trim('"')))
            (cell.Length > 0 && "=+-@\t＝＋－＠".Contains(cell[0]) && !decimal.TryParse(cell, CultureInfo.InvariantCulture, out _))
                .Should()
                .BeFalse($"{separator}: {cell}");

        static async Task<List<string[]>> Parsed(string text, string separator)
        {
            var output = await Npm.Run("csv-read.mjs", new JsonObject { ["text"] = text, ["separator"] = separator }.ToJsonString());
            return [.. JsonNode.Parse(output)!.AsArray().Select(row => row!.AsArray().Select(cell => cell!.ToString()).ToArray())];
        }
    }
}
