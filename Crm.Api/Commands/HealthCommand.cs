// "health": asks the server of this machine whether it is ready. For containers without curl.

using System.CommandLine;
using Crm.Api.Startup;

namespace Crm.Api.Commands;

static class HealthCommand
{
    /// <summary>0 when it is ready, 1 when it is not or nobody answers.</summary>
    public static Command Make()
    {
        var command = new Command(
            "health",
            "Asks the server of this machine (ASPNETCORE_URLS) whether it is ready, and says so by the exit code."
        );
        command.SetAction((_, _) => Health.Ask());
        return command;
    }
}
