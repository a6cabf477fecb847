// The export command: all that is stored, as lines of JSON on the standard output or in a file.

using System.CommandLine;
using Crm.Api.Copy;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Work;

namespace Crm.Api.Commands;

static class ExportCommand
{
    public static Command Make()
    {
        var from = new Option<string>("--from")
        {
            Required = true,
            HelpName = "DATABASE",
            Description = "sqlite:PATH, postgres://user:password@host/database or mongodb://host/database.",
        };
        var to = new Option<string?>("--to") { HelpName = "FILE", Description = "A new file; without it the standard output." };
        var command = new Command(
            "export",
            "Writes everything as lines of JSON. They hold key hashes and personal data too: keep them as you keep a backup."
        )
        {
            from,
            to,
        };
        command.SetAction((parsed, _) => Run(parsed.GetRequiredValue(from), parsed.GetValue(to)));
        return command;
    }

    static async Task<int> Run(string from, string? file)
    {
        var catalog = CrmCatalog.Standard;
        await using var store = new CheckedStore(
            Stores.Make(from, Directory.GetCurrentDirectory(), TimeProvider.System, Console.Error.WriteLine, MissingDatabase.Refuse),
            catalog.Types
        );
        if (file is not null)
            NewFile.Check(file); // a wrong path is said before minutes of reading
        await store.Start(catalog.Collections, catalog.Rekey, CancellationToken.None);
        if (file is null)
            await WholeStore.Export(store, catalog, Console.OpenStandardOutput(), CancellationToken.None);
        else
            await NewFile.Write(file, output => WholeStore.Export(store, catalog, output, CancellationToken.None));
        return CommandLine.Done;
    }
}
