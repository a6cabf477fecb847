// The documents as a newcomer reads them: headings, and under each the blocks to paste or to save.

using System.Text.RegularExpressions;

namespace Crm.Tests.Newcomers;

/// <param name="Page">The file, seen from the repository.</param>
/// <param name="Heading">The last one above it.</param>
/// <param name="Language">sh is pasted into a terminal, html and js are saved or put into a page, text is what a program prints.</param>
/// <param name="File">The name that the sentence before it gives it: "Save it as `offer.html`".</param>
public sealed record Block(string Page, int Line, string Heading, string Language, string Text, string? File)
{
    public override string ToString() => $"{Page}:{Line} {Heading}";
}

public static partial class Guide
{
    [GeneratedRegex(@"[Ss]ave (?:this|it) as `([^`]+)`")]
    private static partial Regex SavedAs();

    public static string TextOf(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    public static IReadOnlyList<Block> Of(string page)
    {
        var blocks = new List<Block>();
        var (heading, before, line) = ("", "", 0);
        string? language = null;
        var (text, began) = (new List<string>(), 0);
        foreach (var row in TextOf(page).ReplaceLineEndings("\n").Split('\n'))
        {
            line++;
            if (row.StartsWith("```", StringComparison.Ordinal))
            {
                if (language is null)
                    (language, text, began) = (row[3..].Trim(), [], line + 1);
                else
                {
                    var named = SavedAs().Match(before);
                    blocks.Add(new(page, began, heading, language, string.Join('\n', text), named.Success ? named.Groups[1].Value : null));
                    (language, before) = (null, "");
                }
            }
            else if (language is not null)
                text.Add(row);
            else if (row.StartsWith('#'))
                (heading, before) = (row.TrimStart('#').Trim(), "");
            else if (row.Length > 0)
                before = row;
        }
        return blocks;
    }

    /// <summary>The blocks under one heading, in their order.</summary>
    public static IReadOnlyList<Block> Under(string page, string heading)
    {
        IReadOnlyList<Block> found = [.. Of(page).Where(block => block.Heading == heading)];
        found.Should().NotBeEmpty($"{page} has blocks under '{heading}'");
        return found;
    }
}
