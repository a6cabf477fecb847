// A drop-in endpoint is one parser, one answer and one line; what keeps posts safe comes with the door.

using System.Net.Sockets;
using System.Text;
using Crm.Api.Forms;
using Crm.Domain.Forms;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Crm.Tests.Forms;

/// <summary>The door of a form tool that does not exist: it says "answer_3" for "message", and hears XML.</summary>
static class TallyHoDoor
{
    static readonly Dictionary<string, string> Names = new()
    {
        ["answer_1"] = "name",
        ["answer_2"] = "email",
        ["answer_3"] = "message",
    };

    public static readonly FormDoor Door = new(Answer, http => Results.Text("<no/>", "text/xml", statusCode: 404).ExecuteAsync(http))
    {
        Understand = post =>
            post with
            {
                Fields = [.. post.Fields.Select(field => field with { Name = Names.GetValueOrDefault(field.Name, field.Name) })],
            },
    };

    static Task Answer(FormRequest request, FormPost post, Receipt receipt) =>
        Results.Text(receipt.Problem is null ? "<yes/>" : "<kept/>", "text/xml").ExecuteAsync(request.Http);
}

public sealed class DoorServer : IAsyncLifetime
{
    public CrmServer Server { get; } = new(null) { Map = app => app.MapFormDoor("/tallyho/{formKey}/answers", TallyHoDoor.Door) };

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

public sealed class ThrowawayDoorTests(DoorServer server) : IClassFixture<DoorServer>
{
    [Fact]
    public async Task a_post_at_another_tools_door_makes_the_lead_and_hears_what_the_tool_says()
    {
        var workspace = await server.Server.NewWorkspace();
        var form = (await workspace.ContactForm()).S("key");
        using var posted = await Post(form, "answer_1=Ana+Silva&answer_2=ana@silva.example.org&answer_3=Hello", "https://any.example.org");
        (posted.Status(), await posted.Content.ReadAsStringAsync()).Should().Be((200, "<yes/>"));
        var lead = (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data.Should().ContainSingle().Subject!;
        (lead.S("firstName"), lead.S("message")).Should().Be(("Ana", "Hello"));
        using var unknown = await Post("nobody", "answer_2=ana@silva.example.org", null);
        (unknown.Status(), await unknown.Content.ReadAsStringAsync()).Should().Be((404, "<no/>"));
    }

    [Fact]
    public async Task the_same_key_at_that_door_is_one_lead_and_a_page_may_ask_first()
    {
        var workspace = await server.Server.NewWorkspace();
        var form = (await workspace.ContactForm()).S("key");
        for (var i = 0; i < 2; i++)
        {
            using var posted = await Post(form, "answer_2=bia@silva.example.org&_key=once", "https://any.example.org");
            posted.Headers.Contains("Idempotent-Replayed").Should().Be(i == 1);
        }
        (await workspace.Get("/v1/submissions")).Data.Should().ContainSingle();
        using var ask = new HttpRequestMessage(HttpMethod.Options, $"/tallyho/{form}/answers")
        {
            Headers = { { "Origin", "https://a.example.org" } },
        };
        using var may = await server.Server.Http.SendAsync(ask);
        (may.Status(), may.Headers.GetValues("Access-Control-Allow-Origin").Single()).Should().Be((204, "https://a.example.org"));
    }

    [Fact]
    public async Task an_interrupted_body_at_that_door_is_kept()
    {
        var workspace = await server.Server.NewWorkspace();
        var form = (await workspace.ContactForm()).S("key");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port);
            await socket
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /tallyho/{form}/answers HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nanswer_2=caio@silva.example.org&answer_3=I+wan"
                    )
                );
            await Task.Delay(200);
        }
        for (var i = 0; ; i++)
        {
            var entries = (await workspace.Get("/v1/submissions")).Data;
            if (entries.Count == 0 && i < 100)
            {
                await Task.Delay(50);
                continue;
            }
            var raw = Convert.FromBase64String(entries.Should().ContainSingle().Subject!.S("raw"));
            Encoding.UTF8.GetString(raw).Should().StartWith("answer_2=caio@silva.example.org");
            return;
        }
    }

    Task<HttpResponseMessage> Post(string form, string body, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/tallyho/{form}/answers")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return server.Server.Http.SendAsync(request);
    }
}

static class DoorReplies
{
    public static int Status(this HttpResponseMessage message) => (int)message.StatusCode;
}
