// Requests that the pages show are requests of the API: path, method, parameters and members stand in the committed OpenAPI document.
// Those that can be pasted are run by Crm.Tests/Newcomers/.

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Crm.Tests;

public sealed partial class DocsRequestsTests
{
    static readonly JsonNode Document = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "openapi", "crm.v1.json")))!;

    [GeneratedRegex(@"\b(GET|POST|PATCH|PUT|DELETE) (/[^\s`|]+)(?:[ \t]+(\{[^\n`]*\}))?")]
    private static partial Regex Shown();

    [Fact]
    public void every_request_that_a_page_shows_is_one_of_the_api()
    {
        var (requests, bodies) = (0, 0);
        foreach (var page in DocsTests.All.Where(page => page.StartsWith("docs") || page == "README.md"))
        foreach (Match match in Shown().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))))
        {
            var (shown, method) = ($"{page}: {match.Value}", match.Groups[1].Value);
            var parts = match.Groups[2].Value.Split('?', 2);
            // The reference shows the shape of all verbs with names for their parts.
            if (parts[0].Contains("{path}", StringComparison.Ordinal))
                continue;
            var operation = Operation(method, parts[0]);
            operation.Should().NotBeNull(shown);
            if (parts[0].StartsWith("/v1/", StringComparison.Ordinal) && parts.Length > 1)
                Known(operation!).Should().Contain(Names(parts[1]), shown);
            requests++;
            if (!match.Groups[3].Success || Parsed(match.Groups[3].Value) is not { } json)
                continue;
            bodies++;
            Check(json, operation!["requestBody"]!["content"]!.AsObject().First().Value!["schema"]!, shown);
        }
        (requests > 50, bodies > 15).Should().Be((true, true), $"{requests} requests and {bodies} bodies are shown");
    }

    /// <summary>Null where it stops in the middle to say no more.</summary>
    static JsonNode? Parsed(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static JsonNode? Operation(string method, string path)
    {
        var asked = path.TrimEnd('.', ',').Split('/');
        return Document["paths"]!
            .AsObject()
            .Where(one => Fits(one.Key.Split('/'), asked))
            // A word of its own goes before a place for any.
            .OrderBy(one => one.Key.Count(letter => letter == '{'))
            .Select(one => one.Value![method.ToLowerInvariant()])
            .FirstOrDefault(found => found is not null);
    }

    static bool Fits(string[] template, string[] asked) =>
        template.Length == asked.Length && template.Zip(asked).All(part => part.First == part.Second || part.First.StartsWith('{'));

    static IEnumerable<string> Names(string query) =>
        query
            .Split('&')
            .Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]))
            .Where(name => !name.StartsWith("custom.", StringComparison.Ordinal));

    static List<string> Known(JsonNode operation) =>
        [.. (operation["parameters"]?.AsArray() ?? []).Select(one => Resolved(one!)["name"]!.GetValue<string>())];

    static JsonNode Resolved(JsonNode node) =>
        node["$ref"]?.GetValue<string>() is { } path
            ? path.Split('/').Skip(1).Aggregate(Document, (at, name) => at[name.Replace("~1", "/", StringComparison.Ordinal)]!)
            : node;

    static void Check(JsonNode value, JsonNode schema, string shown)
    {
        schema = Resolved(schema);
        var choices = new[] { "anyOf", "oneOf", "allOf" }.SelectMany(word => schema[word]?.AsArray() ?? []).Select(one => Resolved(one!));
        List<JsonNode> all = [schema, .. choices];
        if (value is JsonArray list)
        {
            if (all.Find(one => one["items"] is not null) is { } items)
                foreach (var item in list)
                    Check(item!, items["items"]!, shown);
        }
        else if (value is JsonObject members && all.Find(one => one["properties"] is not null) is { } record)
            foreach (var (name, member) in members)
            {
                record["properties"]!.AsObject().Select(one => one.Key).Should().Contain(name, shown);
                if (member is not null)
                    Check(member, record["properties"]![name]!, shown);
            }
    }
}
