// "completion": a line for a shell's start-up file, after which it completes commands and options.

using System.CommandLine;

namespace Crm.Api.Commands;

static class CompletionCommand
{
    const string Bash = """
        _crm() { COMPREPLY=($(crm "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)); }
        complete -o default -F _crm crm
        """;

    const string Zsh = """
        autoload -Uz bashcompinit && bashcompinit
        """;

    public static Command Make()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Prints what makes a shell complete commands and options: eval \"$(crm completion bash)\".")
        {
            shell,
        };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) == "zsh" ? $"{Zsh}\n{Bash}" : Bash));
        return command;
    }
}
