// A PostgreSQL server of a class of tests, which they stop and start again.

using Crm.Tests.Stores;
using Xunit;

namespace Crm.Tests.Nodes;

public sealed class StoppablePostgres : IAsyncLifetime
{
    PostgresCluster? cluster;
    bool isStopped;

    public async Task InitializeAsync()
    {
        if (Needs.Postgres.Missing is null)
            cluster = await PostgresCluster.Start();
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    /// <summary>The address of a new, empty database of the server, which runs then.</summary>
    public async Task<string> NewDatabase()
    {
        await Resume();
        return await cluster!.NewDatabase();
    }

    /// <summary>As a loss of power does.</summary>
    public async Task Stop()
    {
        await cluster!.Stop("immediate");
        isStopped = true;
    }

    public async Task Resume()
    {
        if (isStopped)
            await cluster!.Resume();
        isStopped = false;
    }
}
