// What a command line that is not understood is answered: what is wrong with it, and what was probably meant.

using System.CommandLine;
using System.CommandLine.Parsing;
using Crm.Api.Startup;

namespace Crm.Api.Commands;

static class Misunderstanding
{
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
        $"'{token}' is {(isCommand ? "no command" : "not understood")}.{(ClosestName.To(token.Split('=')[0], names) is { } meant ? $" Did you mean {meant}?" : "")}";

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
}
