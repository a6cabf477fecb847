// The store contract, kept by MongoDB.

using Crm.Domain.Stores;
using Crm.Storage.Mongo;

namespace Crm.Tests.Stores;

[StoreNeeds(nameof(Needs.Mongo))]
public sealed class MongoStoreContract : StoreContract
{
    MongoServer? server;

    /// <summary>A second is promised; the test server and a busy machine take longer.</summary>
    protected override TimeSpan Numbering => TimeSpan.FromSeconds(30);

    /// <summary>The small server does one thing after the other: more writers only wait longer.</summary>
    protected override int Writers => MongoServer.IsReal ? base.Writers : 6;

    protected override Task<IStore> OpenFresh()
    {
        server = MongoServer.Start();
        return Reopen();
    }

    protected override async Task<IStore> Reopen()
    {
        var store = new MongoStore(new() { Uri = server!.Connection }, TimeProvider.System);
        await store.Start([People, Keys, Story], NoRekey, default);
        return store;
    }

    /// <summary>The small server sees no conflicts between transactions.</summary>
    [NeedsRealMongoFact]
    public async Task two_nodes_that_number_at_once_number_as_one()
    {
        await Added(Mine, ("slug", Key.Of("taken")));
        await using var other = await Reopen();
        await WriteAndFollow([Store, other], Mine.Workspace, writers: 8, commits: 10);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        server?.Dispose();
    }
}

/// <summary>Fewer sequences than on SQLite: the test server takes milliseconds for a write, and more the more it holds.</summary>
[StoreNeeds(nameof(Needs.Mongo))]
public sealed class MongoStoreModel(Xunit.Abstractions.ITestOutputHelper output) : StoreModelTests(output, 300)
{
    MongoServer? server;

    protected override bool NumbersInCommit => false;

    protected override async Task<IStore> OpenFresh()
    {
        server = MongoServer.Start();
        var store = new MongoStore(new() { Uri = server.Connection }, TimeProvider.System);
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
        server?.Dispose();
    }
}
