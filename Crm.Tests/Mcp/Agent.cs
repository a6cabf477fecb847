// A program that calls tools over the Model Context Protocol, as plainly as it can be said over HTTP.

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Tests.Mcp;

sealed class Agent(TestWorkspace workspace)
{
    public TestWorkspace Workspace => workspace;

    /// <summary>The agent of another key of the workspace.</summary>
    public Agent With(string key) => new(workspace.With(key));

    public static HttpRequestMessage Request(string? key, string method, object? parameters = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(
                    new
                    {
                        jsonrpc = "2.0",
                        id = 1,
                        method,
                        @params = parameters ?? new { },
                    }
                ),
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return request;
    }

    public async Task<JsonNode> Ask(string method, object? parameters = null)
    {
        using var request = Request(workspace.Key, method, parameters);
        using var response = await workspace.Server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).Should().Be(200, text);
        var json =
            response.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? text.Split('\n').Single(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]
                : text;
        return JsonNode.Parse(json)!;
    }

    /// <summary>The tool's whole answer.</summary>
    public async Task<JsonNode> Call(string tool, object arguments)
    {
        var answer = await Ask("tools/call", new { name = tool, arguments });
        answer["error"].Should().BeNull();
        return answer["result"]!["structuredContent"]!;
    }

    public async Task<string?> Refusal(string tool, object arguments) => (await Call(tool, arguments))["problem"]?["code"]?.ToString();

    public async Task<JsonArray> Tools() => (await Ask("tools/list"))["result"]!["tools"]!.AsArray();

    public async Task<string> Lead(string name) =>
        (await Call("create", new { resource = "leads", values = new { lastName = name } }))["data"]!["id"]!.ToString();
}
