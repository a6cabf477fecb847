// Which pages a browser lets read the API: those of the origins that a site of the key's workspace allows.

using Xunit;

namespace Crm.Tests.Security;

[Collection(nameof(CrmServer))]
public sealed class CorsTests(CrmServer server)
{
    const string Allowed = "https://app.silva.example.org";

    static async Task<TestWorkspace> WithSite(CrmServer server)
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/sites", new { name = "App", allowedOrigins = new[] { Allowed, "http://localhost:3000" } });
        made.Status.Should().Be(201, made.Text);
        return workspace;
    }

    [Theory]
    [InlineData("/v1/leads", "POST")]
    [InlineData("/v1/leads/lead_00000000000000000000000000", "PATCH")]
    [InlineData("/v1/leads/lead_00000000000000000000000000", "DELETE")]
    [InlineData("/V1/leads", "GET")]
    public async Task a_preflight_lets_the_browser_ask(string path, string method)
    {
        var nobody = (await server.NewWorkspace()).With("");
        var preflight = await nobody.Send(
            HttpMethod.Options,
            path,
            null,
            ("Origin", "https://anywhere.example"),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,if-match")
        );
        preflight.Status.Should().Be(204);
        preflight.Text.Should().BeEmpty();
        preflight.Header("Access-Control-Allow-Origin").Should().Be("https://anywhere.example");
        preflight.Header("Access-Control-Allow-Methods").Should().Contain(method);
        preflight
            .Header("Access-Control-Allow-Headers")
            .Should()
            .Contain("authorization")
            .And.Contain("idempotency-key")
            .And.Contain("if-match")
            .And.Contain("content-type");
        preflight.Header("Access-Control-Max-Age").Should().Be("600");
        preflight.Header("Access-Control-Allow-Credentials").Should().BeNull("a key is not a cookie");
        preflight.Header("Vary").Should().Be("Origin");
    }

    [Theory]
    [InlineData(Allowed, true)]
    [InlineData("HTTPS://APP.SILVA.EXAMPLE.ORG", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://localhost:3001", false)]
    [InlineData("http://app.silva.example.org", false)]
    [InlineData("https://app.silva.example.org.evil.example", false)]
    [InlineData("https://evil.example/https://app.silva.example.org", false)]
    [InlineData("https://app.silva.example.org:444", false)]
    [InlineData("https://silva.example.org", false)]
    [InlineData("null", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public async Task an_answer_names_the_origin_only_when_a_site_allows_it(string origin, bool allowed)
    {
        var workspace = await WithSite(server);
        foreach (
            var reply in new[]
            {
                await workspace.Get("/v1/leads", ("Origin", origin)),
                await workspace.Post("/v1/leads", new { lastName = "x" }, ("Origin", origin)),
                await workspace.Get("/v1/leads?nosuch=1", ("Origin", origin)),
            }
        )
        {
            reply.Header("Access-Control-Allow-Origin").Should().Be(allowed ? origin : null);
            reply.Header("Access-Control-Allow-Credentials").Should().BeNull();
            if (allowed)
            {
                reply.Header("Vary").Should().Contain("Origin");
                foreach (var name in new[] { "ETag", "Link", "Location", "RateLimit", "Retry-After", "Idempotent-Replayed" })
                    reply.Header("Access-Control-Expose-Headers").Should().Contain(name);
            }
        }
        (await workspace.All("/v1/leads"))
            .Should()
            .ContainSingle("who may read an answer is the browser's business; the key decides what is done");
    }

    [Fact]
    public async Task another_workspaces_sites_allow_nothing_here_and_a_removed_origin_is_gone_at_once()
    {
        var workspace = await WithSite(server);
        var other = await server.NewWorkspace();
        (await other.Get("/v1/leads", ("Origin", Allowed))).Header("Access-Control-Allow-Origin").Should().BeNull();
        var site = (await workspace.All("/v1/sites"))[0];
        await workspace.Patch($"/v1/sites/{site["id"]}", new { allowedOrigins = Array.Empty<string>() });
        (await workspace.Get("/v1/leads", ("Origin", Allowed))).Header("Access-Control-Allow-Origin").Should().BeNull();
    }

    [Theory]
    [InlineData("/v1/leads")]
    [InlineData("/v1/nosuch")]
    [InlineData("/graphql")]
    public async Task why_nobody_in_particular_is_refused_may_be_read_by_every_page(string path)
    {
        var workspace = await WithSite(server);
        foreach (var key in new[] { "", "crm_sk_wrong" })
        {
            var reply = await workspace.With(key).Get(path, ("Origin", "https://anywhere.example"));
            reply.Status.Should().BeOneOf(401, 404);
            reply.Header("Access-Control-Allow-Origin").Should().Be("https://anywhere.example");
            reply.Header("Access-Control-Expose-Headers").Should().Contain("Retry-After").And.Contain("WWW-Authenticate");
        }
        var tooLong = await workspace.Get($"{path}?query={new string('x', 9_000)}", ("Origin", "https://anywhere.example"));
        tooLong.Status.Should().Be(414);
        tooLong.Header("Access-Control-Allow-Origin").Should().Be("https://anywhere.example");
    }

    [Fact]
    public async Task a_refusal_of_a_known_key_may_be_read_by_its_sites_only()
    {
        var workspace = await WithSite(server);
        var reader = workspace.With(
            (await workspace.Post("/v1/api-keys", new { name = "r", scopes = new[] { "forms:read" } }))["key"]!.ToString()
        );
        foreach (
            var (status, send) in new (int, Func<string, Task<Reply>>)[]
            {
                (403, origin => reader.Get("/v1/leads", ("Origin", origin))),
                (413, origin => workspace.Post("/v1/leads", new { lastName = new string('x', 2_000_000) }, ("Origin", origin))),
                (400, origin => workspace.Post("/graphql", "[", ("Origin", origin))),
                (405, origin => workspace.Delete("/v1/leads", ("Origin", origin))),
                (422, origin => workspace.Post("/v1/links", new { }, ("Origin", origin))),
            }
        )
        {
            var reply = await send(Allowed);
            reply.Status.Should().Be(status, reply.Text);
            reply.Header("Access-Control-Allow-Origin").Should().Be(Allowed);
            if (status != 405) // Before a route is found nobody is known.
                (await send("https://anywhere.example")).Header("Access-Control-Allow-Origin").Should().BeNull();
        }
    }

    [Fact]
    public async Task a_request_without_an_origin_gets_no_such_headers()
    {
        var workspace = await WithSite(server);
        var reply = await workspace.Get("/v1/leads");
        reply.Header("Access-Control-Allow-Origin").Should().BeNull();
        reply.Header("Access-Control-Expose-Headers").Should().BeNull();
        (await workspace.Send(HttpMethod.Options, "/v1/leads", null, ("Origin", Allowed)))
            .Status.Should()
            .Be(405, "without the method that it asks for it is no preflight");
    }
}
