// A database whose documents were stored before there were positions: the start numbers them, however often it is cut short.

using System.Text;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Tests.Stores;

static class PositionUpgrade
{
    static readonly IdGenerator Ids = new(TimeProvider.System);
    static readonly Collection Before = new("story", [new("kind", KeyKind.Text, Indexed: true)], Searchable: false);

    /// <param name="rows">In each of two workspaces.</param>
    public static async Task Check(Func<Collection, Rekey, Task<IStore>> open, int rows = 1300)
    {
        var ids = Enumerable.Range(0, rows).Select(_ => Ids.Next()).ToList();
        await using (var store = await open(Before, (_, _, _, _, _) => throw new InvalidOperationException("Nothing changed.")))
            foreach (var workspace in new[] { 1, 2 })
            foreach (var some in ids.OrderBy(id => id.Value % 1009).Chunk(400))
                (await store.Open(new(workspace)).Commit([.. some.Select(id => new Change.Insert(Old(id)))], default))
                    .Committed.Should()
                    .BeTrue();
        foreach (var stop in new[] { 1, rows / 2, rows + rows / 10 })
        {
            var left = stop;
            var cut = async () =>
                await open(StoreContract.Story, (workspace, collection, id, version, json) =>
                    left-- == 0 ? throw new InvalidDataException("killed") : Rekeyed(workspace, collection, id, version, json)
                );
            await cut.Should().ThrowAsync<InvalidDataException>();
        }
        await using (var store = await open(StoreContract.Story, Rekeyed))
        {
            foreach (var workspace in new[] { 1, 2 })
                (await StoreContract.ReadOn(store.Open(new(workspace)), limit: 500)).Should().Equal(ids.Select((id, n) => (id, n + 1L)));
            var row = await store.Open(new(2)).Get(StoreContract.Story, ids[20], default);
            Encoding
                .UTF8.GetString(row!.Value.Json.Span)
                .Should()
                .Be($"{{\"id\":\"{ids[20]}\",\"position\":21,\"data\":{{\"position\":null}}}}");
            await Append(store);
            (await StoreContract.ReadOn(store.Open(new(1)), after: rows)).Select(told => told.Position).Should().Equal(rows + 1);
        }
        // The former product for a while: what it stores gets its position when this one comes back.
        var late = Ids.Next();
        await using (
            var store = await open(Before, (_, collection, id, version, json) =>
                new(collection, id, version, json, [("kind", Key.Of("x"))], [])
            )
        )
            (await store.Open(new(1)).Commit([new Change.Insert(Old(late))], default)).Committed.Should().BeTrue();
        await using (var store = await open(StoreContract.Story, Rekeyed))
        {
            await Append(store);
            var last = await StoreContract.ReadOn(store.Open(new(1)), after: rows + 1);
            (last[0], last[1].Position, last.Count).Should().Be(((late, rows + 2L), rows + 3L, 2));
        }
    }

    /// <summary>Returns when the document has its position, on a database that numbers behind the commit too.</summary>
    static async Task Append(IStore store)
    {
        var (workspace, id) = (store.Open(new(1)), Ids.Next());
        (await workspace.Commit([new Change.Append(StoreContract.Told(id))], default)).Committed.Should().BeTrue();
        while (
            Encoding.UTF8.GetString((await workspace.Get(StoreContract.Story, id, default))!.Value.Json.Span).Contains("\"position\":null,")
        )
            await Task.Delay(20);
    }

    static Document Old(Id id) =>
        new(Before, id, 1, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\",\"data\":{{\"position\":null}}}}"), [("kind", Key.Of("x"))], []);

    static Document Rekeyed(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json)
    {
        using var stored = JsonDocument.Parse(json);
        return stored.RootElement.TryGetProperty("position", out var position)
            ? new(collection, id, version, json, [("kind", Key.Of("x")), (Collection.PositionKey, Key.Of(position.GetInt64()))], [])
            : StoreContract.Told(id, ("kind", Key.Of("x")));
    }
}
