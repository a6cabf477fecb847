// A client of MongoDB.Driver that belongs to one store alone.

using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace Crm.Storage.Mongo;

/// <summary>Pool, monitoring, sessions, retries, compression and TLS are the driver's.</summary>
sealed class MongoConnection : IDisposable
{
    static long commands;
    readonly MongoClient client;

    public MongoConnection(MongoClientSettings settings, string database, bool countCommands)
    {
        // The driver lets clients with equal settings share their connections, and closing those of one would close the others'.
        // A configurator of its own makes each client different.
        settings.ClusterConfigurator = cluster =>
        {
            if (countCommands)
                cluster.Subscribe<CommandStartedEvent>(_ => Interlocked.Increment(ref commands));
        };
        client = new(settings);
        Link = new(client.GetDatabase(database));
    }

    /// <summary>Commands sent to servers by every client of this process that counts.</summary>
    public static long Commands => Interlocked.Read(ref commands);

    public MongoLink Link { get; }

    /// <summary>A client that is disposed of leaves its connections and monitors to the process; these are nobody else's.</summary>
    public void Dispose()
    {
        var cluster = client.Cluster;
        client.Dispose();
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(cluster);
    }
}
