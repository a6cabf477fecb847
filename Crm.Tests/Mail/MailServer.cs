// A real mail server in a process of its own (npm smtp-server), with every mail that it took, and what other libraries read in them.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Tests.Mail;

/// <param name="From">Of the envelope; empty: the null sender.</param>
/// <param name="Raw">In base64.</param>
sealed record ArrivedMail(string From, IReadOnlyList<string> To, string Raw)
{
    public string Source => Encoding.Latin1.GetString(Convert.FromBase64String(Raw));
}

sealed class MailServer : IAsyncDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly Process process;
    readonly ConcurrentQueue<ArrivedMail> mails = new();
    int connections;

    MailServer(Process process) => this.process = process;

    public int Port { get; private set; }

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref connections);

    public IReadOnlyList<ArrivedMail> All => [.. mails];

    public static async Task<MailServer> Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", ["smtp-sink.mjs", .. arguments])
        {
            WorkingDirectory = Npm.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var server = new MailServer(process) { Port = int.Parse((await process.StandardOutput.ReadLineAsync())!, null) };
        _ = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var said = JsonNode.Parse(line)!;
                if (said["connected"] is not null)
                    Interlocked.Increment(ref server.connections);
                else
                    server.mails.Enqueue(said.Deserialize<ArrivedMail>(Json)!);
            }
        });
        return server;
    }

    /// <summary>Mails to an address, when there are so many.</summary>
    public async Task<List<ArrivedMail>> To(string address, int count = 1)
    {
        for (var began = Stopwatch.GetTimestamp(); ; )
        {
            var found = mails.Where(mail => mail.To.Contains(address)).ToList();
            if (found.Count >= count)
                return found;
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException(
                    $"{count} mails to {address} were awaited; there are {found.Count}, and to others {string.Join(", ", mails.SelectMany(mail => mail.To))}."
                );
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
            process.Kill();
        await Task.CompletedTask;
        process.Dispose();
    }

    /// <summary>What mailparser and mailauth read of mails.</summary>
    /// <param name="key">The public key that signatures are checked with; empty: none are.</param>
    public static Task<IReadOnlyList<JsonNode>> Read(IEnumerable<ArrivedMail> mails, string key = "") =>
        Npm.Ask<object, JsonNode>("mail-read.mjs", mails.Select(mail => (object)new { raw = mail.Raw, key }));
}
