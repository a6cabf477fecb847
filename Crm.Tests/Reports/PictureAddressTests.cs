// The sealed address of a report's picture: opens that picture to anybody for a while, and nothing else to nobody.

using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
public sealed class PictureAddressTests(CrmServer server)
{
    sealed record Answered(int Status, string Type, byte[] Body, HttpResponseMessage Message)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);
    }

    /// <summary>As anybody does: without a key.</summary>
    async Task<Answered> Open(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return new(
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType ?? "",
            await answer.Content.ReadAsByteArrayAsync(),
            answer
        );
    }

    async Task<(TestWorkspace Workspace, Reply Address, string Token)> Address(string query = "")
    {
        var workspace = await server.NewWorkspace();
        var address = await workspace.Get($"/v1/reports/countries/address{query}");
        address.Status.Should().Be(200, address.Text);
        var url = address["url"]!.ToString();
        return (workspace, address, url[(url.LastIndexOf('/') + 1)..^".png".Length]);
    }

    [Fact]
    public async Task an_address_shows_its_picture_without_a_key_as_it_was_asked_for()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva", address = new { country = "PT" } });
        var made = await workspace.Get("/v1/reports/countries/address?interval=week&theme=dark&days=7&from=2026-01-05");
        var url = made["url"]!.ToString();
        url.Should().StartWith(server.Address + "r/").And.EndWith(".png");
        DateTimeOffset
            .Parse(made["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture)
            .Should()
            .BeCloseTo(TimeProvider.System.GetUtcNow().AddDays(7), TimeSpan.FromMinutes(5));
        made["alt"]!.ToString().Should().StartWith("Countries, 5 Jan").And.Contain("Leads: 1");

        var shown = await Open(url);
        (shown.Status, shown.Type).Should().Be((200, "image/png"));
        using var picture = SKBitmap.Decode(shown.Body);
        (picture.Width, picture.Height)
            .Should()
            .Be((2 * 600, 2 * made["height"]!.GetValue<int>()), "mails are 600 wide, drawn twice as fine");
        picture.GetPixel(1, 1).Should().Be(SKColor.Parse("#161c26"));
        shown.Message.Headers.CacheControl!.ToString().Should().Be("public, max-age=300", "today goes on");
        shown.Message.Headers.GetValues("Cross-Origin-Resource-Policy").Should().Equal("cross-origin");
        shown.Message.Headers.GetValues("X-Robots-Tag").Should().Equal("noindex");
        shown.Message.Headers.Should().NotContain(h => h.Key == "Set-Cookie");

        (await Open(url, ("If-None-Match", shown.Message.Headers.ETag!.ToString()))).Status.Should().Be(304);
        (await Open(url + "?theme=light&utm_source=mail")).Body.Should().Equal(shown.Body, "what is behind the address changes nothing");
        (await Open(url, ("Authorization", "Bearer crm_sk_wrong"))).Body.Should().Equal(shown.Body, "a key says nothing here");
    }

    [Fact]
    public async Task the_days_of_an_address_stay_those_of_the_day_it_was_made()
    {
        var (_, _, token) = await Address();
        var said = PictureToken.Read(server.Services.GetRequiredService<Installation>(), token)!.Asked;
        said.Should().MatchRegex("^countries\\?from=\\d{4}-\\d\\d-\\d\\d&to=\\d{4}-\\d\\d-\\d\\d&theme=light&width=600&scale=2$");
        var (_, over, _) = await Address("?from=2026-01-01&to=2026-01-31&compare=previous&sort=-leads");
        var shown = await Open(over["url"]!.ToString());
        shown.Message.Headers.CacheControl!.ToString().Should().Be("public, max-age=3600", "its days are over");
    }

    [Fact]
    public async Task a_changed_a_made_up_or_a_cut_address_shows_nothing()
    {
        var (_, _, token) = await Address();
        var (_, _, other) = await Address("?theme=dark");
        var wrong = Enumerable
            .Range(0, token.Length)
            .Where(i => i < 24 || i % 9 == 0 || i > token.Length - 3)
            .Select(i => token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..])
            .Concat([
                token[..^1],
                token + "A",
                token[..40] + other[40..],
                other[..22] + token[22..],
                "A",
                new('A', 80),
                new('A', 990),
                "..%2f..",
            ]);
        foreach (var one in wrong)
        {
            var answer = await Open($"/r/{one}.png");
            answer.Status.Should().Be(404, one);
            answer.Type.Should().Be("application/problem+json");
        }
        (await Open($"/r/{token}.svg")).Status.Should().Be(404);
        (await Open($"/r/{token}.png")).Status.Should().Be(200);
    }

    [Fact]
    public async Task an_address_ends_with_its_time_and_people_are_told_so_by_a_page()
    {
        var (workspace, _, token) = await Address();
        var product = server.Services.GetRequiredService<Installation>();
        var made = PictureToken.Read(product, token)!;
        var over = (made with { ExpiresAt = product.Now.AddSeconds(-1) }).Write(product);

        var answer = await Open($"/r/{over}.png");
        (answer.Status, answer.Text).Should().Match<(int, string)>(a => a.Item1 == 410 && a.Item2.Contains("address_expired"));
        var page = await Open($"/r/{over}.png", ("Accept", "text/html,image/webp,*/*;q=0.8"), ("Accept-Language", "de"));
        (page.Status, page.Type).Should().Be((410, "text/html"));
        page.Text.Should().Contain("Dieser Link ist abgelaufen").And.NotContain("address_expired");
        var nowhere = await Open("/r/nosuch.png", ("Accept", "text/html,*/*;q=0.8"));
        (nowhere.Status, nowhere.Type).Should().Be((404, "text/html"));
        foreach (var days in new[] { "0", "367", "-1", "1.5", "" })
            (await workspace.Get($"/v1/reports/countries/address?days={days}")).Errors.Should().Equal("days:invalid");
    }

    [Fact]
    public async Task an_address_ends_with_the_key_that_made_it()
    {
        var workspace = await server.NewWorkspace();
        var end = TimeProvider.System.GetUtcNow().AddDays(2);
        var key = await workspace.Post(
            "/v1/api-keys",
            new
            {
                name = "Mails",
                scopes = new[] { "clicks:read" },
                expiresAt = end,
            }
        );
        var address = await workspace.With(key["key"]!.ToString()).Get("/v1/reports/links/address?days=30");
        DateTimeOffset
            .Parse(address["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture)
            .Should()
            .BeOnOrBefore(end, "it lasts no longer than its key");
        var url = address["url"]!.ToString();
        (await Open(url)).Status.Should().Be(200);

        (await workspace.Post($"/v1/api-keys/{key["id"]}/revoke")).Status.Should().Be(200);
        (await Open(url)).Status.Should().Be(410, "also what was drawn a moment ago");
        var reader = await workspace.Post("/v1/api-keys", new { name = "Leads", scopes = new[] { "leads:read" } });
        (await workspace.With(reader["key"]!.ToString()).Get("/v1/reports/links/address")).Code.Should().Be("insufficient_scope");
        (await workspace.With("").Get("/v1/reports/links/address")).Status.Should().Be(401);
    }

    [Fact]
    public async Task an_address_shows_the_workspace_of_its_key_and_no_other()
    {
        var (mine, theirs) = (await server.NewWorkspace(), await server.NewWorkspace());
        await theirs.Post("/v1/leads", new { lastName = "Silva", address = new { country = "PT" } });
        var product = server.Services.GetRequiredService<Installation>();
        async Task<Answered> Shown(TestWorkspace workspace, TestWorkspace keyOf)
        {
            var key = (await product.Settings.Find(KnownKey.ByHash, ApiKey.HashOf(keyOf.Key), default))!.Key.Id;
            var token = new PictureToken(await workspace.StoreKey(product), key, product.Now.AddDays(1), "countries?width=400&scale=1");
            return await Open($"/r/{token.Write(product)}.png");
        }
        var (empty, full) = (await Shown(mine, mine), await Shown(theirs, theirs));
        (empty.Status, full.Status).Should().Be((200, 200));
        full.Body.Should().NotEqual(empty.Body);
        // Even with the installation's own seal, a key opens nothing but its workspace.
        (await Shown(theirs, mine)).Status.Should().Be(410);
        (await Shown(mine, theirs)).Status.Should().Be(410);
        // A list's cursor has the same form and another seal.
        foreach (var i in Enumerable.Range(0, 2))
            await mine.Post("/v1/leads", new { lastName = $"Silva {i}" });
        var cursor = (await mine.Get("/v1/leads?limit=1"))["page"]!["next"]!.ToString();
        (await Open($"/r/{cursor}.png")).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("width=200", "width:invalid")]
    [InlineData("theme=blue", "theme:invalid")]
    [InlineData("format=png", "format:unknown")]
    [InlineData("interval=hour", "interval:invalid")]
    [InlineData("days=5&days=6", "days:one_value")]
    public async Task an_address_of_no_picture_is_not_made(string query, string error)
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Get($"/v1/reports/links/address?{query}");
        refused.Status.Should().Be(400);
        refused.Errors.Should().Equal(error);
        (await workspace.Get("/v1/reports/nosuch/address")).Status.Should().Be(400);
    }
}
