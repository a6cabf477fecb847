// The demo command: fills a workspace of its own with believable clicks, leads, submissions and sales of the past year.

using System.CommandLine;
using Crm.Api.Demo;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Spectre.Console;

namespace Crm.Api.Commands;

static class DemoCommand
{
    /// <summary>Leads in one commit: large enough that the disk waits for nothing, small enough to stay out of the way.</summary>
    const int Batch = 50;

    const int MostLeads = 10_000_000;

    public static Command Make()
    {
        var leads = new Option<int>("--leads")
        {
            HelpName = "N",
            Description = $"How many, from 1 to {MostLeads}.",
            DefaultValueFactory = _ => 1_000,
        };
        leads.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !(int.TryParse(token.Value, out var n) && n is > 0 and <= MostLeads))
                given.AddError($"--leads must be a number from 1 to {MostLeads}, and not '{token.Value}'.");
        });
        var noClicks = new Option<bool>("--no-clicks") { Description = "Leaves out what others clicked." };
        var plain = new Option<bool>("--plain") { Description = "No progress bar." };
        var first = new Option<bool>("--into-default")
        {
            Description = "Into the first workspace instead of one of its own; refused when that has leads.",
        };
        var remove = new Option<bool>("--remove") { Description = "Takes the demo's workspace away again, with all that is in it." };
        var command = new Command(
            "demo",
            "Fills a workspace of its own with leads, clicks and sales of a year; workspaces of yours stay as they are. Stop the server first."
        )
        {
            leads,
            noClicks,
            plain,
            first,
            remove,
            Settings.Argument(),
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(remove) && given.GetValue(first))
                given.AddError("--remove takes the demo's own workspace away, and not the first one: leave --into-default out.");
        });
        command.SetAction(
            (parsed, cancel) =>
                parsed.GetValue(remove)
                    ? Remove(Settings.Builder(parsed), cancel)
                    : Run(
                        Settings.Builder(parsed),
                        parsed.GetValue(leads),
                        !parsed.GetValue(noClicks),
                        parsed.GetValue(plain) || Console.IsOutputRedirected,
                        parsed.GetValue(first)
                    )
        );
        return command;
    }

    static async Task<int> Run(WebApplicationBuilder builder, int leads, bool clicks, bool plain, bool intoDefault)
    {
        Telemetry.Configure(builder);
        var options = CrmOptions.From(builder.Configuration);
        var installation = await Stores.Open(builder, CrmCatalog.Standard);
        await using var store = installation.Store;
        var key = await FirstStart.Ensure(installation, options.AdminKey, options.Country.Code);
        var workspace = FirstStart.Default;
        string? demoKey = null;
        if (!intoDefault)
            (workspace, demoKey) = await DemoWorkspace.Ensure(installation);
        else if (await store.Open(workspace).Count(ResourceType.Of<Lead>().Collection, null, 1, default) > 0)
            throw new StoreConfigurationException(
                "The first workspace has leads, so the demo does not go there: without --into-default it gets a workspace of its own."
            );
        if (plain)
        {
            Console.Out.WriteLine("Making a year of clicks, leads and sales ...");
            await Fill(installation, workspace, leads, clicks, Tenths(leads));
        }
        else
            await AnsiConsole
                .Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    var task = progress.AddTask("A year", maxValue: leads);
                    await Fill(installation, workspace, leads, clicks, done => task.Increment(done));
                });
        Console.Out.WriteLine(
            $"{leads} leads with their submissions, clicks and sales are in the workspace '{(intoDefault ? "default" : DemoWorkspace.Name)}'."
        );
        if (key is not null)
            Console.Out.WriteLine($"Admin API key: {key}");
        if (demoKey is not null)
            Console.Out.WriteLine($"Key of the demo's workspace, shown this once: {demoKey}");
        return CommandLine.Done;
    }

    /// <summary>Says a line for each tenth: whoever waits sees that it goes on.</summary>
    static Action<int> Tenths(int leads)
    {
        var made = 0;
        return count =>
        {
            var now = (long)Interlocked.Add(ref made, count);
            if (now < leads && now * 10 / leads > (now - count) * 10 / leads)
                Console.Out.WriteLine($"{now} of {leads} leads ...");
        };
    }

    static async Task<int> Remove(WebApplicationBuilder builder, CancellationToken cancel)
    {
        Telemetry.Configure(builder);
        var installation = await Stores.Open(builder, CrmCatalog.Standard, MissingDatabase.Refuse);
        await using var store = installation.Store;
        var removed = await DemoWorkspace.Remove(installation, cancel);
        Console.Out.WriteLine(
            removed == 0 ? "There is no demo to remove." : $"The workspace '{DemoWorkspace.Name}' is gone, with {removed} records."
        );
        return CommandLine.Done;
    }

    static async Task Fill(Installation installation, WorkspaceKey workspace, int leads, bool clicks, Action<int> done)
    {
        var settings = await installation.Settings.Workspace(workspace, default);
        var forms = ResourceType.Of<Form>();
        Form form;
        using (var page = await settings.Store.Query(new(forms.Collection, null, [], false, null, 1), default))
            form =
                page.Count > 0
                    ? forms.FromRow<Form>(page[0])
                    : throw new StoreConfigurationException("The workspace has no form; make one first.");
        // A second run adds other people: the run's number goes into their addresses.
        var run = installation.Now.ToUnixTimeMilliseconds();
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
