// Subscriptions through the front door: what happens is told once, to those who may hear it, over both transports, and nothing of it is
// lost over a reconnect.

using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Crm.Api.Workers;
using Crm.Domain.Events;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.GraphQL;

[Collection(nameof(CrmServer))]
public sealed class SubscriptionTests(CrmServer server)
{
    static async Task<string> NewLead(TestWorkspace workspace, string name = "Silva")
    {
        var made = await workspace.Post("/v1/leads", new { lastName = name });
        made.Status.Should().Be(201, made.Text);
        return made["id"]!.ToString();
    }

    static string SubjectOf(JsonNode? answer) => answer!["data"]!["events"]!["subject"]!.ToString();

    // ---- Clients

    [NeedsNodeFact]
    public async Task the_clients_graphql_ws_and_graphql_sse_receive_everything_once()
    {
        var workspace = await server.NewWorkspace();
        var said = JsonNode.Parse(await Npm.Run("graphql-live.mjs", "", server.Address.ToString(), workspace.Key))!;
        foreach (var client in new[] { "ws", "sse" })
        {
            said[client]!["received"]!
                .AsArray()
                .Select(n => n!.ToString())
                .Should()
                .BeEquivalentTo(said["created"]!.AsArray().Select(n => n!.ToString()), $"{client}: {said.ToJsonString()}");
            said[client]!["query"]!.ToString().Should().Be("Query");
            said[client]!["mutation"]!.ToString().Should().Be("from " + client);
            said[client]!["invalid"]!.ToString().Should().Contain("nosuch");
        }
        said["wrongKey"]!.GetValue<int>().Should().Be(4403);
        said["afterReconnect"]!.GetValue<bool>().Should().BeTrue(said.ToJsonString());
    }

    // ---- What is told

    [OnEveryStore]
    [Fact]
    public async Task a_stream_tells_what_is_committed_from_now_on_with_the_fields_asked_for()
    {
        var workspace = await server.NewWorkspace();
        await NewLead(workspace, "before");
        foreach (var get in new[] { false, true })
        {
            using var stream = await LiveStream.Open(
                workspace,
                "subscription { events(types: [\"lead.created\"]) { kind: type subject __typename } }",
                get
            );
            (stream.Status, stream.ContentType).Should().Be((200, "text/event-stream"));
            var id = await NewLead(workspace);
            var (name, data) = (await stream.Next())!.Value;
            name.Should().Be("next");
            data!["data"]!
                .ToJsonString()
                .Should()
                .Be($$$"""{"events":{"kind":"lead.created","subject":"{{{id}}}","__typename":"Event"}}""");
        }
    }

    [Fact]
    public async Task only_the_types_and_the_record_asked_for_are_told()
    {
        var workspace = await server.NewWorkspace();
        var (one, other) = (await NewLead(workspace), await NewLead(workspace));
        using var socket = await LiveSocket.Of(server, workspace.Key);
        await socket.Subscribe("subject", $"subscription {{ events(subject: \"{one}\") {{ type subject }} }}");
        await socket.Subscribe("types", "subscription { events(types: [\"lead.deleted\", \"campaign.created\"]) { type subject } }");
        await workspace.Patch($"/v1/leads/{other}", new { lastName = "x" });
        await workspace.Patch($"/v1/leads/{one}", new { lastName = "x" });
        await workspace.Delete($"/v1/leads/{other}");
        await workspace.Delete($"/v1/leads/{one}");
        var told = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var next = (await socket.Next())!;
            told.Add(
                $"{next["id"]} {next["payload"]!["data"]!["events"]!["type"]} {(SubjectOf(next["payload"]) == one ? "one" : "other")}"
            );
        }
        told.Should()
            .BeEquivalentTo("subject lead.updated one", "subject lead.deleted one", "types lead.deleted other", "types lead.deleted one");
    }

    [OnEveryStore]
    [Fact]
    public async Task nobody_hears_of_another_workspace()
    {
        var (mine, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        using var socket = await LiveSocket.Of(server, mine.Key);
        await socket.Subscribe("1", "subscription { events { subject } }");
        using var stream = await LiveStream.Open(mine, "subscription { events { subject } }");
        var theirs = await NewLead(other);
        using var subject = await LiveStream.Open(mine, $"subscription {{ events(subject: \"{theirs}\") {{ subject }} }}");
        await other.Patch($"/v1/leads/{theirs}", new { lastName = "x" });
        var own = await NewLead(mine);
        SubjectOf((await socket.Next())!["payload"]).Should().Be(own);
        SubjectOf((await stream.Next())!.Value.Data).Should().Be(own);
        var heard = subject.Next();
        await NewLead(mine);
        SubjectOf((await stream.Next())!.Value.Data).Should().NotBe(theirs);
        heard.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task a_key_without_the_scope_hears_nothing()
    {
        var workspace = await server.NewWorkspace();
        var key = (await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "leads:*" } }))["key"]!.ToString();
        using var stream = await LiveStream.Open(workspace.With(key), "subscription { events { subject } }");
        var (name, data) = (await stream.Next())!.Value;
        (name, data!["errors"]![0]!["extensions"]!["code"]!.ToString()).Should().Be(("next", "insufficient_scope"));
        (await stream.Next())!.Value.Event.Should().Be("complete");
        using var socket = await LiveSocket.Of(server, key);
        await socket.Send(
            new
            {
                id = "1",
                type = "subscribe",
                payload = new { query = "subscription { events { subject } }" },
            }
        );
        var refused = (await socket.Next())!;
        (refused["type"]!.ToString(), refused["payload"]![0]!["extensions"]!["code"]!.ToString())
            .Should()
            .Be(("error", "insufficient_scope"));
    }

    [OnEveryStore]
    [Fact]
    public async Task a_client_that_comes_again_and_again_misses_nothing_and_hears_nothing_twice()
    {
        var workspace = await server.NewWorkspace();
        var made = new ConcurrentBag<string>();
        using var first = await LiveStream.Open(workspace, "subscription { events(types: [\"lead.created\"]) { id subject } }");
        made.Add(await NewLead(workspace));
        var answer = (await first.Next())!.Value.Data!;
        var heard = new List<string> { SubjectOf(answer) };
        var writers = Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async _ =>
                {
                    for (var i = 0; i < 40; i++)
                        made.Add(await NewLead(workspace));
                })
        );
        // Two or three events, then another connection: the writers' commits overtake each other meanwhile.
        while (!writers.IsCompleted || heard.Count < made.Count)
        {
            using var again = await LiveStream.Open(
                workspace,
                $"subscription {{ events(types: [\"lead.created\"], after: \"{answer["extensions"]!["cursor"]}\") {{ id subject }} }}"
            );
            if (again.Status == 429)
            {
                await Task.Delay(20); // The server has not seen yet that the earlier ones are gone.
                continue;
            }
            for (var i = 0; i < 3 && (!writers.IsCompleted || heard.Count < made.Count); i++)
                heard.Add(SubjectOf(answer = (await again.Next())!.Value.Data!));
        }
        await writers;
        heard.Should().OnlyHaveUniqueItems();
        heard.Should().BeEquivalentTo(made);
    }

    [OnEveryStore]
    [Fact]
    public async Task whoever_resumes_after_the_clock_was_set_back_hears_everything_once()
    {
        var workspace = await server.NewWorkspace();
        var installation = server.Services.GetRequiredService<Installation>();
        var settings = await Settings(installation, workspace);
        var follow = new FollowEvents(installation, settings.Store, new(["clock.test"]), null);
        await follow.Start(default);
        await using var events = follow.Run(Live.Patience).GetAsyncEnumerator();
        await Tell(installation.Now, "before");
        var before = await Next();
        // Ids and times are now far below those of before.
        await Tell(installation.Now.AddDays(-2), "after");
        var after = await Next();
        SubjectIn(after).Should().Be("after");
        (await Rest(before.Cursor)).Should().Equal("after");
        (await Rest(after.Cursor)).Should().BeEmpty();

        // And so over the wire, by position and by the event's id, asked for or sent by the browser; and in the list.
        (await workspace.Get($"/v1/events?type=clock.test&sort=position&position[gt]={before.Cursor}"))
            .Data.Select(told => told!["subject"]!.ToString())
            .Should()
            .Equal("after");
        var id = JsonNode.Parse(before.Json.Span)!["id"]!.ToString();
        foreach (var (place, byBrowser) in new[] { (before.Cursor, false), (id, false), (before.Cursor, true) })
        {
            var asked = byBrowser ? "" : $", after: \"{place}\"";
            using var stream = await LiveStream.Open(
                workspace,
                $"subscription {{ events(types: [\"clock.test\"]{asked}) {{ subject position }} }}",
                lastEventId: byBrowser ? place : null
            );
            var answer = (await stream.Next())!.Value.Data!;
            SubjectOf(answer).Should().Be("after");
            answer["extensions"]!["cursor"]!.ToString().Should().Be(answer["data"]!["events"]!["position"]!.ToString());
        }

        async Task Tell(DateTimeOffset at, string subject)
        {
            var work = new UnitOfWork(installation, settings, "system", at);
            work.RecordEvent("clock.test", subject);
            (await work.Commit(default)).Committed.Should().BeTrue();
        }

        async Task<FollowedEvent> Next()
        {
            while (await events.MoveNextAsync())
                if (events.Current is { } told)
                    return told;
            throw new InvalidOperationException();
        }

        static string SubjectIn(FollowedEvent told) => JsonNode.Parse(told.Json.Span)!["subject"]!.ToString();

        async Task<List<string>> Rest(string place)
        {
            var rest = new List<string>();
            var again = new FollowEvents(installation, settings.Store, new(["clock.test"]), place);
            await again.Start(default);
            await foreach (var told in again.Run(default))
                if (told is null)
                    return rest;
                else
                    rest.Add(SubjectIn(told));
            return rest;
        }
    }

    [Fact]
    public async Task a_stream_that_is_opened_again_with_the_last_events_id_goes_on_behind_it_whatever_the_request_says()
    {
        var workspace = await server.NewWorkspace();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
            ids.Add(await NewLead(workspace));
        const string query = "subscription { events(types: [\"lead.created\"], after: \"0\") { subject } }";
        string last;
        using (var stream = await LiveStream.Open(workspace, query, get: true))
        {
            SubjectOf((await stream.Next())!.Value.Data).Should().Be(ids[0]);
            SubjectOf((await stream.Next())!.Value.Data).Should().Be(ids[1]);
            last = stream.LastId!;
        }
        using var again = await LiveStream.Open(workspace, query, get: true, lastEventId: last);
        SubjectOf((await again.Next())!.Value.Data).Should().Be(ids[2]);
        SubjectOf((await again.Next())!.Value.Data).Should().Be(ids[3]);
    }

    static async Task<WorkspaceSettings> Settings(Installation installation, TestWorkspace workspace) =>
        (await installation.Settings.Find(KnownKey.ByHash, Domain.Workspaces.ApiKey.HashOf(workspace.Key), default))!.Settings;

    [Fact]
    public async Task the_id_of_an_event_is_a_place_to_go_on_from_and_anything_else_is_refused()
    {
        var workspace = await server.NewWorkspace();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await NewLead(workspace));
        var first = (await workspace.Get($"/v1/events?subject={ids[0]}")).Data[0]!["id"]!.ToString();
        using var stream = await LiveStream.Open(workspace, $"subscription {{ events(after: \"{first}\") {{ subject }} }}");
        for (var i = 1; i < 5; i++)
            SubjectOf((await stream.Next())!.Value.Data).Should().Be(ids[i]);
        foreach (
            var wrong in new[]
            {
                "x",
                "lead_01h455vb4pex5vsknk084sn02q",
                "evt_01h455vb4pex5vsknk084sn02q", // There is no such event.
                "99999999", // Ahead of what is stored.
                "-1",
                "1.5",
                "AZKx3oQAdKuKAAAAAAAAAQ", // As cursors were before there were positions.
                new string('1', 5000),
                "!",
            }
        )
        {
            using var refused = await LiveStream.Open(workspace, $"subscription {{ events(after: \"{wrong}\") {{ subject }} }}");
            var (_, data) = (await refused.Next())!.Value;
            data!["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("invalid_cursor", wrong);
            (await refused.Next())!.Value.Event.Should().Be("complete");
        }
    }

    [OnEveryStore]
    [Fact]
    public async Task a_reader_who_pauses_finds_everything_afterwards()
    {
        var workspace = await server.NewWorkspace();
        using var socket = await LiveSocket.Of(server, workspace.Key);
        await socket.Subscribe("1", "subscription { events(types: [\"lead.created\"]) { subject data by related id } }");
        var made = (
            await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(async _ =>
                    {
                        var ids = new List<string>();
                        for (var i = 0; i < 100; i++)
                            ids.Add(await NewLead(workspace));
                        return ids;
                    })
            )
        ).SelectMany(ids => ids).ToList();
        var heard = new List<string>();
        while (heard.Count < made.Count)
            heard.Add(SubjectOf((await socket.Next())!["payload"]));
        heard.Should().BeEquivalentTo(made);
    }

    // ---- When it ends

    [Fact]
    public async Task a_revoked_key_ends_its_connections_and_no_others()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } });
        var revoked = workspace.With(made["key"]!.ToString());
        using var stays = await LiveSocket.Of(server, workspace.Key);
        await stays.Subscribe("1", "subscription { events(types: [\"lead.created\"]) { subject } }");
        using var socket = await LiveSocket.Of(server, revoked.Key);
        await socket.Subscribe("1", "subscription { events(types: [\"lead.created\"]) { subject } }");
        using var stream = await LiveStream.Open(revoked, "subscription { events(types: [\"lead.created\"]) { subject } }");
        (await workspace.Post($"/v1/api-keys/{made["id"]}/revoke", new { })).Status.Should().Be(200);
        (await socket.UntilClosed()).Should().Be(4403);
        (await stream.Next())!.Value.Data!["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("unauthorized");
        (await stream.Next())!.Value.Event.Should().Be("complete");
        var id = await NewLead(workspace);
        SubjectOf((await stays.Next())!["payload"]).Should().Be(id);
    }

    [OnEveryStore]
    [Fact]
    public async Task stopping_the_product_says_goodbye_to_open_connections()
    {
        var own = new CrmServer(null);
        await own.InitializeAsync();
        var workspace = await own.NewWorkspace();
        using var socket = await LiveSocket.Of(own, workspace.Key);
        await socket.Subscribe("1", "subscription { events { subject } }");
        using var stream = await LiveStream.Open(workspace, "subscription { events { subject } }");
        var closed = socket.UntilClosed();
        var ended = Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            if (await stream.Next() is null)
                throw new IOException("The stream ended without complete.");
        });
        // Were the connections left open, stopping would take the 20 seconds that it waits for requests, and the test's own server would be
        // torn.
        var stopping = own.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>();
        stopping.StopApplication();
        (await closed).Should().Be(1001);
        await ended;
        await own.DisposeAsync();
    }

    [Fact]
    public async Task a_client_that_completes_hears_no_more_of_that_subscription()
    {
        var workspace = await server.NewWorkspace();
        using var socket = await LiveSocket.Of(server, workspace.Key);
        await socket.Subscribe("gone", "subscription { events(types: [\"lead.created\"]) { subject } }");
        await socket.Subscribe("stays", "subscription { events(types: [\"lead.created\"]) { subject } }");
        await socket.Send(new { id = "gone", type = "complete" });
        for (var i = 0; i < 3; i++)
        {
            await NewLead(workspace);
            (await socket.Next())!["id"]!.ToString().Should().Be("stays");
        }
        await socket.Subscribe("gone", "subscription { events(types: [\"lead.created\"]) { subject } }"); // The id is free again.
        await NewLead(workspace);
        new[] { (await socket.Next())!["id"]!.ToString(), (await socket.Next())!["id"]!.ToString() }
            .Should()
            .BeEquivalentTo("gone", "stays");
    }

    // ---- The protocol

    [Theory]
    [InlineData("hello", 4400)]
    [InlineData("[]", 4400)]
    [InlineData("{\"type\":5}", 4400)]
    [InlineData("{\"type\":\"nosuch\"}", 4400)]
    [InlineData("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\"{__typename}\"}}", 4401)]
    [InlineData("{\"type\":\"connection_init\"}", 4403)]
    [InlineData(
        "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"Bearer crm_sk_wrongone_0123456789abcdefghijklmnopqrstuvwxyz0123456\"}}",
        4403
    )]
    public async Task what_is_wrong_before_the_acknowledgement_closes_with_its_code(string message, int code)
    {
        using var socket = await LiveSocket.Open(server);
        socket.Protocol.Should().Be("graphql-transport-ws");
        await socket.SendText(message);
        (await socket.UntilClosed()).Should().Be(code);
    }

    [Theory]
    [InlineData("{\"type\":\"connection_init\"}", 4429)]
    [InlineData("{\"type\":\"subscribe\",\"payload\":{\"query\":\"{__typename}\"}}", 4400)]
    [InlineData("{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{\"query\":\"{__typename}\"}}", 4400)]
    [InlineData("{\"type\":\"subscribe\",\"id\":\"1\"}", 4400)]
    [InlineData("{\"type\":\"subscribe\",\"id\":\"taken\",\"payload\":{\"query\":\"{__typename}\"}}", 4409)]
    [InlineData("{\"type\":\"ping\",\"type\":\"pong\"}", 4400)]
    [InlineData("{\"type\":\"\\ud800\"}", 4400)]
    [InlineData("LONG", 1009)]
    [InlineData("DEEP", 4400)]
    public async Task what_is_wrong_later_closes_with_its_code(string message, int code)
    {
        var workspace = await server.NewWorkspace();
        using var socket = await LiveSocket.Of(server, workspace.Key);
        await socket.Subscribe("taken", "subscription { events { subject } }");
        await socket.SendText(
            message switch
            {
                "LONG" => $"{{\"type\":\"ping\",\"payload\":\"{new string('x', 200_000)}\"}}",
                "DEEP" => "{\"type\":" + new string('[', 20_000),
                _ => message,
            }
        );
        (await socket.UntilClosed()).Should().Be(code);
    }

    [Fact]
    public async Task who_does_not_say_who_he_is_is_closed_and_a_binary_message_and_another_protocol_too()
    {
        var workspace = await server.NewWorkspace();
        using var silent = await LiveSocket.Open(server);
        var closed = silent.UntilClosed();
        using var binary = await LiveSocket.Of(server, workspace.Key);
        await binary.SendText("{\"type\":\"ping\"}", WebSocketMessageType.Binary);
        (await binary.UntilClosed()).Should().Be(4400);
        using var plain = await LiveSocket.Open(server, protocol: null);
        (await plain.UntilClosed()).Should().Be(4406);
        (await closed).Should().Be(4408);
    }

    [Fact]
    public async Task a_key_in_the_header_is_enough_and_a_wrong_one_is_refused_before_anything_opens()
    {
        var workspace = await server.NewWorkspace();
        using var socket = await LiveSocket.Open(server, workspace.Key);
        await socket.Send(new { type = "connection_init" });
        (await socket.Next())!["type"]!.ToString().Should().Be("connection_ack");
        await socket.Send(
            new
            {
                id = "1",
                type = "subscribe",
                payload = new { query = "query($n: Int) { leads(first: $n) { nodes { id } } }", variables = new { n = 1 } },
            }
        );
        (await socket.Next())!["payload"]!["data"]!["leads"]!["nodes"]!.AsArray().Should().BeEmpty();
        (await socket.Next())!.ToJsonString().Should().Be("""{"id":"1","type":"complete"}""");
        await Assert.ThrowsAsync<WebSocketException>(() =>
            LiveSocket.Open(server, "crm_sk_wrongone_0123456789abcdefghijklmnopqrstuvwxyz0123456")
        );
    }

    [Fact]
    public async Task a_page_of_a_strange_origin_gets_no_connection_and_one_of_the_workspaces_sites_does()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/sites", new { name = "Shop", allowedOrigins = new[] { "https://shop.example.org" } });
        foreach (
            var (origin, code) in new[]
            {
                ("https://evil.example.org", 4403),
                ("https://shop.example.org", 0),
                (server.Address.ToString().TrimEnd('/'), 0),
            }
        )
        {
            using var socket = await LiveSocket.Open(server, origin: origin);
            await socket.Send(new { type = "connection_init", payload = new { Authorization = "Bearer " + workspace.Key } });
            if (code == 0)
                (await socket.Next())!["type"]!.ToString().Should().Be("connection_ack", origin);
            else
                (await socket.UntilClosed()).Should().Be(code, origin);
        }
    }

    [Fact]
    public async Task a_connection_and_a_key_have_limits()
    {
        var workspace = await server.NewWorkspace();
        using var socket = await LiveSocket.Of(server, workspace.Key);
        for (var i = 0; i < Api.GraphQL.SocketConnection.MostOperations; i++)
            await socket.Subscribe($"{i}", "subscription { events { subject } }");
        await socket.Send(
            new
            {
                id = "more",
                type = "subscribe",
                payload = new { query = "subscription { events { subject } }" },
            }
        );
        var refused = (await socket.Next())!;
        (refused["id"]!.ToString(), refused["type"]!.ToString(), refused["payload"]![0]!["extensions"]!["code"]!.ToString())
            .Should()
            .Be(("more", "error", "limit_reached"));

        var open = new List<LiveSocket>();
        try
        {
            for (var i = 1; i < Api.Workers.LiveConnections.MostOfKey; i++)
                open.Add(await LiveSocket.Of(server, workspace.Key));
            using var more = await LiveSocket.Open(server);
            await more.Send(new { type = "connection_init", payload = new { authorization = "Bearer " + workspace.Key } });
            (await more.UntilClosed()).Should().Be(4429);
            using var stream = await LiveStream.Open(workspace, "subscription { events { subject } }");
            stream.Status.Should().Be(429);
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task a_subscription_without_a_stream_is_told_how_to_ask()
    {
        var workspace = await server.NewWorkspace();
        var reply = await workspace.Post(
            "/graphql",
            new { query = "subscription { events { subject } }" },
            ("Accept", "application/graphql-response+json")
        );
        reply.Status.Should().Be(400);
        reply["errors"]![0]!["message"]!.ToString().Should().Contain("text/event-stream");
        var two = await workspace.Post(
            "/graphql",
            new { query = "subscription { a: events { subject } b: events { subject } }" },
            ("Accept", "application/graphql-response+json")
        );
        two.Status.Should().Be(400);
    }

    // ---- Several nodes

    [OnEveryStore]
    [NeedsPostgresFact]
    public async Task what_one_node_commits_is_told_by_the_other()
    {
        var address = await (await Stores.PostgresCluster.Shared()).NewDatabase();
        await using var one = new CrmServer(null, $"--ConnectionStrings:Crm={address}");
        await using var other = new CrmServer(null, $"--ConnectionStrings:Crm={address}");
        await one.InitializeAsync();
        await other.InitializeAsync();
        var writes = await one.NewWorkspace();
        var reads = new TestWorkspace(other, writes.Key, writes.Id);
        using var stream = await LiveStream.Open(reads, "subscription { events(types: [\"lead.created\"]) { subject } }");
        using var socket = await LiveSocket.Of(other, writes.Key);
        await socket.Subscribe("1", "subscription { events(types: [\"lead.created\"]) { subject } }");
        var made = new ConcurrentBag<string>();
        await Task.WhenAll(
            new[] { writes, reads, writes, reads }.Select(async node =>
            {
                for (var i = 0; i < 25; i++)
                    made.Add(await NewLead(node));
            })
        );
        var (overStream, overSocket) = (new List<string>(), new List<string>());
        for (var i = 0; i < made.Count; i++)
        {
            overStream.Add(SubjectOf((await stream.Next())!.Value.Data));
            overSocket.Add(SubjectOf((await socket.Next())!["payload"]));
        }
        overStream.Should().BeEquivalentTo(made);
        overSocket.Should().BeEquivalentTo(made);
        // A key that is revoked at one node loses its connection at the other.
        var key = await writes.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } });
        using var revoked = await LiveSocket.Of(other, key["key"]!.ToString());
        await writes.Post($"/v1/api-keys/{key["id"]}/revoke", new { });
        (await revoked.UntilClosed()).Should().Be(4403);
    }

    // ---- Time

    [Fact]
    public async Task a_query_that_takes_too_long_is_ended_and_a_mutation_is_not()
    {
        await using var hurried = new CrmServer(null, "--Crm:GraphQL:MostSeconds=0");
        await hurried.InitializeAsync();
        var workspace = await hurried.NewWorkspace();
        var query = await workspace.Post("/graphql", new { query = "{leads{nodes{id}}}" });
        query["data"].Should().BeNull();
        query["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("TIMEOUT");
        var made = await workspace.Post("/graphql", new { query = "mutation{createLead(input:{lastName:\"x\"}){lead{lastName}}}" });
        made["data"]!["createLead"]!["lead"]!["lastName"]!.ToString().Should().Be("x");
    }

    [Theory]
    [InlineData(16, 400)]
    [InlineData(15, 200)]
    public async Task variables_are_nested_sixteen_deep_at_most(int lists, int status)
    {
        // The variables' own object is the first level.
        var workspace = await server.NewWorkspace();
        var deep = new string('[', lists) + new string(']', lists);
        var reply = await workspace.Post("/graphql", "{\"query\":\"{__typename}\",\"variables\":{\"a\":" + deep + "}}");
        reply.Status.Should().Be(status, reply.Text);
        if (status == 400)
            reply.Code.Should().Be("too_deep");
        (await workspace.Get("/graphql?query={__typename}&variables=" + Uri.EscapeDataString("{\"a\":" + deep + "}")))
            .Status.Should()
            .Be(status);
    }
}
