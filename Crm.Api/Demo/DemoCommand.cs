// The demo command: fills the default workspace with believable clicks, leads, submissions and sales of the past year.

using System.Globalization;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Spectre.Console;

namespace Crm.Api.Demo;

public static class DemoCommand
{
    /// <summary>Leads in one commit: large enough that the disk waits for nothing, small enough to stay out of the way.</summary>
    const int Batch = 50;

    /// <summary><c>demo [--leads N] [--no-clicks] [--plain]</c>; the store is the one of ConnectionStrings__Crm. <c>--no-clicks</c> leaves
    /// out what others clicked, <c>--plain</c> the progress bar.</summary>
    public static async Task<int> Run(string[] args)
    {
        var leads = 1_000;
        var clicks = true;
        var plain = Console.IsOutputRedirected;
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--leads"
                    when i + 1 < args.Length
                        && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out leads)
                        && leads is > 0 and <= 10_000_000:
                    i++;
                    break;
                case "--no-clicks":
                    clicks = false;
                    break;
                case "--plain":
                    plain = true;
                    break;
                default:
                    await Console.Error.WriteLineAsync(
                        "Usage: demo [--leads N] [--no-clicks] [--plain]   (N from 1 to 10000000, 1000 if not given)"
                    );
                    return 2;
            }

        var builder = WebApplication.CreateBuilder();
        Telemetry.Configure(builder);
        var options = CrmOptions.From(builder.Configuration);
        var installation = await Stores.Open(builder, CrmCatalog.Standard);
        await using var store = installation.Store;
        var key = await FirstStart.Ensure(installation, options.AdminKey);
        if (plain)
            await Fill(installation, leads, clicks, _ => { });
        else
            await AnsiConsole
                .Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    var task = progress.AddTask("A year", maxValue: leads);
                    await Fill(installation, leads, clicks, done => task.Increment(done));
                });
        Console.Out.WriteLine($"{leads} leads with their submissions, clicks and sales are in the workspace 'default'.");
        if (key is not null)
            Console.Out.WriteLine($"Admin API key: {key}");
        return 0;
    }

    static async Task Fill(Installation installation, int leads, bool clicks, Action<int> done)
    {
        var settings = await installation.Settings.Workspace(FirstStart.Default, default);
        var forms = ResourceType.Of<Form>();
        Form form;
        using (var page = await settings.Store.Query(new(forms.Collection, null, [], false, null, 1), default))
            form =
                page.Count > 0
                    ? forms.FromRow<Form>(page[0])
                    : throw new InvalidOperationException("The default workspace has no form; make one first.");
        // A second run adds other people: the run's number goes into their addresses.
        var run = installation.Now.ToUnixTimeSeconds();
        var people = new DemoPeople(
            installation,
            settings,
            form,
            run,
            clicks ? await DemoTraffic.Make(installation, settings, form, run) : null
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (leads + Batch - 1) / Batch),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (batch, cancel) =>
            {
                var first = batch * Batch;
                var count = Math.Min(Batch, leads - first);
                var changes = people.Make(first, count, leads);
                var result = await settings.Store.Commit(changes, cancel);
                if (!result.Committed)
                    throw new InvalidOperationException(
                        $"A demo lead could not be stored: {result.Conflicts[0].Kind} {result.Conflicts[0].Field}."
                    );
                done(count);
            }
        );
    }
}
