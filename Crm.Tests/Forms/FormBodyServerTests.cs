// The same reader behind a real server: the ways in which a connection and its framing can break.

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Crm.Api.Forms;
using Crm.Domain.Forms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Crm.Tests.Forms;

public sealed class FormBodyServerTests : IAsyncLifetime
{
    readonly Channel<FormPost> posts = Channel.CreateUnbounded<FormPost>();
    WebApplication app = null!;
    Uri address = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/", async (HttpContext context) =>
        {
            // Not RequestAborted: whether that or the broken body is noticed first is a matter of luck, and the post would be lost.
            var post = await FormBody.Read(context.Request, default);
            await posts.Writer.WriteAsync(post);
            return Results.Text(post.Problem?.Code ?? post.Flat());
        });
        await app.StartAsync();
        address = new(app.Urls.First());
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Real_clients_are_read()
    {
        using var client = new HttpClient { BaseAddress = address };
        (await Send(new FormUrlEncodedContent([new("a", "é &=+%"), new("b[]", "1"), new("b[]", "2")]))).Should().Be("a=é &=+%&b=1|2");
        (await Send(JsonContent.Create(new { a = "é", b = new[] { 1, 2 } }))).Should().Be("a=é&b=1|2");
        (await Send(new MultipartFormDataContent { { new StringContent("é"), "a" } })).Should().Be("a=é");
        (await Send(new StringContent("a=1", Encoding.UTF8, "text/plain"))).Should().Be("a=1");
        (await Send(new ByteArrayContent([]))).Should().Be("");
        (await Send(new FormUrlEncodedContent([new("a", new string('x', 32_000)), new("b", new string('y', 32_000))])))
            .Should()
            .HaveLength(64_005);
        (await Send(new FormUrlEncodedContent([new("a", new string('x', 70_000)), new("b", "1")])))
            .Should()
            .HaveLength(32_774)
            .And.EndWith("&b=1");

        async Task<string> Send(HttpContent content)
        {
            using var answer = await client.PostAsync("/", content);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(70_000)]
    public async Task A_connection_is_good_for_the_next_post_when_the_end_of_a_body_comes_by_itself(int length)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        for (var i = 0; i < 2; i++)
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\na={new string('x', length - 2)}\r\n"
                )
            );
            await Task.Delay(100);
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
            var buffer = new byte[64 * 1024];
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Encoding.ASCII.GetString(buffer, 0, read).Should().StartWith("HTTP/1.1 200 OK", $"post {i} is answered");
            // The rest of the answer, which may come in packets of its own.
            await Task.Delay(50);
            while (socket.Available > 0)
                read = await stream.ReadAsync(buffer);
        }
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nemail=ana")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\nemail=ana\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\nemail=ana\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nemail=ana\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nemail=ana")]
    public async Task A_body_that_breaks_off_is_malformed_and_nothing_is_thrown(string rest)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n{rest}")
            );
        socket.Client.Shutdown(SocketShutdown.Send);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var post = await posts.Reader.ReadAsync(patience.Token);
        post.ShouldFail("body_malformed");
        // How much of it the server handed out before it saw the end is a matter of timing.
        "email=ana".Should().StartWith(Encoding.UTF8.GetString(post.Raw.Span));
    }

    [Fact]
    public async Task Chunks_of_one_byte_become_one_body()
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray()
        );
        foreach (var b in Encoding.UTF8.GetBytes("""{"a":"é"}"""))
            await stream.WriteAsync(new byte[] { (byte)'1', 13, 10, b, 13, 10 });
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await posts.Reader.ReadAsync(patience.Token)).ShouldRead("a=é");
    }
}
