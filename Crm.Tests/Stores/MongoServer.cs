// A MongoDB for the tests: the one of MONGODB_URI, or a small server from npm that speaks its wire protocol.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Crm.Tests.Stores;

/// <summary>
/// The small server is in memory, slow and partial: it shows that the wire, the commands and the mapping work, and proves nothing about
/// durability or speed. Each test has a process of its own: a write takes it longer the more it holds.
/// </summary>
public sealed class MongoServer : IDisposable
{
    const string ReplicaSet = "singleNodeReplicaSet",
        Standalone = "standalone";

    /// <summary>
    /// The driver would wait for changes of the topology by a question that a server answers after ten seconds. The small one answers it at
    /// once, and the two would talk as fast as they can.
    /// </summary>
    public const string Polled = "?serverMonitoringMode=poll";
    static int databases;
    readonly Process? process;

    static string Binary => Path.Combine(Npm.Folder, "node_modules", "@jongodb", "memory-server-bin-linux-x64-gnu", "bin", "jongodb");

    /// <summary>Null: tests use the small server.</summary>
    static string? Real => Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 } uri ? uri : null;

    public static bool IsThere => IsReal || File.Exists(Binary);

    public static bool IsReal => Real is not null;

    MongoServer(string profile)
    {
        Port = FreePort();
        process = Process.Start(
            new ProcessStartInfo(Binary, ["--host=127.0.0.1", $"--port={Port}", $"--topology-profile={profile}"])
            {
                RedirectStandardOutput = true,
            }
        ) ?? throw new InvalidOperationException("The MongoDB test server did not start.");
        process.StandardOutput.ReadLine(); // It prints its address when it listens.
        _ = process.StandardOutput.ReadToEndAsync(); // A full pipe would stop it.
        Connection = Database("crm") + (profile == ReplicaSet ? "&replicaSet=jongodb-rs0" : "");
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
    public string Database(string name) => $"mongodb://127.0.0.1:{Port}/{name}{Polled}";

    static string WithDatabase(string uri, string name)
    {
        var question = uri.IndexOf('?');
        var (address, options) = question < 0 ? (uri, "") : (uri[..question], uri[question..]);
        var path = address.IndexOf('/', address.IndexOf("//", StringComparison.Ordinal) + 2);
        return (path < 0 ? address : address[..path]) + "/" + name + options;
    }

    /// <summary>It answers nothing any more, as a machine that stands still, until <see cref="GoOn"/>.</summary>
    public async Task StandStill()
    {
        Faults.CrmProcess.Signal(process!.Id, 19);
        // On a busy machine it has to be given the processor before it stops.
        while (!File.ReadAllText($"/proc/{process.Id}/stat").Contains(") T ", StringComparison.Ordinal))
            await Task.Delay(10);
    }

    public void GoOn() => Faults.CrmProcess.Signal(process!.Id, 18);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
            process.Kill();
    }
}
