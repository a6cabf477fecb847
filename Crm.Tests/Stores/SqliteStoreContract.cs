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
        await store.Start([People, Keys], NoRekey, default);
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

public sealed class SqliteStoreModel(Xunit.Abstractions.ITestOutputHelper output) : StoreModelTests(output)
{
    readonly string folder = Directory.CreateTempSubdirectory("store").FullName;

    protected override async Task<IStore> OpenFresh()
    {
        var store = new SqliteStore(new() { Path = Path.Combine(folder, "crm.db") }, TimeProvider.System);
        await store.Start([StoreContract.People, StoreContract.Keys], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
