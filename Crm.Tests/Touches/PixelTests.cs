// The image of pages and e-mails: what it counts, whose sale it makes, and that it is an image whatever comes.

using System.Text.Json.Nodes;
using Crm.Domain.Reports;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Touches;

[Collection(nameof(CrmServer))]
public sealed class PixelTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Page = "https://www.silva.example.org/thanks",
        Robot = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";

    [Fact]
    public async Task shown_advertisements_are_counted_for_their_link_campaign_and_affiliate_with_the_part_that_was_followed()
    {
        var workspace = await server.NewWorkspace();
        var campaign = (await workspace.Post("/v1/campaigns", new { name = "Spring" })).Json!;
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Garden blog" })).Json!;
        var link = (
            await workspace.Post(
                "/v1/links",
                new
                {
                    destination = Page,
                    campaign = campaign["id"],
                    affiliate = affiliate["id"],
                }
            )
        ).Json!;
        var closed = (await workspace.Post("/v1/links", new { destination = Page, active = false })).Json!;
        for (var i = 0; i < 8; i++)
            await Load($"?link={link["slug"]}");
        await Load($"?link={link["slug"]!.ToString().ToUpperInvariant()}&kind=impression");
        await Load($"?link={link["slug"]}", ("User-Agent", Robot));
        await Load($"?link={link["slug"]}", ("Sec-Purpose", "prefetch"));
        await Load($"?link={closed["slug"]}");
        await Load("?link=nosuch");
        await Click(link);
        await Click(link);
        await Click(link);

        foreach (var name in new[] { "links", "campaigns", "affiliates" })
        {
            var line = (await workspace.Get($"/v1/reports/{name}?sort=-clickThroughRate")).Data.Should().ContainSingle(name).Which!;
            (line["impressions"]!.GetValue<long>(), line["clicks"]!.GetValue<long>(), line["clickThroughRate"]!.GetValue<double>())
                .Should()
                .Be((9, 3, 0.333333), name);
        }
        (await workspace.All("/v1/touches?kind=impression")).Should().HaveCount(10);
        await CountersAreRight(workspace);

        // A rule of today is applied to what was shown, too.
        (await workspace.Post("/v1/bot-rules", new { userAgent = "Firefox/145" })).Status.Should().Be(201);
        var run = (await workspace.Post("/v1/reclassifications", new { })).Json!["id"];
        for (var tries = 0; tries < 600 && (await workspace.Get($"/v1/reclassifications/{run}"))["status"]!.ToString() != "done"; tries++)
            await Task.Delay(50);
        (await workspace.Get("/v1/reports/links")).Data.Single()!["impressions"]!.GetValue<long>().Should().Be(0);
        await CountersAreRight(workspace);
    }

    [Fact]
    public async Task opened_emails_are_a_column_of_campaigns_and_channels_and_robots_stand_apart()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var campaign = (await workspace.Post("/v1/campaigns", new { name = "Spring" })).Json!;
        for (var i = 0; i < 3; i++)
            await Load($"?site={site["key"]}&campaign={campaign["id"]}");
        await Load($"?site={site["key"]}&campaign={campaign["id"]}&kind=open", ("User-Agent", Robot));
        foreach (var kind in new[] { "foo", "sale", "opened", "../open", "Opens" })
            await Load($"?site={site["key"]}&campaign={campaign["id"]}&kind={kind}");

        (await workspace.All("/v1/touches")).Should().HaveCount(4).And.OnlyContain(t => t["kind"]!.ToString() == "open");
        foreach (var name in new[] { "campaigns", "channels" })
        {
            var line = (await workspace.Get($"/v1/reports/{name}")).Data.Should().ContainSingle(name).Which!;
            (line["opens"]!.GetValue<long>(), line["robotOpens"]!.GetValue<long>()).Should().Be((3, 1), name);
        }
        await CountersAreRight(workspace);
    }

    [OnEveryStore]
    [Fact]
    public async Task the_pixel_of_a_thank_you_page_makes_the_conversion_of_the_visitors_click_once_for_each_order()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace, new { name = "Shop", clientConversions = true });
        var affiliate = (
            await workspace.Post(
                "/v1/affiliates",
                new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
            )
        ).Json!;
        var link = (await workspace.Post("/v1/links", new { destination = Page, affiliate = affiliate["id"] })).Json!;
        var (token, cookie) = await Click(link);
        var sale = $"?site={site["key"]}&kind=conversion&type=sale&order=A-1&amount=49.99&currency=EUR";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Load(sale, ("Cookie", cookie), ("Referer", Page))));
        await Load(sale + "&click=" + token);

        var conversion = (await workspace.Get("/v1/conversions")).Data.Should().ContainSingle().Which!;
        (conversion["orderId"]!.ToString(), conversion["value"]!.ToJsonString(), conversion["affiliate"]!.ToString())
            .Should()
            .Be(("A-1", """{"amount":4999,"currency":"EUR"}""", affiliate["id"]!.ToString()));
        (conversion["byPage"]!.GetValue<bool>(), conversion["click"]!.ToString()).Should().Be((true, token[..token.IndexOf('.')]));
        (await workspace.Get("/v1/commissions")).Data.Single()!["amount"]!["amount"]!.GetValue<long>().Should().Be(500);
        (await workspace.Get("/v1/reports/affiliates")).Data.Single()!["revenue"]![0]!["amount"]!.GetValue<long>().Should().Be(4999);

        // By the address alone, in other ways to write money; without an order once for each click; a placeholder is no order.
        await Load($"?site={site["key"]}&kind=conversion&order=A-2&amount=1.234,50&currency=eur&click={token}");
        await Load($"?site={site["key"]}&kind=conversion&order=A-3&amount=5000&currency=JPY&crm_click={token}");
        await Load($"?site={site["key"]}&kind=conversion&type=lead&click={token}");
        await Load($"?site={site["key"]}&kind=conversion&type=lead&click={token}&order=%7Border_id%7D");
        await Load($"?site={site["key"]}&kind=conversion&type=lead&click={{click}}&order=null", ("Cookie", cookie));
        await Load($"?site={site["key"]}&kind=conversion&type=lead&click={token}&order=__ORDER__");
        await Load($"?site={site["key"]}&kind=conversion&type=lead&click={token}&order=0000");
        (await workspace.All("/v1/conversions?sort=createdAt"))
            .Skip(1)
            .Select(c => $"{c["type"]} {c["orderId"]} {c["value"]?["amount"]}")
            .Should()
            .Equal("sale A-2 123450", "sale A-3 5000", $"lead {token[..token.IndexOf('.')]} ");

        // The shop's word takes the place of the page's.
        (await workspace.Post("/v1/conversions", new { orderId = "A-1", value = new { amount = 4000, currency = "EUR" } }))
            .Status.Should()
            .Be(201);
        (await workspace.Get("/v1/conversions?orderId=A-1&byPage=false")).Data.Single()!["affiliate"]!
            .ToString()
            .Should()
            .Be(affiliate["id"]!.ToString());
        await CountersAreRight(workspace);
    }

    [Fact]
    public async Task a_pixel_makes_no_conversion_where_the_site_does_not_allow_it_or_something_cannot_be_read()
    {
        var workspace = await server.NewWorkspace();
        var (closed, site) = (
            await NewSite(workspace),
            await NewSite(
                workspace,
                new
                {
                    name = "Shop",
                    clientConversions = true,
                    allowedOrigins = new[] { "https://www.silva.example.org" },
                }
            )
        );
        var link = (await workspace.Post("/v1/links", new { destination = Page })).Json!;
        var (token, cookie) = await Click(link);
        var other = await server.NewWorkspace();
        var (foreign, _) = await Click((await other.Post("/v1/links", new { destination = Page })).Json!);
        await Load($"?site={closed["key"]}&kind=conversion&order=B-1&click={token}");
        var sale = $"?site={site["key"]}&kind=conversion&amount=49.99&currency=EUR";
        foreach (
            var (query, headers) in new (string, (string, string)[])[]
            {
                ("&order=B-2", []), // nobody's
                ("&order=B-3&click=" + foreign, []),
                ("&order=B-4&click=" + token[..^1] + "x", []),
                ("&order=B-5", [("Cookie", cookie), ("Sec-GPC", "1")]),
                ("&order=B-6&click=" + token, [("User-Agent", Robot)]),
                ("&order=B-7&click=" + token, [("Referer", "https://evil.example.org/")]),
            }
        )
            await Load(sale + query, headers);
        foreach (var amount in new[] { "%7Btotal%7D", "-5", "1,234", "49.99.99", "NaN", "1e9", "99999999999999" })
            await Load($"?site={site["key"]}&kind=conversion&order=B-{amount}&currency=EUR&amount={amount}&click={token}");
        await Load($"?site={site["key"]}&kind=conversion&order=B-8&amount=5&currency=EUX&click={token}");
        (await workspace.Get("/v1/conversions")).Data.Should().BeEmpty();
        (await workspace.All("/v1/touches?kind=conversion"))
            .Count(t => t["signals"]!.ToJsonString() == """["unreadable"]""")
            .Should()
            .Be(8, "what came stays to be seen");
        await Load(sale + "&order=B-9&click=" + token, ("Referer", Page));
        (await workspace.Get("/v1/conversions")).Data.Should().ContainSingle();
    }

    [Theory]
    [InlineData("49.99", "EUR", 4999)]
    [InlineData("49,99", "EUR", 4999)]
    [InlineData("49.9", "EUR", 4990)]
    [InlineData("500", "EUR", 50000)]
    [InlineData("1.234,50", "EUR", 123450)]
    [InlineData("1,234.50", "USD", 123450)]
    [InlineData("1 234.50", "USD", 123450)]
    [InlineData("1'234.50", "CHF", 123450)]
    [InlineData("1.234.567", "EUR", 123456700)]
    [InlineData("€ 49,99", "EUR", 4999)]
    [InlineData("49.99 EUR", "EUR", 4999)]
    [InlineData("0.125", "EUR", 13)]
    [InlineData("48.989999999999995", "EUR", 4899)]
    [InlineData("5000", "JPY", 5000)]
    [InlineData("5,000", "JPY", 5000)]
    [InlineData("5000.00", "JPY", 5000)]
    [InlineData("49.99", "JPY", null)]
    [InlineData("1.234", "KWD", 1234)]
    [InlineData("1,234", "EUR", null)]
    [InlineData("1.234", "EUR", null)]
    [InlineData("-1", "EUR", null)]
    [InlineData("", "EUR", null)]
    [InlineData("12.34.56", "EUR", null)]
    [InlineData("1,23,456", "EUR", null)]
    [InlineData("0x10", "EUR", null)]
    [InlineData("1e3", "EUR", null)]
    [InlineData("49.99 USD", "EUR", null)]
    public void an_amount_is_read_as_people_write_it_or_not_at_all(string text, string currency, int? minor) =>
        (MoneyText.Read(text, currency)?.Amount).Should().Be(minor);

    async Task CountersAreRight(TestWorkspace workspace)
    {
        var (differences, product) = (new List<Difference>(), server.Services.GetRequiredService<Installation>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    static async Task<JsonNode> NewSite(TestWorkspace workspace, object? site = null) =>
        (await workspace.Post("/v1/sites", site ?? new { name = "Shop" })).Json!;

    async Task<(string Token, string Cookie)> Click(JsonNode link)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await server.Http.SendAsync(request);
        var token = System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        return (token, "crm_click=" + token);
    }

    async Task Load(string query, params (string Name, string Value)[] headers)
    {
        var image = await server
            .Default.With("")
            .Get("/t/pixel.gif" + query, headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)]);
        (image.Status, image.Header("Content-Type"), image.Header("Content-Length")).Should().Be((200, "image/gif", "43"), query);
    }
}
