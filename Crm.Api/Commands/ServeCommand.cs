// "serve": the server, until it is stopped. What a command line without a command means.

using System.CommandLine;
using Crm.Api.Startup;

namespace Crm.Api.Commands;

static class ServeCommand
{
    public const string Word = "serve";

    public static Command Make(Func<string[], Task> serve)
    {
        var urls = new Option<string?>("--urls")
        {
            HelpName = "http://ADDRESS:PORT",
            Description = $"Where it listens; {Server.DefaultUrl} unless this or ASPNETCORE_URLS says otherwise.",
        };
        var fresh = new Option<bool>("--new")
        {
            Description = "Makes an installation of a database file that is there but empty (0 bytes).",
        };
        var command = new Command(Word, "Serves forms, links and the API until it is stopped (Ctrl-C or SIGTERM).")
        {
            urls,
            fresh,
            Settings.Argument(),
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var settings = Settings.Of(parsed).ToList();
                if (parsed.GetValue(urls) is { } where)
                    settings.Add($"--urls={where}");
                if (parsed.GetValue(fresh))
                    settings.Add($"--{Stores.MakeOfEmpty}=true");
                await serve([.. settings]);
                return CommandLine.Done;
            }
        );
        return command;
    }
}
