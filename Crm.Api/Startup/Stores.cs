// Opens the database that ConnectionStrings__Crm names.

using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Mongo;
using Crm.Storage.Postgres;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

public static class Stores
{
    public const string Default = "sqlite:data/crm.db";

    public static async Task<Installation> Open(WebApplicationBuilder builder, Catalog catalog)
    {
        var clock = TimeProvider.System;
        var log = LoggerFactory.Create(logging => Telemetry.ConfigureLogs(logging, builder.Configuration)).CreateLogger("Crm.Store");
        var store = Make(builder.Configuration.GetConnectionString("Crm") ?? Default, builder.Environment.ContentRootPath, clock, message =>
            log.LogInformation("{Message}", message)
        );
        return await Installation.Open(store, catalog, clock, CancellationToken.None);
    }

    /// <summary><c>sqlite:PATH</c> (a relative path counts from the content root), <c>postgres://user:password@host/database</c> or
    /// <c>mongodb://host/database</c>.</summary>
    public static IStore Make(string connection, string root, TimeProvider clock, Action<string>? log)
    {
        if (connection.StartsWith("sqlite:", StringComparison.Ordinal) && connection.Length > 7)
        {
            var path = Path.GetFullPath(connection[7..], root);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new StoreConfigurationException($"The folder of the database file '{path}' cannot be made: {error.Message}", error);
            }
            return new SqliteStore(new() { Path = path, Log = log }, clock);
        }
        if (connection.StartsWith("postgres:", StringComparison.Ordinal) || connection.StartsWith("postgresql:", StringComparison.Ordinal))
            return new PostgresStore(connection, clock, log);
        if (connection.StartsWith("mongodb:", StringComparison.Ordinal) || connection.StartsWith("mongodb+srv:", StringComparison.Ordinal))
            return new MongoStore(new() { Uri = connection, Log = log }, clock);
        throw new StoreConfigurationException(
            "ConnectionStrings__Crm must be sqlite:PATH (for example sqlite:data/crm.db), postgres://user:password@host:port/database or mongodb://user:password@host/database."
        );
    }
}
