// A TCP proxy before a MongoDB server: on request it swallows an answer and cuts the connection, so that nobody knows what happened.

using System.Net;
using System.Net.Sockets;

namespace Crm.Tests.Stores;

public sealed class MongoProxy : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly int target;
    readonly byte[] sign;
    int cuts;

    /// <param name="sign">A request with these bytes in it is one to cut.</param>
    public MongoProxy(int target, byte[] sign)
    {
        (this.target, this.sign) = (target, sign);
        listener.Start();
        _ = Accept();
    }

    /// <summary>A connection string by way of it. A direct one: a member of a replica set tells where it listens, and clients go
    /// there.</summary>
    public string Connection =>
        $"mongodb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/crm{MongoServer.Polled}&directConnection=true";

    /// <summary>How many connections were cut.</summary>
    public int Cut { get; private set; }

    /// <summary>The answers to the next so many requests with the sign are swallowed.</summary>
    public void CutNext(int times) => Volatile.Write(ref cuts, times);

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // Disposed.
        }
        catch (ObjectDisposedException)
        {
            // The same.
        }
    }

    async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target);
                var (near, far) = (client.GetStream(), server.GetStream());
                var swallow = false;
                var back = Task.Run(async () =>
                {
                    var answer = new byte[64 * 1024];
                    while (await far.ReadAsync(answer) is var read and > 0)
                    {
                        if (Volatile.Read(ref swallow))
                        {
                            Cut++;
                            client.Close(); // The server has done what it was asked; the one who asked never hears it.
                            return;
                        }
                        await near.WriteAsync(answer.AsMemory(0, read));
                    }
                    client.Close();
                });
                var request = new byte[64 * 1024];
                while (await near.ReadAsync(request) is var read and > 0)
                {
                    if (Volatile.Read(ref cuts) > 0 && request.AsSpan(0, read).IndexOf(sign) >= 0 && Interlocked.Decrement(ref cuts) >= 0)
                        Volatile.Write(ref swallow, true);
                    await far.WriteAsync(request.AsMemory(0, read));
                }
                server.Close();
                await back;
            }
            catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
            {
                // One side went away; the other follows.
            }
    }

    public void Dispose() => listener.Dispose();
}
