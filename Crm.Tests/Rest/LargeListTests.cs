// Lists of large records: an answer ends at 8 MiB, says that it goes on, and all answers together are complete.

using System.Text.Json.Nodes;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class LargeListTests(CrmServer server)
{
    const int Most = 8 * 1024 * 1024,
        Leads = 13;

    /// <summary>Leads of 1.5 MB each, of one owner, as no form makes them any more.</summary>
    async Task<(TestWorkspace Workspace, List<string> Ids, string Owner)> Large()
    {
        var workspace = await server.NewWorkspace();
        var owner = (await workspace.Post("/v1/members", new { name = "Bia", email = "bia@silva.example.org" }))["id"]!.ToString();
        var installation = server.Services.GetRequiredService<Installation>();
        var settings = await installation.Settings.Workspace(await workspace.StoreKey(installation), default);
        Id.TryParse<Domain.Workspaces.Member>(owner, out var member);
        var ids = new List<string>();
        for (var i = 0; i < Leads; i++)
        {
            var work = new UnitOfWork(installation, settings, "system");
            var lead = work.Insert(
                new Lead
                {
                    FirstName = "Ana",
                    LastName = $"Silva {i % 3}",
                    Company = "Silva Ltda",
                    Owner = member,
                    Custom = Resource.NoCustom.Add("large", new string((char)('a' + i), 1_500_000)),
                }
            );
            (await work.Commit(default)).Committed.Should().BeTrue();
            ids.Add(lead.Id.Text<Lead>());
        }
        return (workspace, ids, owner);
    }

    [Fact]
    public async Task an_answer_of_a_list_ends_at_8_mib_and_all_answers_together_are_complete()
    {
        var (workspace, ids, _) = await Large();
        foreach (
            var query in new[]
            {
                "sort=createdAt",
                "sort=-createdAt",
                "sort=lastName,-createdAt",
                "sort=-lastName",
                "q=silva",
                "company=silva ltda",
            }
        )
        {
            var (found, next, pages) = (new List<string>(), "", 0);
            do
            {
                var page = await workspace.Get($"/v1/leads?limit=200&{query}{(next.Length > 0 ? "&after=" + next : "")}");
                page.Status.Should().Be(200);
                page.Text.Length.Should().BeLessThanOrEqualTo(Most, query);
                page.Data.Count.Should().BeInRange(1, 5);
                found.AddRange(page.Data.Select(row => row!["id"]!.ToString()));
                next = page["page"]!["next"]?.ToString() ?? "";
                page["page"]!["hasMore"]!.GetValue<bool>().Should().Be(next.Length > 0);
                pages++;
            } while (next.Length > 0);
            pages.Should().Be(3, query);
            found.Should().OnlyHaveUniqueItems(query).And.BeEquivalentTo(ids, query);
            if (query == "sort=createdAt")
                found.Should().Equal(ids);
        }
        // What is not asked for is not sent, but was read.
        (await workspace.Get("/v1/leads?limit=200&fields=lastName")).Data.Should().HaveCount(5);
    }

    [Fact]
    public async Task a_connection_ends_at_the_bytes_of_the_request_in_both_directions_and_its_cost_says_how_many_they_were()
    {
        var (workspace, ids, owner) = await Large();
        async Task<JsonNode> Ask(string text) => (await workspace.SendPlain(HttpMethod.Post, "/graphql", new { query = text })).Json!;

        foreach (
            var (rows, place, more, end) in new[]
            {
                ("first", "after", "hasNextPage", "endCursor"),
                ("last", "before", "hasPreviousPage", "startCursor"),
            }
        )
        {
            var (found, cursor, pages) = (new List<string>(), "", 0);
            while (true)
            {
                var reply = await Ask(
                    $"{{ leads({rows}: 200{(cursor.Length > 0 ? $", {place}: \"{cursor}\"" : "")}, order: [{{createdAt: ASC}}]) {{ nodes {{ id }} pageInfo {{ {more} {end} }} }} }}"
                );
                reply["errors"].Should().BeNull(reply.ToJsonString());
                reply["extensions"]!["cost"]!["bytes"]!.GetValue<long>().Should().BeInRange(1_500_000, Most, "it is what was loaded");
                var page = reply["data"]!["leads"]!;
                var nodes = page["nodes"]!.AsArray().Select(node => node!["id"]!.ToString()).ToList();
                found.InsertRange(rows == "first" ? found.Count : 0, nodes);
                pages++;
                if (!page["pageInfo"]![more]!.GetValue<bool>())
                    break;
                cursor = page["pageInfo"]![end]!.ToString();
            }
            pages.Should().Be(3);
            found.Should().Equal(ids);
        }

        // Lists in records share the room; what found none says that there is more.
        var nested = await Ask(
            $"{{ a: leads(first: 3) {{ nodes {{ id }} }} member(id: \"{owner}\") {{ leads {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }} }}"
        );
        nested["errors"].Should().BeNull(nested.ToJsonString());
        nested["data"]!["a"]!["nodes"]!.AsArray().Should().HaveCount(3);
        var inner = nested["data"]!["member"]!["leads"]!;
        (inner["nodes"]!.AsArray().Count < Leads, inner["pageInfo"]!["hasNextPage"]!.GetValue<bool>()).Should().Be((true, true));
        nested["extensions"]!["cost"]!["bytes"]!.GetValue<long>().Should().BeLessThanOrEqualTo(Most);

        // Records that are asked for by their ids cannot be left out.
        var many = await Ask($"{{ nodes(ids: [{string.Join(',', ids.Select(id => $"\"{id}\""))}]) {{ id }} }}");
        many["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("COST_LIMIT");
        (await Ask($"{{ nodes(ids: [\"{ids[0]}\", \"{ids[1]}\"]) {{ id }} }}"))["errors"].Should().BeNull();
    }

    [Fact]
    public async Task an_answer_that_says_the_same_thirty_times_is_refused_before_it_is_large()
    {
        var workspace = await server.NewWorkspace();
        var message = new string('x', 16_000);
        for (var i = 0; i < 40; i++)
            (await workspace.Post("/v1/leads", new { email = $"p{i}@silva.example.org", message })).Status.Should().Be(201);
        var again = string.Join(' ', Enumerable.Range(0, 25).Select(i => $"m{i}: message"));
        var reply = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new { query = $"{{ leads(first: 50) {{ nodes {{ {again} }} }} }}" }
        );
        reply.Text.Length.Should().BeLessThan(Most);
        reply["data"].Should().BeNull();
        reply["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("COST_LIMIT");
    }
}
