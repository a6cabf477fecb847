// The command that says what a change of the schema breaks, from outside.

using System.Diagnostics;
using Xunit;

namespace Crm.Tests.GraphQL;

public sealed class SchemaChangesCommandTests
{
    static async Task<(int Code, string Output, string Errors)> Run(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), "schema-changes", .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    static readonly string Committed = Path.Combine(Repository.Root, "openapi", "schema.graphql");

    [Fact]
    public async Task what_is_committed_and_what_is_served_are_one_schema()
    {
        (await Run(Committed)).Should().Be((0, "Nothing that clients could stumble over." + Environment.NewLine, ""));
    }

    [Fact]
    public async Task a_field_that_is_gone_breaks_clients_and_an_argument_more_is_only_dangerous()
    {
        var newer = Path.GetTempFileName();
        try
        {
            var text = await File.ReadAllTextAsync(Committed);
            await File.WriteAllTextAsync(
                newer,
                text.Replace("  jobTitle: String\n", "  jobTitel: String\n", StringComparison.Ordinal)
                    .Replace("  node(id: ID!)", "  node(id: ID!, more: Int)", StringComparison.Ordinal)
            );
            var (code, output, errors) = await Run(Committed, newer);
            errors.Should().BeEmpty();
            output
                .Split('\n')
                .Should()
                .Contain(line => line.StartsWith("breaks: FIELD_REMOVED Lead.jobTitle: "))
                .And.Contain(line => line.StartsWith("dangerous: OPTIONAL_ARG_ADDED Query.node(more:): "));
            code.Should().Be(1, "a script must be able to stop there");
            (await Run(newer, Committed))
                .Output.Should()
                .Contain("breaks: ARG_REMOVED Query.node(more:): ")
                .And.Contain("breaks: FIELD_REMOVED Lead.jobTitel: ")
                .And.NotContain("Lead.jobTitle");
        }
        finally
        {
            File.Delete(newer);
        }
    }

    [Fact]
    public async Task what_is_no_schema_is_said_with_its_place()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "type Query {\n  a: Nothing\n}");
            (await Run(file))
                .Should()
                .Match<(int Code, string Output, string Errors)>(r => r.Code == 1 && r.Errors.Contains("2:6: There is no type Nothing."));
            await File.WriteAllTextAsync(file, "type Query {\n  a }");
            (await Run(file))
                .Should()
                .Match<(int Code, string Output, string Errors)>(r => r.Code == 1 && r.Errors.Contains($"{file}:2:5: "));
            (await Run(file + ".nosuch")).Errors.Should().Contain("There is no file");
            (await Run()).Should().Match<(int Code, string Output, string Errors)>(r => r.Code == 2 && r.Errors.Contains("'OLD' missing"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
