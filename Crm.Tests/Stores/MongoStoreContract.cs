// The store contract, kept by MongoDB.

using Crm.Domain.Stores;
using Crm.Storage.Mongo;

namespace Crm.Tests.Stores;

[StoreNeeds(nameof(Needs.Mongo))]
public sealed class MongoStoreContract : StoreContract
{
    string uri = "";

    protected override Task<IStore> OpenFresh()
    {
        uri = MongoServer.NewDatabase();
        return Reopen();
    }

    protected override async Task<IStore> Reopen()
    {
        var store = new MongoStore(new() { Uri = uri }, TimeProvider.System);
        await store.Start([People, Keys], NoRekey, default);
        return store;
    }
}

/// <summary>Fewer sequences than on SQLite: the test server takes milliseconds for a write, and more the more it holds.</summary>
[StoreNeeds(nameof(Needs.Mongo))]
public sealed class MongoStoreModel(Xunit.Abstractions.ITestOutputHelper output) : StoreModelTests(output, 3_000)
{
    protected override async Task<IStore> OpenFresh()
    {
        var store = new MongoStore(new() { Uri = MongoServer.NewDatabase() }, TimeProvider.System);
        await store.Start([StoreContract.People, StoreContract.Keys], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return store;
    }
}
