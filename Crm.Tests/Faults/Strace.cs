// strace on a running product: lets its system calls fail, and writes down in which order they came.

using System.Diagnostics;

namespace Crm.Tests.Faults;

public sealed class Strace : IAsyncDisposable
{
    const int SigInt = 2;

    readonly Process process;
    readonly string file;

    Strace(Process process, string file) => (this.process, this.file) = (process, file);

    /// <summary>Attaches to every thread; returns when it holds them.</summary>
    /// <param name="expressions">As after <c>-e</c>: <c>inject=fdatasync:error=EIO:when=3+5</c>, where a thread's calls are counted from
    /// here on.</param>
    public static async Task<Strace> Attach(CrmProcess crm, params string[] expressions)
    {
        var file = Path.GetTempFileName();
        var start = new ProcessStartInfo(
            "strace",
            [
                "-f",
                "-y",
                "-s",
                "24",
                "-o",
                file,
                "-p",
                crm.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture),
                .. expressions.SelectMany(e => new[] { "-e", e }),
            ]
        )
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        process.ErrorDataReceived += (_, e) =>
        {
            lock (said)
                said.Add(e.Data ?? "");
            if (e.Data?.Contains(" attached", StringComparison.Ordinal) == true)
                attached.TrySetResult();
        };
        process.BeginErrorReadLine();
        await Task.WhenAny(attached.Task, process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(20)));
        lock (said)
            attached.Task.IsCompleted.Should().BeTrue(string.Join('\n', said));
        return new(process, file);
    }

    /// <summary>What was written down until now.</summary>
    public async Task<string> SoFar()
    {
        await using var reading = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(reading);
        return await text.ReadToEndAsync();
    }

    /// <summary>Lets the product go on alone. Returns what was written down, a line a call.</summary>
    public async Task<IReadOnlyList<string>> Detach()
    {
        if (!process.HasExited)
            _ = CrmProcess.Signal(process.Id, SigInt);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        return await File.ReadAllLinesAsync(file, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Detach();
        process.Dispose();
        File.Delete(file);
    }
}

/// <summary>What one line of strace says.</summary>
public enum Step
{
    Other,
    RequestRead,
    SyncBegun,
    SyncDone,
    SyncFailed,
    LogOpened,
    Taken,
    Unavailable,
}

/// <summary>Reads strace's lines in their order; a call that others interrupted is put together from its two halves.</summary>
public sealed class CallOrder
{
    readonly Dictionary<string, string> unfinished = [];

    /// <param name="Socket">Of a request or an answer.</param>
    /// <param name="Thread">Of a sync.</param>
    public readonly record struct Call(Step Step, string Thread, string Socket);

    public IEnumerable<Call> Read(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ');
            if (space < 0)
                continue;
            var thread = line[..space];
            var text = line[space..].TrimStart();
            var begins = text.EndsWith("<unfinished ...>", StringComparison.Ordinal);
            var resumed = text.StartsWith("<... ", StringComparison.Ordinal);
            if (resumed)
                text = unfinished.GetValueOrDefault(thread, "") + text[(text.IndexOf("resumed>", StringComparison.Ordinal) + 8)..];
            if (begins)
                unfinished[thread] = text[..^"<unfinished ...>".Length];
            var socket = Between(text, "(", "<");
            if (IsSyncOfLog(text))
            {
                if (!resumed)
                    yield return new(Step.SyncBegun, thread, "");
                if (!begins)
                    yield return new(text.EndsWith(" = 0", StringComparison.Ordinal) ? Step.SyncDone : Step.SyncFailed, thread, "");
            }
            else if (text.StartsWith("send", StringComparison.Ordinal) || text.StartsWith("write", StringComparison.Ordinal))
            {
                // An answer counts from the moment it is handed over, not from the call's return.
                if (
                    !resumed
                    && (
                        text.Contains("\"HTTP/1.1 201", StringComparison.Ordinal)
                        || text.Contains("\"HTTP/1.1 422", StringComparison.Ordinal)
                    )
                )
                    yield return new(Step.Taken, thread, socket);
                else if (!resumed && text.Contains("\"HTTP/1.1 503", StringComparison.Ordinal))
                    yield return new(Step.Unavailable, thread, socket);
            }
            else if (
                text.StartsWith("recv", StringComparison.Ordinal)
                && !begins
                && !text.Contains("= -1", StringComparison.Ordinal)
                && !text.EndsWith("= 0", StringComparison.Ordinal)
            )
                yield return new(Step.RequestRead, thread, socket);
            else if (
                text.StartsWith("openat", StringComparison.Ordinal)
                && !begins
                && text.Contains("crm.db-wal\"", StringComparison.Ordinal)
                && !text.Contains("= -1", StringComparison.Ordinal)
            )
                yield return new(Step.LogOpened, thread, "");
        }
    }

    static bool IsSyncOfLog(string text) =>
        (text.StartsWith("fdatasync(", StringComparison.Ordinal) || text.StartsWith("fsync(", StringComparison.Ordinal))
        && text.Contains("crm.db-wal>", StringComparison.Ordinal);

    static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal) + 1;
        var to = text.IndexOf(after, from, StringComparison.Ordinal);
        return to < 0 ? "" : text[from..to];
    }
}
