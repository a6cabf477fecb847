// The recount command: says whether the reports' counters are what the stored records add up to, and puts them right with --repair.

using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Reports;
using Spectre.Console;

namespace Crm.Api.Reports;

public static class RecountCommand
{
    const int MostShown = 100;

    /// <summary><c>recount [--repair]</c>; the store is the one of ConnectionStrings__Crm. Ends with 0 when all counters are right now,
    /// with 1 when not.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not ([] or ["--repair"]))
        {
            await Console.Error.WriteLineAsync("Usage: recount [--repair]");
            return 2;
        }
        var repair = args.Length > 0;
        var builder = WebApplication.CreateBuilder();
        Telemetry.Configure(builder);
        var installation = await Stores.Open(builder, CrmCatalog.Standard);
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
        return whole && (differences == 0 || repair) ? 0 : 1;

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
