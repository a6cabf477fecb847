// What an HTTP client library would not let out: bytes of any kind as a body, and whole requests as they stand on the wire.

using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Crm.Tests.Rest;

static class Wire
{
    /// <summary>A request with these bytes as its body.</summary>
    public static async Task<Reply> SendBytes(
        this TestWorkspace workspace,
        HttpMethod method,
        string path,
        byte[] body,
        string? contentType = "application/json",
        string? encoding = null,
        bool chunked = false
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (encoding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.Key);
        using var response = await workspace.Server.Http.SendAsync(request);
        return await Reply.Of(response);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>
    /// Sends a request as it stands, with "Connection: close" to be part of it, and reads to the end. Latin-1, so that each character of
    /// the head is a byte.
    /// </summary>
    public static async Task<(int Status, string Text)> Raw(this CrmServer server, string head, byte[]? body = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, patience.Token);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head), patience.Token);
            if (body is not null)
                await stream.WriteAsync(body, patience.Token);
        }
        catch (IOException)
        {
            // The server may refuse before everything is sent.
        }
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // ... and reset the connection behind its answer.
        }
        var text = Encoding.UTF8.GetString(answer.ToArray());
        return (text.Length < 12 ? 0 : int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text);
    }
}
