// Events through the front door: numbered in the order of the commits, one for a post whatever it did, found under either name.

using Crm.Domain.Leads;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Crm.Tests.GraphQL;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Events;

[Collection(nameof(CrmServer))]
public sealed class EventTests(CrmServer server)
{
    [Fact]
    public async Task a_post_is_one_event_that_filters_timelines_and_subscriptions_find_under_either_name_once()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        using var stream = await LiveStream.Open(
            workspace,
            """subscription { events(types: ["submission.accepted", "lead.created", "submission.merged", "submission.quarantined"]) { type also subject } }"""
        );
        var first = await workspace.Submit(form, new { name = "Ana Silva", email = "ana@silva.example.org" });
        var second = await workspace.Submit(form, new { email = "ana@silva.example.org", company = "Silva Ltda" });
        await workspace.Submit(form, new { email = "robot@x.example.org", _gotcha = "x" });

        var lead = (await workspace.Get("/v1/leads")).Data.Single()!["id"]!.ToString();
        foreach (
            var expected in new[]
            {
                $$"""{"type":"lead.created","also":["submission.accepted"],"subject":"{{lead}}"}""",
                $$"""{"type":"lead.updated","also":["submission.merged"],"subject":"{{lead}}"}""",
            }
        )
            (await stream.Next())!.Value.Data!["data"]!["events"]!.ToJsonString().Should().Be(expected);
        (await stream.Next())!.Value.Data!["data"]!["events"]!["type"]!.ToString().Should().Be("submission.quarantined");

        (await Types("type=submission.accepted")).Should().Equal("lead.created");
        (await Types("type=lead.created")).Should().Equal("lead.created");
        (await Types("also=submission.merged")).Should().Equal("lead.updated");
        (await Types("type[in]=submission.merged,lead.updated,lead.created")).Should().Equal("lead.created", "lead.updated");
        (await Types("type[startsWith]=submission.")).Should().Equal("lead.created", "lead.updated", "submission.quarantined");
        (await Types("type[startsWith]=submission.&type[ne]=submission.accepted")).Should().Equal("lead.updated", "submission.quarantined");
        (await Types("type[startsWith]=submission.&type[nin]=submission.accepted,lead.updated")).Should().Equal("submission.quarantined");
        (await workspace.Get($"/v1/leads/{lead}/timeline?type=submission.merged")).Data.Should().ContainSingle();
        var graph = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new
            {
                query = """{ events(where: { type: { in: ["submission.merged", "lead.updated"] } }) { nodes { type also position } } }""",
            }
        );
        graph["data"]!["events"]!["nodes"]!.AsArray().Should().ContainSingle().Subject!["also"]!
            .ToJsonString()
            .Should()
            .Be("[\"submission.merged\"]");

        // It says what the two events said that there were before.
        var updated = (await workspace.Get("/v1/events?type=submission.merged")).Data.Single()!;
        updated["related"]!.AsArray().Select(id => id!.ToString()).Should().Equal(second["id"]!.ToString(), form["id"]!.ToString());
        var data = updated["data"]!;
        (data["submission"]!.ToString(), data["form"]!.ToString()).Should().Be((second["id"]!.ToString(), form["id"]!.ToString()));
        updated["changes"]!.AsArray().Select(change => change!["field"]!.ToString()).Should().Contain("company");
        (await workspace.Get("/v1/events?type=submission.accepted")).Data.Single()!["data"]!["submission"]!
            .ToString()
            .Should()
            .Be(first["id"]!.ToString());

        async Task<IEnumerable<string>> Types(string filter) =>
            (await workspace.All($"/v1/events?sort=position&{filter}")).Select(told => told["type"]!.ToString());
    }

    [Fact]
    public async Task events_are_numbered_in_the_order_of_the_commits_and_read_on_from_any_place()
    {
        var workspace = await server.NewWorkspace();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => workspace.Post("/v1/leads", new { lastName = "Silva " + n })));
        var all = await workspace.All("/v1/events?sort=position");
        all.Select(told => told["position"]!.GetValue<long>()).Should().Equal(Enumerable.Range(1, all.Count).Select(n => (long)n));
        var rest = await workspace.Get("/v1/events?position[gt]=15&sort=position&limit=3");
        rest.Data.Select(told => told!["position"]!.GetValue<long>()).Should().Equal(16, 17, 18);
        var one = await workspace.Get($"/v1/events/{all[4]["id"]}");
        one["position"]!.GetValue<long>().Should().Be(5);
        one["also"]!.AsArray().Should().BeEmpty();
    }

    [Theory]
    [InlineData(-40)]
    [InlineData(40)]
    public async Task nothing_that_is_entered_for_another_time_was_changed_before_it_was_made(int days)
    {
        var workspace = await server.NewWorkspace();
        var installation = server.Services.GetRequiredService<Installation>();
        var settings = (await installation.Settings.Find(KnownKey.ByHash, ApiKey.HashOf(workspace.Key), default))!.Settings;
        var entered = new UnitOfWork(installation, settings, "system", installation.Now.AddDays(days));
        var lead = entered.Insert(new Lead { LastName = "Silva" });
        (await entered.Commit(default)).Committed.Should().BeTrue();
        var changing = new UnitOfWork(installation, settings, "system");
        changing.Replace(lead, lead with { LastName = "Souza" });
        (await changing.Commit(default)).Committed.Should().BeTrue();
        var back = new UnitOfWork(installation, settings, "system", installation.Now.AddDays(-days));
        var gone = (await back.Find<Lead>(lead.Id, default))!;
        back.Delete(gone);
        (await back.Commit(default)).Committed.Should().BeTrue();

        gone.UpdatedAt.Should().BeOnOrAfter(gone.CreatedAt);
        var told = await workspace.All($"/v1/events?subject={lead.Id.ToString("lead")}&sort=position");
        told.Select(e => e["type"]!.ToString()).Should().Equal("lead.created", "lead.updated", "lead.deleted");
        foreach (var e in told)
            e["updatedAt"]!.GetValue<DateTimeOffset>().Should().BeOnOrAfter(e["createdAt"]!.GetValue<DateTimeOffset>());
        var first = told[0]["createdAt"]!.GetValue<DateTimeOffset>();
        (first - installation.Now).TotalDays.Should().BeApproximately(days, 0.1, "an entry keeps the time it is for");
    }
}
