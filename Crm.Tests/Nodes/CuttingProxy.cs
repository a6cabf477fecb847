// A TCP proxy before the database that swallows the answer to a COMMIT and cuts the connection: the commit is made, and nobody hears of it.

using System.Net;
using System.Net.Sockets;

namespace Crm.Tests.Nodes;

public sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly int server;
    readonly Task accepting;
    int cuts;
    int toCut;

    public CuttingProxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many answers were swallowed.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    /// <summary>Swallows the answers to the next commits.</summary>
    public void CutNext(int commits) => Interlocked.Exchange(ref toCut, commits);

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test ends.
        }
    }

    async Task Serve(TcpClient client)
    {
        using var one = client;
        using var other = new TcpClient();
        try
        {
            await other.ConnectAsync(IPAddress.Loopback, server);
            var (near, far) = (one.GetStream(), other.GetStream());
            var up = near.CopyToAsync(far, stop.Token);
            var buffer = new byte[64 * 1024];
            for (int n; (n = await far.ReadAsync(buffer, stop.Token)) > 0;)
            {
                // The tag of CommandComplete: with it the server says that the commit is on disk.
                if (buffer.AsSpan(0, n).IndexOf("C\0\0\0\u000bCOMMIT\0"u8) >= 0 && Interlocked.Decrement(ref toCut) >= 0)
                {
                    Interlocked.Increment(ref cuts);
                    return;
                }
                await near.WriteAsync(buffer.AsMemory(0, n), stop.Token);
            }
            _ = up;
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; the other goes too.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }
}
