// The export command: all that is stored, as lines of JSON on the standard output or in a file.

using Crm.Api.Startup;
using Crm.Domain;

namespace Crm.Api.Copy;

public static class ExportCommand
{
    /// <summary><c>export --from X [--to FILE]</c>. The lines hold everything, key hashes and personal data too: keep them as you keep a
    /// backup.</summary>
    public static async Task<int> Run(string[] args)
    {
        var (from, file) = args switch
        {
            ["--from", var x] => (x, null),
            ["--from", var x, "--to", var path] => (x, path),
            _ => (null, null),
        };
        if (from is null)
        {
            await Console.Error.WriteLineAsync("Usage: export --from X [--to FILE]   (X: sqlite:PATH, postgres://... or mongodb://...)");
            return 2;
        }
        var catalog = CrmCatalog.Standard;
        await using var store = Stores.Make(from, Directory.GetCurrentDirectory(), TimeProvider.System, Console.Error.WriteLine);
        await store.Start(catalog.Collections, catalog.Rekey, CancellationToken.None);
        await using var output = file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.CreateNew);
        await WholeStore.Export(store, catalog, output, CancellationToken.None);
        return 0;
    }
}
