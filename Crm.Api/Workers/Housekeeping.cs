// Removes what is kept for a time only: idempotency records after 24 hours. One node at a time does it.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Housekeeping(Installation installation, ILogger<Housekeeping> log) : BackgroundService
{
    public static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(24);
    static readonly TimeSpan Every = TimeSpan.FromMinutes(10), Length = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, installation.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await TryRemoveOldAnswers(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends; also when it never came to start, which the framework would call this worker's failure.
        }
    }

    /// <summary>Whatever goes wrong is tried again later: the framework would stop the whole product over a worker's exception.</summary>
    async Task TryRemoveOldAnswers(CancellationToken stop)
    {
        try
        {
            if (await HeldLease.Take(installation, "housekeeping", Length, stop) is not { } lease)
                return;
            await RemoveOldAnswers(lease, stop);
            await lease.GiveBack(stop);
        }
        catch (StoreUnavailableException)
        {
            log.LogWarning("The store is not available; old idempotency records are removed later.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogError(error, "Old idempotency records could not be removed; they are removed later.");
        }
    }

    async Task RemoveOldAnswers(HeldLease lease, CancellationToken stop)
    {
        var type = ResourceType.Of<IdempotencyRecord>();
        var old = new Filter.Ids(Id.Empty, Id.FirstAt(installation.Clock.GetUtcNow() - KeepAnswers));
        foreach (var workspace in installation.Settings.Known)
            while (!stop.IsCancellationRequested)
            {
                var rows = installation.Store.Open(workspace);
                using var page = await rows.Query(new(type.Collection, old, [], false, null, 500), stop);
                if (page.Count == 0)
                    break;
                if (!await lease.Renew(Length, stop))
                    return;
                await rows.Commit([.. Enumerable.Range(0, page.Count).Select(i => (Change)new Change.Delete(type.Collection, page[i].Id, page[i].Version))], stop);
            }
    }
}
