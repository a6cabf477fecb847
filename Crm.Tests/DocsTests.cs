// The docs lead somewhere: every path they name exists.

using System.Text.RegularExpressions;
using Xunit;

namespace Crm.Tests;

public sealed partial class DocsTests
{
    [GeneratedRegex(@"`((?:Crm\.[A-Za-z]+|docs|openapi)/[A-Za-z0-9_./-]+\.[a-z]+)`|\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Named();

    public static TheoryData<string> Pages()
    {
        var pages = new TheoryData<string>();
        foreach (
            var file in Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.TopDirectoryOnly))
                .Concat(
                    Directory.EnumerateDirectories(Repository.Root, "Crm.*").SelectMany(folder => Directory.EnumerateFiles(folder, "*.md"))
                )
        )
            pages.Add(Path.GetRelativePath(Repository.Root, file));
        return pages;
    }

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
}
