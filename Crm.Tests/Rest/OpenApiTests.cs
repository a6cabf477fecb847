// The published description of the API: committed, compared, and good enough to generate a client that compiles.

using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class OpenApiTests(CrmServer server)
{
    [Fact]
    public async Task the_committed_document_is_the_one_that_is_served()
    {
        var served = await server.Http.GetStringAsync("/openapi/v1.json");
        var committed = Path.Combine(Repository.Root, "openapi", "crm.v1.json");
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            await File.WriteAllTextAsync(committed, served);
        var same = JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(committed)), JsonNode.Parse(served));
        same.Should()
            .BeTrue(
                "an API change must be visible in the diff: run the test once with CRM_APPROVE=1 and look at what changed in openapi/crm.v1.json"
            );
    }

    [Fact]
    public async Task every_problem_code_is_documented()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "problems.md"));
        foreach (var code in Domain.Problems.ProblemCodes.All.Values)
            text.Should().Contain($"| `{code.Code}` | {code.Status} | {code.Title} | {code.Means} |", "docs/problems.md repeats the table");
    }

    [NeedsNodeFact]
    public async Task openapi_typescript_makes_a_client_that_compiles()
    {
        var output = await Npm.Run("openapi-client.mjs", "", Path.Combine(Repository.Root, "openapi", "crm.v1.json"));
        output.Should().Contain("compiles");
    }
}
