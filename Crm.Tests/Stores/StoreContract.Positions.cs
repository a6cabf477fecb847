// What every store promises about appended documents: their positions count the commits, without gaps, and nobody who reads on from one
// misses any.

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Tests.Stores;

public abstract partial class StoreContract
{
    public static readonly Collection Story = new(
        "story",
        [
            new(Collection.PositionKey, KeyKind.Number, Indexed: true),
            new("kind", KeyKind.Text, Indexed: true),
            new("also", KeyKind.Text, Many: true),
        ],
        Searchable: false,
        Appended: true
    );

    static readonly Sort[] ByPosition = [new(Collection.PositionKey, false)];

    /// <summary>How long an appended document may be without its position.</summary>
    protected virtual TimeSpan Numbering => TimeSpan.Zero;

    public static Document Told(Id id, params (string, Key)[] keys)
    {
        var head = $"{{\"id\":\"{id}\",\"position\":";
        return new(Story, id, 1, Encoding.UTF8.GetBytes(head + "null,\"data\":{\"position\":null}}"), keys, [])
        {
            PositionAt = Encoding.UTF8.GetByteCount(head),
        };
    }

    static string Numbered(Id id, long position) => $"{{\"id\":\"{id}\",\"position\":{position},\"data\":{{\"position\":null}}}}";

    static Document Copied(Id id, long position) =>
        Told(id) with
        {
            Json = Encoding.UTF8.GetBytes(Numbered(id, position)),
            Keys = [(Collection.PositionKey, Key.Of(position))],
            PositionAt = 0,
        };

    static async Task<Id> Append(IWorkspaceStore workspace, params (string, Key)[] keys)
    {
        var id = Ids.Next();
        (await workspace.Commit([new Change.Append(Told(id, keys))], default)).Conflicts.Should().BeEmpty();
        return id;
    }

    public static long PositionIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("position").GetInt64();
    }

    /// <summary>The workspace's story behind a position, as whoever follows it reads it.</summary>
    public static async Task<List<(Id Id, long Position)>> ReadOn(IWorkspaceStore workspace, long after = 0, int limit = 7)
    {
        var read = new List<(Id, long)>();
        for (Position? at = new([Key.Of(after)], Id.Largest); at is not null; )
        {
            using var page = await workspace.Query(new(Story, null, ByPosition, false, at, limit), default);
            for (var i = 0; i < page.Count; i++)
                read.Add((page[i].Id, PositionIn(page[i].Json)));
            at = page.Next;
        }
        return read;
    }

    /// <summary>The same when everything has its position, which on most stores it has when the commit is answered.</summary>
    async Task<List<(Id Id, long Position)>> Read(IWorkspaceStore workspace)
    {
        var until = TimeProvider.System.GetUtcNow() + Numbering;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            if (await workspace.Count(Story, new Filter.Not(new Filter.Exists(Collection.PositionKey)), 1, default) == 0)
                break;
            await Task.Delay(20);
        }
        return await ReadOn(workspace);
    }

    [StoreFact]
    public async Task appended_documents_are_numbered_in_each_workspace_in_the_order_of_the_commits_and_of_their_changes()
    {
        // The ids run against the order: only the commits count.
        var ids = Enumerable.Range(0, 30).Select(_ => Ids.Next()).Reverse().ToList();
        for (var i = 0; i < 30; i += 3)
            (await Mine.Commit([.. ids.Skip(i).Take(3).Select(id => new Change.Append(Told(id)))], default)).Conflicts.Should().BeEmpty();
        var other = await Append(Theirs);
        (await Read(Mine)).Should().Equal(ids.Select((id, n) => (id, n + 1L)));
        (await Read(Theirs)).Should().Equal((other, 1));
        (await ReadOn(Mine, after: 28)).Should().Equal((ids[28], 29), (ids[29], 30));
    }

    [StoreFact]
    public async Task a_position_stands_in_the_json_and_is_a_key()
    {
        var ids = new List<Id>();
        for (var i = 0; i < 12; i++)
            ids.Add(await Append(Mine, ("kind", Key.Of(i % 2 == 0 ? "even" : "odd")), ("also", Key.Of("x" + i))));
        await Read(Mine);
        Encoding.UTF8.GetString((await Mine.Get(Story, ids[9], default))!.Value.Json.Span).Should().Be(Numbered(ids[9], 10));
        using (var many = await Mine.GetMany(Story, [ids[11], ids[0]], default))
            Encoding.UTF8.GetString(many.Joined.Span).Should().Be($"{Numbered(ids[11], 12)},{Numbered(ids[0], 1)}");
        using var page = await Mine.Query(
            new(
                Story,
                new Filter.And([
                    new Filter.Compare(Collection.PositionKey, Comparison.Gt, Key.Of(3)),
                    new Filter.Compare("kind", Comparison.Eq, Key.Of("odd")),
                ]),
                [new(Collection.PositionKey, true)],
                true,
                null,
                3
            ),
            default
        );
        Enumerable.Range(0, page.Count).Select(i => page[i].Id).Should().Equal(ids[11], ids[9], ids[7]);
        page.Next!.Keys.Should().Equal(Key.Of(8));
        (await Mine.Count(Story, new Filter.Compare("also", Comparison.Eq, Key.Of("x4")), 9, default)).Should().Be(1);
    }

    [StoreFact]
    public async Task a_refused_commit_uses_no_position()
    {
        await Added(Mine, ("slug", Key.Of("taken")));
        var first = await Append(Mine);
        var refused = await Mine.Commit(
            [new Change.Append(Told(Ids.Next())), new Change.Insert(Person(("slug", Key.Of("taken"))))],
            default
        );
        refused.Conflicts.Should().ContainSingle().Which.Kind.Should().Be(ConflictKind.KeyTaken);
        (await Mine.Commit([new Change.Append(Told(Ids.Next())), new Change.Append(Told(first))], default))
            .Conflicts.Should()
            .Equal(new Conflict(1, ConflictKind.IdTaken));
        var second = await Append(Mine);
        (await Read(Mine)).Should().Equal((first, 1), (second, 2));
    }

    [StoreFact]
    public async Task positions_go_on_after_the_store_was_opened_again_and_are_not_given_twice_when_the_last_is_deleted()
    {
        var workspace = Mine.Workspace;
        var (first, second) = (await Append(Mine), await Append(Mine));
        await Read(Mine);
        (await Mine.Commit([new Change.Delete(Story, second, 1)], default)).Committed.Should().BeTrue();
        await Store.DisposeAsync();
        Use(await Reopen());
        var again = Store.Open(workspace);
        var third = await Append(again);
        (await Read(again)).Should().Equal((first, 1), (third, 3));
    }

    [StoreFact]
    public async Task what_is_copied_keeps_its_position_and_the_next_goes_on_behind_the_highest()
    {
        var (a, b) = (Ids.Next(), Ids.Next());
        await Append(Mine);
        await Read(Mine);
        (await Mine.Commit([new Change.Insert(Copied(b, 41)), new Change.Insert(Copied(a, 7))], default)).Conflicts.Should().BeEmpty();
        var next = await Append(Mine);
        (await Read(Mine)).Skip(1).Should().Equal((a, 7), (b, 41), (next, 42));
        Encoding.UTF8.GetString((await Mine.Get(Story, b, default))!.Value.Json.Span).Should().Be(Numbered(b, 41));
    }

    [StoreFact]
    public async Task what_could_not_be_numbered_is_refused_by_exception()
    {
        Change[] wrong =
        [
            new Change.Append(Person()),
            new Change.Append(Told(Ids.Next()) with { PositionAt = 0 }),
            new Change.Append(Told(Ids.Next()) with { PositionAt = 3 }),
            new Change.Append(Told(Ids.Next(), (Collection.PositionKey, Key.Of(1)))),
            new Change.Insert(Told(Ids.Next())),
        ];
        foreach (var change in wrong)
        {
            var commit = async () => await Mine.Commit([change], default);
            await commit.Should().ThrowAsync<ArgumentException>();
        }
        (await Mine.Count(Story, null, 9, default)).Should().Be(0);
    }

    /// <summary>At once, in the test that follows them.</summary>
    protected virtual int Writers => 24;

    [StoreFact]
    public async Task whoever_reads_on_while_many_write_and_some_are_refused_meets_every_document_once_and_in_order()
    {
        await Added(Mine, ("slug", Key.Of("taken")));
        await WriteAndFollow([Store], Mine.Workspace, Writers, commits: 25);
    }

    /// <summary>
    /// Writers on these nodes, some of whose commits are refused, and a reader on each node that only ever asks for what is behind the last
    /// one it has.
    /// </summary>
    protected async Task WriteAndFollow(IReadOnlyList<IStore> nodes, WorkspaceKey workspace, int writers, int commits)
    {
        var written = new ConcurrentBag<Id>();
        var expected = new TaskCompletionSource<int>();
        var readers = nodes
            .Select(node =>
                Task.Run(async () =>
                {
                    var (rows, read) = (node.Open(workspace), new List<(Id Id, long Position)>());
                    var until = TimeProvider.System.GetUtcNow().AddMinutes(2);
                    while (!expected.Task.IsCompleted || read.Count < await expected.Task)
                    {
                        read.AddRange(await ReadOn(rows, read.Count == 0 ? 0 : read[^1].Position, limit: 50));
                        if (TimeProvider.System.GetUtcNow() > until)
                            throw new TimeoutException($"Read {read.Count} documents, the last of them {read[^1]}.");
                    }
                    return read;
                })
            )
            .ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        var (random, rows) = (new Random(writer), nodes[writer % nodes.Count].Open(workspace));
                        for (var i = 0; i < commits; i++)
                        {
                            var ids = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Ids.Next()).ToList();
                            var refused = random.Next(4) == 0;
                            var changes = ids.Select(id => (Change)new Change.Append(Told(id))).ToList();
                            changes.Add(
                                refused ? new Change.Insert(Person(("slug", Key.Of("taken")))) : new Change.Increment("written", ids.Count)
                            );
                            (await rows.Commit(changes, default)).Committed.Should().Be(!refused);
                            if (!refused)
                                ids.ForEach(written.Add);
                            if (!refused && Numbering == TimeSpan.Zero)
                            {
                                using var own = await rows.GetMany(Story, ids, default);
                                for (var n = 1; n < ids.Count; n++)
                                    PositionIn(own[n].Json).Should().Be(PositionIn(own[0].Json) + n);
                            }
                        }
                    })
                )
        );
        expected.SetResult(written.Count);
        foreach (var read in await Task.WhenAll(readers))
        {
            read.Select(row => row.Position).Should().Equal(Enumerable.Range(1, written.Count).Select(n => (long)n));
            read.Select(row => row.Id).Should().BeEquivalentTo(written);
        }
        var counted = (await nodes[0].Open(workspace).Counters("written", 1, default))[0].Value;
        counted.Should().Be(written.Count, string.Create(CultureInfo.InvariantCulture, $"{writers} writers wrote"));
    }
}
