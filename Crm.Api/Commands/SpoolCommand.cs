// The spool command: what waits in a node's spool, and taking it over by hand where the node that kept it does not run any more.

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Crm.Api.Spooling;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Api.Commands;

static class SpoolCommand
{
    public static Command Make()
    {
        var list = new Command("list", "Lists the posts that wait, with their receipts and times.") { Settings.Argument() };
        list.SetAction((parsed, _) => Task.FromResult(List(Settings.Builder(parsed))));
        var drain = new Command("drain", "Takes the posts over into the database of ConnectionStrings__Crm.") { Settings.Argument() };
        drain.SetAction((parsed, _) => Drain(Settings.Builder(parsed)));
        return new("spool", "The posts that a node kept in Crm__Spool__Path while the database was away; the node must not run.")
        {
            list,
            drain,
        };
    }

    static SpoolFile Open(WebApplicationBuilder builder) =>
        builder.Configuration["Crm:Spool:Path"] is { Length: > 0 } folder
        && Path.GetFullPath(folder, builder.Environment.ContentRootPath) is var path
            ? Directory.Exists(path)
                ? SpoolFile.Open(path)
                : throw new StoreConfigurationException($"There is no folder '{path}' (Crm__Spool__Path).")
            : throw new StoreConfigurationException("Crm__Spool__Path names the folder of the spool.");

    static int List(WebApplicationBuilder builder)
    {
        using var file = Open(builder);
        var (count, last) = (0, 0L);
        while (file.Next(500, last, withProblems: true) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                Console.Out.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Id.Text<Submission>()}  {row.Id.Time:yyyy-MM-ddTHH:mm:ss.fffZ}  {FormOf(row)}  {row.Problem ?? "waits"}"
                    )
                );
            (count, last) = (count + rows.Count, rows[^1].Number);
        }
        Console.Out.WriteLine($"Posts in the spool: {count}.");
        return CommandLine.Done;
    }

    static string FormOf(SpoolRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<SpooledPost>(row.Json)?.FormKey ?? "?";
        }
        catch (JsonException)
        {
            return "?";
        }
    }

    /// <summary>Also what was set aside: the form may be there again.</summary>
    static async Task<int> Drain(WebApplicationBuilder builder)
    {
        Telemetry.Configure(builder);
        using var file = Open(builder);
        var installation = await Crm.Api.Startup.Stores.Open(builder, CrmCatalog.Standard, MissingDatabase.Refuse);
        await using var store = installation.Store;
        using var logs = LoggerFactory.Create(logging => Telemetry.ConfigureLogs(logging, builder.Configuration));
        var drain = new DrainSpool(installation, new(installation), file, logs.CreateLogger("Crm.Spool"));
        var (taken, left) = await drain.Run(
            null,
            (row, problem) => Console.Error.WriteLine($"{row.Id.Text<Submission>()}: {problem}"),
            CancellationToken.None,
            withProblems: true
        );
        var gone = await drain.ForgetErased(CancellationToken.None);
        left -= gone;
        if (gone > 0)
            Console.Out.WriteLine($"Removed, for the people were erased: {gone}.");
        Console.Out.WriteLine($"Taken over: {taken}. Still in the spool: {left}.");
        return left == 0 ? CommandLine.Done : CommandLine.Failed;
    }
}
