// What every store promises about computed members: they are read with a document, and change without it.

using System.Text;
using Crm.Domain.Stores;
using Xunit;

namespace Crm.Tests.Stores;

public abstract partial class StoreContract
{
    static Change Annotate(Id id, string members, params (string, Key)[] keys) =>
        new Change.Annotate(People, id, Encoding.UTF8.GetBytes(members), keys);

    static async Task<string> Json(IWorkspaceStore workspace, Id id) =>
        Encoding.UTF8.GetString((await workspace.Get(People, id, default))!.Value.Json.Span);

    static Document Named(string name) => Person(("name", Key.Of(name))) with { Json = Encoding.UTF8.GetBytes($"{{\"name\":\"{name}\"}}") };

    [StoreFact]
    public async Task computed_members_stand_at_the_end_wherever_a_document_is_read_and_move_no_version()
    {
        var (ana, bob) = (Named("Ana"), Named("Bob"));
        await Added(Mine, ana);
        await Added(Mine, bob);
        (await Mine.Commit([Annotate(ana.Id, """{"fit": 0.5,"segments":["a", "b"]}""")], default)).Committed.Should().BeTrue();
        const string read = """{"name":"Ana","fit": 0.5,"segments":["a", "b"]}""";
        var row = (await Mine.Get(People, ana.Id, default))!.Value;
        Encoding.UTF8.GetString(row.Json.Span).Should().Be(read);
        row.Version.Should().Be(1);
        row.Own.ToArray().Should().Equal(ana.Json.ToArray());
        using (var page = await Mine.GetMany(People, [bob.Id, ana.Id], default))
        {
            Encoding.UTF8.GetString(page.Joined.Span).Should().Be($$"""{"name":"Bob"},{{read}}""");
            page[0].Computed.Should().Be(0);
            page[1].Own.ToArray().Should().Equal(ana.Json.ToArray());
        }
        foreach (var sort in new Sort[][] { [], [new("name", false)], [new("note", false)], [new("custom.x", false)], [new("fit", true)] })
        {
            using var page = await Mine.Query(new(People, null, sort, false, null, 10), default);
            Encoding.UTF8.GetString(page.Joined.Span).Should().Be(read + ",{\"name\":\"Bob\"}");
        }
        // Whoever read the document before may still replace it, and the members stay.
        (await Mine.Commit([new Change.Replace(ana with { Version = 2, Json = "{ }"u8.ToArray() }, 1)], default))
            .Committed.Should()
            .BeTrue();
        (await Json(Mine, ana.Id)).Should().Be("""{ "fit": 0.5,"segments":["a", "b"]}""");
        (await Json(Mine, bob.Id)).Should().Be("""{"name":"Bob"}""");
    }

    [StoreFact]
    public async Task each_member_changes_by_itself_and_goes_with_null()
    {
        var id = await Added(Mine, Named("Ana"));
        await Mine.Commit([Annotate(id, """{"fit":1,"é":{"x":[1,{}]}}""", ("fit", Key.Of(1)), ("fit.why", Key.Of("new")))], default);
        await Mine.Commit([Annotate(id, """{"segments":["a","b"]}""", ("segments", Key.Of("a")), ("segments", Key.Of("b")))], default);
        (await Json(Mine, id)).Should().Be("""{"name":"Ana","fit":1,"é":{"x":[1,{}]},"segments":["a","b"]}""");
        (
            await Found(
                Mine,
                new Filter.And([Is("fit", Comparison.Eq, 1), Is("fit.why", Comparison.Eq, "new"), Is("segments", Comparison.Eq, "b")])
            )
        )
            .Should()
            .Equal(id);
        // The keys of a member go with it, those of others stay.
        await Mine.Commit(
            [
                Annotate(id, """{"fit":2}""", ("fit", Key.Of(2))),
                Annotate(id, """{"\u00e9":null,"fit":3,"none":null}""", ("fit", Key.Of(3))),
            ],
            default
        );
        (await Json(Mine, id)).Should().Be("""{"name":"Ana","fit":3,"segments":["a","b"]}""");
        (await Found(Mine, new Filter.Or([Is("fit", Comparison.Lt, 3), new Filter.Exists("fit.why")]))).Should().BeEmpty();
        (await Found(Mine, new Filter.And([Is("fit", Comparison.Eq, 3), Is("segments", Comparison.Eq, "a")]))).Should().Equal(id);
        await Mine.Commit([Annotate(id, """{"fit":null,"segments":null}""")], default);
        (await Json(Mine, id)).Should().Be("""{"name":"Ana"}""");
        (await Found(Mine, new Filter.Or([new Filter.Exists("fit"), new Filter.Exists("segments")]))).Should().BeEmpty();
        (await Mine.GetAnnotations(People, [id], default)).Should().BeEmpty();
    }

    [StoreFact]
    public async Task computed_keys_filter_sort_group_and_page_like_others()
    {
        var ids = new List<Id>();
        for (var i = 0; i < 40; i++)
            ids.Add(await Added(Mine, ("score", Key.Of(i % 3))));
        var theirs = await Added(Theirs, Person(ids[1]));
        await Mine.Commit(
            [
                .. ids.Where((_, i) => i % 4 != 0)
                    .Select((id, i) => Annotate(id, $$"""{"fit":{{i / 3}}}""", ("fit", Key.Of(i / 3)), ("fit.why", Key.Of("w" + i % 2)))),
            ],
            default
        );
        await Theirs.Commit([Annotate(theirs, """{"fit":99}""", ("fit", Key.Of(99)))], default);
        foreach (var (descending, idDescending) in new[] { (false, false), (false, true), (true, false), (true, true) })
        foreach (var field in new[] { "fit", "fit.why" })
        {
            var rows = ids.Select((id, i) => (id, i))
                .GroupBy(one => one.i % 4 == 0)
                .SelectMany(group =>
                    group.Select(
                        (one, n) =>
                            (
                                one.id,
                                new Key?[]
                                {
                                    group.Key ? null
                                    : field == "fit" ? Key.Of(n / 3)
                                    : Key.Of("w" + n % 2),
                                }
                            )
                    )
                );
            var expected = StoreModel.Order(rows, [new(field, descending)], idDescending).Select(row => row.Id).ToList();
            (await Walked(Mine, new(People, null, [new(field, descending)], idDescending, null, 7))).Should().Equal(expected);
            (await Walked(Mine, new(People, new Filter.Exists(field), [new(field, descending)], idDescending, null, 7)))
                .Should()
                .Equal(expected.Where(id => ids.IndexOf(id) % 4 != 0));
        }
        (await Mine.Count(People, Is("fit", Comparison.Gte, 8), 100, default)).Should().Be(6);
        (await Mine.Count(People, Is("fit", Comparison.Ne, 8), 100, default)).Should().Be(37);
        (await Mine.Count(People, new Filter.Not(new Filter.Exists("fit")), 100, default)).Should().Be(10);
        (await Mine.Count(People, Is("fit", Comparison.Eq, 99), 100, default)).Should().Be(0);
        var groups = await Mine.GroupAndSum(People, null, ["fit.why"], ["fit"], default);
        groups
            .Select(group => (group.Keys[0]?.Text, group.Count, group.Sums[0]))
            .Should()
            .BeEquivalentTo(new[] { (null, 10L, 0.0), ("w0", 15L, 65.0), ("w1", 15L, 70.0) });
    }

    [StoreFact]
    public async Task computed_members_come_and_go_with_their_document_and_conflict_with_nothing()
    {
        var (ana, bob) = (Named("Ana"), Named("Bob"));
        // In one commit with the document, whichever is named first.
        (
            await Mine.Commit(
                [
                    Annotate(ana.Id, """{"fit":1}""", ("fit", Key.Of(1))),
                    new Change.Insert(ana),
                    new Change.Insert(bob),
                    new Change.Increment("n", 1),
                ],
                default
            )
        )
            .Conflicts.Should()
            .BeEmpty();
        (await Json(Mine, ana.Id)).Should().Be("""{"name":"Ana","fit":1}""");
        // Where nothing is, nothing happens; and with a commit that is refused, nothing either.
        (await Mine.Commit([Annotate(Ids.Next(), """{"fit":1}""", ("fit", Key.Of(1)))], default)).Committed.Should().BeTrue();
        (await Theirs.Commit([Annotate(ana.Id, """{"fit":7}""", ("fit", Key.Of(7)))], default)).Committed.Should().BeTrue();
        (await Mine.Commit([Annotate(ana.Id, """{"fit":8}"""), new Change.Delete(People, bob.Id, 9)], default))
            .Conflicts.Should()
            .Equal(new Conflict(1, ConflictKind.VersionMoved));
        (await Json(Mine, ana.Id)).Should().Be("""{"name":"Ana","fit":1}""");
        // Gone with the document, and not there when one of the same id comes back.
        (await Mine.Commit([new Change.Delete(People, ana.Id, 1), Annotate(ana.Id, """{"fit":2}""")], default))
            .Committed.Should()
            .BeTrue();
        (await Mine.Commit([new Change.Insert(ana)], default)).Committed.Should().BeTrue();
        (await Json(Mine, ana.Id)).Should().Be("""{"name":"Ana"}""");
        (await Found(Mine, new Filter.Exists("fit"))).Should().BeEmpty();
        (await Found(Mine, null, new Sort("fit", true))).Should().BeEquivalentTo([ana.Id, bob.Id]);
    }

    [StoreFact]
    public async Task many_who_annotate_one_document_at_once_lose_nothing_of_each_other()
    {
        var id = await Added(Mine, Named("Ana"));
        var members = Enumerable.Range(0, 60).Select(i => $"m{i:00}").ToList();
        var others = Enumerable.Range(0, 60).Select(i => (Task)Added(Mine, Named("n" + i)));
        await Task.WhenAll(
            members.Select(member => (Task)Mine.Commit([Annotate(id, $$"""{"{{member}}":1}""")], default).AsTask()).Concat(others)
        );
        using var read = System.Text.Json.JsonDocument.Parse(await Json(Mine, id));
        read.RootElement.EnumerateObject().Select(member => member.Name).Should().BeEquivalentTo([.. members, "name"]);
    }

    [StoreFact]
    public async Task what_is_computed_can_be_made_again_from_what_the_store_says()
    {
        var (ana, bob) = (Named("Ana"), Named("Bob"));
        await Added(Mine, ana);
        await Added(Mine, bob);
        var said = new Change.Annotate(
            People,
            ana.Id,
            """{"fit":0.25,"segments":["a"]}"""u8.ToArray(),
            [("fit", Key.Of(0.25)), ("segments", Key.Of("a")), ("segments", Key.Of("é\u0001"))]
        );
        await Mine.Commit([said], default);
        var found = (await Mine.GetAnnotations(People, [bob.Id, ana.Id, Ids.Next()], default)).Should().ContainSingle().Which;
        (found.Id, Encoding.UTF8.GetString(found.Members.Span)).Should().Be((ana.Id, """{"fit":0.25,"segments":["a"]}"""));
        found.Keys.Should().BeEquivalentTo(said.Keys);
        (await Theirs.GetAnnotations(People, [ana.Id], default)).Should().BeEmpty();
        // It is there after the store was opened again, and nothing was in the way of opening it.
        var workspace = Mine.Workspace;
        await Store.DisposeAsync();
        Use(await Reopen());
        (await Json(Store.Open(workspace), ana.Id)).Should().Be("""{"name":"Ana","fit":0.25,"segments":["a"]}""");
    }

    [StoreTheory]
    [InlineData("[1]")]
    [InlineData("""{"fit":1""")]
    [InlineData("""{"fit":1,"fit":2}""")]
    [InlineData("""{"fit":1}{}""")]
    [InlineData("")]
    public async Task members_that_are_no_object_are_refused(string members)
    {
        var id = await Added(Mine, Named("Ana"));
        var wrong = async () => await Mine.Commit([Annotate(id, members)], default);
        await wrong.Should().ThrowAsync<ArgumentException>();
    }

    [StoreFact]
    public async Task keys_that_are_not_of_the_members_are_refused()
    {
        var id = await Added(Mine, Named("Ana"));
        foreach (
            var (field, value) in new[]
            {
                ("segments", Key.Of("a")),
                ("name", Key.Of("a")),
                ("fit", Key.Of("text")),
                ("nosuch", Key.Of("a")),
            }
        )
        {
            var wrong = async () => await Mine.Commit([Annotate(id, """{"fit":1}""", (field, value))], default);
            await wrong.Should().ThrowAsync<ArgumentException>();
        }
        var twice = async () => await Mine.Commit([Annotate(id, """{"fit":1}""", ("fit", Key.Of(1)), ("fit", Key.Of(2)))], default);
        await twice.Should().ThrowAsync<ArgumentException>();
        var carried = async () => await Added(Mine, Person(("fit", Key.Of(1))));
        await carried.Should().ThrowAsync<ArgumentException>("a document does not carry what is computed");
    }
}
