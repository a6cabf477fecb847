// Every example of docs/build-a-front-end.md, as it stands there, in a browser: who pastes them gets what the page says.

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed partial class BuildAFrontEndTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    [GeneratedRegex("```(js|graphql)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [GeneratedRegex(@"`(GET|POST|PATCH) (/\S+)(?: (\{[^`]*\}))?`")]
    private static partial Regex Request { get; }

    [NeedsChromiumFact]
    public async Task every_example_runs_as_pasted()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "build-a-front-end.md"));
        var blocks = Block.Matches(docs).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var member = (await workspace.Post("/v1/members", new { name = "Ana", email = "ana@silva.example.org" }))["id"]!.ToString();

        await using var tab = await chromium.Open();
        // A page that may ask the API, as a front end's must be.
        await tab.GoTo(new(server.Address, "/desk"));
        await tab.Page.EvaluateAsync($"globalThis.key = '{workspace.Key}'; {blocks["js"]}; globalThis.ask = ask; 'ready'");

        var ran = 0;
        foreach (Match request in Request.Matches(docs))
        {
            var (method, body) = (request.Groups[1].Value, request.Groups[3].Value);
            var (id, path) = await Filled(request.Groups[2].Value);
            if (path.Contains("format=csv"))
            {
                // A file is no JSON: the example is for a link or a download.
                (await workspace.SendPlain(HttpMethod.Get, path, null)).Text.TrimStart('\uFEFF').Should().StartWith("id,", request.Value);
                ran++;
                continue;
            }
            var match = method == "PATCH" ? (await workspace.Get(path)).Header("ETag") : null;
            var answer = await tab.Page.EvaluateAsync<string>(
                "async ([path, method, body, match, once]) => JSON.stringify(await ask(path, { method, body: body && JSON.parse(body), match, once }))",
                new[]
                {
                    path,
                    method,
                    body.Length == 0 ? null : body.Replace("lead_...", await Lead()).Replace("member_...", member),
                    match,
                    method == "POST" ? Guid.NewGuid().ToString() : null,
                }
            );
            answer.Should().StartWith("{", $"{request.Value} ({id})");
            ran++;
        }
        ran.Should().BeGreaterThan(22, "the examples were found");

        var named = await tab.Page.EvaluateAsync<string>(
            "async ([query, ids]) => JSON.stringify(await ask('/graphql', { method: 'POST', body: { query, variables: { ids: JSON.parse(ids) } } }))",
            new[] { blocks["graphql"], $"[\"{form["id"]}\",\"{member}\"]" }
        );
        named.Should().Contain("\"name\":\"Contact\"").And.Contain("\"name\":\"Ana\"").And.NotContain("errors");
        var refused = await tab.Page.EvaluateAsync<string>(
            "() => ask('/v1/leads', { method: 'POST', body: {} }).catch(problem => `${problem.status} ${problem.code} ${problem.errors[0].code}`)"
        );
        refused.Should().Be("422 validation_failed required");
        tab.Dialogs.Should().BeEmpty();

        async Task<string> Lead() => (await workspace.Post("/v1/leads", new { firstName = "Somebody" }))["id"]!.ToString();

        async Task<string> Entry(bool waits)
        {
            var address = $"{Guid.NewGuid():N}@example.org";
            // Of a lead that would be somebody without it too: it can be taken out.
            if (!waits)
                await workspace.Post("/v1/leads", new { firstName = "Carla", email = address });
            await workspace.Submit(
                form,
                new
                {
                    email = address,
                    name = "Bia",
                    _gotcha = waits ? "x" : "",
                }
            );
            return (await workspace.Get("/v1/submissions?limit=1")).Data[0]!["id"]!.ToString();
        }

        async Task<string> Change()
        {
            var address = $"{Guid.NewGuid():N}@example.org";
            await workspace.Submit(form, new { email = address, company = "One" });
            await workspace.Submit(form, new { email = address, company = "Two" });
            return (await workspace.Get("/v1/proposed-changes?status=open&limit=1")).Data[0]!["id"]!.ToString();
        }

        // Each {id} is what the line speaks of: an entry that waits is approved, one that was taken is put away.
        async Task<(string, string)> Filled(string path)
        {
            var id =
                path.StartsWith("/v1/leads/{id}", StringComparison.Ordinal) ? await Lead()
                : path.StartsWith("/v1/proposed-changes/{id}", StringComparison.Ordinal) ? await Change()
                : path.StartsWith("/v1/submissions/{id}", StringComparison.Ordinal)
                    ? await Entry(
                        waits: path.EndsWith("/approve", StringComparison.Ordinal) || path.EndsWith("/reprocess", StringComparison.Ordinal)
                    )
                : "";
            return (
                id,
                path.Replace("{id}", id)
                    .Replace("lead_...", await Lead())
                    .Replace("form_...", form["id"]!.ToString())
                    .Replace("member_...", member)
            );
        }
    }
}
