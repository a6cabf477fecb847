// The command line: a word for each thing the program does, `serve` when there is none. What is not understood is refused, and nothing is
// begun.

using System.CommandLine;
using System.CommandLine.Invocation;
using Crm.Api.Startup;

namespace Crm.Api.Commands;

public static class CommandLine
{
    /// <summary>Exit codes; the help and docs/running.md say the same.</summary>
    public const int Done = 0,
        Failed = 1,
        NotUnderstood = 2;

    const string Description = """
        Crm: a website posts a lead form, the lead is on disk, the team reads it. Without a command it serves.

        Exit codes:
          0  done
          1  it could not be done, or the answer is no (a difference, a damaged backup, a server that is not ready)
          2  the command line was not understood, and nothing was begun
        """;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="serve">Runs the server with these settings until it is stopped.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] args, Func<string[], Task> serve)
    {
        var root = Root(serve);
        root.HelpName = Misunderstanding.Program;
        var parsed = root.Parse(WithCommand(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        var wrong =
            parsed.Action is ParseErrorAction
                ? Misunderstanding.Sentences(parsed)
                : Settings.Misunderstood(Settings.Of(parsed), parsed.CommandResult.Command);
        if (wrong.Count > 0)
        {
            foreach (var sentence in wrong)
                await Console.Error.WriteLineAsync(sentence);
            await Console.Error.WriteLineAsync($"{Misunderstanding.Path(parsed.CommandResult)} --help says what there is.");
            return NotUnderstood;
        }
        try
        {
            // The server hears signals itself; whatever else runs may be killed at any point.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error) when (Sentence.ForOperator(error) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return Failed;
        }
    }

    static RootCommand Root(Func<string[], Task> serve) =>
        new(Description)
        {
            ServeCommand.Make(serve),
            HealthCommand.Make(),
            BackupCommand.Make(),
            RestoreCommand.Make(),
            ErasuresCommand.Make(),
            CopyCommand.Make(),
            ExportCommand.Make(),
            RecountCommand.Make(),
            SpoolCommand.Make(),
            KeysCommand.Make(),
            DemoCommand.Make(),
            SchemaChangesCommand.Make(),
            CompletionCommand.Make(),
        };

    /// <summary>Settings alone, or nothing at all, mean "serve".</summary>
    static string[] WithCommand(string[] args) =>
        args is [var first, ..] && (first is "--help" or "-h" or "-?" or "/?" or "/h" or "--version" || !Settings.LooksLikeOne(first))
            ? args
            : [ServeCommand.Word, .. args];
}
