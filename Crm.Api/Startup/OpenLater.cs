// A node that is started while its database is away: it takes posts of the forms that its spool knows, and opens the database when it is
// there.

using Crm.Api.Backups;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

/// <summary>How far opening the database has come when the start goes on.</summary>
/// <param name="First">The first try; it may still be under way.</param>
/// <param name="IsDone">Whether the database is open, so that the start itself does what follows.</param>
public sealed record Opening(Task First, bool IsDone);

public sealed class OpenLater(
    Installation installation,
    Opening opening,
    CrmOptions options,
    ErasureJournal journal,
    ILogger<OpenLater> log
) : BackgroundService
{
    /// <summary>So long the start waits for a database that does not even say no: posts are taken within three seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250),
        LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Opens the database, and waits for it unless there is a spool that knows a form.</summary>
    public static async Task<Opening> Begin(Installation installation, SpoolFile? spool)
    {
        var first = installation.Open(CancellationToken.None);
        if (spool?.FirstForm is null)
            await first;
        else
            try
            {
                await first.WaitAsync(Patience, installation.Clock);
            }
            catch (Exception away) when (IsAway(away))
            {
                return new(first, false);
            }
        return new(first, true);
    }

    /// <summary>Whether another try may find the database well.</summary>
    static bool IsAway(Exception failure) =>
        failure is TimeoutException or StoreUnavailableException or StoreConfigurationException { IsAway: true };

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (opening.IsDone)
            return;
        var (attempt, pause, said) = (opening.First, FirstPause, "");
        while (!stop.IsCancellationRequested)
            try
            {
                await attempt.WaitAsync(stop);
                if (await FirstStart.Ensure(installation, options.AdminKey, options.Country.Code) is { } key)
                    Console.Out.WriteLine($"Admin API key: {key}");
                await journal.Begin(installation, stop);
                log.LogInformation("The database is there.");
                return;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                // The node goes on taking posts, whatever it is: what an operator can change they may change meanwhile.
                if (failure.Message != said)
                    log.LogWarning("The database is not there yet. {Because}", failure.Message);
                said = failure.Message;
                await Task.Delay(pause, installation.Clock, CancellationToken.None);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                attempt = installation.IsOpen ? Task.CompletedTask : installation.Open(stop);
            }
            catch (OperationCanceledException)
            {
                // The node ends.
            }
    }
}
