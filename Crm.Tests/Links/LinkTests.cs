// Tracked links: the way from a click to a lead, a sale and a report, and what must not happen on it.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Links;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class LinkTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    [Fact]
    public async Task a_click_a_lead_and_a_sale_of_a_link_are_in_every_report()
    {
        var workspace = await server.NewWorkspace();
        var campaign = (
            await workspace.Post("/v1/campaigns", new { name = "Spring", budget = new { amount = 100000, currency = "EUR" } })
        ).Json!;
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Garden blog" })).Json!;
        var link = await NewLink(
            workspace,
            new
            {
                destination = "https://www.silva.example.org/offer?a=1#top",
                name = "Top",
                campaign = campaign["id"],
                affiliate = affiliate["id"],
                parameters = new[] { "utm_source=newsletter", "utm_medium=email" },
            }
        );

        var went = await Follow(link, "?utm_source=other&utm_term=x%20y&evil=1&gclid=G-1");
        went.Status.Should().Be(302);
        var target = new Uri(went.Header("Location")!);
        target.GetLeftPart(UriPartial.Path).Should().Be("https://www.silva.example.org/offer");
        target.Fragment.Should().Be("#top");
        var token = Query(target, "crm_click")!;
        (Query(target, "a"), Query(target, "utm_source"), Query(target, "utm_term"), Query(target, "gclid"), Query(target, "evil"))
            .Should()
            .Be(("1", "newsletter", "x y", "G-1", null));
        (went.Header("Cache-Control"), went.Header("Referrer-Policy"), went.Header("X-Robots-Tag"))
            .Should()
            .Be(("no-store", "strict-origin-when-cross-origin", "noindex"));

        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "ana@silva.example.org", _page = target.AbsoluteUri })).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        lead["source"]!["link"]!.ToString().Should().Be(link["id"]!.ToString());
        lead["source"]!["campaign"]!.ToString().Should().Be(campaign["id"]!.ToString());
        lead["source"]!["affiliate"]!.ToString().Should().Be(affiliate["id"]!.ToString());
        lead["firstTouch"]!["click"]!.ToString().Should().Be(token[..token.IndexOf('.')]);

        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "A-1",
                    value = new { amount = 12500, currency = "EUR" },
                    lead = lead["id"],
                }
            )
        ).Status.Should().Be(201);
        (
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = "A-2",
                    value = new { amount = 500, currency = "EUR" },
                    click = token,
                }
            )
        ).Status.Should().Be(201);

        foreach (
            var (name, word, of) in new[]
            {
                ("links", "link", link),
                ("campaigns", "campaign", campaign),
                ("affiliates", "affiliate", affiliate),
            }
        )
        {
            var report = await workspace.Get($"/v1/reports/{name}");
            var line = report.Data.Should().ContainSingle().Which!;
            (line[word]!["id"]!.ToString(), line[word]!["name"]!.ToString()).Should().Be((of["id"]!.ToString(), of["name"]!.ToString()));
            Numbers(line).Should().Equal(1, 0, 1, 2);
            line["revenue"]![0]!.ToJsonString().Should().Be("""{"amount":13000,"currency":"EUR"}""");
            Numbers(report["totals"]!).Should().Equal(1, 0, 1, 2);
        }
        (await workspace.Get("/v1/reports/channels")).Data.Single()!["channel"]!.ToString().Should().Be("email");
        var csv = await workspace.Get("/v1/reports/links", ("Accept", "text/csv"));
        csv.Text.Should()
            .Be(
                $"id,name,clicks,robots,uniqueVisitors,leads,leadRate,customers,conversions,conversionRate,sales,revenue.EUR,cost,costPerLead,return,impressions,clickThroughRate\r\n\"{link["id"]}\",\"Top\",1,0,1,1,1,1,2,2,2,130.00,,,,0,\r\n"
            );
        (await workspace.Get("/v1/reports/links?from=2020-01-01&to=2020-12-31")).Data.Should().BeEmpty();
    }

    [Fact]
    public async Task A_form_that_brings_nothing_but_its_click_has_the_clicks_utm_parameters_click_ids_and_referrer()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(
            workspace,
            new { destination = "https://www.silva.example.org/", parameters = new[] { "utm_source=newsletter", "utm_medium=email" } }
        );
        var went = await Follow(link, "?utm_term=x&gclid=G-1", ("Referer", "https://www.partner.example.com/best"));
        var form = await workspace.ContactForm();

        (await workspace.Submit(form, new { email = "ana@silva.example.org", _click = Query(new(went.Header("Location")!), "crm_click") }))
            .Status.Should()
            .Be(201);

        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        foreach (var of in new[] { lead["source"]!, lead["firstTouch"]! })
        {
            (of["utm"]!["source"]!.ToString(), of["utm"]!["medium"]!.ToString(), of["utm"]!["term"]!.ToString())
                .Should()
                .Be(("newsletter", "email", "x"));
            (of["channel"]!.ToString(), of["referrer"]!.ToString()).Should().Be(("email", "www.partner.example.com"));
        }
        lead["lastTouch"]!["clickIds"]!.ToJsonString().Should().Be("""["gclid=G-1"]""");
    }

    [Fact]
    public async Task the_cookie_ties_a_form_on_this_host_to_its_click_and_none_is_set_for_who_asks_not_to_be_tracked()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        var cookie = (await Follow(link, "")).Header("Set-Cookie")!;
        cookie.Should().Contain("crm_click=click_").And.Contain("httponly").And.Contain("samesite=lax").And.Contain("max-age=7776000");
        await workspace.Submit(
            await workspace.ContactForm(),
            new { email = "ana@silva.example.org" },
            ("Cookie", cookie[..cookie.IndexOf(';')])
        );
        (await workspace.Get("/v1/leads")).Data.Single()!["source"]!["link"]!.ToString().Should().Be(link["id"]!.ToString());

        foreach (var signal in new[] { "Sec-GPC", "DNT" })
        {
            var quiet = await Follow(link, "?gclid=G-1&utm_source=x", (signal, "1"));
            quiet.Status.Should().Be(302);
            quiet.Header("Set-Cookie").Should().BeNull();
            quiet.Header("Location").Should().NotContain("gclid").And.Contain("utm_source=x");
        }
        (await workspace.All("/v1/clicks")).Should().HaveCount(3).And.OnlyContain(click => click["clickIds"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task robots_are_kept_and_counted_apart_and_looking_ahead_counts_nothing()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        (await Follow(link, "", ("User-Agent", "Googlebot/2.1"))).Status.Should().Be(302);
        (await Follow(link, "", ("User-Agent", ""))).Status.Should().Be(302);
        (
            await Follow(
                link,
                "",
                ("User-Agent", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"),
                ("Sec-Fetch-Mode", "no-cors")
            )
        )
            .Status.Should()
            .Be(302);
        (
            await Follow(
                link,
                "",
                ("User-Agent", "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"),
                ("Sec-Fetch-Mode", "navigate")
            )
        )
            .Status.Should()
            .Be(302);
        foreach (
            var ahead in new[]
            {
                ("Sec-Purpose", "prefetch;prerender"),
                ("Purpose", "prefetch"),
                ("X-Purpose", "preview"),
                ("X-Moz", "prefetch"),
            }
        )
            (await Follow(link, "", ahead)).Status.Should().Be(503);
        using (var head = new HttpRequestMessage(HttpMethod.Head, $"/l/{link["slug"]}"))
        using (var answer = await server.Http.SendAsync(head))
            ((int)answer.StatusCode, answer.Headers.Location?.ToString()).Should().Be((302, "https://www.silva.example.org/"));

        (await workspace.All("/v1/clicks?sort=createdAt"))
            .Select(c => c["signals"]!.ToJsonString())
            .Should()
            .Equal("""["robot"]""", """["no_user_agent"]""", """["no_navigation"]""", "[]");
        Numbers((await workspace.Get("/v1/reports/links")).Data.Single()!).Should().Equal(1, 3, 0, 0);
    }

    [Fact]
    public async Task a_link_that_is_over_leads_nowhere_and_a_changed_one_leads_there_at_once()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(
            workspace,
            new { slug = "spring-" + Guid.NewGuid().ToString("N")[..8], destination = "https://one.example.org/" }
        );
        (await Follow(link, "")).Header("Location").Should().StartWith("https://one.example.org/?crm_click=");
        await workspace.Patch($"/v1/links/{link["id"]}", new { destination = "https://two.example.org/x" });
        (await Follow(link, "")).Header("Location").Should().StartWith("https://two.example.org/x?crm_click=");
        await workspace.Patch($"/v1/links/{link["id"]}", new { active = false });
        (await Follow(link, "")).Status.Should().Be(410);
        await workspace.Patch($"/v1/links/{link["id"]}", new { active = true, expiresAt = "2020-01-01T00:00:00Z" });
        (await Follow(link, "")).Status.Should().Be(410);
        (await server.Default.With("").Get("/l/nosuchlink")).Status.Should().Be(404);
        (await workspace.All("/v1/clicks")).Should().HaveCount(2);
    }

    [Fact]
    public async Task a_click_that_was_made_up_or_is_of_another_workspace_brings_nothing()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var theirs = Query(
            new((await Follow(await NewLink(other, new { destination = "https://x.example.org/" }), "")).Header("Location")!),
            "crm_click"
        )!;
        var form = await workspace.ContactForm();
        var forged = theirs[..^1] + (theirs[^1] == '0' ? '1' : '0');
        string[] tokens =
        [
            theirs,
            forged,
            "click_01h455vb4pex5vsknk084sn02q.00",
            ".",
            "x",
            new('x', 5000),
            "click_01h455vb4pex5vsknk084sn02q.",
        ];
        foreach (var (token, i) in tokens.Select((token, i) => (token, i)))
            (await workspace.Submit(form, new { email = $"p{i}@silva.example.org", _click = token })).Status.Should().Be(201, token);
        (await workspace.All("/v1/leads")).Should().HaveCount(tokens.Length).And.OnlyContain(lead => lead["source"]!["link"] == null);
        (await workspace.Post("/v1/conversions", new { click = theirs })).Errors.Should().Equal("click:invalid");
    }

    [Fact]
    public async Task an_order_is_one_conversion_and_money_must_be_money()
    {
        var workspace = await server.NewWorkspace();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => workspace.Post("/v1/conversions", new { orderId = "A-1", value = new { amount = 100, currency = "EUR" } }))
        );
        answers.Should().ContainSingle(a => a.Status == 201);
        answers.Where(a => a.Status != 201).Should().OnlyContain(a => a.Status == 409);
        (await workspace.Get("/v1/reports/channels")).Data.Single()!["revenue"]![0]!["amount"]!.GetValue<long>().Should().Be(100);
        (await workspace.Post("/v1/conversions", new { value = new { amount = 100, currency = "EUX" } }))
            .Errors.Should()
            .Equal("value.currency:invalid_currency");
        (await workspace.Post("/v1/conversions", new { value = new { amount = -1, currency = "EUR" } }))
            .Errors.Should()
            .Equal("value.amount:out_of_range");
        (await workspace.Post("/v1/conversions", new { value = new { amount = 1.5, currency = "EUR" } })).Status.Should().Be(422);
        (await workspace.Get("/v1/reports/links?from=2020-13-01")).Errors.Should().Equal("from:invalid");
        (await workspace.Get("/v1/reports/links?nosuch=1")).Code.Should().Be("unknown_parameter");
        (await workspace.Get("/v1/reports/nosuch")).Errors.Should().Equal("name:invalid");
    }

    [Fact]
    public async Task counters_agree_with_the_facts_after_a_flood_of_clicks()
    {
        var workspace = await server.NewWorkspace();
        var links = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => NewLink(workspace, new { destination = "https://x.example.org/" }))
        );
        var random = new Random(3);
        var agents = Enumerable.Range(0, 400).Select(_ => random.Next(4) == 0 ? "curl/8" : Browser).ToList();
        await Task.WhenAll(agents.Select((agent, i) => Follow(links[i % 5], "", ("User-Agent", agent))));
        var facts = await workspace.All("/v1/clicks");
        foreach (var line in (await workspace.Get("/v1/reports/links")).Data)
        {
            var own = facts.Where(f => f["link"]!.ToString() == line!["link"]!["id"]!.ToString()).ToList();
            Numbers(line!)
                .Should()
                .Equal(own.Count(f => f["human"]!.GetValue<bool>()), own.Count(f => !f["human"]!.GetValue<bool>()), 0, 0);
        }
        facts.Should().HaveCount(400);
    }

    static async Task<JsonNode> NewLink(TestWorkspace workspace, object link)
    {
        var made = await workspace.Post("/v1/links", link);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    async Task<Reply> Follow(JsonNode link, string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}{query}");
        foreach (var (name, value) in headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }

    static string? Query(Uri url, string name) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query).TryGetValue(name, out var value) ? value.ToString() : null;

    static long[] Numbers(JsonNode line) =>
        [.. new[] { "clicks", "robots", "leads", "conversions" }.Select(name => line[name]!.GetValue<long>())];
}
