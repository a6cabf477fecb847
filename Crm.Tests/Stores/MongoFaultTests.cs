// What happens to a commit when the connection breaks at the worst moment, and without a replica set.

using System.Diagnostics;
using System.Text;
using Crm.Domain.Stores;
using Crm.Storage.Mongo;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class MongoFaultTests
{
    static readonly IdGenerator Ids = new(TimeProvider.System);

    static Document Person(string email) =>
        new(StoreContract.People, Ids.Next(), 1, Encoding.UTF8.GetBytes($"{{\"email\":\"{email}\"}}"), [("email", Key.Of(email))], []);

    static async Task<MongoStore> Started(string uri, Action<string>? log = null)
    {
        var store = new MongoStore(new() { Uri = uri, Log = log }, TimeProvider.System);
        await store.Start([StoreContract.People, StoreContract.Keys], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return store;
    }

    /// <summary>One cut is mended by the driver, which asks for the commit again; more are not, and the mark has to tell.</summary>
    [NeedsMongoTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task a_commit_whose_answer_is_lost_is_neither_doubled_nor_denied(int cuts)
    {
        using var server = MongoServer.StartReplicaSet();
        using var proxy = new MongoProxy(server.Port, "commitTransaction"u8.ToArray());
        await using var store = await Started(proxy.Connection);
        var mine = store.Open(new(1));
        for (var i = 0; i < 5; i++)
        {
            proxy.CutNext(cuts);
            var person = Person($"p{i}@x.example");
            var result = await mine.Commit([new Change.Insert(person), new Change.Increment("people", 1)], default);
            result.Conflicts.Should().BeEmpty("its own first attempt is not somebody else's");
            (await mine.FindByKey(StoreContract.People, "email", $"p{i}@x.example", default)).Should().Be(person.Id);
        }
        proxy.Cut.Should().BeGreaterThanOrEqualTo(5);
        (await mine.Count(StoreContract.People, null, 100, default)).Should().Be(5);
        (await mine.Counters("", 10, default)).Should().Equal(("people", 5));
    }

    [NeedsMongoFact]
    public async Task a_server_that_stands_still_keeps_nobody_for_long_and_a_cancelled_read_ends_at_once()
    {
        using var server = MongoServer.StartReplicaSet();
        await using var store = await Started(server.Connection);
        var mine = store.Open(new(1));
        var person = Person("a@x.example");
        (await mine.Commit([new Change.Insert(person)], default)).Committed.Should().BeTrue();

        await server.StandStill();
        using var leaves = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        var read = async () => await mine.Get(StoreContract.People, person.Id, leaves.Token);
        await read.Should().ThrowAsync<OperationCanceledException>();
        watch
            .Elapsed.Should()
            .BeLessThan(TimeSpan.FromSeconds(3.5), "its caller has gone, and the store itself would wait for four seconds");
        watch.Restart();
        var patient = async () => await mine.Get(StoreContract.People, person.Id, default);
        await patient.Should().ThrowAsync<StoreUnavailableException>();
        var commit = async () => await mine.Commit([new Change.Insert(Person("b@x.example"))], default);
        await commit.Should().ThrowAsync<StoreUnavailableException>();
        (await store.IsReady(default)).Should().BeFalse();
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(25));

        server.GoOn();
        watch.Restart();
        while (!await store.IsReady(default))
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(60), "it is back");
        (await mine.Get(StoreContract.People, person.Id, default))!.Value.Version.Should().Be(1);
        (await mine.Commit([new Change.Insert(Person("c@x.example"))], default)).Committed.Should().BeTrue();
    }

    [NeedsMongoFact]
    public async Task a_server_that_is_gone_is_named_with_the_reason_in_one_line()
    {
        using var server = MongoServer.StartReplicaSet();
        await using var store = await Started(server.Connection);
        server.Dispose();
        var read = async () => await store.Open(new(1)).Get(StoreContract.People, Ids.Next(), default);
        await read.Should().ThrowAsync<StoreUnavailableException>(); // The connection breaks.
        (await read.Should().ThrowAsync<StoreUnavailableException>())
            .Which.Message.Should()
            .Contain($"127.0.0.1:{server.Port}: Connection refused")
            .And.NotContain("\n");
    }

    [NeedsMongoFact]
    public async Task without_a_replica_set_the_contract_s_promises_hold_and_the_start_says_what_is_weaker()
    {
        using var server = MongoServer.StartStandalone();
        var said = new List<string>();
        await using var store = await Started(server.Database("crm"), said.Add);
        said.Should().ContainSingle(line => line.Contains("not a replica set") && line.Contains("only one process"));
        var mine = store.Open(new(1));
        var person = Person("a@x.example");
        (await mine.Commit([new Change.Insert(person), new Change.Increment("n", 2)], default)).Conflicts.Should().BeEmpty();
        (await mine.Commit([new Change.Insert(Person("a@x.example")), new Change.Increment("n", 5)], default))
            .Conflicts.Should()
            .Equal(new Conflict(0, ConflictKind.KeyTaken, "email", "a@x.example", person.Id));
        (
            await mine.Commit(
                [
                    new Change.Replace(person with { Version = 2, Keys = [("email", Key.Of("b@x.example"))] }, 1),
                    new Change.Insert(Person("a@x.example")),
                ],
                default
            )
        )
            .Conflicts.Should()
            .BeEmpty();
        (await mine.Commit([new Change.Delete(StoreContract.People, person.Id, 1)], default))
            .Conflicts.Should()
            .Equal(new Conflict(0, ConflictKind.VersionMoved));
        (await mine.Commit([new Change.Delete(StoreContract.People, person.Id, 2), new Change.Increment("n", 1)], default))
            .Conflicts.Should()
            .BeEmpty();
        (await mine.Counters("", 10, default)).Should().Equal(("n", 3));
        (await mine.Count(StoreContract.People, null, 10, default)).Should().Be(1);
    }

    [NeedsMongoFact]
    public async Task without_a_replica_set_an_interrupted_batch_is_finished_by_the_next_start()
    {
        using var server = MongoServer.StartStandalone();
        using var proxy = new MongoProxy(server.Port, "crm_counters"u8.ToArray());
        var person = Person("a@x.example");
        var broken = new MongoStore(
            new()
            {
                Uri = proxy.Connection,
                Patience = TimeSpan.FromMilliseconds(500),
                Lease = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System
        );
        await broken.Start([StoreContract.People, StoreContract.Keys], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        (await broken.Open(new(1)).Commit([new Change.Increment("n", 1)], default)).Committed.Should().BeTrue();
        proxy.Dispose(); // New connections are refused; the open one breaks when the batch is being carried out.
        proxy.CutNext(1);
        var commit = async () => await broken.Open(new(1)).Commit([new Change.Insert(person), new Change.Increment("n", 1)], default);
        await commit.Should().ThrowAsync<StoreUnavailableException>();
        await broken.DisposeAsync();

        await using var next = await Started(server.Database("crm"));
        var mine = next.Open(new(1));
        (await mine.Get(StoreContract.People, person.Id, default))
            .Should()
            .NotBeNull("the commit was in the journal, and an unanswered commit is there entirely or not at all");
        (await mine.FindByKey(StoreContract.People, "email", "a@x.example", default)).Should().Be(person.Id);
        (await mine.Counters("", 10, default)).Should().Equal(("n", 2));
    }

    [NeedsMongoFact]
    public async Task without_a_replica_set_a_second_process_is_refused()
    {
        using var server = MongoServer.StartStandalone();
        await using var first = await Started(server.Database("crm"));
        await using var other = new MongoStore(
            new() { Uri = server.Database("crm"), Lease = TimeSpan.FromMilliseconds(100) },
            TimeProvider.System
        );
        var second = () => other.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        (await second.Should().ThrowAsync<StoreConfigurationException>()).Which.Message.Should().Contain("in use by another process");
    }
}

/// <summary>What only a server that sees conflicts between transactions can show.</summary>
public sealed class RealMongoTests
{
    static readonly IdGenerator Ids = new(TimeProvider.System);

    [NeedsRealMongoFact]
    public async Task of_two_nodes_that_write_the_same_documents_and_keys_at_once_one_wins_and_no_increment_is_lost()
    {
        using var server = MongoServer.Start();
        var uri = server.Connection;
        await using var one = new MongoStore(new() { Uri = uri }, TimeProvider.System);
        await using var two = new MongoStore(new() { Uri = uri }, TimeProvider.System);
        foreach (var store in new[] { one, two })
            await store.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        for (var round = 0; round < 50; round++)
        {
            var results = await Task.WhenAll(
                Enumerable
                    .Range(0, 20)
                    .Select(i =>
                        Task.Run(async () =>
                            await (i % 2 == 0 ? one : two)
                                .Open(new(1))
                                .Commit(
                                    [
                                        new Change.Insert(
                                            new(
                                                StoreContract.People,
                                                Ids.Next(),
                                                1,
                                                "{}"u8.ToArray(),
                                                [("email", Key.Of($"r{round}@x.example"))],
                                                []
                                            )
                                        ),
                                        new Change.Increment("n", 1),
                                    ],
                                    default
                                )
                        )
                    )
            );
            results.Should().ContainSingle(result => result.Committed);
        }
        (await one.Open(new(1)).Counters("n", 1, default)).Should().Equal(("n", 50));
        (await two.Open(new(1)).Count(StoreContract.People, null, 1000, default)).Should().Be(50);
    }
}
