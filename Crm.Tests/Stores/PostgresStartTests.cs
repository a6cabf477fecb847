// Starting on PostgreSQL: what an earlier version of the product left, what another one wrote, and how stored rows follow a change of the
// keys.

using System.Text;
using Crm.Domain.Stores;
using Crm.Storage.Postgres;
using Xunit;

namespace Crm.Tests.Stores;

[StoreNeeds(nameof(Needs.Postgres))]
public sealed class PostgresStartTests : IAsyncLifetime
{
    static readonly IdGenerator Ids = new(TimeProvider.System);
    PostgresCluster cluster = null!;
    string address = "";

    string Database => new Uri(address).AbsolutePath[1..];

    public async Task InitializeAsync()
    {
        cluster = await PostgresCluster.Shared();
        address = await cluster.NewDatabase();
    }

    public Task DisposeAsync() => cluster.Drop(address);

    async Task<PostgresStore> Open(Collection collection, Rekey? rekey = null)
    {
        var store = new PostgresStore(address, TimeProvider.System, null);
        await store.Start(
            [collection],
            rekey ?? ((_, _, _, _, _) => throw new InvalidOperationException("Nothing is keyed anew.")),
            default
        );
        return store;
    }

    static Document Person(Id id, long version, params string[] emails) =>
        new(
            StoreContract.People,
            id,
            version,
            Encoding.UTF8.GetBytes($"{{\"v\":{version},\"long\":\"{new string('x', 3000)}\"}}"),
            [.. emails.Select(email => ("email", Key.Of(email))), ("tags", Key.Of("fair")), ("custom.size", Key.Of(7))],
            ["ana"]
        );

    static async Task<List<Id>> Found(IWorkspaceStore workspace, Filter filter)
    {
        using var page = await workspace.Query(new(StoreContract.People, filter, [], false, null, 100), default);
        return [.. Enumerable.Range(0, page.Count).Select(i => page[i].Id)];
    }

    /// <summary>The tables as version 1 had them: what a row claims was kept beside it and among its entries too, and nothing found claims
    /// by their row.</summary>
    async Task MakeVersion1() =>
        await cluster.Execute(
            """
            DROP INDEX "claim.row";
            ALTER TABLE claim DROP COLUMN apart;
            DROP TABLE a_people;
            ALTER TABLE d_people DROP COLUMN annotated;
            ALTER TABLE d_people ADD COLUMN claims bytea NOT NULL DEFAULT '';
            ALTER TABLE d_people ALTER COLUMN json SET COMPRESSION pglz;
            UPDATE d_people t SET claims = convert_to((SELECT coalesce(jsonb_agg(x), '[]') FROM claim c, unnest(ARRAY[c.field, convert_from(c.value, 'UTF8')]) x WHERE c.id = t.id)::text, 'UTF8');
            INSERT INTO e_people(ws, id, field, t, head) SELECT ws, id, field, value, value FROM claim WHERE field = 'email';
            UPDATE meta SET value = '1' WHERE name = 'schema';
            """,
            Database
        );

    [StoreFact]
    public async Task a_database_of_version_1_is_upgraded_and_keeps_every_row_key_and_promise()
    {
        var (ana, bruno) = (Ids.Next(), Ids.Next());
        await using (var store = await Open(StoreContract.People))
            (
                await store
                    .Open(new(1))
                    .Commit(
                        [
                            new Change.Insert(Person(ana, 1, "ana@x.example.org", "a@y.example.org")),
                            new Change.Insert(Person(bruno, 1, "bruno@x.example.org")),
                        ],
                        default
                    )
            )
                .Committed.Should()
                .BeTrue();
        await MakeVersion1();

        await using (var store = await Open(StoreContract.People))
        {
            var mine = store.Open(new(1));
            (await cluster.Execute("SELECT value FROM meta WHERE name = 'schema'", Database)).Should().Be("3");
            (await cluster.Execute("SELECT count(*) FROM e_people WHERE field = 'email'", Database))
                .Should()
                .Be(0L, "claims are not kept twice");
            (await Found(mine, new Filter.Compare("email", Comparison.Eq, Key.Of("a@y.example.org")))).Should().Equal(ana);
            (await Found(mine, new Filter.Compare("email", Comparison.Contains, Key.Of("@x.")))).Should().Equal(ana, bruno);
            (
                await Found(
                    mine,
                    new Filter.And([
                        new Filter.Compare("tags", Comparison.Eq, Key.Of("fair")),
                        new Filter.Compare("custom.size", Comparison.Eq, Key.Of(7)),
                        new Filter.Search(["an"]),
                    ])
                )
            )
                .Should()
                .Equal(ana, bruno);
            (await mine.Get(StoreContract.People, ana, default))!.Value.Json.ToArray().Should().Equal(Person(ana, 1).Json.ToArray());
            // A row still gives back what it had and no longer has, and takes nothing that is another's.
            (await mine.Commit([new Change.Replace(Person(ana, 2, "ana@x.example.org"), 1)], default)).Committed.Should().BeTrue();
            (await mine.FindByKey(StoreContract.People, "email", "a@y.example.org", default)).Should().BeNull();
            var refused = await mine.Commit([new Change.Replace(Person(bruno, 2, "bruno@x.example.org", "ana@x.example.org"), 1)], default);
            refused.Conflicts.Should().Equal(new Conflict(0, ConflictKind.KeyTaken, "email", "ana@x.example.org", ana));
            (await mine.Commit([new Change.Delete(StoreContract.People, ana, 2)], default)).Committed.Should().BeTrue();
            (await mine.FindByKey(StoreContract.People, "email", "ana@x.example.org", default)).Should().BeNull();
        }
        await using (var again = await Open(StoreContract.People))
            (await Found(again.Open(new(1)), new Filter.Exists("email"))).Should().Equal(bruno);
    }

    [StoreFact]
    public async Task words_without_a_class_are_made_anew_and_computed_members_stay_where_they_are()
    {
        var ana = Ids.Next();
        await using (var store = await Open(StoreContract.People))
            await store
                .Open(new(1))
                .Commit(
                    [
                        new Change.Insert(Person(ana, 1, "ana@x.example.org")),
                        new Change.Annotate(StoreContract.People, ana, """{"fit":1}"""u8.ToArray(), [("fit", Key.Of(1))]),
                    ],
                    default
                );
        await cluster.Execute(
            "UPDATE meta SET value = replace(value, 'searchable by class ', 'searchable') WHERE name = 'collection:people'",
            Database
        );
        Rekey rekey = (_, _, id, version, json) =>
            Person(id, version, "ana@x.example.org") with
            {
                Json = json,
                Words = [new("ana", WordClasses.Contact)],
            };
        await using var again = await Open(StoreContract.People, rekey);
        var mine = again.Open(new(1));
        (await Found(mine, new Filter.Search(["an"], WordClasses.Open))).Should().BeEmpty();
        (await Found(mine, new Filter.Search(["an"], WordClasses.Contact))).Should().Equal(ana);
        (await Found(mine, new Filter.Compare("fit", Comparison.Eq, Key.Of(1)))).Should().Equal(ana);
        (await mine.FindByKey(StoreContract.People, "email", "ana@x.example.org", default)).Should().Be(ana);
    }

    [StoreFact]
    public async Task a_database_of_a_newer_version_is_refused_in_one_sentence()
    {
        await (await Open(StoreContract.People)).DisposeAsync();
        await cluster.Execute("UPDATE meta SET value = '99' WHERE name = 'schema'", Database);
        var start = async () => await Open(StoreContract.People);
        (await start.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*newer version*99*");
    }

    [StoreFact]
    public async Task rows_follow_a_change_of_the_keys_and_the_first_one_keeps_what_became_unique()
    {
        var before = new Collection(
            "things",
            [new("name", KeyKind.Text), new("code", KeyKind.Text, Many: true, Indexed: true)],
            Searchable: false
        );
        var after = new Collection(
            "things",
            [
                new("name", KeyKind.Text, Indexed: true),
                new("code", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
                new("size", KeyKind.Number, Indexed: true),
            ],
            Searchable: true
        );
        Id[] ids = [.. Enumerable.Range(0, 3).Select(_ => Ids.Next())];
        string[] codes = ["a", "b", "a"];
        await using (var store = await Open(before))
            foreach (var (id, code) in ids.Zip(codes))
                (
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
                        )
                )
                    .Committed.Should()
                    .BeTrue();
        await using (
            var store = await Open(after, (_, _, id, version, json) =>
                new(
                    after,
                    id,
                    version,
                    json,
                    [("name", Key.Of("m")), ("code", Key.Of(Encoding.UTF8.GetString(json.Span)[9..10])), ("size", Key.Of(5))],
                    ["word"]
                )
            )
        )
        {
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
        await (await Open(after)).DisposeAsync();
    }

    [StoreFact]
    public async Task new_rows_are_found_by_their_keys_whether_or_not_somebody_else_was_refused_in_the_same_batch()
    {
        await using var store = await Open(StoreContract.People);
        var mine = store.Open(new(1));
        // Half of the commits ask for keys that others have: each is told, and the rest is stored all the same.
        var commits = Enumerable.Range(0, 400).Select(i => (Id: Ids.Next(), Email: $"p{i / 2}@x.example.org")).ToArray();
        var results = await Task.WhenAll(
            commits.Select(one =>
                Task.Run(async () =>
                    await mine.Commit([new Change.Insert(Person(one.Id, 1, one.Email)), new Change.Increment("asked", 1)], default)
                )
            )
        );
        var stored = commits.Zip(results).Where(pair => pair.Second.Committed).Select(pair => pair.First).ToList();
        stored.Select(one => one.Email).Should().BeEquivalentTo(commits.Select(one => one.Email).Distinct());
        foreach (var (one, result) in commits.Zip(results).Where(pair => !pair.Second.Committed))
            result
                .Conflicts.Should()
                .Equal(new Conflict(0, ConflictKind.KeyTaken, "email", one.Email, stored.Single(owner => owner.Email == one.Email).Id));
        (await mine.Counters("asked", 10, default)).Should().Equal(("asked", 200L));
        (await mine.Count(StoreContract.People, null, 1000, default)).Should().Be(200);
    }

    [StoreFact]
    public Task what_was_stored_before_there_were_positions_is_numbered_by_its_ids_however_often_the_start_is_cut_short() =>
        PositionUpgrade.Check(async (collection, rekey) => await Open(collection, rekey));
}
