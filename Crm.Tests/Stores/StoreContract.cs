// What every store promises, as tests: a database supplies only the way to open it.

using System.Text;
using Crm.Domain.Stores;
using Xunit;

namespace Crm.Tests.Stores;

/// <summary>One fresh store per class of tests' instance; each test works in a workspace of its own.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    public static readonly Collection People = new(
        "people",
        [
            new("name", KeyKind.Text, Indexed: true),
            new("score", KeyKind.Number, Indexed: true),
            new("note", KeyKind.Text),
            new("tags", KeyKind.Text, Many: true, Indexed: true),
            new("marks", KeyKind.Number, Many: true),
            new("email", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
            new("slug", KeyKind.Text, Unique: KeyUnique.InWorkspace),
            new("source.form", KeyKind.Text, Indexed: true),
            new("fit", KeyKind.Number, Indexed: true, Computed: true),
            new("fit.why", KeyKind.Text, Computed: true),
            new("segments", KeyKind.Text, Many: true, Indexed: true, Computed: true),
        ],
        Searchable: true
    );

    public static readonly Collection Keys = new(
        "keys",
        [
            new("hash", KeyKind.Text, Unique: KeyUnique.InInstallation),
            new("kind", KeyKind.Text, Indexed: true),
            new("label", KeyKind.Text),
            new("email", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
        ],
        Searchable: false
    );

    static long lastWorkspace = 1000;
    protected static readonly IdGenerator Ids = new(TimeProvider.System);
    protected IStore Store { get; private set; } = null!;
    protected IWorkspaceStore Mine { get; private set; } = null!;
    protected IWorkspaceStore Theirs { get; private set; } = null!;

    /// <summary>An empty, started store for <see cref="People"/> and <see cref="Keys"/>.</summary>
    protected abstract Task<IStore> OpenFresh();

    /// <summary>Closes the store and opens what it left.</summary>
    protected abstract Task<IStore> Reopen();

    public async Task InitializeAsync() => Use(await OpenFresh());

    void Use(IStore store)
    {
        Store = store;
        Mine = store.Open(new(Interlocked.Increment(ref lastWorkspace)));
        Theirs = store.Open(new(Interlocked.Increment(ref lastWorkspace)));
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    protected static Rekey NoRekey => (_, _, _, _, _) => throw new InvalidOperationException("Nothing changed, so nothing is keyed anew.");

    protected static Document Person(Id id, params (string, Key)[] keys) =>
        new(People, id, 1, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}"), keys, []);

    protected static Document Person(params (string, Key)[] keys) => Person(Ids.Next(), keys);

    protected async Task<Id> Added(IWorkspaceStore workspace, params (string, Key)[] keys) => await Added(workspace, Person(keys));

    protected static async Task<Id> Added(IWorkspaceStore workspace, Document document)
    {
        (await workspace.Commit([new Change.Insert(document)], default)).Conflicts.Should().BeEmpty();
        return document.Id;
    }

    protected static async Task<List<Id>> Found(IWorkspaceStore workspace, Filter? filter, params Sort[] sort)
    {
        using var page = await workspace.Query(new(People, filter, sort, false, null, 500), default);
        return [.. Enumerable.Range(0, page.Count).Select(i => page[i].Id)];
    }

    /// <summary>All rows, page after page.</summary>
    protected static async Task<List<Id>> Walked(IWorkspaceStore workspace, Query query)
    {
        var ids = new List<Id>();
        while (true)
        {
            using var page = await workspace.Query(query, default);
            for (var i = 0; i < page.Count; i++)
                ids.Add(page[i].Id);
            page.Count.Should().BeLessThanOrEqualTo(query.Limit);
            (page.Count <= 1 || page.Bytes <= query.MostBytes).Should().BeTrue("a page of {0} rows has {1} bytes", page.Count, page.Bytes);
            if (page.Next is null)
                return ids;
            page.Count.Should().BePositive();
            if (query.MostBytes == Query.UsualBytes)
                page.Count.Should().Be(query.Limit, "only a full page has a next one");
            query = query with { After = page.Next };
        }
    }

    protected static Filter Is(string field, Comparison comparison, string value) => new Filter.Compare(field, comparison, Key.Of(value));

    protected static Filter Is(string field, Comparison comparison, double value) => new Filter.Compare(field, comparison, Key.Of(value));

    [StoreFact]
    public async Task a_document_comes_back_byte_for_byte()
    {
        byte[] json = [.. Encoding.UTF8.GetBytes("{\"a\":\"é 😀 % _ ' \\\" \\\\ $ .\"}"), 0, 255, 254];
        var person = Person(("name", Key.Of("x"))) with { Json = json, Version = 7 };
        await Added(Mine, person);
        var row = await Mine.Get(People, person.Id, default);
        row!.Value.Version.Should().Be(7);
        row.Value.Json.ToArray().Should().Equal(json);
        (await Mine.Get(People, Ids.Next(), default)).Should().BeNull();
    }

    [StoreFact]
    public async Task get_many_keeps_the_asked_order_and_leaves_out_what_is_not_there()
    {
        var (a, b) = (await Added(Mine), await Added(Mine));
        using var page = await Mine.GetMany(People, [b, Ids.Next(), a, await Added(Theirs)], default);
        Enumerable.Range(0, page.Count).Select(i => page[i].Id).Should().Equal(b, a);
    }

    [StoreFact]
    public async Task what_was_committed_is_there_after_the_store_was_opened_again()
    {
        var id = await Added(Mine, ("name", Key.Of("Ana")), ("email", Key.Of("ana@x.example")), ("custom.budget", Key.Of(5)));
        await Mine.Commit([new Change.Increment("leads", 3)], default);
        var workspace = Mine.Workspace;
        await Store.DisposeAsync();
        Use(await Reopen());
        var again = Store.Open(workspace);
        (await again.Get(People, id, default)).Should().NotBeNull();
        (await again.FindByKey(People, "email", "ana@x.example", default)).Should().Be(id);
        (await Found(again, Is("custom.budget", Comparison.Eq, 5))).Should().Equal(id);
        (await again.Counters("", 10, default)).Should().Equal(("leads", 3));
        (await Added(again, Person())).Should().NotBe(id);
    }

    [StoreFact]
    public async Task a_replace_with_an_old_version_changes_nothing()
    {
        var person = Person(("name", Key.Of("one")), ("email", Key.Of("one@x.example")));
        await Added(Mine, person);
        (await Mine.Commit([new Change.Replace(person with { Version = 2, Keys = [("name", Key.Of("two"))] }, 1)], default))
            .Committed.Should()
            .BeTrue();
        var late = await Mine.Commit(
            [new Change.Replace(person with { Version = 2, Keys = [("name", Key.Of("three"))] }, 1), new Change.Increment("n", 1)],
            default
        );
        late.Conflicts.Should().Equal(new Conflict(0, ConflictKind.VersionMoved));
        (await Found(Mine, Is("name", Comparison.Eq, "two"))).Should().Equal(person.Id);
        (await Mine.Counters("", 9, default)).Should().BeEmpty();
        (await Mine.Commit([new Change.Delete(People, person.Id, 1)], default))
            .Conflicts.Should()
            .Equal(new Conflict(0, ConflictKind.VersionMoved));
    }

    [StoreFact]
    public async Task a_replace_or_delete_of_nothing_is_not_found()
    {
        var theirs = await Added(Theirs);
        var result = await Mine.Commit([new Change.Replace(Person(theirs), 1), new Change.Delete(People, Ids.Next(), 1)], default);
        result.Conflicts.Should().Equal(new Conflict(0, ConflictKind.NotFound), new Conflict(1, ConflictKind.NotFound));
        (await Theirs.Get(People, theirs, default)).Should().NotBeNull();
    }

    [StoreFact]
    public async Task an_id_is_taken_once_per_workspace()
    {
        var old = Ids.Next();
        await Added(Mine, Person(Ids.Next()));
        await Added(Mine, Person(old));
        (await Mine.Commit([new Change.Insert(Person(old))], default)).Conflicts.Should().Equal(new Conflict(0, ConflictKind.IdTaken));
        (await Theirs.Commit([new Change.Insert(Person(old))], default)).Committed.Should().BeTrue();
    }

    [StoreFact]
    public async Task a_taken_id_is_named_beside_good_changes_of_every_kind()
    {
        // The kinds go to some databases as commands of their own: what comes after the refused one must not cover its reason.
        var (old, kept, gone) = (await Added(Mine), await Added(Mine, ("email", Key.Of("kept@x.example"))), await Added(Mine));
        var result = await Mine.Commit(
            [
                new Change.Insert(Person(old)),
                new Change.Replace(Person(kept, ("email", Key.Of("new@x.example"))) with { Version = 2 }, 1),
                new Change.Delete(People, gone, 1),
                new Change.Increment("n", 1),
            ],
            default
        );
        result.Conflicts.Should().Equal(new Conflict(0, ConflictKind.IdTaken));
        (await Mine.FindByKey(People, "email", "kept@x.example", default)).Should().Be(kept);
    }

    [StoreFact]
    public async Task a_commit_names_every_conflict_with_the_owner()
    {
        var mail = await Added(Mine, ("email", Key.Of("a@x.example")));
        var slug = await Added(Mine, ("slug", Key.Of("s")), ("email", Key.Of("b@x.example")));
        var result = await Mine.Commit(
            [
                new Change.Increment("n", 1),
                new Change.Insert(Person(("email", Key.Of("a@x.example")), ("email", Key.Of("c@x.example")), ("slug", Key.Of("s")))),
                new Change.Delete(People, Ids.Next(), 1),
            ],
            default
        );
        result
            .Conflicts.Should()
            .BeEquivalentTo(
                new Conflict[]
                {
                    new(1, ConflictKind.KeyTaken, "email", "a@x.example", mail),
                    new(1, ConflictKind.KeyTaken, "slug", "s", slug),
                    new(2, ConflictKind.NotFound),
                }
            );
        (await Mine.FindByKey(People, "email", "c@x.example", default)).Should().BeNull();
    }

    [StoreFact]
    public async Task two_documents_of_one_commit_cannot_have_the_same_key()
    {
        var result = await Mine.Commit(
            [new Change.Insert(Person(("slug", Key.Of("s")))), new Change.Insert(Person(("slug", Key.Of("s"))))],
            default
        );
        result.Conflicts.Should().Equal(new Conflict(1, ConflictKind.KeyTaken, "slug", "s", Id.Empty));
        (await Mine.Count(People, null, 10, default)).Should().Be(0);
    }

    /// <summary>A lead and the customer it becomes have one address, and are written together.</summary>
    [StoreFact]
    public async Task documents_of_two_collections_may_have_the_same_key_in_one_commit()
    {
        var person = Person(("email", Key.Of("a@x.example")));
        Document Holder(string mail) => new(Keys, Ids.Next(), 1, "{}"u8.ToArray(), [("email", Key.Of(mail))], []);
        (await Mine.Commit([new Change.Insert(person), new Change.Insert(Holder("a@x.example"))], default)).Conflicts.Should().BeEmpty();
        (
            await Mine.Commit(
                [
                    new Change.Replace(person with { Version = 2, Keys = [("email", Key.Of("b@x.example"))] }, 1),
                    new Change.Insert(Holder("a@x.example")),
                ],
                default
            )
        )
            .Conflicts.Should()
            .ContainSingle("what a person gives back is not a holder's");
        (
            await Mine.Commit(
                [
                    new Change.Replace(person with { Version = 2, Keys = [("email", Key.Of("b@x.example"))] }, 1),
                    new Change.Insert(Holder("b@x.example")),
                ],
                default
            )
        )
            .Conflicts.Should()
            .BeEmpty();
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_key_that_one_change_gives_back_another_may_take(bool takerFirst)
    {
        var (a, b) = (Person(("email", Key.Of("a@x.example")), ("slug", Key.Of("sa"))), Person(("email", Key.Of("b@x.example"))));
        await Added(Mine, a);
        await Added(Mine, b);
        Change gives = new Change.Replace(b with { Version = 2, Keys = [] }, 1);
        Change takes = new Change.Replace(
            a with
            {
                Version = 2,
                Keys = [("email", Key.Of("a@x.example")), ("email", Key.Of("b@x.example"))],
            },
            1
        );
        (await Mine.Commit(takerFirst ? [takes, gives] : [gives, takes], default)).Conflicts.Should().BeEmpty();
        (await Mine.FindByKey(People, "email", "b@x.example", default)).Should().Be(a.Id);
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().Be(a.Id);
        (await Mine.FindByKey(People, "slug", "sa", default)).Should().BeNull();
        var free = Person(("email", Key.Of("a@x.example")));
        (await Mine.Commit([new Change.Delete(People, a.Id, 2), new Change.Insert(free)], default)).Conflicts.Should().BeEmpty();
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().Be(free.Id);
    }

    [StoreFact]
    public async Task a_key_that_is_not_claimed_is_found_and_hinders_nobody()
    {
        var owner = await Added(Mine, ("email", Key.Of("a@x.example")), ("slug", Key.Of("s")));
        var other = Person(("email", Key.Of("a@x.example")), ("email", Key.Of("own@x.example")), ("slug", Key.Of("s"))) with
        {
            Claims = [("email", "own@x.example")],
        };
        await Added(Mine, other);
        foreach (
            var filter in new[]
            {
                Is("email", Comparison.Eq, "a@x.example"),
                Is("email", Comparison.Contains, "a@"),
                Is("email", Comparison.StartsWith, "a@x"),
                new Filter.In("email", [Key.Of("a@x.example"), Key.Of("nobody")]),
                new Filter.And([new Filter.Exists("email"), Is("slug", Comparison.Eq, "s")]),
            }
        )
            (await Found(Mine, filter)).Should().Equal(owner, other.Id);
        (await Found(Mine, Is("email", Comparison.Ne, "a@x.example"))).Should().BeEmpty();
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().Be(owner);
        (await Mine.FindByKey(People, "email", "own@x.example", default)).Should().Be(other.Id);
        // What it does not claim is no conflict of its own, and stays somebody else's for the third.
        var third = await Mine.Commit([new Change.Insert(Person(("email", Key.Of("a@x.example"))))], default);
        third.Conflicts.Should().Equal(new Conflict(0, ConflictKind.KeyTaken, "email", "a@x.example", owner));
        // Given back by the owner, it is nobody's until somebody claims it: who has it as a key may.
        (await Mine.Commit([new Change.Delete(People, owner, 1)], default)).Committed.Should().BeTrue();
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().BeNull();
        (await Mine.Commit([new Change.Replace(other with { Version = 2, Claims = null }, 1)], default)).Committed.Should().BeTrue();
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().Be(other.Id);
        (await Mine.FindHolders(People, "email", "a@x.example", 10, default)).Should().Equal(other.Id);
        (await Found(Mine, Is("email", Comparison.Eq, "a@x.example"))).Should().Equal(other.Id);
    }

    [StoreFact]
    public async Task holders_come_with_the_owner_first_and_then_by_age()
    {
        Document Holder() => Person(("email", Key.Of("same@x.example"))) with { Claims = [] };
        var holders = Enumerable.Range(0, 5).Select(_ => Holder()).ToList();
        var owner = Person(("email", Key.Of("same@x.example")));
        foreach (var document in holders.Append(owner))
            await Added(Mine, document);
        await Added(Theirs, Holder());
        (await Mine.FindHolders(People, "email", "same@x.example", 100, default))
            .Should()
            .Equal(holders.Select(holder => holder.Id).Prepend(owner.Id));
        (await Mine.FindHolders(People, "email", "same@x.example", 3, default)).Should().Equal(owner.Id, holders[0].Id, holders[1].Id);
        (await Mine.FindHolders(People, "email", "other@x.example", 3, default)).Should().BeEmpty();
        // Those who go or drop the value hold it no longer.
        await Mine.Commit(
            [new Change.Delete(People, owner.Id, 1), new Change.Replace(holders[1] with { Version = 2, Keys = [], Claims = null }, 1)],
            default
        );
        (await Mine.FindHolders(People, "email", "same@x.example", 3, default)).Should().Equal(holders[0].Id, holders[2].Id, holders[3].Id);
        var wrong = async () => await Mine.FindHolders(People, "tags", "t", 3, default);
        await wrong.Should().ThrowAsync<ArgumentException>("only a unique key has an owner");
    }

    [StoreFact]
    public async Task a_claim_need_not_be_a_key_and_no_filter_finds_it()
    {
        var person = Person(("email", Key.Of("a@x.example"))) with { Claims = [("email", "test|a@x.example"), ("slug", "test|s")] };
        await Added(Mine, person);
        (await Mine.FindByKey(People, "email", "test|a@x.example", default)).Should().Be(person.Id);
        (await Mine.FindByKey(People, "email", "a@x.example", default)).Should().BeNull();
        (await Found(Mine, Is("email", Comparison.Contains, "test"))).Should().BeEmpty();
        (await Found(Mine, Is("email", Comparison.StartsWith, "test|"))).Should().BeEmpty();
        (await Found(Mine, new Filter.Exists("slug"))).Should().BeEmpty();
        (await Found(Mine, Is("email", Comparison.Eq, "a@x.example"))).Should().Equal(person.Id);
        // The real one with the same address is another's affair; a second of the kind is not.
        var real = await Added(Mine, ("email", Key.Of("a@x.example")));
        var second = await Mine.Commit([new Change.Insert(person with { Id = Ids.Next() })], default);
        second
            .Conflicts.Should()
            .BeEquivalentTo([
                new Conflict(0, ConflictKind.KeyTaken, "email", "test|a@x.example", person.Id),
                new Conflict(0, ConflictKind.KeyTaken, "slug", "test|s", person.Id),
            ]);
        // It becomes a key, and is found; it is given up, and is free.
        await Mine.Commit(
            [
                new Change.Replace(
                    person with
                    {
                        Version = 2,
                        Keys = [("email", Key.Of("test|a@x.example"))],
                        Claims = [("email", "test|a@x.example")],
                    },
                    1
                ),
            ],
            default
        );
        (await Found(Mine, Is("email", Comparison.StartsWith, "test|"))).Should().Equal(person.Id);
        (await Mine.FindHolders(People, "email", "a@x.example", 9, default)).Should().Equal(real);
        (await Mine.FindByKey(People, "slug", "test|s", default)).Should().BeNull();
        await Mine.Commit([new Change.Delete(People, person.Id, 2)], default);
        await Added(Mine, person with { Id = Ids.Next() });
        var wrong = async () => await Added(Mine, Person() with { Claims = [("tags", "t")] });
        await wrong.Should().ThrowAsync<ArgumentException>("only a unique key can be claimed");
    }

    [StoreFact]
    public async Task a_change_of_two_for_one_document_is_refused_by_exception()
    {
        var person = Person();
        var twice = async () => await Mine.Commit([new Change.Insert(person), new Change.Delete(People, person.Id, 1)], default);
        await twice.Should().ThrowAsync<ArgumentException>();
    }

    [StoreFact]
    public async Task of_a_thousand_inserts_of_one_key_exactly_one_wins_and_the_others_are_told_the_owner()
    {
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 1000)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var person = Person(("email", Key.Of("same@x.example")));
                        return (person.Id, Result: await Mine.Commit([new Change.Insert(person)], default));
                    })
                )
        );
        var winner = results.Should().ContainSingle(result => result.Result.Committed).Which.Id;
        results
            .Where(result => result.Id != winner)
            .Should()
            .OnlyContain(result =>
                result.Result.Conflicts.Single() == new Conflict(0, ConflictKind.KeyTaken, "email", "same@x.example", winner)
            );
        (await Mine.Count(People, null, 5000, default)).Should().Be(1);
    }

    [StoreFact]
    public async Task a_thousand_parallel_increments_are_a_thousand()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await Mine.Commit([new Change.Increment("clicks", 1)], default)))
        );
        (await Mine.Counters("clicks", 10, default)).Should().Equal(("clicks", 1000));
    }

    [StoreFact]
    public async Task what_is_counted_under_several_names_is_added_to_each_in_its_own_workspace_and_not_at_all_when_the_commit_is_refused()
    {
        var (clicks, all) = (new CounterNames(["m/clicks", "d/clicks"]), new CounterNames(["d/clicks", "all"]));
        var person = Person(("email", Key.Of("a@x.example")));
        await Mine.Commit([new Change.Insert(person)], default);
        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async i =>
                {
                    if (i % 4 == 3)
                        (
                            await Mine.Commit(
                                [new Change.Count(clicks, 1000), new Change.Insert(Person(("email", Key.Of("a@x.example"))))],
                                default
                            )
                        )
                            .Committed.Should()
                            .BeFalse();
                    else
                        await Task.WhenAll(
                            Mine.Commit([new Change.Count(clicks, 1), new Change.Count(all, 2), new Change.Increment("all", 1)], default)
                                .AsTask(),
                            Theirs.Commit([new Change.Count(clicks, -1)], default).AsTask()
                        );
                })
        );
        (await Mine.Counters("", 10, default)).Should().Equal(("all", 450), ("d/clicks", 450), ("m/clicks", 150));
        (await Theirs.Counters("", 10, default)).Should().Equal(("d/clicks", -150), ("m/clicks", -150));
    }

    [StoreFact]
    public async Task counters_are_listed_by_name_and_only_those_of_the_prefix()
    {
        await Mine.Commit(
            [
                new Change.Increment("a%", 1),
                new Change.Increment("a_1", 2),
                new Change.Increment("a_1", -5),
                new Change.Increment("ab", 3),
                new Change.Increment("b", 4),
            ],
            default
        );
        await Theirs.Commit([new Change.Increment("a%", 9)], default);
        (await Mine.Counters("a", 10, default)).Should().Equal(("a%", 1), ("a_1", -3), ("ab", 3));
        (await Mine.Counters("a_", 10, default)).Should().Equal(("a_1", -3));
        (await Mine.Counters("", 2, default)).Should().Equal(("a%", 1), ("a_1", -3));
        // Folded by several prefixes, each told apart.
        (await Folded("a_", "b", "c")).Should().BeEquivalentTo([(0, "a_1", -3L), (1, "b", 4L)]);
        (await Folded("a")).Should().BeEquivalentTo([(0, "a%", 1L), (0, "a_1", -3L), (0, "ab", 3L)]);
        (await Folded()).Should().BeEmpty();

        async Task<List<(int, string, long)>> Folded(params string[] prefixes) =>
            await Mine.FoldCounters(
                prefixes,
                () => new List<(int, string, long)>(),
                (list, prefix, name, value) => list.Add((prefix, System.Text.Encoding.UTF8.GetString(name), value)),
                default
            );
    }

    [StoreFact]
    public async Task a_counter_of_the_installation_is_the_same_from_every_workspace_and_shows_in_none()
    {
        var name = "everywhere" + Mine.Workspace.Value;
        await Mine.Commit([new Change.Increment(name, 2, InInstallation: true)], default);
        await Theirs.Commit([new Change.Increment(name, 3, InInstallation: true)], default);
        (await Store.Open(WorkspaceKey.Installation).Counters(name, 10, default)).Should().Equal((name, 5));
        (await Mine.Counters("", 10, default)).Should().BeEmpty();
    }

    [StoreFact]
    public async Task a_key_of_the_installation_has_one_owner_in_all_workspaces()
    {
        var key = new Document(Keys, Ids.Next(), 1, "{}"u8.ToArray(), [("hash", Key.Of("h" + Mine.Workspace.Value))], []);
        await Added(Mine, key);
        var rival = await Theirs.Commit([new Change.Insert(key with { Id = Ids.Next() })], default);
        rival.Conflicts.Should().Equal(new Conflict(0, ConflictKind.KeyTaken, "hash", "h" + Mine.Workspace.Value, null));
        (await Store.FindOwner(Keys, "hash", "h" + Mine.Workspace.Value, default)).Should().Be(new Owner(Mine.Workspace, key.Id));
        (await Store.FindOwner(Keys, "hash", "nobody", default)).Should().BeNull();
        (await Theirs.FindByKey(Keys, "hash", "h" + Mine.Workspace.Value, default)).Should().BeNull();
        await Mine.Commit([new Change.Delete(Keys, key.Id, 1)], default);
        (await Store.FindOwner(Keys, "hash", "h" + Mine.Workspace.Value, default)).Should().BeNull();
    }

    [StoreFact]
    public async Task what_another_workspace_holds_shows_in_no_answer()
    {
        var theirs = Person(
            ("name", Key.Of("Zoe")),
            ("email", Key.Of("z@x.example")),
            ("tags", Key.Of("t")),
            ("custom.c", Key.Of("v"))
        ) with
        {
            Words = ["zoe"],
        };
        await Added(Theirs, theirs);
        (await Mine.Get(People, theirs.Id, default)).Should().BeNull();
        (await Mine.GetMany(People, [theirs.Id], default)).Count.Should().Be(0);
        (await Mine.FindByKey(People, "email", "z@x.example", default)).Should().BeNull();
        (await Mine.Count(People, null, 10, default)).Should().Be(0);
        (await Mine.GroupAndSum(People, null, ["name"], ["score"], default)).Should().BeEmpty();
        Filter?[] filters =
        [
            null,
            Is("name", Comparison.Eq, "Zoe"),
            Is("email", Comparison.Eq, "z@x.example"),
            Is("email", Comparison.Contains, "z"),
            Is("tags", Comparison.Eq, "t"),
            Is("custom.c", Comparison.StartsWith, "v"),
            new Filter.Search(["zoe"]),
            new Filter.Ids(Id.Empty, Id.Largest),
            new Filter.Not(Is("name", Comparison.Eq, "x")),
            new Filter.Or([Is("name", Comparison.Eq, "Zoe"), Is("email", Comparison.Eq, "z@x.example")]),
        ];
        Sort[][] sorts =
        [
            [],
            [new("name", false)],
            [new("name", true)],
            [new("custom.c", false)],
            [new("custom.c", true)],
            [new("note", false)],
        ];
        foreach (var filter in filters)
        foreach (var sort in sorts)
            (await Found(Mine, filter, sort)).Should().BeEmpty();
        (await Mine.Commit([new Change.Insert(Person(("email", Key.Of("z@x.example"))))], default))
            .Committed.Should()
            .BeTrue("a key of another workspace is not taken here");
        (await Theirs.FindByKey(People, "email", "z@x.example", default)).Should().Be(theirs.Id);
    }

    [StoreFact]
    public async Task the_workspaces_that_hold_a_document_are_found_one_after_the_other()
    {
        var ids = new[] { Theirs, Mine }.Select(side => side.Workspace).OrderBy(key => key.Value).ToList();
        await Added(Mine);
        await Added(Theirs);
        await Added(Theirs);
        await Mine.Commit([new Change.Insert(new(Keys, Ids.Next(), 1, "{}"u8.ToArray(), [], []))], default);
        (await Store.NextWorkspace(People, new(ids[0].Value - 1), default)).Should().Be(ids[0]);
        (await Store.NextWorkspace(People, ids[0], default)).Should().Be(ids[1]);
        (await Store.NextWorkspace(People, ids[1], default)).Should().BeNull();
        (await Store.NextWorkspace(Keys, Mine.Workspace, default)).Should().BeNull();
        (await Store.NextWorkspace(Keys, null, default)).Should().NotBeNull();
    }

    [StoreFact]
    public async Task an_empty_commit_is_done() => (await Mine.Commit([], default)).Committed.Should().BeTrue();

    [StoreFact]
    public async Task a_started_store_is_ready_and_a_closed_one_is_not()
    {
        (await Store.IsReady(default)).Should().BeTrue();
        await Store.DisposeAsync();
        (await Store.IsReady(default)).Should().BeFalse();
        var late = async () => await Mine.Commit([new Change.Increment("n", 1)], default);
        await late.Should().ThrowAsync<StoreUnavailableException>();
    }
}
