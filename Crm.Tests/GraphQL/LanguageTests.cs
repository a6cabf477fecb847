// Lexer, parser and printer beside graphql-js, the reference implementation: the same texts are documents, errors stand at the same places,
// and documents print alike.

using System.Text;
using System.Text.Json;
using Crm.GraphQL;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

public sealed class LanguageTests(ITestOutputHelper output)
{
    /// <summary>The engine's own limits are not what is compared.</summary>
    static readonly Limits Wide = new(
        Characters: 1 << 20,
        Tokens: 100_000,
        Nesting: 500,
        Directives: 1000,
        Fragments: 1000,
        ListItems: 1000
    );

    sealed record Case(int[] Units, string? Printed, string? Again, int Line, int Column);

    [NeedsNodeFact]
    public async Task every_text_is_read_and_printed_as_graphql_js_does_and_refused_at_the_same_place()
    {
        const int count = 6000;
        var seed = Seed.Of(output);
        var lines = await Npm.Run("graphql-language.mjs", "", $"{count}", $"{seed}");
        var (documents, refused) = (0, 0);
        var differences = new List<string>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var one = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)!;
            var text = new string([.. one.Units.Select(unit => (char)unit)]);
            if (one.Printed is null)
                refused++;
            else
                documents++;
            var (printed, at) = Read(() => Parser.Parse(text, Wide));
            if (printed != one.Printed || printed is null && at != new Location(one.Line, one.Column))
                differences.Add(
                    $"graphql-js: {one.Printed ?? $"refused at {one.Line}:{one.Column}"}\nhere: {printed ?? $"refused at {at}"}\n{JsonSerializer.Serialize(text)}"
                );
            // Blocks that begin with blanks are not always the same when they are read again; what the reference makes of them counts.
            if (printed is not null && Read(() => Parser.Parse(Encoding.UTF8.GetBytes(printed), Wide)).Printed != one.Again)
                differences.Add($"printed twice, it is another text\n{JsonSerializer.Serialize(text)}");
        }
        output.WriteLine($"seed {seed}: {documents} documents, {refused} refused");
        (documents, refused).Should().Match<(int, int)>(n => n.Item1 > 1000 && n.Item2 > 1000, "both kinds must be among them");
        differences.Take(5).Should().BeEmpty($"{differences.Count} of {count} differ, seed {seed}");
    }

    static (string? Printed, Location At) Read(Func<Document> parse)
    {
        try
        {
            return (Printer.Print(parse()), default);
        }
        catch (SyntaxException error)
        {
            return (null, error.At);
        }
    }

    [Fact]
    public void A_document_that_comes_a_second_time_is_kept_and_a_flood_of_new_ones_pushes_it_not_out()
    {
        var documents = new Documents(Schema.FromText("type Query { a: Int }"), new());
        var text = "{ a }";
        documents.Read(text).Should().NotBeSameAs(documents.Read(text), "the first one was not kept");
        var kept = documents.Read(text);
        for (var i = 0; i < 20_000; i++)
            documents.Read($"{{ a{i}: a }}").Errors.Should().BeEmpty();
        documents.Read(text).Should().BeSameAs(kept);
    }

    [Fact]
    public async Task our_own_schema_is_read_and_prints_every_definition_again()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "schema.graphql"));
        var document = Parser.Parse(text, Wide with { Tokens = 1_000_000 });
        document.Definitions.Should().HaveCountGreaterThan(100).And.AllBeOfType<TypeDefinitionNode>();
        var printed = Printer.Print(document);
        Printer.Print(Parser.Parse(printed, Wide with { Tokens = 1_000_000 })).Should().Be(printed);
    }

    [Theory]
    [InlineData("type Lead { id: ID! }")]
    [InlineData("{ __typename } extend schema @a")]
    [InlineData("{ __typename } directive @a on FIELD")]
    public void the_schema_language_cannot_be_run(string text)
    {
        var schema = Crm.Api.GraphQL.ApiSchema.Build(Crm.Domain.CrmCatalog.Standard, _ => []);
        new Documents(schema, new()).Read(text).Errors.Select(e => e.Message).Should().Contain("Only operations and fragments can be run.");
    }

    [Fact]
    public void bytes_that_are_no_utf8_are_refused_where_they_stand()
    {
        foreach (var wrong in new byte[][] { [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF] })
        foreach (
            var (before, after) in new[] { ("{a(b:\"ä", "\")}"), ("{a #ä", "\n}"), ("{aaaa ", "}"), ("{a(b:\"\"\"\n12345", "\"\"\")}") }
        )
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes(before), .. wrong, .. Encoding.UTF8.GetBytes(after)];
            var error = ((Action)(() => Parser.Parse(bytes, new()))).Should().Throw<SyntaxException>().Which;
            var line = before[(before.LastIndexOf('\n') + 1)..];
            error.At.Should().Be(new Location(before.Contains('\n') ? 2 : 1, line.Length + 1), before);
        }
    }
}
