// Links to reports: whoever has one sees its reports with its filters and nothing else, as long as it and the key that made it last.

using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
public sealed class ReportShareTests(CrmServer server)
{
    static async Task<TestWorkspace> Key(TestWorkspace workspace, string? expiresAt, params string[] scopes)
    {
        var made = await workspace.Post(
            "/v1/api-keys",
            new
            {
                name = "Test",
                scopes,
                expiresAt,
            }
        );
        made.Status.Should().Be(201, made.Text);
        return workspace.With(made["key"]!.ToString());
    }

    static string In(TimeSpan time) => TimeProvider.System.GetUtcNow().Add(time).ToString("O", CultureInfo.InvariantCulture);

    static async Task<JsonNode> Share(TestWorkspace workspace, object share)
    {
        var made = await workspace.SendPlain(HttpMethod.Post, "/v1/report-shares", share);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    /// <summary>As a guest: with the address and nothing else.</summary>
    async Task<Reply> Guest(JsonNode share, string path = "", string accept = "application/json", string? key = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(new(method), $"/reports/s/{share["token"]}{path}");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }

    /// <summary>A link named Spring with a click, and the campaign's cost of a day this month and of one long ago.</summary>
    async Task<TestWorkspace> Counted()
    {
        var workspace = await server.NewWorkspace();
        var today = TimeProvider.System.GetUtcNow();
        var campaign = await workspace.Post(
            "/v1/campaigns",
            new
            {
                name = "Spring",
                costs = new[]
                {
                    new { on = $"{today:yyyy-MM-dd}", amount = new { amount = 700, currency = "EUR" } },
                    new { on = $"{today.AddDays(-100):yyyy-MM-dd}", amount = new { amount = 90000, currency = "EUR" } },
                },
            }
        );
        campaign.Status.Should().Be(201, campaign.Text);
        return workspace;
    }

    [Fact]
    public async Task a_link_shows_its_reports_with_its_filters_and_they_cannot_be_changed()
    {
        var workspace = await Counted();
        var share = await Share(
            workspace,
            new
            {
                name = "Agency",
                reports = new[] { "campaigns", "overview" },
                days = 7,
                interval = "week",
            }
        );
        (share["reports"]!.ToJsonString(), share["days"]!.GetValue<int>(), share["compare"]!.GetValue<bool>())
            .Should()
            .Be(("[\"overview\",\"campaigns\"]", 7, true));
        var seen = await Guest(share, "/campaigns");
        (seen.Status, seen.Data.Single()!["campaign"]!["name"]!.ToString()).Should().Be((200, "Spring"));
        var same = await workspace.Get(
            $"/v1/reports/campaigns?compare=previous&from={TimeProvider.System.GetUtcNow().AddDays(-6):yyyy-MM-dd}"
        );
        seen.Text.Should().Be(same.Text, "the figures are the API's");
        seen["totals"]!["cost"]!.ToJsonString().Should().Be("""[{"amount":700,"currency":"EUR"}]""");
        (await Guest(share, "/overview?interval=week"))["series"]!.AsArray().Should().NotBeEmpty();
        (await Guest(share, "/campaigns?sort=-cost&limit=1")).Status.Should().Be(200);
        (await Guest(share, "/campaigns?format=csv")).Text.Should().StartWith("id,name,").And.Contain("\"Spring\"");
        (await Guest(share, "/campaigns?format=svg&width=400")).Header("Content-Type").Should().Be("image/svg+xml; charset=utf-8");

        // Other days, other traffic, another report, another course.
        foreach (
            var filter in new[] { "from=2020-01-01", "to=2020-01-01", "traffic=all", "traffic=human", "compare=previous", "interval=day" }
        )
        {
            var refused = await Guest(share, "/campaigns?" + filter);
            (refused.Status, refused.Errors.Single()).Should().Be((400, filter.Split('=')[0] + ":invalid"), filter);
        }
        foreach (var twice in new[] { "sort=-cost&sort=cost", "nosuch=1", "from=2020-01-01&from=2020-01-02", "FROM=2020-01-01" })
            (await Guest(share, "/campaigns?" + twice)).Status.Should().Be(400, twice);
        foreach (var other in new[] { "/links", "/funnel", "/nosuch", "/campaigns%2F..%2Flinks", "/Campaigns" })
            (await Guest(share, other)).Status.Should().Be(404, other);

        // What stands in the page is what the link says; a key beside it changes nothing.
        var page = await Guest(share, "?from=2020-01-01&report=links", "text/html", workspace.Key);
        page.Status.Should().Be(200);
        page.Text.Should()
            .Contain("\"name\":\"Agency\"")
            .And.Contain("\"name\":\"campaigns\"")
            .And.NotContain("\"name\":\"links\"")
            .And.NotContain("Spring");
        (page.Header("Referrer-Policy"), page.Header("X-Robots-Tag"), page.Header("Cache-Control"))
            .Should()
            .Be(("no-referrer", "noindex", "no-store"));
        (await Guest(share, "/links", key: workspace.Key)).Status.Should().Be(404);
    }

    [Fact]
    public async Task the_token_opens_nothing_else()
    {
        var workspace = await Counted();
        var share = await Share(workspace, new { name = "Agency", reports = new[] { "overview" } });
        var token = share["token"]!.ToString();
        foreach (var key in new[] { token, "crm_sk_" + token, share["id"]!.ToString() })
        foreach (var path in new[] { "/v1/reports/overview", "/v1/leads", "/v1/report-shares", "/v1/workspaces" })
            (await workspace.With(key).SendPlain(HttpMethod.Get, path, null)).Status.Should().Be(401, path);
        var graph = await workspace.With(token).SendPlain(HttpMethod.Post, "/graphql", new { query = "{ report(name: \"overview\") }" });
        graph.Status.Should().Be(401);
        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE" })
            (await Guest(share, "/overview", method: method)).Status.Should().Be(405, method);
        // The token was shown once, and is stored nowhere.
        foreach (var path in new[] { "/v1/report-shares", $"/v1/report-shares/{share["id"]}", "/v1/events", "/v1/api-keys" })
            (await workspace.Get(path)).Text.Should().NotContain(token).And.NotContain("\"hash\"");
        foreach (var wrong in new[] { token[1..], token + "a", token[..^1] + (token[^1] == 'a' ? 'b' : 'a'), share["id"]!.ToString() })
        {
            var guess = new JsonObject { ["token"] = wrong };
            (await Guest(guess, "/overview")).Status.Should().Be(404);
            (await Guest(guess, "", "text/html")).Status.Should().Be(404);
        }
    }

    [Fact]
    public async Task it_ends_by_itself_when_it_is_taken_back_and_with_the_key_that_made_it()
    {
        var workspace = await Counted();
        var share = await Share(workspace, new { name = "Taken back", reports = new[] { "overview" } });
        (await Guest(share, "/overview")).Status.Should().Be(200);
        (await workspace.Delete($"/v1/report-shares/{share["id"]}")).Status.Should().Be(204);
        ((await Guest(share, "/overview")).Status, (await Guest(share, "", "text/html")).Status).Should().Be((404, 404));

        // The key is revoked: what it gave ends with it, at once.
        var scopes = new[] { "clicks:read", "report-shares:*" };
        var maker = await Key(workspace, null, scopes);
        var given = await Share(maker, new { name = "Agency", reports = new[] { "overview", "campaigns" } });
        (await Guest(given, "/campaigns")).Data.Single()!["campaign"]!
            ["name"]
            .Should()
            .BeNull("the key that made it may not read campaigns");
        (await workspace.Post($"/v1/api-keys/{given["apiKey"]}/revoke")).Status.Should().Be(200);
        (await Guest(given, "/overview")).Status.Should().Be(404);
        var gone = await Guest(given, "", "text/html");
        (gone.Status, gone.Text.Contains("This link has expired.")).Should().Be((410, true));
        (await workspace.Delete($"/v1/api-keys/{given["apiKey"]}")).Status.Should().Be(204);
        (await workspace.Get($"/v1/report-shares/{given["id"]}")).Status.Should().Be(404, "it goes with its key");

        // Time does it too.
        Reply brief;
        do brief = await workspace.SendPlain(
            HttpMethod.Post,
            "/v1/report-shares",
            new
            {
                name = "Brief",
                reports = new[] { "overview" },
                expiresAt = In(TimeSpan.FromSeconds(1.5)),
            }
        );
        while (brief.Status == 422); // the machine took longer than that
        for (var tries = 0; tries < 600 && (await Guest(brief.Json!, "/overview")).Status == 200; tries++)
            await Task.Delay(100);
        ((await Guest(brief.Json!, "/overview")).Status, (await Guest(brief.Json!, "", "text/html")).Status).Should().Be((404, 410));
    }

    [Fact]
    public async Task it_lasts_a_year_at_most_and_not_longer_than_its_key_and_shows_what_its_maker_may_see()
    {
        var workspace = await server.NewWorkspace();
        var usual = await Share(workspace, new { name = "Usual", reports = new[] { "overview" } });
        var ends = usual["expiresAt"]!.GetValue<DateTimeOffset>() - usual["createdAt"]!.GetValue<DateTimeOffset>();
        ends.Should().BeCloseTo(TimeSpan.FromDays(30), TimeSpan.FromMinutes(1));
        foreach (
            var (share, error) in new (object, string)[]
            {
                (new { name = "x", reports = Array.Empty<string>() }, "reports:required"),
                (new { name = "x", reports = new[] { "overview", "leads" } }, "reports.1:invalid"),
                (new { reports = new[] { "overview" } }, "name:required"),
                (Of(new() { ["expiresAt"] = In(TimeSpan.FromDays(367)) }), "expiresAt:out_of_range"),
                (Of(new() { ["expiresAt"] = In(TimeSpan.FromMinutes(-1)) }), "expiresAt:out_of_range"),
                (Of(new() { ["days"] = 0 }), "days:out_of_range"),
                (Of(new() { ["days"] = 4000 }), "days:out_of_range"),
                (Of(new() { ["from"] = "2026-01-01" }), "to:required"),
                (Of(new() { ["from"] = "2026-01-02", ["to"] = "2026-01-01" }), "from:out_of_range"),
                (Of(new() { ["from"] = "2010-01-01", ["to"] = "2026-01-01" }), "from:out_of_range"),
                (
                    Of(
                        new()
                        {
                            ["from"] = "2026-01-01",
                            ["to"] = "2026-01-02",
                            ["days"] = 7,
                        }
                    ),
                    "days:invalid"
                ),
            }
        )
            (await workspace.SendPlain(HttpMethod.Post, "/v1/report-shares", share)).Errors.Should().Equal(error);
        (await workspace.Patch($"/v1/report-shares/{usual["id"]}", new { expiresAt = In(TimeSpan.FromDays(300)) })).Status.Should().Be(405);

        var brief = await Key(workspace, In(TimeSpan.FromDays(2)), "clicks:read", "report-shares:*");
        var share2 = await Share(brief, new { name = "As the key", reports = new[] { "overview" } });
        (share2["expiresAt"]!.GetValue<DateTimeOffset>() - TimeProvider.System.GetUtcNow()).Should().BeLessThan(TimeSpan.FromDays(2));
        (await brief.SendPlain(HttpMethod.Post, "/v1/report-shares", Of(new() { ["expiresAt"] = In(TimeSpan.FromDays(3)) })))
            .Errors.Should()
            .Equal("expiresAt:not_allowed");
        var blind = await Key(workspace, null, "report-shares:*", "leads:read");
        var refused = await blind.SendPlain(HttpMethod.Post, "/v1/report-shares", Of([]));
        (refused.Status, refused.Code).Should().Be((403, "insufficient_scope"));

        static JsonObject Of(JsonObject more)
        {
            more["name"] = "Agency";
            more["reports"] = new JsonArray("overview");
            return more;
        }
    }

    [Fact]
    public async Task fixed_days_stay_and_the_course_has_the_previous_period_beside_each_part()
    {
        var workspace = await Counted();
        var day = TimeProvider.System.GetUtcNow().AddDays(-100);
        var share = await Share(
            workspace,
            new
            {
                name = "Spring",
                reports = new[] { "overview" },
                from = $"{day:yyyy-MM-dd}",
                to = $"{day.AddDays(4):yyyy-MM-dd}",
                compare = false,
            }
        );
        share["days"].Should().BeNull();
        var seen = await Guest(share, "/overview?interval=day");
        seen["period"]!["from"]!.ToString().Should().Be($"{day:yyyy-MM-dd}");
        seen["series"]!.AsArray().Should().HaveCount(5).And.OnlyContain(part => part!["previous"] == null);
        seen["totals"]!["cost"]![0]!["amount"]!.GetValue<int>().Should().Be(90000);

        // A part is compared with as many days, a whole period earlier, however the calendar cuts them.
        foreach (var interval in new[] { "day", "week", "month" })
        {
            var course = await workspace.Get($"/v1/reports/overview?from={day.AddDays(1):yyyy-MM-dd}&compare=previous&interval={interval}");
            var parts = course["series"]!.AsArray();
            Sum(parts, part => part).Should().Be(700);
            Sum(parts, part => part["previous"]!).Should().Be(90000);
            parts[^1]!["previous"]!["cost"]!.AsArray().Should().HaveCount(1, $"{interval}: 100 days before today");
        }
        (await workspace.Get($"/v1/reports/overview?format=csv&bom=false&compare=previous&interval=day"))
            .Text.Should()
            .StartWith("from,to,visitors,")
            .And.Contain(",previous.visitors,");

        static long Sum(JsonArray parts, Func<JsonNode, JsonNode> of) =>
            parts.Sum(part => of(part!)["cost"]!.AsArray().Sum(cost => cost!["amount"]!.GetValue<long>()));
    }
}
