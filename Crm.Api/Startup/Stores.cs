// Opens the database that ConnectionStrings__Crm names.

using Crm.Api.Backups;
using Crm.Api.Limiting;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Mongo;
using Crm.Storage.Postgres;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

/// <summary>What to do where no database is: the server's first start makes one; who reads one has named the wrong path.</summary>
public enum MissingDatabase
{
    Make,
    Refuse,
}

public static class Stores
{
    /// <summary>The setting that <c>serve --new</c> stands for: an empty file becomes an installation.</summary>
    public const string MakeOfEmpty = "Crm:MakeOfEmpty";

    public const string Embedded = "sqlite:";

    public const string WhatItMustBe =
        "ConnectionStrings__Crm must be sqlite:PATH (for example sqlite:data/crm.db), postgres://user:password@host:port/database or mongodb://user:password@host/database.";

    public static async Task<Installation> Open(
        WebApplicationBuilder builder,
        Catalog catalog,
        MissingDatabase missing = MissingDatabase.Make
    )
    {
        var installation = NotYetOpen(builder, catalog, missing, mustOpenSecrets: false);
        await installation.Open(CancellationToken.None);
        return installation;
    }

    /// <summary>Nothing is asked of the database yet.</summary>
    /// <param name="mustOpenSecrets">Whether it is refused without the master key of its secrets.</param>
    public static Installation NotYetOpen(
        WebApplicationBuilder builder,
        Catalog catalog,
        MissingDatabase missing = MissingDatabase.Make,
        bool mustOpenSecrets = true
    )
    {
        var clock = TimeProvider.System;
        var log = Log(builder);
        var store = Make(
            Connection(builder),
            builder.Environment.ContentRootPath,
            clock,
            message => log.LogInformation("{Message}", message),
            missing,
            ofEmpty: builder.Configuration[MakeOfEmpty] == "true",
            reserve: Reserve(builder.Configuration)
        );
        var installation = Installation.NotYetOpen(store, catalog, clock, sentence => log.LogError("{Message}", sentence));
        installation.Configure(MasterKeyFile.Of(builder).Keys(builder.Configuration, mustOpenSecrets));
        return installation;
    }

    /// <summary>What ConnectionStrings__Crm says; unless it does, the embedded database of the folder one stands in, which it says
    /// then.</summary>
    public static string Connection(WebApplicationBuilder builder) =>
        builder.Configuration.GetConnectionString("Crm")
        ?? (
            builder.Configuration["ConnectionStrings:Crm"] = DataFolder.Find(builder.Environment.ContentRootPath, message =>
                Log(builder).LogInformation("{Message}", message)
            )
        );

    /// <summary>Before there is an application that has a log.</summary>
    static ILogger Log(WebApplicationBuilder builder) =>
        LoggerFactory.Create(logging => Telemetry.ConfigureLogs(logging, builder.Configuration)).CreateLogger("Crm.Store");

    /// <summary>What Crm__DiskReserve says.</summary>
    static long? Reserve(IConfiguration configuration) =>
        configuration["Crm:DiskReserve"] is not { } text ? null
        : Allowance.TryNumber(text.Trim(), out var bytes) ? bytes
        : throw new StoreConfigurationException("Crm__DiskReserve must be a number of bytes, such as 536870912 or 512MiB.");

    /// <summary>The file of an embedded database; null when the connection names another kind.</summary>
    public static string? EmbeddedFile(string connection, string root)
    {
        if (!connection.StartsWith(Embedded, StringComparison.Ordinal) || connection.Length == Embedded.Length)
            return null;
        var path = connection[Embedded.Length..];
        return path.Contains('\0')
            ? throw new StoreConfigurationException("The path of the database file has a NUL character in it.")
            : Path.GetFullPath(path, root);
    }

    /// <summary>The journal of erasures: where <c>Crm__Erasures__Journal</c> says, otherwise beside the embedded database.</summary>
    public static ErasureJournal Journal(WebApplicationBuilder builder)
    {
        var root = builder.Environment.ContentRootPath;
        if (builder.Configuration["Crm:Erasures:Journal"] is { Length: > 0 } said)
            return new(Path.GetFullPath(said, root));
        return new(EmbeddedFile(Connection(builder), root) is { } database ? database + ".erasures" : null);
    }

    /// <summary><c>sqlite:PATH</c> (a relative path counts from the content root), <c>postgres://user:password@host/database</c> or
    /// <c>mongodb://host/database</c>.</summary>
    /// <param name="ofEmpty">An empty file becomes an installation; otherwise it is refused.</param>
    /// <param name="reserve">Of the disk of an embedded database: below it clicks and views are only counted.</param>
    public static IStore Make(
        string connection,
        string root,
        TimeProvider clock,
        Action<string>? log,
        MissingDatabase missing = MissingDatabase.Make,
        bool ofEmpty = false,
        long? reserve = null
    )
    {
        if (EmbeddedFile(connection, root) is { } path)
        {
            if (missing == MissingDatabase.Make)
                try
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    throw new StoreConfigurationException(
                        $"The folder of the database file '{path}' cannot be made: {error.Message}",
                        error
                    );
                }
            return new SqliteStore(
                new()
                {
                    Path = path,
                    Log = log,
                    MakeMissing = missing == MissingDatabase.Make,
                    MakeOfEmpty = ofEmpty,
                    DiskReserveBytes = reserve ?? SqliteStoreOptions.UsualReserve,
                },
                clock
            );
        }
        if (connection.StartsWith("postgres:", StringComparison.Ordinal) || connection.StartsWith("postgresql:", StringComparison.Ordinal))
            return new PostgresStore(connection, clock, log);
        if (connection.StartsWith("mongodb:", StringComparison.Ordinal) || connection.StartsWith("mongodb+srv:", StringComparison.Ordinal))
            return new MongoStore(new() { Uri = connection, Log = log }, clock);
        throw new StoreConfigurationException(WhatItMustBe);
    }
}
