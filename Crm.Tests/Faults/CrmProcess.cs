// The product as a process of its own, so that it can be killed: started on a database file, waited for, stopped or killed, started again.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Crm.Tests.Faults;

/// <summary>One life of the product. The next life is another instance on the same file.</summary>
public sealed class CrmProcess : IAsyncDisposable
{
    public const string AnyPort = "http://127.0.0.1:0";
    const int LinesKept = 200,
        SigTerm = 15;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;
    readonly ConcurrentQueue<string> lines = new();
    readonly TaskCompletionSource<Uri> submitUrl = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly long began = Stopwatch.GetTimestamp();

    bool disposed;

    CrmProcess(Process process) => this.process = process;

    public int Pid => process.Id;
    public bool HasExited => process.HasExited;
    public int ExitCode => process.ExitCode;

    /// <summary>From the start of the process to the first "ready".</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Where the form of the first start is posted to.</summary>
    public Uri SubmitUrl { get; set; } = null!;

    /// <summary>With the admin key.</summary>
    public HttpClient Http { get; } =
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(30),
        };

    /// <summary>The last lines it wrote, for messages about failures.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Whether a request failed because the product is gone. A socket that breaks between connecting and the first byte is not
    /// wrapped by HttpClient.</summary>
    public static bool IsGone(Exception failure) =>
        failure is HttpRequestException or IOException or TaskCanceledException or System.Net.Sockets.SocketException;

    /// <summary>Starts it on a port that the system chooses, and returns when it is ready.</summary>
    /// <param name="database">A file for SQLite, or a postgres:// address.</param>
    /// <param name="wrapper">A command that runs it, such as <c>strace -D -f</c>; it must leave the product its process id.</param>
    public static Task<CrmProcess> Start(string database, params string[] wrapper) => StartAt(database, AnyPort, wrapper);

    public static Task<CrmProcess> StartAt(string database, string url, params string[] wrapper) =>
        Start(Launch(database, url, [], wrapper));

    /// <summary>With further settings as on the command line.</summary>
    public static Task<CrmProcess> StartWith(string database, params string[] settings) => Start(Launch(database, AnyPort, settings));

    /// <summary>The same at an address that it has in its next life, too.</summary>
    public static Task<CrmProcess> StartWithAt(string database, string url, params string[] settings) =>
        Start(Launch(database, url, settings));

    static async Task<CrmProcess> Start(CrmProcess crm)
    {
        try
        {
            await crm.UntilReady();
            return crm;
        }
        catch
        {
            await crm.DisposeAsync();
            throw;
        }
    }

    /// <summary>As somebody starts it who stands in a folder and says nothing of a database.</summary>
    /// <param name="settings">Variables of the environment beside the address.</param>
    public static async Task<CrmProcess> StartIn(string folder, params (string Name, string Value)[] settings) =>
        await Start(LaunchIn(folder, [], settings));

    /// <summary>The same, to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunIn(string folder, params string[] arguments)
    {
        await using var crm = LaunchIn(folder, arguments, []);
        await crm.UntilExit(Patience);
        return (crm.ExitCode, crm.Output);
    }

    static CrmProcess LaunchIn(string folder, IReadOnlyList<string> arguments, (string Name, string Value)[] settings) =>
        Launch(arguments, [], start =>
        {
            start.WorkingDirectory = folder;
            start.Environment.Remove("ConnectionStrings__Crm");
            start.Environment["ASPNETCORE_URLS"] = AnyPort;
            foreach (var (name, value) in settings)
                start.Environment[name] = value;
        });

    /// <summary>Starts it with these arguments and waits for nothing.</summary>
    public static CrmProcess Launch(string database, string url, IReadOnlyList<string> arguments, params string[] wrapper) =>
        Launch(arguments, wrapper, start =>
        {
            start.Environment["ASPNETCORE_URLS"] = url;
            start.Environment["ConnectionStrings__Crm"] = database.StartsWith("postgres:", StringComparison.Ordinal)
                ? database
                : "sqlite:" + database;
            if (database.StartsWith("postgres:", StringComparison.Ordinal))
                start.Environment["Crm__MasterKey"] = CrmServer.MasterKey;
        });

    static CrmProcess Launch(IReadOnlyList<string> arguments, string[] wrapper, Action<ProcessStartInfo> set)
    {
        string[] command = [.. wrapper, "dotnet", Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings of whoever runs the tests must not reach the product.
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
                    || name.StartsWith("Crm__", StringComparison.Ordinal)
                    || name.StartsWith("OTEL_", StringComparison.Ordinal)
                )
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["Crm__AdminKey"] = CrmServer.AdminKey;
        start.Environment["Crm__RateLimits__Enabled"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        set(start);
        var process = new Process { StartInfo = start };
        var crm = new CrmProcess(process);
        process.OutputDataReceived += (_, e) => crm.Hear(e.Data);
        process.ErrorDataReceived += (_, e) => crm.Hear(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return crm;
    }

    /// <summary>Runs it to its end, which comes by itself: for commands, and for starts that are refused.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string database, string url = AnyPort, params string[] arguments)
    {
        await using var crm = Launch(database, url, arguments);
        await crm.UntilExit(Patience);
        return (crm.ExitCode, crm.Output);
    }

    void Hear(string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        while (lines.Count > LinesKept)
            lines.TryDequeue(out _);
        if (line.StartsWith("Submit URL:", StringComparison.Ordinal))
            submitUrl.TrySetResult(new(line["Submit URL:".Length..].Trim()));
    }

    /// <summary>Waits for one or the other. A process that started goes on.</summary>
    public async Task<bool> EndsInsteadOfStarting()
    {
        var ended = process.WaitForExitAsync();
        return await Task.WhenAny(submitUrl.Task, ended, Task.Delay(Patience)) == ended;
    }

    async Task UntilReady()
    {
        await EndsInsteadOfStarting();
        if (!submitUrl.Task.IsCompleted)
            throw new InvalidOperationException(
                $"The product did not start{(process.HasExited ? $", it ended with {process.ExitCode}" : "")}:\n{Output}"
            );
        SubmitUrl = await submitUrl.Task;
        Address = new(SubmitUrl.GetLeftPart(UriPartial.Authority));
        Http.BaseAddress = Address;
        Http.DefaultRequestHeaders.Authorization = new("Bearer", CrmServer.AdminKey);
        while (!await IsReady())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException($"The product did not become ready:\n{Output}");
            await Task.Delay(10);
        }
        ReadyAfter = Stopwatch.GetElapsedTime(began);
    }

    public async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<Reply> Get(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await Reply.Of(answer);
    }

    /// <summary>All rows of a list, page by page.</summary>
    public async Task<List<JsonNode>> All(string path)
    {
        var rows = new List<JsonNode>();
        for (string? after = ""; after is not null; )
        {
            var page = await Get($"{path}{(path.Contains('?') ? '&' : '?')}limit=200{(after.Length == 0 ? "" : "&after=" + after)}");
            page.Status.Should().Be(200, page.Text);
            rows.AddRange(page.Data!);
            after = page["page"]!["hasMore"]!.GetValue<bool>() ? page["page"]!["next"]!.GetValue<string>() : null;
        }
        return rows;
    }

    /// <summary>SIGKILL: nothing of it runs on.</summary>
    public async Task Kill()
    {
        process.Kill();
        await UntilExit(Patience);
    }

    /// <summary>SIGTERM, as an operator stops it. Returns how long it took to end.</summary>
    public async Task<TimeSpan> Stop()
    {
        var asked = Stopwatch.GetTimestamp();
        Signal(Pid, SigTerm).Should().Be(0);
        await UntilExit(Patience);
        return Stopwatch.GetElapsedTime(asked);
    }

    public async Task UntilExit(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        if (!process.HasExited)
            await Kill();
        Http.Dispose();
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    internal static extern int Signal(int pid, int signal);
}
