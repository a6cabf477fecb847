// What every bench is handed: settings, clock, the load maker, the product, a folder on disk and the list of figures.

using System.Diagnostics;
using Crm.Bench.Ceilings;

namespace Crm.Bench;

internal sealed record Workbench(Options Options, TimeProvider Time, Wrk Wrk, Product Product, string Folder, Figures Figures)
{
    /// <summary>Starts a ceiling: this same executable in one of its serving modes, on a database file in the folder.</summary>
    /// <param name="file">What it serves, where that is not a database of its own.</param>
    public async Task<Server> StartCeiling(string mode, string name, CancellationToken ending, string? file = null)
    {
        var self = Environment.ProcessPath!;
        string[] arguments =
        [
            mode,
            file
                ?? (
                    mode is Ceiling.Rows or Ceiling.Redirect
                        ? CeilingFile(mode)
                        : await Product.MakeDatabase(Options, CeilingFile(mode), ending) ?? CeilingFile(mode)
                ),
        ];
        // Started as `dotnet Crm.Bench.dll`, the process is dotnet and needs the dll's name first.
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
            arguments = [typeof(Workbench).Assembly.Location, .. arguments];
        return await Server.StartReady(name, new ProcessStartInfo(self, arguments) { WorkingDirectory = Folder }, Time, ending);
    }

    public string CeilingFile(string mode) => Path.Combine(Folder, mode + ".db");

    /// <summary>A folder for one store that this bench alone uses.</summary>
    public async Task<string> NewFolder(string name, CancellationToken ending)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        await Product.MakeDatabase(Options, folder, ending);
        return folder;
    }

    /// <summary>Removes all but the loaded stores: every bench starts from the same state, in a kept folder too.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Folder))
            File.Delete(file);
        foreach (var folder in Directory.EnumerateDirectories(Folder))
            if (!Path.GetFileName(folder).StartsWith(Product.Loaded, StringComparison.Ordinal))
                Directory.Delete(folder, recursive: true);
    }
}
