// A private PostgreSQL for the tests: made by initdb in a folder of its own, on a free port, ended with the test run.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Crm.Tests.Stores;

/// <summary>One server process and its folder. <see cref="Shared"/> is the one that most tests use, each with a database of its
/// own.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    static readonly Lazy<Task<PostgresCluster>> shared = new(async () =>
    {
        var cluster = await Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.End("immediate");
        return cluster;
    });

    readonly string folder;
    static int databases;

    PostgresCluster(string folder, int port) => (this.folder, Port) = (folder, port);

    public int Port { get; }

    /// <summary>The folder of initdb, pg_ctl and postgres; null when they are not installed.</summary>
    public static string? Programs { get; } =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .OrderByDescending(bin => bin, StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    public static Task<PostgresCluster> Shared() => shared.Value;

    public static async Task<PostgresCluster> Start()
    {
        var folder = Directory.CreateTempSubdirectory("crm-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
            await Run("chown", "postgres", folder); // PostgreSQL refuses to be run by root.
        await Run(
            Path.Combine(Programs!, "initdb"),
            "-D",
            Path.Combine(folder, "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8"
        );
        CleanUpBehind(folder);
        var cluster = new PostgresCluster(folder, FreePort());
        await cluster.Resume();
        // As operators should run it: the product's role owns its databases and is no superuser.
        await cluster.Execute("CREATE ROLE crm LOGIN CREATEDB");
        return cluster;
    }

    /// <summary>A test host may be ended without a chance to clean up: a process of its own waits for that, ends the server and removes the
    /// folder.</summary>
    static void CleanUpBehind(string folder)
    {
        const string script =
            "while kill -0 \"$1\" 2>/dev/null; do sleep 2; done; kill -QUIT \"$(head -n 1 \"$2/data/postmaster.pid\")\"; sleep 2; rm -rf \"$2\"";
        using var _ = Process.Start(
            new ProcessStartInfo(
                "setsid",
                ["sh", "-c", $"({script}) >/dev/null 2>&1 </dev/null &", "sh", $"{Environment.ProcessId}", folder]
            )
            {
                WorkingDirectory = "/",
            }
        );
    }

    /// <summary>Starts the server, again after <see cref="Stop"/>.</summary>
    public Task Resume() =>
        Run(
            Path.Combine(Programs!, "pg_ctl"),
            "-D",
            Path.Combine(folder, "data"),
            "-w",
            "-l",
            Path.Combine(folder, "log"),
            "-o",
            $"-p {Port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200",
            "start"
        );

    /// <param name="mode">"immediate" is what a loss of power does to the server.</param>
    public Task Stop(string mode) => Run(Path.Combine(Programs!, "pg_ctl"), "-D", Path.Combine(folder, "data"), "-w", "-m", mode, "stop");

    /// <summary>The address of a new, empty database.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        await Execute($"CREATE DATABASE {name} OWNER crm");
        return $"postgres://crm@127.0.0.1:{Port}/{name}";
    }

    public async Task Drop(string address) => await Execute($"DROP DATABASE IF EXISTS {new Uri(address).AbsolutePath[1..]} WITH (FORCE)");

    public async Task<object?> Execute(string sql, string database = "postgres")
    {
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Pooling=false;Timeout=10"
        );
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs one of PostgreSQL's programs to its end, as the user postgres when we are root.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var start =
            Environment.IsPrivilegedProcess && program != "chown"
                ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments])
                : new ProcessStartInfo(program, arguments);
        // Not redirected to us: the server inherits the pipes, and reading to their end would wait for the server's.
        var said = Path.GetTempFileName();
        start = new(
            "sh",
            ["-c", "out=\"$1\"; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", said, start.FileName, .. start.ArgumentList]
        )
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(said);
        File.Delete(said);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {text}");
    }

    void End(string mode)
    {
        try
        {
            Stop(mode).GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // Stopped already.
        }
    }

    public async ValueTask DisposeAsync() => await Task.Run(() => End("immediate"));
}
