// Room that was deleted goes back to the disk: a little at a time, while others commit; of a file that an older version made, after a
// backup was restored.

using Crm.Domain.Stores;
using Crm.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class SqliteRoomTests : IDisposable
{
    static readonly IdGenerator Ids = new(TimeProvider.System);
    static readonly Collection Things = new("things", [new("color", KeyKind.Text, Indexed: true)], Searchable: false);

    readonly string folder = Directory.CreateTempSubdirectory("room").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    static async Task<SqliteStore> Open(string path)
    {
        var store = new SqliteStore(new() { Path = path }, TimeProvider.System);
        await store.Start([Things], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return store;
    }

    static Document Thing(Id id) => new(Things, id, 1, new byte[4000], [("color", Key.Of("red"))], []);

    static async Task Add(SqliteStore store, List<Id> ids) =>
        (await store.Open(new(1)).Commit([.. ids.Select(id => new Change.Insert(Thing(id)))], default)).Committed.Should().BeTrue();

    static async Task<List<Id>> Fill(SqliteStore store, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Ids.Next()).ToList();
        foreach (var some in ids.Chunk(500))
            await Add(store, [.. some]);
        return ids;
    }

    static async Task Remove(SqliteStore store, IEnumerable<Id> ids)
    {
        foreach (var some in ids.Chunk(500))
            (await store.Open(new(1)).Commit([.. some.Select(id => new Change.Delete(Things, id, 1))], default))
                .Committed.Should()
                .BeTrue();
    }

    [Fact]
    public async Task deleted_room_goes_back_while_others_commit()
    {
        await using var store = await Open(At("crm.db"));
        var ids = await Fill(store, 6000);
        await Remove(store, ids.Take(5500));
        await store.Scrub(default);
        var before = new FileInfo(At("crm.db")).Length;

        var given = store.GiveBack(default).AsTask();
        var commits = 0;
        for (; !given.IsCompleted || commits < 20; commits++)
            await Add(store, [Ids.Next()]);
        await given;
        await store.Scrub(default);

        new FileInfo(At("crm.db")).Length.Should().BeLessThan(before / 3);
        (await store.Open(new(1)).Count(Things, null, long.MaxValue, default)).Should().Be(500 + commits);
        await store.GiveBack(default);
    }

    [Fact]
    public async Task a_file_that_an_older_version_made_is_as_before_and_its_restored_backup_gives_room_back()
    {
        await using (var old = new SqliteConnection($"Data Source={At("old.db")};Pooling=False"))
        {
            await old.OpenAsync();
            await using var command = old.CreateCommand();
            command.CommandText = "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; CREATE TABLE t(a); DROP TABLE t";
            await command.ExecuteNonQueryAsync();
        }
        List<Id> ids;
        await using (var store = await Open(At("old.db")))
        {
            ids = await Fill(store, 2000);
            await SqliteBackup.Write(At("old.db"), At("new.db"));
            await Remove(store, ids);
            await store.Scrub(default);
            var before = new FileInfo(At("old.db")).Length;
            await store.GiveBack(default);
            await store.Scrub(default);
            new FileInfo(At("old.db")).Length.Should().Be(before);
        }
        await using (var store = await Open(At("new.db")))
        {
            var before = new FileInfo(At("new.db")).Length;
            await Remove(store, ids);
            await store.GiveBack(default);
            await store.Scrub(default);
            new FileInfo(At("new.db")).Length.Should().BeLessThan(before / 3);
        }
    }
}
