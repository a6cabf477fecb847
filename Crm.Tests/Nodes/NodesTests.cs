// Several nodes of the product on one PostgreSQL: what one changes the others see, and a flood with killed and stopped nodes loses and
// doubles nothing.

using System.Diagnostics;
using System.Net;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Postgres;
using Crm.Tests.Faults;
using Crm.Tests.Stores;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Nodes;

[Collection(nameof(NodesCollection))]
public sealed class NodesTests(ITestOutputHelper output)
{
    const int SigStop = 19,
        SigCont = 18;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [NeedsPostgresFact]
    public async Task a_revoked_key_and_a_changed_form_are_seen_by_every_node_within_a_second()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var one = await CrmProcess.Start(address);
        await using var other = await CrmProcess.Start(address);
        var made = await Ask(one, HttpMethod.Post, "/v1/api-keys", """{"name":"to be revoked","scopes":["leads:read"]}""");
        var (id, key) = (made["id"]!.ToString(), made["key"]!.ToString());
        var form = (await Ask(one, HttpMethod.Get, "/v1/forms?name=Contact")).Data[0]!;
        for (var i = 0; i < 5; i++) // Both nodes have seen both, and keep them.
            foreach (var node in new[] { one, other })
            {
                (await With(node, key, "/v1/leads")).Should().Be(HttpStatusCode.OK);
                (await Post(node, form["key"]!.ToString())).Should().Be(HttpStatusCode.Created);
            }

        (await Ask(one, HttpMethod.Post, $"/v1/api-keys/{id}/revoke", "{}")).Status.Should().Be(200);
        (await Ask(one, HttpMethod.Patch, $"/v1/forms/{form["id"]}", """{"status":"closed"}""")).Status.Should().Be(200);
        (await With(one, key, "/v1/leads")).Should().Be(HttpStatusCode.Unauthorized);
        await Task.Delay(1000);
        (await With(other, key, "/v1/leads")).Should().Be(HttpStatusCode.Unauthorized);
        (await Post(other, form["key"]!.ToString())).Should().NotBe(HttpStatusCode.Created);
    }

    [NeedsPostgresFact]
    public async Task a_node_that_was_stopped_trusts_nothing_that_it_remembers()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var one = await CrmProcess.Start(address);
        await using var other = await CrmProcess.Start(address);
        for (var round = 0; round < 8; round++)
        {
            var made = await Ask(one, HttpMethod.Post, "/v1/api-keys", """{"name":"to be revoked","scopes":["leads:read"]}""");
            var (id, key) = (made["id"]!.ToString(), made["key"]!.ToString());
            // The node knows the key, and there are open connections on which the next requests wait in its sockets.
            (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => With(other, key, "/v1/leads"))))
                .Should()
                .OnlyContain(status => status == HttpStatusCode.OK);
            CrmProcess.Signal(other.Pid, SigStop);
            (await Ask(one, HttpMethod.Post, $"/v1/api-keys/{id}/revoke", "{}")).Status.Should().Be(200);
            var asked = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => With(other, key, "/v1/leads")));
            await Task.Delay(1200);
            CrmProcess.Signal(other.Pid, SigCont);
            (await asked).Should().OnlyContain(status => status == HttpStatusCode.Unauthorized);
        }
    }

    [NeedsPostgresFact]
    public async Task a_request_with_a_key_that_reaches_three_nodes_at_once_is_done_once()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var a = await CrmProcess.Start(address);
        await using var b = await CrmProcess.Start(address);
        await using var c = await CrmProcess.Start(address);
        for (var round = 0; round < 20; round++)
        {
            var body = $$"""{"firstName":"Ana","tags":["round{{round}}"]}""";
            var answers = await Task.WhenAll(
                new[] { a, b, c, a, b, c }.Select(node =>
                    Ask(node, HttpMethod.Post, "/v1/leads", body, ("Idempotency-Key", $"round-{round}"))
                )
            );
            answers.Should().OnlyContain(answer => answer.Status == 201 || answer.Status == 409 && answer.Code == "idempotency_key_in_use");
            answers.Where(answer => answer.Status == 201).Select(answer => answer["id"]!.ToString()).Distinct().Should().ContainSingle();
            (await Ask(b, HttpMethod.Get, $"/v1/leads?tags=round{round}")).Data.Should().ContainSingle();
        }
    }

    [NeedsPostgresFact]
    public async Task a_rate_limit_is_one_for_all_nodes()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var one = new CrmServer(null, "--Crm:RateLimits:Enabled=true", $"--ConnectionStrings:Crm={address}");
        await using var other = new CrmServer(null, "--Crm:RateLimits:Enabled=true", $"--ConnectionStrings:Crm={address}");
        await one.InitializeAsync();
        await other.InitializeAsync();
        var form = (await one.Default.Get("/v1/forms?name=Contact")).Data[0]!;
        for (var i = 0; i < 20; i++)
            (await one.Default.Submit(form, new { email = $"a{i}@x.example.org" })).Status.Should().Be(201);
        (await one.Default.Submit(form, new { email = "b@x.example.org" })).Status.Should().Be(201);
        (await ReasonOf("b@x.example.org")).Should().Be("limited", "the address has used up its tokens here");
        // What one node gave, the other takes away a second later; until then it has tokens of its own.
        var n = 0;
        string? reason = null;
        for (; n < 15 && reason != "limited"; n++)
        {
            await Task.Delay(250);
            (await other.Default.Submit(form, new { email = $"c{n}@x.example.org" })).Status.Should().Be(201);
            reason = await ReasonOf($"c{n}@x.example.org");
        }
        reason.Should().Be("limited", "what one node gave, the other takes away");

        async Task<string?> ReasonOf(string email) =>
            (await one.Default.All("/v1/submissions?sort=-createdAt"))
                .First(entry => entry["fields"]!["email"]?.ToString() == email)["reason"]
                ?.ToString();
    }

    [NeedsPostgresFact]
    public async Task a_lease_is_held_by_one_node_and_fences_the_other_off()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var first = new PostgresStore(address, TimeProvider.System, null);
        await using var second = new PostgresStore(address, TimeProvider.System, null);
        var (one, other) = (
            await Installation.Open(first, CrmCatalog.Standard, TimeProvider.System, default),
            await Installation.Open(second, CrmCatalog.Standard, TimeProvider.System, default)
        );
        var length = TimeSpan.FromSeconds(5); // a busy machine does what stands before the wait in less

        var held = await HeldLease.Take(one, "work", length, default);
        held.Should().NotBeNull();
        (await HeldLease.Take(other, "work", length, default)).Should().BeNull();
        (await held!.Renew(length, default)).Should().BeTrue();
        // The node is stopped in the middle of its work, until another one may have it.
        HeldLease? taken = null;
        for (var began = Stopwatch.GetTimestamp(); taken is null && Stopwatch.GetElapsedTime(began) < Patience; await Task.Delay(100))
            taken = await HeldLease.Take(other, "work", length, default);
        taken.Should().NotBeNull();

        var rows = first.Open(WorkspaceKey.Installation);
        (await rows.Commit([held.Fence(length), new Change.Increment("done", 1)], default))
            .Committed.Should()
            .BeFalse("the work is another node's now");
        (await second.Open(WorkspaceKey.Installation).Commit([taken!.Fence(length), new Change.Increment("done", 1)], default))
            .Committed.Should()
            .BeTrue();
        (await rows.Counters("done", 1, default)).Should().Equal(("done", 1));
        await taken.GiveBack(default);
        (await HeldLease.Take(one, "work", length, default)).Should().NotBeNull();
    }

    /// <summary>The outcome of a commit whose answer was lost is looked up; it is neither repeated nor given up.</summary>
    [NeedsPostgresFact]
    public async Task a_connection_cut_between_commit_and_its_answer_doubles_and_loses_nothing()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var proxy = new CuttingProxy(new Uri(address).Port);
        await using var crm = await CrmProcess.Start(
            address.Replace($":{new Uri(address).Port}/", $":{proxy.Port}/", StringComparison.Ordinal)
        );
        var file = Path.GetTempFileName();
        using var ledger = new Ledger(file);
        var flood = new Flood(ledger, 5);
        using var stop = new CancellationTokenSource();
        var posting = flood.Run(crm, 8, stop.Token);
        // As many cuts as it takes, however few commits a busy machine makes meanwhile.
        for (var round = 0; round < 40 || (proxy.Cuts <= 30 || ledger.Acknowledged <= 100) && round < 600; round++)
        {
            proxy.CutNext(2);
            await Task.Delay(100);
        }
        await stop.CancelAsync();
        await posting;
        proxy.Cuts.Should().BeGreaterThan(30);
        ledger.Acknowledged.Should().BeGreaterThan(100);
        ledger.Compare(await Inventory.Of(crm)).Should().BeEmpty();
        output.WriteLine($"{proxy.Cuts} answers swallowed; {flood.Said}");
        File.Delete(file);
    }

    /// <summary>The question itself may lose its answer: what it left behind must not be taken for the commit.</summary>
    [NeedsPostgresFact]
    public async Task a_commit_that_never_arrived_is_not_acknowledged_even_when_the_question_about_it_is_cut_too()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var proxy = new CuttingProxy(new Uri(address).Port);
        await using var store = new PostgresStore(
            address.Replace($":{new Uri(address).Port}/", $":{proxy.Port}/", StringComparison.Ordinal),
            TimeProvider.System,
            null
        );
        await store.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        var mine = store.Open(new(1));
        var person = new Document(StoreContract.People, new IdGenerator(TimeProvider.System).Next(), 1, "{}"u8.ToArray(), [], []);

        proxy.LoseNext();
        await mine.Invoking(async rows => await rows.Commit([new Change.Insert(person)], default))
            .Should()
            .ThrowAsync<StoreUnavailableException>();
        proxy.Cuts.Should().Be(2);
        (await mine.Get(StoreContract.People, person.Id, default)).Should().BeNull();
        (await mine.Commit([new Change.Insert(person)], default)).Committed.Should().BeTrue();
    }

    /// <summary>It has locked what it changes. The others wait for that shortly and are not refused, and its own commit is made once when
    /// it goes on, or told what changed meanwhile.</summary>
    [NeedsPostgresFact]
    public async Task a_node_that_stands_still_in_the_middle_of_a_commit_holds_nobody_up_for_long()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        await using var proxy = new CuttingProxy(new Uri(address).Port);
        await using var first = new PostgresStore(
            address.Replace($":{new Uri(address).Port}/", $":{proxy.Port}/", StringComparison.Ordinal),
            TimeProvider.System,
            null
        );
        await using var second = new PostgresStore(address, TimeProvider.System, null);
        foreach (var store in new[] { first, second })
            await store.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        var (stopped, other) = (first.Open(new(1)), second.Open(new(1)));
        Document Person(Id id, long version, string json) =>
            new(StoreContract.People, id, version, System.Text.Encoding.UTF8.GetBytes(json), [], []);
        var ids = new IdGenerator(TimeProvider.System);
        var (wanted, own) = (ids.Next(), ids.Next());
        (await other.Commit([new Change.Insert(Person(wanted, 1, "{}")), new Change.Insert(Person(own, 1, "{}"))], default))
            .Committed.Should()
            .BeTrue();

        var come = proxy.HoldNext();
        var late = stopped.Commit([new Change.Replace(Person(wanted, 2, """{"by":"the one that stands still"}"""), 1)], default);
        await come;
        (await other.Commit([new Change.Replace(Person(wanted, 2, """{"by":"the other"}"""), 1)], default)).Committed.Should().BeTrue();
        (await late).Conflicts.Should().ContainSingle().Which.Kind.Should().Be(ConflictKind.VersionMoved);

        come = proxy.HoldNext();
        late = stopped.Commit(
            [new Change.Replace(Person(own, 2, """{"by":"the one that stood still"}"""), 1), new Change.Increment("made", 1)],
            default
        );
        await come;
        (await late).Committed.Should().BeTrue();
        (await other.Counters("made", 1, default)).Should().Equal(("made", 1));
    }

    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    /// <summary>The whole of it: three nodes behind nginx, nodes killed and stopped at random, and the database's power cut in the
    /// middle.</summary>
    [NeedsNginxAndPostgresFact]
    public async Task three_nodes_behind_nginx_lose_and_double_nothing_whatever_is_killed()
    {
        await using var cluster = await PostgresCluster.Start();
        var address = await cluster.NewDatabase();
        var ports = new[] { PostgresCluster.FreePort(), PostgresCluster.FreePort(), PostgresCluster.FreePort() };
        var nodes = new List<CrmProcess>();
        foreach (var port in ports)
            nodes.Add(await CrmProcess.StartAt(address, $"http://127.0.0.1:{port}"));
        await using var nginx = await Nginx.Start(ports);
        var file = Path.GetTempFileName();
        using var ledger = new Ledger(file) { TriesMayBreakOff = true };
        try
        {
            var seed = Random.Shared.Next();
            output.WriteLine($"seed {seed}");
            var (random, flood) = (new Random(seed), new Flood(ledger, seed));
            var front = nodes[0].SubmitUrl.PathAndQuery;
            using var stop = new CancellationTokenSource();
            using var http = Flood.Client(64);
            var slowest = 0L;
            var posting = Task.WhenAll(
                Enumerable
                    .Range(0, 48)
                    .Select(n =>
                        Task.Run(() =>
                            flood.RunAt(http, new Uri(nginx.Address, front), n, stop.Token, took => InterlockedMax(ref slowest, took))
                        )
                    )
            );
            var rounds = Long ? 40 : 6;
            for (var round = 0; round < rounds; round++)
            {
                await Task.Delay(random.Next(300, 1200));
                var n = random.Next(nodes.Count);
                if (round == rounds / 2)
                {
                    await cluster.Stop("immediate");
                    var asked = Stopwatch.GetTimestamp();
                    (await nodes[0].Get("/v1/leads")).Status.Should().Be(503);
                    Stopwatch.GetElapsedTime(asked).Should().BeLessThan(TimeSpan.FromSeconds(15));
                    await Task.Delay(1000);
                    await cluster.Resume();
                }
                else if (random.Next(2) == 0)
                {
                    await nodes[n].Kill();
                    await nodes[n].DisposeAsync();
                    nodes[n] = await StartedAgain(address, $"http://127.0.0.1:{ports[n]}");
                }
                else
                {
                    CrmProcess.Signal(nodes[n].Pid, SigStop);
                    await Task.Delay(Long ? random.Next(500, 30_000) : random.Next(500, 3000));
                    CrmProcess.Signal(nodes[n].Pid, SigCont);
                }
            }
            // As long as it takes, however few posts a busy machine takes meanwhile.
            for (var began = Stopwatch.GetTimestamp(); ledger.Acknowledged <= 200 && Stopwatch.GetElapsedTime(began) < Patience; )
                await Task.Delay(100);
            await Task.Delay(500);
            await stop.CancelAsync();
            await posting;
            output.WriteLine($"{ledger.Acknowledged} acknowledged; {flood.Said}; slowest answer {slowest} ms");
            ledger.Acknowledged.Should().BeGreaterThan(200);
            var broken = ledger.Compare(await Inventory.Of(nodes[0]));
            foreach (var sentence in broken)
                output.WriteLine(sentence);
            broken.Should().BeEmpty();
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
            File.Delete(file);
        }
    }

    /// <summary>As whoever supervises a node does: a start that ends because the database does not answer in time is tried again.</summary>
    static async Task<CrmProcess> StartedAgain(string address, string url)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await CrmProcess.StartAt(address, url);
            }
            catch (InvalidOperationException ended)
                when (attempt < 5 && ended.Message.Contains("could not be reached", StringComparison.Ordinal)) { }
    }

    static void InterlockedMax(ref long most, long value)
    {
        for (
            var seen = Volatile.Read(ref most);
            value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen;
            seen = Volatile.Read(ref most)
        ) { }
    }

    static async Task<Reply> Ask(
        CrmProcess node,
        HttpMethod method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await node.Http.SendAsync(request);
        return await Reply.Of(answer);
    }

    static async Task<HttpStatusCode> With(CrmProcess node, string key, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", key) } };
        using var answer = await node.Http.SendAsync(request);
        return answer.StatusCode;
    }

    static async Task<HttpStatusCode> Post(CrmProcess node, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/f/{form}")
        {
            Content = new FormUrlEncodedContent([new("email", "ana@silva.example.org")]),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var answer = await node.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
