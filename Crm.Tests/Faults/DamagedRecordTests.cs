// A row that a failing disk or a foreign hand damaged: an error that names it, never a broken answer, and the others stay readable.

using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(CommandsCollection))]
public sealed class DamagedRecordTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-damage-").FullName;

    string Database => Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task a_damaged_record_is_an_error_that_names_it_and_takes_no_other_with_it()
    {
        await using var crm = await CrmProcess.Start(Database);
        var campaign = await Made(crm, "/v1/campaigns", new { name = "Spring" });
        var links = new List<string>();
        foreach (var n in Enumerable.Range(1, 5))
            links.Add(
                await Made(
                    crm,
                    "/v1/links",
                    new
                    {
                        destination = "https://example.org/",
                        name = "L" + n,
                        campaign,
                    }
                )
            );
        (await crm.Get("/v1/links?sort=name")).Data.Should().HaveCount(5, "it is read, so it is known before it is damaged");

        foreach (
            var damage in new[]
            {
                "substr(json, 1, 40)",
                "zeroblob(length(json))",
                "CAST(replace(CAST(json AS TEXT), '\"name\":', '\"name\";') AS BLOB)",
                "X'7B226E616D65223A22FFFE227D'",
                "X''",
            }
        )
        {
            await Execute($"UPDATE d_link SET json = {damage} WHERE lower(k_name) = 'l3'");
            // REST: up to it, itself, and behind it.
            var before = await crm.Get("/v1/links?sort=name&limit=5");
            before.Status.Should().Be(200, damage);
            Names(before).Should().Equal("L1", "L2");
            var at = await crm.Get("/v1/links?sort=name&limit=5&after=" + before["page"]!["next"]);
            (at.Status, at.Code).Should().Be((500, "record_damaged"), at.Text);
            at.Text.Should().Contain(links[2]).And.Contain("links");
            var behind = at.Header("Link")!.Split('<', '>')[1];
            Names(await crm.Get(new Uri(behind).PathAndQuery)).Should().Equal("L4", "L5");
            var single = await crm.Get("/v1/links/" + links[2]);
            (single.Status, single.Code).Should().Be((500, "record_damaged"));
            (await crm.Get("/v1/links?sort=name&fields=name&limit=1")).Status.Should().Be(200);

            // GraphQL: the rest, with an error.
            var list = await Ask(
                crm,
                "{ links(order: [{name: ASC}]) { nodes { name } } campaigns(first: 2) { nodes { name links(first: 9) { nodes { name } } } } }"
            );
            (list["data"]?["links"]).Should().NotBeNull(list.ToJsonString());
            list["data"]!["links"]!["nodes"]!.AsArray().Select(n => n!["name"]!.ToString()).Should().Equal("L1", "L2", "L4", "L5");
            list["data"]!["campaigns"]!["nodes"]![0]!["name"]!.ToString().Should().Be("Spring");
            list["errors"]!.ToJsonString().Should().Contain("record_damaged").And.Contain(links[2]);
            var nodes = await Ask(crm, $"{{ nodes(ids: [\"{links[1]}\", \"{links[2]}\"]) {{ id }} link(id: \"{links[2]}\") {{ name }} }}");
            nodes["data"]!.ToJsonString().Should().Be($$"""{"nodes":[{"id":"{{links[1]}}"},null],"link":null}""");
            nodes["errors"]!.AsArray().Should().HaveCount(2);
        }
        var lines = crm.Output.Split('\n').Where(line => line.Contains("is damaged")).ToList();
        lines.Should().ContainSingle("it is logged once").Which.Should().Contain(links[2]);
        crm.Output.Should().NotContain("   at ");

        // A command that meets it says so in a sentence.
        await crm.Stop();
        var (exit, said) = await CrmProcess.Run(
            Database,
            arguments: ["export", "--from", "sqlite:" + Database, "--to", Path.Combine(folder, "all")]
        );
        exit.Should().Be(1);
        said.Should().Contain(links[2]).And.NotContain("Exception");
    }

    static IEnumerable<string> Names(Reply list) => list.Data.Select(link => link!["name"]!.ToString());

    static async Task<string> Made(CrmProcess crm, string path, object body)
    {
        using var answer = await crm.Http.PostAsync(
            path,
            new StringContent(System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json")
        );
        var reply = await Reply.Of(answer);
        reply.Status.Should().Be(201, reply.Text);
        return reply["id"]!.ToString();
    }

    static async Task<JsonNode> Ask(CrmProcess crm, string query)
    {
        using var answer = await crm.Http.PostAsync(
            "/graphql",
            new StringContent(new JsonObject { ["query"] = query }.ToJsonString(), Encoding.UTF8, "application/json")
        );
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    async Task Execute(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout=5000; " + sql;
        (await command.ExecuteNonQueryAsync()).Should().Be(1);
    }
}
