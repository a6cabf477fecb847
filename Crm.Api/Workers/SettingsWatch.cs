// Looks a few times a second whether another node changed settings, so that a revoked key or a changed form is seen everywhere within a second.

using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class SettingsWatch(Installation installation, ILogger<SettingsWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (!installation.Store.IsShared)
            return;
        var away = false;
        try
        {
            using var timer = new PeriodicTimer(SettingsCache.LookEvery, installation.Clock);
            do try
            {
                await installation.Settings.Look(stop);
                away = false;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Without a look nothing that is kept counts: requests then read from the store, or say that it is away.
                if (!away && error is StoreUnavailableException)
                    log.LogWarning("The store is not available.");
                else if (!away)
                    log.LogError(error, "The settings could not be looked at.");
                away = true;
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends.
        }
    }
}
