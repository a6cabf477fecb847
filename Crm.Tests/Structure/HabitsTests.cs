// Habits of the house that a machine can look after: how long a line is, and where a thing may be said.

using System.Text.RegularExpressions;
using Crm.Domain;
using Xunit;

namespace Crm.Tests.Structure;

public sealed partial class HabitsTests
{
    /// <summary>Characters; strings are not cut for it.</summary>
    const int LongestLine = 140;

    static IEnumerable<(string File, string[] Lines)> Sources() =>
        Directory
            .EnumerateDirectories(Repository.Root, "Crm.*")
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/node_modules/"))
            .Select(file => (file, File.ReadAllLines(Path.Combine(Repository.Root, file))));

    [Fact]
    public void a_line_has_at_most_140_characters_unless_a_string_is_longer()
    {
        var found = new List<string>();
        foreach (var (file, lines) in Sources())
        {
            var inRawString = false;
            for (var i = 0; i < lines.Length; i++)
            {
                var fences = Fence().Count(lines[i]);
                if (lines[i].Length > LongestLine && !inRawString && fences == 0 && (IsComment(lines[i]) || !lines[i].Contains('"')))
                    found.Add($"{file}:{i + 1} has {lines[i].Length}");
                inRawString ^= fences % 2 == 1;
            }
        }
        found.Should().BeEmpty();
    }

    [GeneratedRegex("\"\"\"+")]
    private static partial Regex Fence();

    static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    [Fact]
    public void every_file_opens_with_the_sentence_that_says_what_it_is_for() =>
        Sources()
            .Where(source => !source.Lines[0].StartsWith("// ", StringComparison.Ordinal))
            .Select(source => source.File)
            .Should()
            .BeEmpty();

    /// <summary>An id's prefix is said in its resource's attribute: everywhere else ids are written and read by the resource's
    /// type.</summary>
    [Fact]
    public void no_prefix_of_an_id_is_written_outside_its_resource()
    {
        var prefixes = string.Join('|', CrmCatalog.Standard.Entries.Select(entry => Regex.Escape(entry.Type.Prefix)).Distinct());
        var literal = new Regex($"""(ToString\("({prefixes})"\)|TryParse\([^;]*, "({prefixes})",|"({prefixes})_"|Refers = ")""");
        literal.IsMatch("Id.TryParse(text, \"lead\", out var id)").Should().BeTrue("the pattern knows what it looks for");
        Sources()
            .Where(source =>
                !source.File.StartsWith("Crm.Tests/", StringComparison.Ordinal)
                && !source.File.StartsWith("Crm.Bench/", StringComparison.Ordinal)
            )
            .SelectMany(source => source.Lines.Where(line => !IsComment(line) && literal.IsMatch(line)).Select(line => source.File + line))
            .Should()
            .BeEmpty();
    }

    /// <summary>Whoever makes a writer of its own escapes as the framework does, and people read &#92;u0027.</summary>
    [Fact]
    public void json_is_written_in_the_one_way_that_people_can_read() =>
        Sources()
            .Where(source =>
                source.File.StartsWith("Crm.Domain/", StringComparison.Ordinal)
                || source.File.StartsWith("Crm.Api/", StringComparison.Ordinal)
            )
            .SelectMany(source => source.Lines.Where(line => PlainWriter().IsMatch(line)).Select(line => source.File + line))
            .Should()
            .BeEmpty();

    [GeneratedRegex(@"new Utf8JsonWriter\(\w+\)|new\(\w+, new\(\) \{ SkipValidation")]
    private static partial Regex PlainWriter();

    /// <summary>Reports and documents read the catalog of the installation they serve, which tests and embedders may have
    /// extended.</summary>
    [Fact]
    public void only_who_starts_the_product_names_the_standard_catalog() =>
        Sources()
            .Where(source =>
                source.File.StartsWith("Crm.Domain/", StringComparison.Ordinal)
                || source.File.StartsWith("Crm.Storage/", StringComparison.Ordinal)
                || source.File.StartsWith("Crm.Api/", StringComparison.Ordinal)
            )
            .Where(source => source.Lines.Any(line => line.Contains("CrmCatalog.Standard") && !IsComment(line)))
            .Select(source => source.File)
            .Should()
            .BeSubsetOf([
                "Crm.Api/Program.cs",
                "Crm.Api/Commands/BackupCommand.cs",
                "Crm.Api/Commands/CopyCommand.cs",
                "Crm.Api/Commands/DemoCommand.cs",
                "Crm.Api/Commands/ErasuresCommand.cs",
                "Crm.Api/Commands/ExportCommand.cs",
                "Crm.Api/Commands/KeysCommand.cs",
                "Crm.Api/Commands/RecountCommand.cs",
                "Crm.Api/Commands/RestoreCommand.cs",
                "Crm.Api/Commands/SchemaChangesCommand.cs",
                "Crm.Api/Commands/SpoolCommand.cs",
            ]);
}
