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
        await store.Start([People, Keys, Story], NoRekey, default);
        return store;
    }

    [StoreFact]
    public async Task two_nodes_that_write_at_once_number_as_one()
    {
        await Added(Mine, ("slug", Key.Of("taken")));
        await using var other = await Reopen();
        await WriteAndFollow([Store, other], Mine.Workspace, writers: 24, commits: 25);
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
        await (await PostgresCluster.Shared()).Drop(address);
    }
}
