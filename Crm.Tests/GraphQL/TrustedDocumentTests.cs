// Trusted documents: uploaded as clients' builds write them, asked for as clients do, and in a workspace that wants it so, all that is run.

using System.Text.Json.Nodes;
using Crm.Domain.TrustedDocuments;
using Xunit;

namespace Crm.Tests.GraphQL;

[Collection(nameof(CrmServer))]
public sealed class TrustedDocumentTests(CrmServer server)
{
    const string Text = "query Newest($first: Int) {\n  leads(first: $first) { nodes { lastName } }\n}\n";
    static readonly string Id = TrustedDocument.IdOf(Text);

    static async Task<TestWorkspace> Only(TestWorkspace workspace, bool only = true)
    {
        (await workspace.Patch($"/v1/workspaces/{workspace.Id}", new { trustedDocumentsOnly = only })).Status.Should().Be(200);
        return workspace;
    }

    static Task<Reply> Upload(TestWorkspace workspace, JsonNode documents) =>
        workspace.Post("/v1/trusted-documents/upload", new { documents });

    static string? CodeOf(Reply reply) => reply["errors"]?[0]?["extensions"]?["code"]?.ToString();

    [NeedsNodeFact]
    public async Task the_relay_compiler_takes_our_schema_and_its_stored_documents_run()
    {
        var said = JsonNode.Parse(
            await Npm.Run("graphql-relay.mjs", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "schema.graphql")))
        )!;
        said["status"]!.GetValue<int>().Should().Be(0, said["output"]!.ToString());
        said["artifacts"]!.AsArray().Should().HaveCount(7);
        var persisted = said["persisted"]!.AsObject();
        persisted.Should().HaveCount(5);

        var workspace = await Only(await server.NewWorkspace());
        (await Upload(workspace, persisted.DeepClone())).Text.Should().Be("""{"added":5,"known":0}""");
        var query = persisted.Single(p => p.Value!.ToString().StartsWith("query AppQuery", StringComparison.Ordinal)).Key;
        var create = persisted.Single(p => p.Value!.ToString().StartsWith("mutation", StringComparison.Ordinal)).Key;
        (
            await workspace.Post(
                "/graphql",
                new { documentId = create, variables = new { input = new { lastName = "Relay", email = "r@example.org" } } }
            )
        )["data"]!["createLead"]!
            ["errors"]
            .Should()
            .BeNull();
        var answer = await workspace.Post("/graphql", new { documentId = query, variables = new { first = 5 } });
        answer["data"]!["leads"]!["edges"]![0]!["node"]!["lastName"]!.ToString().Should().Be("Relay", answer.Text);
    }

    [Fact]
    public async Task a_document_is_asked_for_in_each_of_the_usual_ways()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" });
        (await Upload(workspace, new JsonObject { [Id] = Text })).Status.Should().Be(200);
        (
            await Upload(
                workspace,
                new JsonObject
                {
                    ["format"] = "apollo-persisted-query-manifest",
                    ["operations"] = new JsonArray(
                        new JsonObject
                        {
                            ["id"] = Id,
                            ["name"] = "Newest",
                            ["body"] = Text,
                        }
                    ),
                }
            )
        ).Text.Should().Be("""{"added":0,"known":1}""");
        var variables = new { first = 1 };
        var extensions = new { persistedQuery = new { version = 1, sha256Hash = Id } };
        var inUrl = Uri.EscapeDataString($$$"""{"persistedQuery":{"version":1,"sha256Hash":"{{{Id}}}"}}""");
        foreach (
            var reply in new[]
            {
                await workspace.Post("/graphql", new { documentId = Id, variables }),
                await workspace.Post("/graphql", new { documentId = "sha256:" + Id, variables }),
                await workspace.Post("/graphql", new { extensions, variables }),
                await workspace.Post(
                    "/graphql",
                    new
                    {
                        extensions,
                        query = Text,
                        variables,
                    }
                ),
                await workspace.Get($"/graphql?documentId={Id}&variables=%7B%22first%22%3A1%7D"),
                await workspace.Get($"/graphql?extensions={inUrl}&variables=%7B%22first%22%3A1%7D"),
            }
        )
            reply["data"]!["leads"]!["nodes"]![0]!["lastName"]!.ToString().Should().Be("Silva", reply.Text);
        using var socket = await LiveSocket.Of(server, workspace.Key);
        await socket.Send(
            new
            {
                id = "1",
                type = "subscribe",
                payload = new { documentId = Id },
            }
        );
        (await socket.Next())!["payload"]!["data"]!["leads"]!["nodes"]![0]!["lastName"]!.ToString().Should().Be("Silva");
    }

    [Fact]
    public async Task a_client_that_tries_the_id_first_is_told_to_send_the_text_and_nothing_is_kept_of_it()
    {
        var workspace = await server.NewWorkspace();
        var extensions = new { persistedQuery = new { version = 1, sha256Hash = Id } };
        for (var i = 0; i < 2; i++)
        {
            var unknown = await workspace.Post("/graphql", new { extensions });
            (unknown["errors"]![0]!["message"]!.ToString(), CodeOf(unknown))
                .Should()
                .Be(("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"));
            (await workspace.Post("/graphql", new { extensions, query = Text }))["data"].Should().NotBeNull();
        }
        CodeOf(await workspace.Post("/graphql", new { extensions, query = "{__typename}" })).Should().Be("DOCUMENT_MISMATCH");
    }

    [Fact]
    public async Task a_workspace_that_wants_trusted_documents_only_runs_nothing_else_over_any_transport()
    {
        var workspace = await Only(await server.NewWorkspace());
        var other = await server.NewWorkspace();
        await Upload(workspace, new JsonObject { [Id] = Text });
        await Upload(other, new JsonObject { ["theirs"] = "{__typename}" });
        string[] texts =
        [
            "{__typename}",
            "{__schema{queryType{name}}}",
            Text + " ",
            "mutation{createLead(input:{lastName:\"x\"}){lead{id}}}",
            "not GraphQL",
        ];
        var answers = new List<string>();
        foreach (var query in texts)
        {
            var reply = await workspace.Post("/graphql", new { query }, ("Accept", "application/graphql-response+json"));
            reply.Status.Should().Be(400);
            answers.Add(reply["errors"]!.ToJsonString());
        }
        answers.Add((await workspace.Post("/graphql", new { query = "{__typename}", documentId = "theirs" }))["errors"]!.ToJsonString());
        answers.Add((await workspace.Post("/graphql", new { documentId = "theirs" }))["errors"]!.ToJsonString());
        answers.Add((await workspace.Get("/graphql?query={__typename}"))["errors"]!.ToJsonString());
        using (var stream = await LiveStream.Open(workspace, "subscription{events{id}}"))
            answers.Add((await stream.Next())!.Value.Data!["errors"]!.ToJsonString());
        using (var socket = await LiveSocket.Of(server, workspace.Key))
        {
            await socket.Send(
                new
                {
                    id = "1",
                    type = "subscribe",
                    payload = new { query = "{__typename}" },
                }
            );
            answers.Add((await socket.Next())!["payload"]!.ToJsonString());
        }
        answers
            .Distinct()
            .Should()
            .Equal("""[{"message":"Only trusted documents are run here.","extensions":{"code":"UNTRUSTED_DOCUMENT"}}]""");
        CodeOf(await workspace.Post("/graphql", new { documentId = Id, query = "{__typename}" })).Should().Be("DOCUMENT_MISMATCH");
        (await workspace.Post("/graphql", new { documentId = Id }))["data"].Should().NotBeNull();
        (await workspace.All("/v1/leads")).Should().BeEmpty();

        // Another workspace goes on as before, and this one does when it wants to.
        (await other.Post("/graphql", new { query = "{__typename}" }))["data"].Should().NotBeNull();
        await Only(workspace, false);
        (await workspace.Post("/graphql", new { query = "{__typename}" }))["data"].Should().NotBeNull();
    }

    [Fact]
    public async Task a_document_that_is_deleted_does_not_run_any_more()
    {
        var workspace = await Only(await server.NewWorkspace());
        var made = await workspace.Post("/v1/trusted-documents", new { text = "{ __typename }" });
        made["documentId"]!.ToString().Should().Be(TrustedDocument.IdOf("{ __typename }"));
        (await workspace.Post("/graphql", new { documentId = made["documentId"]!.ToString() }))["data"].Should().NotBeNull();
        (await workspace.Delete($"/v1/trusted-documents/{made["id"]}")).Status.Should().Be(204);
        CodeOf(await workspace.Post("/graphql", new { documentId = made["documentId"]!.ToString() })).Should().Be("UNTRUSTED_DOCUMENT");
    }

    [Theory]
    [InlineData("[]", "documents:")]
    [InlineData("{}", "documents:required")]
    [InlineData("{\"a\":5}", "documents.a:wrong_type")]
    [InlineData("{\"a\":\"\"}", "documents.a:wrong_type")]
    [InlineData("{\"operations\":[{}]}", "documents.operations:wrong_type")]
    [InlineData("{\"operations\":[{\"id\":\"a\",\"body\":\"{x}\"},{\"id\":\"a\",\"body\":\"{y}\"}]}", "documents.a:duplicate")]
    [InlineData("{\"known\":\"{other}\",\"new\":\"{a}\"}", "documents.known:taken")]
    public async Task a_set_that_is_wrong_is_refused_whole(string documents, string error)
    {
        var workspace = await server.NewWorkspace();
        await Upload(workspace, new JsonObject { ["known"] = "{__typename}" });
        var refused = await workspace.Post("/v1/trusted-documents/upload", $$"""{"documents":{{documents}}}""");
        refused.Status.Should().Be(422, refused.Text);
        refused.Errors[0].Should().StartWith(error);
        (await workspace.All("/v1/trusted-documents")).Should().ContainSingle();
    }
}
