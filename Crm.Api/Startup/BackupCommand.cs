// "backup --to FILE": a whole and consistent copy of the embedded database, while the product goes on.

using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

public static class BackupCommand
{
    public static async Task<int> Run(string[] args)
    {
        if (args is not ["--to", { Length: > 0 } target])
            throw new StoreConfigurationException("Say where the copy shall go: backup --to FILE.");
        var builder = WebApplication.CreateBuilder();
        var connection = builder.Configuration.GetConnectionString("Crm") ?? Stores.Default;
        if (!connection.StartsWith("sqlite:", StringComparison.Ordinal))
            throw new StoreConfigurationException(
                "This command copies the embedded database; PostgreSQL and MongoDB have their own tools, see docs/running.md."
            );
        var source = Path.GetFullPath(connection[7..], builder.Environment.ContentRootPath);
        await SqliteBackup.Write(source, Path.GetFullPath(target));
        Console.Out.WriteLine($"{new FileInfo(target).Length / 1e6:N1} MB in {target}");
        return 0;
    }
}
