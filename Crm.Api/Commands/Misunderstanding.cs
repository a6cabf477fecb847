// What a command line that is not understood is answered: what is wrong with it, and what was probably meant.

using System.CommandLine;
using System.CommandLine.Parsing;

namespace Crm.Api.Commands;

static class Misunderstanding
{
    const int MostEdits = 3;

    /// <summary>The name of the launcher.</summary>
    public const string Program = "crm";

    public static IReadOnlyList<string> Sentences(ParseResult parsed)
    {
        var at = parsed.CommandResult;
        var names = Names(at.Command).ToList();
        var strange = parsed.UnmatchedTokens.ToList();
        var sentences = strange.ConvertAll(token => Sentence(token, at.Command.Subcommands.Count > 0 && !token.StartsWith('-'), names));
        sentences.AddRange(
            parsed
                .Errors.Where(error => !strange.Exists(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
                .Select(error => error.Message)
                .Where(message => sentences.Count == 0 || at.Command.Action is not null)
                .Distinct()
                .ToList()
        );
        return sentences.Count > 0 ? sentences : [.. parsed.Errors.Select(error => error.Message).Distinct()];
    }

    public static string Sentence(string token, bool isCommand, IEnumerable<string> names) =>
        $"'{token}' is {(isCommand ? "no command" : "not understood")}.{(Closest(token.Split('=')[0], names) is { } meant ? $" Did you mean {meant}?" : "")}";

    /// <summary>What can stand behind a command: its options, and the commands in it.</summary>
    public static IEnumerable<string> Names(Command command) =>
        command
            .Subcommands.Select(inner => inner.Name)
            .Concat(command.Options.Where(option => !option.Hidden).Select(option => option.Name))
            .Append("--help");

    /// <summary>The command as it is written, from the program's name on.</summary>
    public static string Path(CommandResult at)
    {
        var words = new List<string>();
        for (SymbolResult? result = at; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
            words.Insert(0, command.Command.Name);
        return string.Join(' ', [Program, .. words]);
    }

    /// <summary>The name that was probably meant; null when none is near.</summary>
    public static string? Closest(string token, IEnumerable<string> names) =>
        names
            .Select(name => (Name: name, Edits: Edits(token.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(near =>
                near.Edits <= Math.Min(MostEdits, near.Name.Trim('-').Length / 2) || near.Name.StartsWith(token, StringComparison.Ordinal)
            )
            .OrderBy(near => near.Edits)
            .Select(near => near.Name)
            .FirstOrDefault();

    /// <summary>How many letters have to be put in, taken out or replaced.</summary>
    static int Edits(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            above = row;
        }
        return above[^1];
    }
}
