// The docs lead somewhere: every path they name exists, with its heading; every page is in the index; README is short.

using System.Text.RegularExpressions;
using Xunit;

namespace Crm.Tests;

public sealed partial class DocsTests
{
    [GeneratedRegex(@"`((?:Crm\.[A-Za-z]+|docs|openapi)/[A-Za-z0-9_./-]+\.[a-z]+)`|\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Named();

    /// <summary>Every page, seen from the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.TopDirectoryOnly))
            .Concat(Directory.EnumerateDirectories(Repository.Root, "Crm.*").SelectMany(folder => Directory.EnumerateFiles(folder, "*.md")))
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    public static TheoryData<string> Pages() => new(All);

    [Theory]
    [MemberData(nameof(Pages))]
    public void every_path_that_a_page_names_exists(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        foreach (Match match in Named().Matches(text))
        {
            var path = match.Groups[1].Success
                ? Path.Combine(Repository.Root, match.Groups[1].Value)
                : Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, match.Groups[2].Value);
            (File.Exists(path) || Directory.Exists(path)).Should().BeTrue($"{page} names {match.Value}");
        }
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]*)#([^)]+)\)")]
    private static partial Regex Anchored();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NoAnchor();

    [Theory]
    [MemberData(nameof(Pages))]
    public void every_heading_that_a_page_leads_to_exists(string page)
    {
        foreach (Match match in Anchored().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))))
        {
            var target = match.Groups[1].Value is { Length: > 0 } path
                ? Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, path)
                : Path.Combine(Repository.Root, page);
            // As hosts of repositories make them of headings.
            Heading()
                .Matches(File.ReadAllText(target).ReplaceLineEndings("\n"))
                .Select(heading => NoAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
                .Should()
                .Contain(match.Groups[2].Value, $"{page} names {match.Value}");
        }
    }

    [Fact]
    public void every_page_is_in_the_index_and_the_readme_is_short()
    {
        var index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "README.md"));
        var folder = Path.Combine(Repository.Root, "docs");
        foreach (var file in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            if (Path.GetRelativePath(folder, file).Replace('\\', '/') is var path && path != "README.md" && !path.StartsWith("pictures/"))
                index.Should().Contain($"]({path})");
        File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length.Should().BeLessThanOrEqualTo(120);
        new FileInfo(Path.Combine(folder, "pictures", "desk.png")).Length.Should().BeLessThan(150_000);
    }
}
