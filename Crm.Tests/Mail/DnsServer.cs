// A small DNS server on this machine: answers what a test tells it, and that there is nothing else.

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Crm.Tests.Mail;

sealed class DnsServer : IDisposable
{
    const int Txt = 16,
        Mx = 15;

    readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public DnsServer() => _ = Task.Run(Answer);

    public string Address => socket.Client.LocalEndPoint!.ToString()!;

    /// <summary>Texts of a name.</summary>
    public ConcurrentDictionary<string, string[]> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Mail servers of a name.</summary>
    public ConcurrentDictionary<string, string> MailServers { get; } = new(StringComparer.OrdinalIgnoreCase);

    async Task Answer()
    {
        try
        {
            while (true)
            {
                var asked = await socket.ReceiveAsync();
                await socket.SendAsync(Answer(asked.Buffer), asked.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    byte[] Answer(byte[] asked)
    {
        var (name, end) = Name(asked);
        var type = BinaryPrimitives.ReadUInt16BigEndian(asked.AsSpan(end));
        List<byte[]> data =
            type == Txt && Texts.TryGetValue(name, out var texts) ? [.. texts.Select(Strings)]
            : type == Mx && MailServers.TryGetValue(name, out var host)
                ?
                [
                    [0, 10, .. Labels(host)],
                ]
            : [];
        var isKnown = Texts.ContainsKey(name) || MailServers.ContainsKey(name);
        List<byte> answer = [asked[0], asked[1], 0x81, (byte)(isKnown ? 0x80 : 0x83), 0, 1, 0, (byte)data.Count, 0, 0, 0, 0];
        answer.AddRange(asked.AsSpan(12, end + 4 - 12));
        foreach (var one in data)
        {
            // The name is the question's; a class, a minute to live.
            answer.AddRange([0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(one.Length >> 8), (byte)one.Length]);
            answer.AddRange(one);
        }
        return [.. answer];
    }

    static (string Name, int End) Name(byte[] asked)
    {
        var (labels, at) = (new List<string>(), 12);
        for (; asked[at] > 0; at += asked[at] + 1)
            labels.Add(Encoding.ASCII.GetString(asked, at + 1, asked[at]));
        return (string.Join('.', labels), at + 1);
    }

    /// <summary>A text in pieces of 255.</summary>
    static byte[] Strings(string text) =>
        [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(piece => (byte[])[(byte)piece.Length, .. piece])];

    static byte[] Labels(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    public void Dispose() => socket.Dispose();
}
