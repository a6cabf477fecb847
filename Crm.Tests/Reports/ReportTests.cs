// Reports against the facts they count: every zone, every cut of a year, to the unit.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Conversions;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
public sealed class ReportTests(CrmServer server)
{
    Installation Product => server.Services.GetRequiredService<Installation>();

    /// <summary>The settings of a test's workspace, to store facts of other times.</summary>
    async Task<WorkspaceSettings> Settings(TestWorkspace workspace)
    {
        var type = ResourceType.Of<Domain.Workspaces.ApiKey>();
        var owner = await Product.Store.FindOwner(type.Collection, "hash", Domain.Workspaces.ApiKey.HashOf(workspace.Key), default);
        return await Product.Settings.Workspace(owner!.Value.Workspace, default);
    }

    /// <summary>Clocks that change in spring and autumn, at midnight too; offsets of whole hours, halves and quarters, on both
    /// sides.</summary>
    [NeedsQuickStoreFact]
    public async Task days_weeks_and_months_of_any_zone_add_up_to_the_facts()
    {
        var workspace = await server.NewWorkspace();
        var random = new Random(20261124);
        var now = Product.Now;
        var links = await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(async i =>
                    (await workspace.Post("/v1/links", new { destination = "https://x.example.org/", name = $"L{i}" })).Json![
                        "id"
                    ]!.ToString()
                )
        );
        var settings = await Settings(workspace);
        var facts = new List<(DateTimeOffset At, string Link, bool Human, long Cents)>();
        foreach (var _ in Enumerable.Range(0, 600))
        {
            // Half of them close to a midnight or a change of the clock somewhere, where errors live.
            var at = now.AddMinutes(-random.Next(60 * 24 * 430));
            if (random.Next(2) == 0)
                at = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero)
                    .AddMinutes(15 * random.Next(96))
                    .AddMilliseconds(random.Next(3) - 1);
            at = TextRules.ToMillisecond(at > now ? now : at);
            var work = new UnitOfWork(Product, settings, "test", at);
            var link = links[random.Next(3)];
            Id.TryParse(link, "link", out var linkId);
            var (human, cents) = (random.Next(4) > 0, random.Next(3) == 0 ? random.Next(1, 1000) : 0);
            work.Insert(
                new Click
                {
                    Link = linkId,
                    Channel = "a/b",
                    Human = human,
                    Signals = human ? [] : ["robot"],
                }
            );
            if (cents > 0)
                work.Insert(
                    new Conversion
                    {
                        Link = linkId,
                        Channel = "a/b",
                        Value = new() { Amount = cents, Currency = "EUR" },
                    }
                );
            (await work.Commit(default)).Committed.Should().BeTrue();
            facts.Add((at, link, human, cents));
        }
        foreach (
            var name in new[]
            {
                "UTC",
                "America/Sao_Paulo",
                "Europe/Berlin",
                "Europe/London",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Pacific/Auckland",
                "Pacific/Chatham",
                "America/St_Johns",
                "Africa/Cairo",
                "America/Havana",
                "Asia/Beirut",
                "Pacific/Apia",
            }
        )
        {
            (await workspace.Patch($"/v1/workspaces/{workspace.Id}", new { timeZone = name })).Status.Should().Be(200);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
            var today = DayOf(now);
            var days = facts.ToLookup(f => DayOf(f.At));
            foreach (var round in Enumerable.Range(0, 4))
            {
                var to = today.AddDays(round == 0 ? 0 : -random.Next(400));
                var from = round == 1 ? to : to.AddDays(-random.Next(round == 2 ? 10 : 420));
                var interval = new[] { "day", "week", "month" }[random.Next(3)];
                var all = random.Next(2) == 0;
                var report = await workspace.Get(
                    $"/v1/reports/links?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}&interval={interval}{(all ? "&traffic=all" : "")}"
                );
                report.Status.Should().Be(200, report.Text);
                var because = $"{name} {from:yyyy-MM-dd} {to:yyyy-MM-dd} {interval}";
                var inside = Between(from, to).ToList();
                report
                    .Data.Select(line => (line!["link"]!["id"]!.ToString(), Of(line)))
                    .Should()
                    .BeEquivalentTo(inside.GroupBy(f => f.Link).Select(g => (g.Key, Expected(g, all))), because);
                Of(report["totals"]!).Should().Be(Expected(inside, all), because);
                report["series"]!
                    .AsArray()
                    .Select(part => (part!["from"]!.ToString(), part["to"]!.ToString(), Of(part)))
                    .Should()
                    .Equal(
                        Parts(from, to, interval).Select(p => (Text(p.From), Text(p.To), Expected(Between(p.From, p.To), all))),
                        because
                    );
            }

            IEnumerable<(DateTimeOffset At, string Link, bool Human, long Cents)> Between(DateOnly from, DateOnly to) =>
                Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).SelectMany(day => days[DateOnly.FromDayNumber(day)]);

            DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        }
        (await workspace.Get("/v1/reports/channels?traffic=all&from=2024-01-01")).Data.Should().ContainSingle().Which!["channel"]!
            .ToString()
            .Should()
            .Be("a/b");

        static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        static (long, long, long, long) Of(JsonNode line) =>
            (
                line["clicks"]!.GetValue<long>(),
                line["robots"]!.GetValue<long>(),
                line["conversions"]!.GetValue<long>(),
                line["revenue"]!.AsArray().Sum(m => m!["amount"]!.GetValue<long>())
            );
        static (long, long, long, long) Expected(IEnumerable<(DateTimeOffset At, string Link, bool Human, long Cents)> facts, bool all) =>
            (facts.Count(f => f.Human || all), facts.Count(f => !f.Human), facts.Count(f => f.Cents > 0), facts.Sum(f => f.Cents));

        static IEnumerable<(DateOnly From, DateOnly To)> Parts(DateOnly from, DateOnly to, string interval)
        {
            var start = from;
            for (var day = from; day <= to; day = day.AddDays(1))
            {
                var next = day.AddDays(1);
                if (
                    next > to
                    || interval == "day"
                    || interval == "week" && next.DayOfWeek == DayOfWeek.Monday
                    || interval == "month" && next.Day == 1
                )
                {
                    yield return (start, day);
                    start = next;
                }
            }
        }
    }

    [Fact]
    public async Task a_campaign_knows_what_a_lead_costs_and_what_came_back_and_how_it_was_before()
    {
        var workspace = await server.NewWorkspace();
        var today = DateOnly.FromDateTime(Product.Now.UtcDateTime);
        object Cost(int daysAgo, int amount, string currency) =>
            new { on = today.AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), amount = new { amount, currency } };
        var campaign = (
            await workspace.Post(
                "/v1/campaigns",
                new
                {
                    name = "Spring",
                    costs = new[] { Cost(0, 1000, "EUR"), Cost(6, 501, "EUR"), Cost(7, 300, "EUR"), Cost(2, 900, "BRL") },
                }
            )
        ).Json!;
        var quiet = (await workspace.Post("/v1/campaigns", new { name = "Quiet", costs = new[] { Cost(1, 50, "EUR") } })).Json!;
        var link = (await workspace.Post("/v1/links", new { destination = "https://x.example.org/", campaign = campaign["id"] })).Json!;
        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
            using var went = await server.Http.SendAsync(request);
            foreach (var i in Enumerable.Range(0, 2))
                await workspace.Submit(
                    await workspace.ContactForm(),
                    new { email = $"p{i}@silva.example.org", _page = went.Headers.Location!.AbsoluteUri }
                );
        }
        var lead = (await workspace.Get("/v1/leads")).Data[0]!;
        await workspace.Post("/v1/conversions", new { lead = lead["id"], value = new { amount = 4503, currency = "EUR" } });
        await workspace.Post($"/v1/leads/{lead["id"]}/convert", new { });

        var report = await workspace.Get($"/v1/reports/campaigns?from={today.AddDays(-6):yyyy-MM-dd}&compare=previous&interval=day");
        report.Data.Select(l => l!["campaign"]!["name"]!.ToString()).Should().Equal("Spring", "Quiet");
        var line = report.Data[0]!;
        (
            line["clicks"]!.GetValue<int>(),
            line["uniqueVisitors"]!.GetValue<int>(),
            line["leads"]!.GetValue<int>(),
            line["customers"]!.GetValue<int>()
        )
            .Should()
            .Be((1, 1, 2, 1));
        line["cost"]!.ToJsonString().Should().Be("""[{"amount":900,"currency":"BRL"},{"amount":1501,"currency":"EUR"}]""");
        line["costPerLead"]!.ToJsonString().Should().Be("""[{"amount":450,"currency":"BRL"},{"amount":751,"currency":"EUR"}]""");
        line["return"]!.ToJsonString().Should().Be("""[{"ratio":-1,"currency":"BRL"},{"ratio":2,"currency":"EUR"}]""");
        line["previous"]!["cost"]!.ToJsonString().Should().Be("""[{"amount":300,"currency":"EUR"}]""");
        line["previous"]!["clicks"]!.GetValue<int>().Should().Be(0);
        report.Data[1]!["cost"]!.ToJsonString().Should().Be("""[{"amount":50,"currency":"EUR"}]""");
        report["period"]!
            .ToJsonString()
            .Should()
            .Be(
                $$$"""{"from":"{{{today.AddDays(-6):yyyy-MM-dd}}}","to":"{{{today:yyyy-MM-dd}}}","timeZone":"UTC","traffic":"human","interval":"day","previous":{"from":"{{{today.AddDays(-13):yyyy-MM-dd}}}","to":"{{{today.AddDays(-7):yyyy-MM-dd}}}"}}"""
            );
        report["series"]!.AsArray().Should().HaveCount(7);

        var funnel = await workspace.Get("/v1/reports/funnel");
        (
            funnel["totals"]!["visitors"]!.GetValue<int>(),
            funnel["totals"]!["leads"]!.GetValue<int>(),
            funnel["totals"]!["customers"]!.GetValue<int>(),
            funnel["totals"]!["customerRate"]!.GetValue<double>()
        )
            .Should()
            .Be((1, 2, 1, 0.5));

        var graph = await workspace.Post(
            "/graphql",
            new
            {
                query = $$"""{ report(name: "campaigns", from: "{{today.AddDays(-6):yyyy-MM-dd}}", compare: "previous", interval: "day") }""",
            }
        );
        graph["data"]!["report"]!.ToJsonString().Should().Be(report.Json!.ToJsonString());
        var refused = await workspace.Post("/graphql", new { query = """{ report(name: "nosuch") }""" });
        refused["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("invalid_parameter");
    }

    [Fact]
    public async Task a_form_counts_what_was_sent_and_taken_whatever_became_of_it_later()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await workspace.Submit(form, new { email = "ana@silva.example.org" });
        await workspace.Submit(form, new { email = "ana@silva.example.org", message = "again" });
        await workspace.Submit(form, new { email = "no address" });
        await workspace.Submit(form, new { email = "robot@silva.example.org", _gotcha = "x" });
        var settings = await Settings(workspace);
        Id.TryParse(form["id"]!.ToString(), "form", out var id);
        var work = new UnitOfWork(Product, settings, "test");
        foreach (var i in Enumerable.Range(0, 10))
            work.Insert(
                new Domain.Touches.Touch
                {
                    Kind = i >= 5 ? Domain.Touches.TouchKind.FormStart : Domain.Touches.TouchKind.FormView,
                    Form = id,
                    Human = true,
                },
                null
            );
        await work.Commit(default);
        await Is(5, 5, 4, 2, 0.8);
        (await workspace.Get("/v1/reports/funnel")).Json!["totals"]!["leads"]!.GetValue<int>().Should().Be(1);

        // What a member decides later counts as if it had been so from the start.
        var made = (await workspace.Get("/v1/submissions?verdict=accepted")).Data.Single()!;
        await workspace.Post($"/v1/submissions/{made["id"]}/spam");
        (await workspace.Get("/v1/reports/forms")).Data.Single()!["accepted"]!.GetValue<int>().Should().Be(1);

        async Task Is(int views, int starts, int submissions, int accepted, double completion)
        {
            var line = (await workspace.Get("/v1/reports/forms")).Data.Should().ContainSingle().Which!;
            line["form"]!["name"]!.ToString().Should().Be("Contact");
            (
                line["views"]!.GetValue<int>(),
                line["starts"]!.GetValue<int>(),
                line["submissions"]!.GetValue<int>(),
                line["accepted"]!.GetValue<int>(),
                line["completion"]!.GetValue<double>()
            )
                .Should()
                .Be((views, starts, submissions, accepted, completion));
        }
    }

    /// <summary>A person stays one person in the numbers too.</summary>
    [Fact]
    public async Task merged_leads_count_once_and_twice_again_when_they_are_taken_apart()
    {
        var workspace = await server.NewWorkspace();
        var one = (await workspace.Post("/v1/leads", new { email = "a@silva.example.org" })).Json!["id"]!.ToString();
        var two = (await workspace.Post("/v1/leads", new { email = "b@silva.example.org" })).Json!["id"]!.ToString();
        await Leads(2);
        (await workspace.Post($"/v1/leads/{one}/merge", new { lead = two })).Status.Should().Be(200);
        await Leads(1);
        (await workspace.Post($"/v1/leads/{one}/unmerge", new { lead = two })).Status.Should().Be(200);
        await Leads(2);
        await workspace.Delete($"/v1/leads/{two}");
        await Leads(1);

        async Task Leads(int count) => (await workspace.Get("/v1/reports/funnel"))["totals"]!["leads"]!.GetValue<int>().Should().Be(count);
    }

    [Fact]
    public async Task a_question_that_makes_no_sense_is_told_what_is_allowed()
    {
        var workspace = await server.NewWorkspace();
        foreach (
            var (query, error) in new[]
            {
                ("links?interval=hour", "interval:invalid"),
                ("links?traffic=robots", "traffic:invalid"),
                ("links?compare=next", "compare:invalid"),
                ("links?limit=0", "limit:invalid"),
                ("links?limit=1001", "limit:invalid"),
                ("links?from=2026-02-30", "from:invalid"),
                ("links?to=0001-01-01", "to:invalid"),
                ("links?from=2026-02-02&to=2026-02-01", "from:out_of_range"),
                ("links?from=2000-01-01&to=2026-01-01", "from:out_of_range"),
                ("links?format=pdf", "format:invalid"),
                ("links?interval=", "interval:invalid"),
                ("ads", "name:invalid"),
                ("links?from=2026-01-01&from=2026-01-02", "from:one_value"),
                ("links?from", "from:invalid"),
            }
        )
        {
            var refused = await workspace.Get("/v1/reports/" + query);
            (refused.Status, refused.Errors.FirstOrDefault()).Should().Be((400, error), query);
        }
        (await workspace.Get("/v1/reports/links?nosuch=1"))["errors"]![0]!["message"]!
            .ToString()
            .Should()
            .Contain("interval")
            .And.Contain("compare");
        (await workspace.Get("/v1/reports/nosuch"))["errors"]![0]!["message"]!
            .ToString()
            .Should()
            .Be("Allowed are: overview, links, campaigns, affiliates, channels, forms, funnel, countries.");
        foreach (var name in Domain.CrmCatalog.Standard.Reports.Names)
        {
            var empty = await workspace.Get($"/v1/reports/{name}?from=8900-01-01&to=8905-12-31&interval=month&compare=previous");
            (empty.Status, empty.Data.Count).Should().Be((200, 0), name);
        }
    }
}
