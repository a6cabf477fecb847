// What SQLite's store does when its start is cut short, its file is not its own, or the disk has no room.

using System.Globalization;
using System.Text;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class SqliteDurabilityTests : IDisposable
{
    static readonly IdGenerator Ids = new(TimeProvider.System);
    static readonly Collection Before = new(
        "things",
        [new("color", KeyKind.Text, Indexed: true), new("code", KeyKind.Text), new("old", KeyKind.Text, Indexed: true)],
        Searchable: false
    );
    static readonly Collection After = new(
        "things",
        [
            new("color", KeyKind.Text, Many: true, Indexed: true),
            new("size", KeyKind.Number, Indexed: true),
            new("code", KeyKind.Text, Unique: KeyUnique.InWorkspace),
        ],
        Searchable: true
    );

    readonly string folder = Directory.CreateTempSubdirectory("store").FullName;

    string Path => System.IO.Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static Rekey Never => (_, _, _, _, _) => throw new InvalidOperationException("Nothing changed, so nothing is keyed anew.");

    async Task<SqliteStore> Open(Collection collection, Rekey rekey, Func<long>? free = null)
    {
        var store = new SqliteStore(new() { Path = Path, FreeSpace = free }, TimeProvider.System);
        await store.Start([collection], rekey, default);
        return store;
    }

    static byte[] Json(int n) => Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture));

    /// <summary>A later product finds other keys in the same JSON, which is a number.</summary>
    static Document Rekeyed(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json)
    {
        var n = int.Parse(json.Span, CultureInfo.InvariantCulture);
        return new(
            collection,
            id,
            version,
            json,
            [
                ("color", Key.Of("c" + n % 3)),
                ("color", Key.Of("d" + n % 5)),
                ("size", Key.Of(n)),
                ("code", Key.Of("k" + n)),
                ("custom.extra", Key.Of(n % 2)),
            ],
            ["word" + n]
        );
    }

    async Task<List<Id>> Fill(int rows)
    {
        await using var store = await Open(Before, Never);
        var ids = Enumerable.Range(0, rows).Select(_ => Ids.Next()).ToList();
        await store
            .Open(new(1))
            .Commit(
                [
                    .. ids.Select(
                        (id, n) =>
                            new Change.Insert(
                                new(
                                    Before,
                                    id,
                                    3,
                                    Json(n),
                                    [("color", Key.Of("red")), ("code", Key.Of("same")), ("old", Key.Of("x")), ("custom.gone", Key.Of(1))],
                                    []
                                )
                            )
                    ),
                ],
                default
            );
        return ids;
    }

    static async Task<List<Id>> Found(SqliteStore store, Filter filter, params Sort[] sort)
    {
        using var page = await store.Open(new(1)).Query(new(After, filter, sort, false, null, 500), default);
        return [.. Enumerable.Range(0, page.Count).Select(i => page[i].Id)];
    }

    static async Task CheckUpgraded(SqliteStore store, List<Id> ids)
    {
        var mine = store.Open(new(1));
        (await mine.Count(After, null, 100_000, default)).Should().Be(ids.Count);
        (await mine.Get(After, ids[7], default))!.Value.Version.Should().Be(3);
        (await mine.Count(After, new Filter.Compare("color", Comparison.Eq, Key.Of("red")), 10, default)).Should().Be(0);
        (await mine.Count(After, new Filter.Compare("color", Comparison.Eq, Key.Of("c1")), 100_000, default))
            .Should()
            .Be(Enumerable.Range(0, ids.Count).Count(n => n % 3 == 1));
        (await mine.FindByKey(After, "code", "k9", default)).Should().Be(ids[9]);
        (await Found(store, new Filter.Search(["word1234"]))).Should().Equal(ids[1234]);
        (await Found(store, new Filter.Exists("custom.gone"))).Should().BeEmpty();
        (await Found(store, new Filter.Compare("size", Comparison.Lt, Key.Of(5)), new Sort("size", true)))
            .Should()
            .Equal(ids.Take(5).Reverse());
    }

    [Fact]
    public async Task a_collection_whose_keys_changed_is_keyed_anew()
    {
        var ids = await Fill(2500);
        await using (var store = await Open(After, Rekeyed))
            await CheckUpgraded(store, ids);
        await using var again = await Open(After, Never);
        await CheckUpgraded(again, ids);
    }

    [Fact]
    public async Task an_upgrade_that_was_cut_short_anywhere_goes_on_at_the_next_start()
    {
        var ids = await Fill(2500);
        var calls = 0;
        foreach (var stop in new[] { 1, 999, 1500, 400 })
        {
            var left = stop;
            var start = async () =>
                await Open(After, (workspace, collection, id, version, json) =>
                    left-- == 0 ? throw new InvalidDataException("killed") : Counted(workspace, collection, id, version, json)
                );
            await start.Should().ThrowAsync<InvalidDataException>();
        }
        await using (var store = await Open(After, Counted))
            await CheckUpgraded(store, ids);
        calls.Should().Be(1 + 999 + 1500 + 400 + 1500, "the first thousand stays done once it was committed");

        Document Counted(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json)
        {
            calls++;
            return Rekeyed(workspace, collection, id, version, json);
        }
    }

    [Fact]
    public async Task a_product_that_is_put_back_during_an_upgrade_keys_its_rows_anew()
    {
        var ids = await Fill(1500);
        var left = 1200;
        var upgrade = async () =>
            await Open(After, (workspace, collection, id, version, json) =>
                left-- == 0 ? throw new InvalidDataException("killed") : Rekeyed(workspace, collection, id, version, json)
            );
        await upgrade.Should().ThrowAsync<InvalidDataException>();
        await using (
            var back = await Open(Before, (_, collection, id, version, json) =>
                new(collection, id, version, json, [("color", Key.Of("red")), ("old", Key.Of("x"))], [])
            )
        )
        {
            var mine = back.Open(new(1));
            (await mine.Count(Before, new Filter.Compare("color", Comparison.Eq, Key.Of("red")), 10_000, default)).Should().Be(ids.Count);
            (await mine.Count(Before, new Filter.Exists("custom.extra"), 10_000, default)).Should().Be(0);
        }
        await using var forward = await Open(After, Rekeyed);
        await CheckUpgraded(forward, ids);
    }

    [Fact]
    public async Task when_a_key_becomes_unique_the_first_row_keeps_it_and_the_start_succeeds()
    {
        await Fill(20);
        await using var store = await Open(After, (_, collection, id, version, json) =>
            new(collection, id, version, json, [("code", Key.Of("same"))], [])
        );
        (await store.Open(new(1)).FindByKey(After, "code", "same", default)).Should().NotBeNull();
        (await store.Open(new(1)).Count(After, null, 100, default)).Should().Be(20);
    }

    [Fact]
    public async Task a_database_of_a_newer_product_is_refused()
    {
        await Fill(1);
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = '99' WHERE name = 'schema'";
            await command.ExecuteNonQueryAsync();
        }
        var start = async () => await Open(Before, Never);
        (await start.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*newer version*99*");
    }

    [Fact]
    public async Task the_file_of_another_program_is_refused()
    {
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE theirs(x)";
            await command.ExecuteNonQueryAsync();
        }
        var start = async () => await Open(Before, Never);
        await start.Should().ThrowAsync<StoreConfigurationException>();
        await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat("not a database ", 500)));
        (await start.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*cannot be used*");
    }

    [Fact]
    public async Task a_file_of_version_1_gets_its_words_by_class_and_room_for_computed_members()
    {
        var people = new Collection(
            "people",
            [new("email", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace)],
            Searchable: true,
            WordsFrom: "email Contact"
        );
        var (ana, bob) = (Ids.Next(), Ids.Next());
        Document Old(Id id, int n) => new(people, id, 1, Json(n), [("email", Key.Of("e" + n))], ["e" + n, "gmail"]);
        await using (var store = await Open(people, Never))
            await store.Open(new(1)).Commit([new Change.Insert(Old(ana, 1)), new Change.Insert(Old(bob, 2))], default);
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                "DROP TABLE annotation; UPDATE meta SET value = '1' WHERE name = 'schema'; UPDATE meta SET value = replace(value, 'searchable by class email Contact', 'searchable') WHERE name = 'collection:people'";
            await command.ExecuteNonQueryAsync();
        }
        Rekey rekey = (_, _, id, version, json) =>
            Old(id, int.Parse(json.Span, CultureInfo.InvariantCulture)) with
            {
                Version = version,
                Words = [new("gmail", WordClasses.Contact)],
            };
        await using (var store = await Open(people, rekey))
        {
            var mine = store.Open(new(1));
            (await mine.Count(people, new Filter.Search(["gm"], WordClasses.Open), 9, default)).Should().Be(0);
            (await mine.Count(people, new Filter.Search(["gm"], WordClasses.Contact), 9, default)).Should().Be(2);
            (await mine.FindByKey(people, "email", "e2", default)).Should().Be(bob);
            await mine.Commit([new Change.Annotate(people, ana, """{"fit":1}"""u8.ToArray(), [])], default);
        }
        await using (var again = await Open(people, Never))
            (await again.Open(new(1)).GetAnnotations(people, [ana, bob], default)).Should().ContainSingle().Which.Id.Should().Be(ana);
    }

    [Fact]
    public async Task computed_keys_follow_a_change_of_what_is_declared()
    {
        Collection Scored(bool indexed, bool why) =>
            new(
                "scored",
                [
                    new("fit", KeyKind.Number, Indexed: indexed, Computed: true),
                    .. why ? [new KeyField("fit.why", KeyKind.Text, Computed: true)] : Array.Empty<KeyField>(),
                ],
                Searchable: false
            );
        var ids = Enumerable.Range(0, 5).Select(_ => Ids.Next()).ToList();
        Rekey rekey = (_, collection, id, version, json) => new(collection, id, version, json, [], []);
        var (before, after) = (Scored(indexed: false, why: true), Scored(indexed: true, why: false));
        await using (var store = await Open(before, rekey))
            await store
                .Open(new(1))
                .Commit(
                    [
                        .. ids.SelectMany(
                            (id, n) =>
                                new Change[]
                                {
                                    new Change.Insert(new(before, id, 1, "{}"u8.ToArray(), [], [])),
                                    new Change.Annotate(
                                        before,
                                        id,
                                        """{"fit":1}"""u8.ToArray(),
                                        [("fit", Key.Of(5 - n)), ("fit.why", Key.Of("x"))]
                                    ),
                                }
                        ),
                    ],
                    default
                );
        await using (var store = await Open(after, rekey))
        {
            var mine = store.Open(new(1));
            using var page = await mine.Query(new(after, null, [new("fit", false)], false, null, 10), default);
            Enumerable.Range(0, page.Count).Select(i => page[i].Id).Should().Equal(Enumerable.Reverse(ids));
            (await mine.Count(after, new Filter.Compare("fit", Comparison.Eq, Key.Of(3)), 9, default)).Should().Be(1);
            (await mine.GetAnnotations(after, [ids[0]], default)).Single().Keys.Should().Equal(("fit", Key.Of(5)));
        }
    }

    [Fact]
    public async Task a_second_process_is_refused_until_the_first_is_gone()
    {
        var first = await Open(Before, Never);
        var second = async () => await Open(Before, Never);
        (await second.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*in use by another process*");
        await first.DisposeAsync();
        await using var third = await second();
        (await third.IsReady(default)).Should().BeTrue();
    }

    [Fact]
    public async Task a_folder_that_is_not_there_is_a_sentence_for_the_operator()
    {
        var store = new SqliteStore(new() { Path = System.IO.Path.Combine(folder, "no", "crm.db") }, TimeProvider.System);
        var start = async () => await store.Start([Before], Never, default);
        (await start.Should().ThrowAsync<StoreConfigurationException>()).WithMessage("*folder does not exist*");
    }

    [Fact]
    public async Task below_the_floor_commits_are_refused_and_reads_go_on_until_there_is_room()
    {
        long free = 1L << 40;
        await using var store = await Open(Before, Never, () => Volatile.Read(ref free));
        var mine = store.Open(new(1));
        await mine.Commit([new Change.Increment("n", 1)], default);
        Volatile.Write(ref free, 1 << 20);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        var late = async () => await mine.Commit([new Change.Increment("n", 1)], default);
        await late.Should().ThrowAsync<StoreUnavailableException>();
        (await store.IsReady(default)).Should().BeFalse();
        (await mine.Counters("", 1, default)).Should().Equal(("n", 1));
        Volatile.Write(ref free, 1L << 40);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await late();
        (await mine.Counters("", 1, default)).Should().Equal(("n", 2));
    }

    [Fact]
    public async Task what_was_answered_is_in_the_files_without_the_process()
    {
        await using var store = await Open(Before, Never);
        var id = Ids.Next();
        await store.Open(new(1)).Commit([new Change.Insert(new(Before, id, 1, Json(1), [], []))], default);
        // A copy of the files at this moment is what a killed process leaves.
        var copy = System.IO.Path.Combine(folder, "copy.db");
        LiveFile.Copy(Path, copy);
        File.Copy(Path + "-wal", copy + "-wal");
        await using var left = new SqliteStore(new() { Path = copy }, TimeProvider.System);
        await left.Start([Before], Never, default);
        (await left.Open(new(1)).Get(Before, id, default)).Should().NotBeNull();
    }

    [Fact]
    public async Task closing_writes_what_waits()
    {
        var store = await Open(Before, Never);
        var commits = Enumerable
            .Range(0, 200)
            .Select(_ => store.Open(new(1)).Commit([new Change.Increment("n", 1)], default).AsTask())
            .ToList();
        await store.DisposeAsync();
        await Task.WhenAll(commits);
        await using var again = await Open(Before, Never);
        (await again.Open(new(1)).Counters("", 1, default)).Should().Equal(("n", 200));
    }

    [Fact]
    public async Task a_commit_that_cannot_be_written_takes_nothing_of_its_batch_with_it_and_counts_nothing()
    {
        await using var store = await Open(Before, Never);
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await other.OpenAsync();
            await using var trigger = other.CreateCommand();
            trigger.CommandText =
                $"CREATE TRIGGER refuse BEFORE INSERT ON \"d_{Before.Name}\" WHEN NEW.k_code = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END";
            await trigger.ExecuteNonQueryAsync();
        }
        var (mine, counters) = (store.Open(new(1)), new CounterNames(["a", "b"]));
        var refused = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(async n =>
                {
                    try
                    {
                        (
                            await mine.Commit(
                                [
                                    new Change.Count(counters, 1),
                                    new Change.Insert(
                                        new(Before, Ids.Next(), 1, Json(n), [("code", Key.Of(n % 50 == 49 ? "bad" : "c" + n))], [])
                                    ),
                                ],
                                default
                            )
                        )
                            .Committed.Should()
                            .BeTrue();
                    }
                    catch (StoreUnavailableException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                })
        );
        refused.Should().Be(6);
        (await mine.Count(Before, null, 1000, default)).Should().Be(294);
        (await mine.Counters("", 5, default)).Should().Equal(("a", 294), ("b", 294));
    }

    [Fact]
    public async Task a_batch_that_is_rolled_back_gives_its_positions_back()
    {
        await using (var store = await Open(StoreContract.Story, Never))
        {
            await using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
            {
                await other.OpenAsync();
                await using var trigger = other.CreateCommand();
                trigger.CommandText =
                    "CREATE TRIGGER refuse BEFORE INSERT ON d_story WHEN NEW.k_kind = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END";
                await trigger.ExecuteNonQueryAsync();
            }
            var refused = 0;
            await Task.WhenAll(
                Enumerable
                    .Range(0, 300)
                    .Select(async n =>
                    {
                        try
                        {
                            await Append(store, n % 50 == 49 ? "bad" : "good");
                        }
                        catch (StoreUnavailableException)
                        {
                            Interlocked.Increment(ref refused);
                        }
                    })
            );
            refused.Should().Be(6);
            (await Positions(store)).Should().Equal(Enumerable.Range(1, 294).Select(n => (long)n));
        }
        await using var again = await Open(StoreContract.Story, Never);
        await Append(again, "good");
        (await Positions(again)).Should().HaveCount(295).And.EndWith(295);

        static async Task Append(SqliteStore to, string kind) =>
            await to.Open(new(1)).Commit([new Change.Append(StoreContract.Told(Ids.Next(), ("kind", Key.Of(kind))))], default);

        static async Task<IEnumerable<long>> Positions(SqliteStore of) =>
            (await StoreContract.ReadOn(of.Open(new(1)), limit: 100)).Select(told => told.Position);
    }

    [Fact]
    public Task what_was_stored_before_there_were_positions_is_numbered_by_its_ids_however_often_the_start_is_cut_short() =>
        PositionUpgrade.Check(async (collection, rekey) => await Open(collection, rekey));

    [Fact]
    public async Task a_query_without_an_index_ends_with_its_budget()
    {
        await using var store = new SqliteStore(new() { Path = Path, QueryBudget = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        await store.Start([Before], Never, default);
        var mine = store.Open(new(1));
        for (var i = 0; i < 20; i++)
            await mine.Commit(
                [
                    .. Enumerable
                        .Range(0, 1000)
                        .Select(n => new Change.Insert(new(Before, Ids.Next(), 1, Json(n), [("code", Key.Of("c" + n))], []))),
                ],
                default
            );
        var ask = async () =>
            await mine.Count(Before, new Filter.Compare("code", Comparison.Contains, Key.Of("nothing")), 100_000, default);
        await ask.Should().ThrowAsync<QueryTooCostlyException>();
        (await mine.Count(Before, null, 5, default)).Should().Be(5, "the connection is as good as before");
    }
}
