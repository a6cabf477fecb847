// Removes what is kept for a time only: idempotency records for 24 hours, deliveries that arrived for 30 days. One node at a time does it.

using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Housekeeping(Installation installation, ILogger<Housekeeping> log) : BackgroundService
{
    public static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(24),
        KeepDeliveries = TimeSpan.FromDays(30);
    static readonly TimeSpan Every = TimeSpan.FromMinutes(10),
        Length = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, installation.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await TryRemoveOld(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The product ends; also when it never came to start, which the framework would call this worker's failure.
        }
    }

    /// <summary>Whatever goes wrong is tried again later: the framework would stop the whole product over a worker's exception.</summary>
    async Task TryRemoveOld(CancellationToken stop)
    {
        try
        {
            if (await HeldLease.Take(installation, "housekeeping", Length, stop) is not { } lease)
                return;
            await Remove(ResourceType.Of<IdempotencyRecord>(), KeepAnswers, null, lease, stop);
            await Remove(
                ResourceType.Of<Delivery>(),
                KeepDeliveries,
                new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(nameof(DeliveryStatus.Delivered)))),
                lease,
                stop
            );
            await lease.GiveBack(stop);
        }
        catch (StoreUnavailableException)
        {
            log.LogWarning("The store is not available; what is old is removed later.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogError(error, "What is old could not be removed; it is removed later.");
        }
    }

    async Task Remove(ResourceType type, TimeSpan keep, Filter? only, HeldLease lease, CancellationToken stop)
    {
        var old = new Filter.Ids(Id.Empty, Id.FirstAt(installation.Clock.GetUtcNow() - keep));
        foreach (var workspace in installation.Settings.Known)
            while (!stop.IsCancellationRequested)
            {
                var rows = installation.Store.Open(workspace);
                using var page = await rows.Query(
                    new(type.Collection, only is null ? old : new Filter.And([only, old]), [], false, null, 500),
                    stop
                );
                if (page.Count == 0)
                    break;
                if (!await lease.Renew(Length, stop))
                    return;
                await rows.Commit(
                    [
                        .. Enumerable
                            .Range(0, page.Count)
                            .Select(i => (Change)new Change.Delete(type.Collection, page[i].Id, page[i].Version)),
                    ],
                    stop
                );
            }
    }
}
