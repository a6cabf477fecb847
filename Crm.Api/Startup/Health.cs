// Two questions of whoever runs the process: is it alive, and can it store.

using System.Diagnostics.Metrics;
using Crm.Api.Backups;
using Crm.Api.Spooling;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

public static class Health
{
    public static void Map(WebApplication app)
    {
        var database = Stores.EmbeddedFile(app.Configuration.GetConnectionString("Crm")!, app.Environment.ContentRootPath);
        if (database is not null)
        {
            TellBackupAge(app, database);
            TellShort(app);
        }
        app.MapGet("/health/live", () => Results.Text($"alive\nversion: {Telemetry.Version}"));
        app.MapGet(
            "/health/ready",
            async (
                Installation installation,
                IHostApplicationLifetime lifetime,
                UntrustedProxy untrusted,
                Spool spool,
                BackupFailure failed,
                CancellationToken cancel
            ) =>
            {
                var isBack = await installation.Store.IsReady(cancel);
                var waiting = spool.File?.Count ?? 0;
                var isKept = isBack || spool.File is { IsFull: false } && waiting < SpoolFile.MostEntries;
                if (lifetime.ApplicationStopping.IsCancellationRequested || !isKept)
                    return Results.Text("not ready: the store cannot take a commit", statusCode: StatusCodes.Status503ServiceUnavailable);
                // What follows the first line is for people: what asks reads the status.
                var backup = database is null ? null : LastBackup.Line(LastBackup.Of(database), installation.Now);
                string?[] lines = ["ready", SpoolLine(isBack, waiting), backup, failed.Line, Short(installation), untrusted.Sentence];
                return Results.Text(string.Join('\n', lines.OfType<string>()));
            }
        );
    }

    static string? SpoolLine(bool isBack, long waiting) =>
        isBack
            ? waiting == 0
                ? null
                : $"the spool is in use: {waiting} posts are being taken over"
            : $"the spool is in use: the database is away, and {waiting} posts wait";

    /// <summary>A gauge that is there once there was a backup: the other databases are backed up by their own tools.</summary>
    static void TellBackupAge(WebApplication app, string database) =>
        app
            .Services.GetRequiredService<IMeterFactory>()
            .Create(CrmMetrics.Name)
            .CreateObservableGauge(
                "crm.backup.age",
                () =>
                    LastBackup.Of(database) is { } last
                        ? [new Measurement<double>((TimeProvider.System.GetUtcNow() - last.At).TotalSeconds)]
                        : Array.Empty<Measurement<double>>(),
                "s",
                "Since the last backup of the embedded database"
            );

    static string? Short(Installation installation) =>
        installation.Store.IsShort ? "The disk is almost full: clicks and views are only counted, the room is kept for forms." : null;

    static void TellShort(WebApplication app)
    {
        var store = app.Services.GetRequiredService<IStore>();
        app.Services.GetRequiredService<IMeterFactory>()
            .Create(CrmMetrics.Name)
            .CreateObservableGauge(
                "crm.store.short",
                () => store.IsShort ? 1 : 0,
                description: "1 while the disk's reserve is kept for forms: clicks and views are only counted"
            );
    }

    /// <summary>The <c>health</c> command: asks the server of this machine whether it is ready; 0 when it is. For containers without
    /// curl.</summary>
    public static async Task<int> Ask()
    {
        var url = (
            Environment.GetEnvironmentVariable(HealthDoor.Variable)
            ?? new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").Build()["urls"]
            ?? Server.DefaultUrl
        ).Split(';')[0];
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var answer = await http.GetAsync(
                url.Replace("://+", "://127.0.0.1")
                    .Replace("://*", "://127.0.0.1")
                    .Replace("://0.0.0.0", "://127.0.0.1")
                    .Replace("://[::]", "://127.0.0.1") + "/health/ready"
            );
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
        catch (Exception error) when (error is UriFormatException or InvalidOperationException or NotSupportedException)
        {
            throw new StoreConfigurationException($"ASPNETCORE_URLS has '{url}', which is no address such as {Server.DefaultUrl}.", error);
        }
    }
}
