// The engine beside graphql-js, the reference implementation: the same schema, thousands of documents, and the same ones must be correct.

using System.Text.Json;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.GraphQL;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

public sealed class DifferentialTests(ITestOutputHelper output)
{
    sealed record Place(int Line, int Column);

    sealed record Case(string Text, IReadOnlyList<IReadOnlyList<Place>> Errors);

    [NeedsNodeFact]
    public async Task what_graphql_js_finds_correct_is_correct_here_and_nothing_else_is()
    {
        const int count = 4000;
        var seed = Environment.GetEnvironmentVariable("CRM_TEST_SEED") is { } asked ? int.Parse(asked, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        var schema = ApiSchema.Build(Catalog.Standard, _ => []);
        var lines = await Npm.Run("graphql-differential.mjs", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi/schema.graphql")), $"{count}", $"{seed}");
        // The engine's own limits are not what is compared.
        var documents = new Documents(schema, new(Characters: 1 << 20, Tokens: 100_000, Nesting: 500, Directives: 1000, Fragments: 1000, ListItems: 1000));
        var (correct, wrong, places) = (0, 0, 0);
        var differences = new List<string>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var one = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)!;
            var ours = documents.Read(one.Text).Errors;
            if (one.Errors.Count == 0) correct++; else wrong++;
            if (ours.Count == 0 != (one.Errors.Count == 0))
                differences.Add($"{(ours.Count == 0 ? "only graphql-js finds something, at " + string.Join(' ', one.Errors[0]) : "only we find something: " + ours[0].Message)}\n{one.Text}");
            else if (ours.Count > 0 && one.Errors.Any(e => e.Any(p => ours[0].At!.Any(l => l.Line == p.Line && l.Column == p.Column))))
                places++;
        }
        output.WriteLine($"seed {seed}: {correct} correct and {wrong} wrong documents; of those the first error of ours is at a place that graphql-js names in {places}");
        (correct, wrong).Should().Match<(int, int)>(n => n.Item1 > 500 && n.Item2 > 500, "both kinds must be among them");
        differences.Take(5).Should().BeEmpty($"{differences.Count} of {count} differ, seed {seed}");
    }
}
