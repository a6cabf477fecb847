// The store contract, kept by SQLite.

using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Tests.Stores;

public sealed class SqliteStoreContract : StoreContract
{
    readonly string folder = Directory.CreateTempSubdirectory("store").FullName;

    protected override Task<IStore> OpenFresh() => Reopen();

    protected override async Task<IStore> Reopen()
    {
        var store = new SqliteStore(new() { Path = Path.Combine(folder, "crm.db") }, TimeProvider.System);
        await store.Start([People, Keys, Story], NoRekey, default);
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

public sealed class SqliteStoreModel(Xunit.Abstractions.ITestOutputHelper output) : SqliteStoreModelBase(output, 10_000, walkFirst: true);

/// <summary>The same when no filter is small enough for a walk: the ways through the filters' own indexes.</summary>
public sealed class SqliteStoreModelByIndex(Xunit.Abstractions.ITestOutputHelper output)
    : SqliteStoreModelBase(output, 5_000, walkFirst: false);

public abstract class SqliteStoreModelBase(Xunit.Abstractions.ITestOutputHelper output, int sequences, bool walkFirst)
    : StoreModelTests(output, sequences)
{
    readonly string folder = Directory.CreateTempSubdirectory("store").FullName;

    protected override async Task<IStore> OpenFresh()
    {
        var store = new SqliteStore(
            new()
            {
                Path = Path.Combine(folder, "crm.db"),
                WalkFirst = walkFirst,
                // What conditions have in common is then read from their lists, of the model's few rows too.
                MostCandidates = walkFirst ? 2000 : 2,
                SearchTail = walkFirst ? 1024 : 3,
            },
            TimeProvider.System
        );
        await store.Start(
            [StoreContract.People, StoreContract.Keys, StoreContract.Story],
            (_, _, _, _, _) => throw new InvalidOperationException(),
            default
        );
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
