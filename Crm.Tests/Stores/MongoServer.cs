// A MongoDB for the tests: the one of MONGODB_URI, or a small server from npm that speaks its wire protocol.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crm.Storage.Mongo;

namespace Crm.Tests.Stores;

/// <summary>
/// The small server is in memory, slow and partial: it shows that the wire, the commands and the mapping work, and proves nothing about durability
/// or speed. Each test has a process of its own: a write takes it longer the more it holds.
/// </summary>
public sealed class MongoServer : IDisposable
{
    const string ReplicaSet = "singleNodeReplicaSet",
        Standalone = "standalone";
    static int databases;
    readonly Process? process;
    readonly MongoProxy? proxy;

    static string Binary => Path.Combine(Npm.Folder, "node_modules", "@jongodb", "memory-server-bin-linux-x64-gnu", "bin", "jongodb");

    /// <summary>Null: tests use the small server.</summary>
    static string? Real => Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 } uri ? uri : null;

    public static bool IsThere => LibraryIsThere && (Real is not null || File.Exists(Binary));

    public static bool IsReal => LibraryIsThere && Real is not null;

    static bool LibraryIsThere
    {
        get
        {
            try
            {
                MongoLibrary.Load();
                return true;
            }
            catch (Crm.Domain.Stores.StoreConfigurationException)
            {
                return false;
            }
        }
    }

    MongoServer(string profile)
    {
        var port = FreePort();
        process = Process.Start(
            new ProcessStartInfo(Binary, ["--host=127.0.0.1", $"--port={port}", $"--topology-profile={profile}"])
            {
                RedirectStandardOutput = true,
            }
        ) ?? throw new InvalidOperationException("The MongoDB test server did not start.");
        process.StandardOutput.ReadLine(); // It prints its address when it listens.
        _ = process.StandardOutput.ReadToEndAsync(); // A full pipe would stop it.
        proxy = new(port, "nothing"u8.ToArray());
        Port = proxy.Port;
        Connection = Database("crm") + (profile == ReplicaSet ? "?replicaSet=jongodb-rs0" : "");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public int Port { get; }

    /// <summary>Whether it is the one from npm.</summary>
    public bool IsSmall => process is not null;

    public static MongoServer StartStandalone() => new(Standalone);

    /// <summary>One of its own, whatever MONGODB_URI says: for what is done to it.</summary>
    public static MongoServer StartReplicaSet() => new(ReplicaSet);

    /// <summary>A server with a database that no other test uses.</summary>
    public static MongoServer Start()
    {
        var name = $"crm_test_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        return Real is { } uri ? new(new Uri(WithDatabase(uri, name))) : StartReplicaSet();
    }

    MongoServer(Uri address) => Connection = address.OriginalString;

    /// <summary>What ConnectionStrings__Crm says to use it.</summary>
    public string Connection { get; private init; }

    /// <summary>A connection string without a replica set.</summary>
    public string Database(string name) => $"mongodb://127.0.0.1:{Port}/{name}";

    static string WithDatabase(string uri, string name)
    {
        var question = uri.IndexOf('?');
        var (address, options) = question < 0 ? (uri, "") : (uri[..question], uri[question..]);
        var path = address.IndexOf('/', address.IndexOf("//", StringComparison.Ordinal) + 2);
        return (path < 0 ? address : address[..path]) + "/" + name + options;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        proxy?.Dispose();
        if (process is { HasExited: false })
            process.Kill();
    }
}
