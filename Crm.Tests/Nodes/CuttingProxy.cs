// A TCP proxy before the database that cuts the connection at a COMMIT: behind it, so that nobody hears of it, or before it, so that it is
// never made; or holds it, as if its node stood still.

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
    int toLose;
    TaskCompletionSource? held;

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

    /// <summary>The next COMMIT never reaches the database, and the first answer to an INSERT after it never comes back: the sender knows
    /// nothing of either.</summary>
    public void LoseNext() => Interlocked.Exchange(ref toLose, 2);

    /// <summary>The next COMMIT stays here for ever. Done when it has come.</summary>
    public Task HoldNext()
    {
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref held, come);
        return come.Task;
    }

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
            var up = Send(near, far, other);
            var buffer = new byte[64 * 1024];
            for (int n; (n = await far.ReadAsync(buffer, stop.Token)) > 0; )
            {
                // The tag of CommandComplete: with it the server says that the commit is on disk.
                if (buffer.AsSpan(0, n).IndexOf("C\0\0\0\u000bCOMMIT\0"u8) >= 0 && Interlocked.Decrement(ref toCut) >= 0)
                {
                    Interlocked.Increment(ref cuts);
                    return;
                }
                if (buffer.AsSpan(0, n).IndexOf("C\0\0\0\u000fINSERT 0 1\0"u8) >= 0 && Interlocked.CompareExchange(ref toLose, 0, 1) == 1)
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

    async Task Send(NetworkStream near, NetworkStream far, TcpClient other)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            for (int n; (n = await near.ReadAsync(buffer, stop.Token)) > 0; )
            {
                if (buffer.AsSpan(0, n).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.CompareExchange(ref toLose, 1, 2) == 2)
                {
                    Interlocked.Increment(ref cuts);
                    break;
                }
                if (buffer.AsSpan(0, n).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Exchange(ref held, null) is { } come)
                {
                    come.SetResult();
                    await Task.Delay(Timeout.Infinite, stop.Token);
                }
                await far.WriteAsync(buffer.AsMemory(0, n), stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; the other goes too.
        }
        other.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }
}
