// The store contract, kept by PostgreSQL.

using Crm.Domain.Stores;
using Crm.Storage.Postgres;

namespace Crm.Tests.Stores;

[StoreNeeds(nameof(Needs.Postgres))]
public sealed class PostgresStoreContract : StoreContract
{
    string address = "";

    protected override async Task<IStore> OpenFresh()
    {
        address = await (await PostgresCluster.Shared()).NewDatabase();
        return await Reopen();
    }

    protected override async Task<IStore> Reopen()
    {
        var store = new PostgresStore(address, TimeProvider.System, null);
        await store.Start([People, Keys], NoRekey, default);
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (await PostgresCluster.Shared()).Drop(address);
    }
}

[StoreNeeds(nameof(Needs.Postgres))]
public sealed class PostgresStoreModel(Xunit.Abstractions.ITestOutputHelper output) : StoreModelTests(output, 10_000)
{
    string address = "";

    protected override async Task<IStore> OpenFresh()
    {
        address = await (await PostgresCluster.Shared()).NewDatabase();
        var store = new PostgresStore(address, TimeProvider.System, null);
        await store.Start([StoreContract.People, StoreContract.Keys], (_, _, _, _, _) => throw new InvalidOperationException(), default);
        return store;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (await PostgresCluster.Shared()).Drop(address);
    }
}
