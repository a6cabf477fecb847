// One server process under measurement: started on a free port, paused while others are measured, ended whatever happens.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Crm.Bench;

/// <summary>A child process that serves HTTP at <see cref="Url"/>.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private const int LinesKept = 30;
    private const int SigTerm = 15,
        SigCont = 18,
        SigStop = 19;

    private static readonly ConcurrentDictionary<Server, bool> Running = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = new();

    public string Name { get; }
    public Uri Url { get; }
    public HttpClient Http { get; }
    public int Pid => _process.Id;

    private Server(string name, ProcessStartInfo start, Uri url)
    {
        Name = name;
        Url = url;
        // A proxy of the environment must not stand between the bench and this machine.
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Remember(e.Data);
        _process.ErrorDataReceived += (_, e) => Remember(e.Data);
    }

    /// <summary>Starts the process without waiting for it to answer.</summary>
    public static Server Start(string name, ProcessStartInfo start)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        start.Environment["ASPNETCORE_URLS"] = url.ToString();
        Quiet(start);
        var server = new Server(name, start, url);
        Running[server] = true;
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Starts the process and returns once GET <paramref name="path"/> is 200.</summary>
    public static async Task<Server> StartReady(
        string name,
        ProcessStartInfo start,
        TimeProvider time,
        CancellationToken ending,
        string path = "/health/ready"
    )
    {
        var server = Start(name, start);
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            server.ThrowIfEnded();
            try
            {
                using var answer = await server.Http.GetAsync(path, ending);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return server;
            }
            catch (HttpRequestException)
            { /* Not listening yet. */
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, ending);
        }
        throw new BenchException($"{name} was not ready after a minute. Its last lines:\n{server.LastLines}");
    }

    /// <summary>Removes what the terminal's environment would change in a measured process.</summary>
    public static void Quiet(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // What `dotnet run` (launchSettings.json) and the Docker image set, for the ceilings as well.
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x2000000");
    }

    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new BenchException($"{Name} ended with code {_process.ExitCode}. Its last lines:\n{LastLines}");
    }

    /// <summary>Stops its threads where they stand, so that work it does after its answers is not charged to the next server.</summary>
    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigCont);

    /// <summary>Processor time of all its threads so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes, as the kernel counts it (files mapped into the process included).</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public string LastLines => string.Join('\n', _lastLines);

    /// <summary>SIGTERM, as an operator would; SIGKILL for a server that has not gone after 20 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(this, out _))
            return;
        if (!_process.HasExited)
        {
            Resume();
            Signal(SigTerm);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine($"  {Name} did not end within 20 s of SIGTERM and was killed.");
                _process.Kill(entireProcessTree: true);
            }
        }
        Http.Dispose();
        _process.Dispose();
    }

    /// <summary>The last resort when this process itself is going: no server may outlive it.</summary>
    public static void KillAll()
    {
        foreach (var server in Running.Keys)
            if (Running.TryRemove(server, out _) && !server._process.HasExited)
                server._process.Kill(entireProcessTree: true);
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        while (_lastLines.Count > LinesKept)
            _lastLines.TryDequeue(out _);
    }

    private void Signal(int signal)
    {
        // HasExited first: the number of a process that is gone may already belong to another.
        if (!_process.HasExited)
            _ = SendSignal(_process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
