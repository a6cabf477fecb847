// A link answers its address as visitors are given it, and where its QR code is, wherever the link is read.

using System.Text.Json.Nodes;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Tests.Security;
using Xunit;

namespace Crm.Tests.Links;

[Collection(nameof(CrmServer))]
public sealed class LinkAddressTests(CrmServer server)
{
    string Origin => server.Address.ToString().TrimEnd('/');

    static string Short(JsonNode? link) => link!["shortUrl"]!.ToString();

    [Fact]
    public async Task a_link_answers_its_short_address_and_its_qr_codes_wherever_it_is_read()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.SendPlain(
            HttpMethod.Post,
            "/v1/links",
            new { destination = "https://www.silva.example.org/", slug = $"s{Guid.NewGuid():n}" }
        );
        made.Status.Should().Be(201, made.Text);
        var (id, at) = (made["id"]!.ToString(), $"{Origin}/l/{made["slug"]}");
        (Short(made.Json), made["qrUrl"]!.ToString(), made["qrPngUrl"]!.ToString())
            .Should()
            .Be((at, $"{Origin}/v1/links/{id}/qr.svg", $"{Origin}/v1/links/{id}/qr.png"));

        Short((await workspace.SendPlain(HttpMethod.Get, $"/v1/links/{id}", null)).Json).Should().Be(at);
        Short((await workspace.SendPlain(HttpMethod.Get, "/v1/links", null)).Data[0]).Should().Be(at);
        var some = (await workspace.SendPlain(HttpMethod.Get, "/v1/links?fields=shortUrl", null)).Data[0]!.AsObject();
        (Short(some), some.Select(member => member.Key)).Should().BeEquivalentTo((at, new[] { "id", "shortUrl" }));
        (await workspace.SendPlain(HttpMethod.Get, "/v1/links?format=csv&fields=shortUrl,qrPngUrl", null))
            .Text.Should()
            .Contain($"\"{id}\",\"{at}\",\"{Origin}/v1/links/{id}/qr.png\"");
        var bulk = await workspace.SendPlain(
            HttpMethod.Post,
            "/v1/links/bulk",
            new { links = new[] { new { destination = "https://b.example.org/" } } }
        );
        Short(bulk["results"]![0]!["link"]).Should().Be($"{Origin}/l/{bulk["results"]![0]!["link"]!["slug"]}");

        // GraphQL: by itself, in lists, as what others refer to, and in a payload.
        var campaign = (await workspace.SendPlain(HttpMethod.Post, "/v1/campaigns", new { name = "Spring" }))["id"];
        (await workspace.SendPlain(HttpMethod.Patch, $"/v1/links/{id}", new { campaign })).Status.Should().Be(200);
        var graph = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new { query = $"mutation {{ updateLink(input: {{ id: \"{id}\", name: \"N\" }}) {{ link {{ shortUrl qrUrl }} }} }}" }
        );
        Short(graph["data"]!["updateLink"]!["link"]).Should().Be(at, graph.Text);
        var read = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new { query = $"{{ link(id: \"{id}\") {{ shortUrl qrPngUrl }} campaigns {{ nodes {{ links {{ nodes {{ shortUrl }} }} }} }} }}" }
        );
        Short(read["data"]!["link"]).Should().Be(at, read.Text);
        Short(read["data"]!["campaigns"]!["nodes"]![0]!["links"]!["nodes"]![0]).Should().Be(at);

        // It is what the address and the picture say.
        (await workspace.SendPlain(HttpMethod.Get, $"/v1/links/{id}/address", null))["url"]!.ToString().Should().Be(at);
        (await workspace.SendPlain(HttpMethod.Get, new Uri(made["qrUrl"]!.ToString()).PathAndQuery, null)).Text.Should().StartWith("<svg");
        using var went = await server.Http.GetAsync(at);
        ((int)went.StatusCode).Should().Be(302);
    }

    [Fact]
    public async Task who_sends_a_link_back_as_it_was_read_changes_nothing_and_another_address_is_refused()
    {
        var workspace = await server.NewWorkspace();
        var link = (await workspace.SendPlain(HttpMethod.Post, "/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        var path = $"/v1/links/{link["id"]}";
        var back = await workspace.SendPlain(HttpMethod.Patch, path, link.ToJsonString());
        (back.Status, back["version"]!.ToString()).Should().Be((200, "1"), back.Text);
        (await workspace.SendPlain(HttpMethod.Patch, path, new { shortUrl = "https://elsewhere.example.org/x" }))
            .Errors.Should()
            .Equal("shortUrl:read_only");
        (await workspace.SendPlain(HttpMethod.Post, "/v1/links", new { destination = "https://a.example.org/", qrUrl = "x" }))
            .Errors.Should()
            .Equal("qrUrl:read_only");

        // Another slug is another address, and nothing of it is in what happened.
        var moved = await workspace.SendPlain(HttpMethod.Patch, path, new { slug = $"m{Guid.NewGuid():n}" });
        Short(moved.Json).Should().Be($"{Origin}/l/{moved["slug"]}");
        (await workspace.Get($"/v1/events?subject={link["id"]}&type=link.updated")).Data[0]!["changes"]!
            .AsArray()
            .Select(change => change!["field"]!.ToString())
            .Should()
            .Equal("slug");
    }

    [Fact]
    public async Task a_link_is_on_the_domain_of_the_site_that_it_leads_to_or_of_the_first_that_has_one()
    {
        var workspace = await server.NewWorkspace();
        async Task<JsonNode> Link(string destination) =>
            (await workspace.SendPlain(HttpMethod.Post, "/v1/links", new { destination })).Json!;
        async Task<string> Site(string url)
        {
            var linkDomain = $"go-{Guid.NewGuid():n}.example.org";
            (
                await workspace.Post(
                    "/v1/sites",
                    new
                    {
                        name = url,
                        url,
                        linkDomain,
                    }
                )
            ).Status.Should().Be(201);
            return linkDomain;
        }
        var before = await Link("https://www.two.example.org/offer");
        Short(before).Should().StartWith(Origin + "/l/");
        var (one, two) = (await Site("https://www.one.example.org/"), await Site("https://www.two.example.org/"));

        var list = await workspace.SendPlain(HttpMethod.Get, "/v1/links", null);
        Short(list.Data.Single()).Should().Be($"https://{two}/{before["slug"]}");
        Short(await Link("https://elsewhere.example.org/")).Should().StartWith($"https://{one}/");
        (await workspace.SendPlain(HttpMethod.Get, $"/v1/links/{before["id"]}/address", null))["url"]!
            .ToString()
            .Should()
            .Be($"https://{two}/{before["slug"]}", "what it says of itself is what its QR code holds");
        // Reached with that host it leads where it shall.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{before["slug"]}");
        request.Headers.Host = two;
        using var went = await server.Http.SendAsync(request);
        went.Headers.Location!.ToString().Should().StartWith("https://www.two.example.org/offer");
    }
}

public sealed class LinkAddressRightsTests(NarrowingServer product) : IClassFixture<NarrowingServer>
{
    [Fact]
    public async Task who_may_not_read_a_slug_does_not_read_it_in_an_address()
    {
        var workspace = await product.Server.NewWorkspace();
        var slug = $"canary{Guid.NewGuid():n}";
        var link = (await workspace.SendPlain(HttpMethod.Post, "/v1/links", new { destination = "https://www.silva.example.org/", slug }))[
            "id"
        ];
        var some = await product.Narrow(workspace, (type, rights) =>
            type == ResourceType.Of<Link>() ? rights with { Reads = FieldSet.AllBut("slug") } : rights
        );
        foreach (var path in new[] { $"/v1/links/{link}", "/v1/links", "/v1/links?format=csv" })
        {
            var reply = await some.SendPlain(HttpMethod.Get, path, null);
            reply.Status.Should().Be(200, reply.Text);
            reply.Text.Should().NotContain(slug, path);
        }
        (await some.SendPlain(HttpMethod.Get, "/v1/links?fields=shortUrl", null)).Errors.Should().Equal("fields:unknown");
        var graph = await some.SendPlain(HttpMethod.Post, "/graphql", new { query = "{ links { nodes { id shortUrl } } }" });
        graph.Text.Should().NotContain(slug).And.Contain("\"shortUrl\":null");
    }
}
