// The recount command: says whether the reports' counters are what the stored records add up to, and puts them right with --repair.

using System.CommandLine;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Reports;
using Spectre.Console;

namespace Crm.Api.Commands;

static class RecountCommand
{
    const int MostShown = 100;

    public static Command Make()
    {
        var repair = new Option<bool>("--repair") { Description = "Puts the counters right that differ." };
        var command = new Command("recount", "Counts all records anew and says which of the reports' counters differ.")
        {
            repair,
            Settings.Argument(),
        };
        command.SetAction((parsed, _) => Run(Settings.Builder(parsed), parsed.GetValue(repair)));
        return command;
    }

    /// <summary>The store is the one of ConnectionStrings__Crm. Ends with 0 when all counters are right now, with 1 when not.</summary>
    static async Task<int> Run(WebApplicationBuilder builder, bool repair)
    {
        Telemetry.Configure(builder);
        var installation = await Stores.Open(builder, CrmCatalog.Standard, MissingDatabase.Refuse);
        await using var store = installation.Store;
        var (differences, records) = (0, 0L);
        var whole = true;
        if (Console.IsOutputRedirected)
            whole = await Count(_ => { });
        else
            await AnsiConsole
                .Status()
                .StartAsync("Counting", async status => whole = await Count(count => status.Status($"{count:N0} records counted")));
        Console.Out.WriteLine(
            $"{records} records counted; {differences} counters differed{(differences == 0 ? "" : repair ? " and were repaired" : ": run it with --repair to put them right")}."
        );
        if (!whole)
            Console.Out.WriteLine(
                "Some month was written to all the time and could not be compared: run it again when there is less to do."
            );
        return whole && (differences == 0 || repair) ? CommandLine.Done : CommandLine.Failed;

        Task<bool> Count(Action<long> tell) =>
            new Recount(
                installation,
                repair,
                difference =>
                {
                    if (++differences <= MostShown)
                        Console.Out.WriteLine(
                            $"workspace {difference.Workspace.Value}: {difference.Counter} is {difference.Counted}, the records say {difference.Facts}"
                        );
                },
                more => tell(records += more)
            ).Run(CancellationToken.None);
    }
}
