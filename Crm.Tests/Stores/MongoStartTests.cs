// Starting on MongoDB: what is refused, in which words, and how stored documents follow a change of the keys.

using System.Text;
using Crm.Domain.Stores;
using Crm.Storage.Mongo;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class MongoStartTests
{
    static readonly IdGenerator Ids = new(TimeProvider.System);

    static async Task<StoreConfigurationException> Refused(string uri)
    {
        await using var store = new MongoStore(new() { Uri = uri, Patience = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        var start = () => store.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return (await start.Should().ThrowAsync<StoreConfigurationException>()).Which;
    }

    [NeedsMongoTheory]
    [InlineData("w=1", "w")]
    [InlineData("w=0", "w")]
    [InlineData("W=2", "w")]
    [InlineData("journal=false", "journal")]
    [InlineData("j=false", "journal")]
    [InlineData("readConcernLevel=local", "readConcernLevel")]
    [InlineData("readPreference=secondaryPreferred", "readPreference")]
    [InlineData("retryWrites=false", "retryWrites")]
    [InlineData("appName=x&w=1&tls=true", "w")]
    public async Task a_weaker_promise_in_the_connection_string_is_refused_in_one_sentence(string option, string named)
    {
        var refused = await Refused("mongodb://user:secret@127.0.0.1:1/crm?" + option);
        refused
            .Message.Should()
            .Contain("weaker than what is promised")
            .And.Contain($"{named} is always")
            .And.NotContain("secret")
            .And.NotContain("\n");
    }

    [NeedsMongoTheory]
    [InlineData("mongodb://")]
    [InlineData("mongodb://host:notaport/crm")]
    [InlineData("mongodb://host/crm?replicaSet=")]
    public async Task a_wrong_connection_string_is_one_sentence(string uri)
    {
        (await Refused(uri)).Message.Should().StartWith("The MongoDB connection string cannot be used").And.NotContain("\n");
    }

    [NeedsMongoFact]
    public async Task a_server_that_is_not_there_is_one_sentence_within_seconds()
    {
        await using var store = new MongoStore(
            new() { Uri = "mongodb://user:secret@127.0.0.1:1/crm", Patience = TimeSpan.FromMilliseconds(300) },
            TimeProvider.System
        );
        var start = () => store.Start([StoreContract.People], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await start.Should().ThrowAsync<StoreUnavailableException>()).Which.Message.Should().NotContain("secret").And.NotContain("\n");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20), "the driver by itself would look for it for thirty");
    }

    [NeedsMongoFact]
    public async Task documents_follow_a_change_of_the_keys_and_the_first_one_keeps_what_became_unique()
    {
        using var server = MongoServer.Start();
        var uri = server.Connection;
        var before = new Collection("things", [new("name", KeyKind.Text), new("code", KeyKind.Text, Indexed: true)], Searchable: false);
        var after = new Collection(
            "things",
            [
                new("name", KeyKind.Text, Indexed: true),
                new("code", KeyKind.Text, Unique: KeyUnique.InWorkspace),
                new("size", KeyKind.Number, Indexed: true),
            ],
            Searchable: true
        );
        Id[] ids = [.. Enumerable.Range(0, 3).Select(_ => Ids.Next())];
        await using (var store = new MongoStore(new() { Uri = uri }, TimeProvider.System))
        {
            await store.Start([before], (_, _, _, _, _) => throw new InvalidOperationException("new"), default);
            string[] codes = ["a", "b", "a"];
            foreach (var (id, code) in ids.Zip(codes))
                await store
                    .Open(new(1))
                    .Commit(
                        [
                            new Change.Insert(
                                new(
                                    before,
                                    id,
                                    1,
                                    Encoding.UTF8.GetBytes($"{{\"code\":\"{code}\"}}"),
                                    [("name", Key.Of("n")), ("code", Key.Of(code))],
                                    []
                                )
                            ),
                        ],
                        default
                    );
        }
        Document Rekey(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json) =>
            new(
                after,
                id,
                version,
                json,
                [("name", Key.Of("m")), ("code", Key.Of(Encoding.UTF8.GetString(json.Span)[9..10])), ("size", Key.Of(5))],
                ["word"]
            );
        await using (var store = new MongoStore(new() { Uri = uri }, TimeProvider.System))
        {
            await store.Start([after], Rekey, default);
            var mine = store.Open(new(1));
            (await mine.FindByKey(after, "code", "a", default)).Should().Be(ids[0]);
            (await mine.FindByKey(after, "code", "b", default)).Should().Be(ids[1]);
            (
                await mine.Count(
                    after,
                    new Filter.And([
                        new Filter.Compare("size", Comparison.Eq, Key.Of(5)),
                        new Filter.Search(["wor"]),
                        new Filter.Compare("name", Comparison.Eq, Key.Of("m")),
                    ]),
                    10,
                    default
                )
            )
                .Should()
                .Be(3);
            // The one that lost its key takes nothing with it when it goes.
            (await mine.Commit([new Change.Delete(after, ids[2], 1)], default)).Committed.Should().BeTrue();
            (await mine.FindByKey(after, "code", "a", default)).Should().Be(ids[0]);
        }
        await using (var store = new MongoStore(new() { Uri = uri }, TimeProvider.System))
            await store.Start([after], (_, _, _, _, _) => throw new InvalidOperationException("Nothing changed."), default);
    }

    [NeedsMongoTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_was_stored_before_there_were_positions_is_numbered_by_its_ids_however_often_the_start_is_cut_short(
        bool standalone
    )
    {
        using var server = standalone ? MongoServer.StartStandalone() : MongoServer.Start();
        await PositionUpgrade.Check(
            async (collection, rekey) =>
            {
                var store = new MongoStore(new() { Uri = server.Connection, Lease = TimeSpan.FromSeconds(1) }, TimeProvider.System);
                try
                {
                    await store.Start([collection], rekey, default);
                    return store;
                }
                catch
                {
                    await store.DisposeAsync();
                    throw;
                }
            },
            rows: 300
        );
    }
}
