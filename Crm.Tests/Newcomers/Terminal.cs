// A shell that a newcomer types into: what is pasted runs as it is, and what it says is kept with the time at which it said it.

using System.Diagnostics;
using System.Text;
using Crm.Tests.Faults;

namespace Crm.Tests.Newcomers;

public sealed class Terminal : IAsyncDisposable
{
    const int SigInt = 2,
        SigKill = 9;

    /// <summary>For a busy machine.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly Process process;
    readonly StringBuilder heard = new();
    readonly Lock door = new();
    readonly string folder;
    long lastHeard;
    TimeSpan silence;
    int steps;
    bool disposed;

    /// <param name="command">The shell, or a command that starts one.</param>
    public Terminal(string folder, IReadOnlyDictionary<string, string?> environment, params IReadOnlyList<string> command)
    {
        this.folder = folder;
        // A session of its own, so that everything that it started ends with it.
        var start = new ProcessStartInfo("setsid", command)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        lastHeard = Stopwatch.GetTimestamp();
    }

    /// <summary>Everything that it said so far.</summary>
    public string Heard
    {
        get
        {
            lock (door)
                return heard.ToString();
        }
    }

    void Hear(string? line)
    {
        if (line is null)
            return;
        lock (door)
        {
            heard.Append(line).Append('\n');
            Notice();
        }
    }

    void Notice()
    {
        var now = Stopwatch.GetTimestamp();
        var quiet = Stopwatch.GetElapsedTime(lastHeard, now);
        (silence, lastHeard) = (quiet > silence ? quiet : silence, now);
    }

    /// <summary>Pastes it, and waits until all of it has run. A command that fails ends the shell.</summary>
    /// <returns>What it said, how long it took, and the longest time in which it said nothing.</returns>
    public async Task<(string Said, TimeSpan Took, TimeSpan Silence)> Paste(string text)
    {
        var mark = $"-- step {++steps} is done --";
        var step = Path.Combine(folder, $".step-{steps}.sh");
        await File.WriteAllTextAsync(step, text + "\n");
        int from;
        lock (door)
            (from, silence, lastHeard) = (heard.Length, TimeSpan.Zero, Stopwatch.GetTimestamp());
        var began = Stopwatch.GetTimestamp();
        // An answer of curl has no end of line: the mark gets a line of its own.
        await process.StandardInput.WriteAsync($"set -e; . {step} </dev/null 2>&1; set +e; printf '\\n%s\\n' '{mark}'\n");
        await process.StandardInput.FlushAsync();
        await Until(() => Heard.IndexOf(mark, from, StringComparison.Ordinal) >= 0, text);
        lock (door)
        {
            Notice();
            var all = heard.ToString();
            var said = all[from..all.IndexOf(mark, from, StringComparison.Ordinal)];
            return (said.TrimEnd('\n'), Stopwatch.GetElapsedTime(began), silence);
        }
    }

    public async Task Until(Func<bool> isThere, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isThere())
        {
            // What it said last may still be on its way.
            if (process.HasExited)
                await process.WaitForExitAsync();
            if (isThere())
                return;
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException(
                    $"{(process.HasExited ? $"It ended with {process.ExitCode}" : "It did not come to an end")}: {what}\n{Heard}"
                );
            await Task.Delay(20);
        }
    }

    /// <summary>Ctrl-C.</summary>
    public async Task Interrupt()
    {
        CrmProcess.Signal(-process.Id, SigInt);
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        if (!process.HasExited)
        {
            CrmProcess.Signal(-process.Id, SigKill);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
