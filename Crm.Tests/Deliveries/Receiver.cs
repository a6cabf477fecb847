// Somebody else's system for tests of deliveries: answers as it is told to, and keeps a ledger of everything that arrived.

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Tests.Deliveries;

/// <param name="Query">Decoded.</param>
/// <param name="Answered">The status it was answered with; 0: the connection was cut.</param>
sealed record Arrived(string Id, string Path, IReadOnlyDictionary<string, string> Query, int Answered)
{
    public string Body { get; init; } = "";
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public JsonNode Json => field ??= JsonNode.Parse(Body)!;
}

sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication app;
    int inside;

    Receiver(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;
    public ConcurrentQueue<Arrived> Ledger { get; } = new();

    /// <summary>The most requests that were inside at once.</summary>
    public int MostAtOnce;

    /// <summary>What is answered; 0 cuts the connection. Its task ends when it answers.</summary>
    public Func<HttpContext, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.Take);
        await app.StartAsync();
        receiver.Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return receiver;
    }

    async Task Take(HttpContext http)
    {
        var now = Interlocked.Increment(ref inside);
        for (
            var most = Volatile.Read(ref MostAtOnce);
            now > most && Interlocked.CompareExchange(ref MostAtOnce, now, most) != most;
            most = Volatile.Read(ref MostAtOnce)
        ) { }
        try
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            var status = await Answer(http);
            Ledger.Enqueue(
                new(
                    http.Request.Headers["Webhook-Id"].ToString(),
                    http.Request.Path.Value!,
                    http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()),
                    status
                )
                {
                    Body = body,
                    Headers = http.Request.Headers.ToDictionary(
                        header => header.Key,
                        header => header.Value.ToString(),
                        StringComparer.OrdinalIgnoreCase
                    ),
                }
            );
            if (status == 0)
                http.Abort();
            else
            {
                http.Response.StatusCode = status;
                await http.Response.WriteAsync("SECRETANSWER");
            }
        }
        catch (OperationCanceledException)
        {
            // Who asked went away.
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(true));
        await app.DisposeAsync();
    }
}
