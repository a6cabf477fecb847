// Removes what is kept for a time only: idempotency records for 24 hours, deliveries that arrived and bodies of webhooks for 30 days. One
// node at a time does it, and gives the room back to the disk.

using Crm.Api.Http;
using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Housekeeping(Installation installation, StoreOutage outage, ILogger<Housekeeping> log)
    : Worker(installation, outage, log)
{
    public static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(24),
        KeepDeliveries = TimeSpan.FromDays(30);
    static readonly TimeSpan Every = TimeSpan.FromMinutes(10),
        Length = TimeSpan.FromMinutes(1);

    protected override string Name => "housekeeping";
    protected override TimeSpan? Lease => Length;

    /// <summary>Another node does it: then it is done.</summary>
    protected override TimeSpan AskAgain => Every;

    /// <summary>A start has better to do; and a node that is started often comes to it all the same.</summary>
    protected override TimeSpan Rest => TimeSpan.FromMinutes(1);

    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        await RemoveOld(Installation, Log, lease!, stop);
        await Installation.Store.GiveBack(stop);
        return Every;
    }

    /// <summary>In every workspace that the store has, whether it had a request or not.</summary>
    public static async ValueTask RemoveOld(Installation installation, ILogger log, HeldLease lease, CancellationToken stop)
    {
        await Remove(installation, log, ResourceType.Of<IdempotencyRecord>(), KeepAnswers, null, lease, stop);
        await Remove(installation, log, ResourceType.Of<WebhookBody>(), WebhookBody.Kept, null, lease, stop);
        await Remove(
            installation,
            log,
            ResourceType.Of<Delivery>(),
            KeepDeliveries,
            new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(nameof(DeliveryStatus.Delivered)))),
            lease,
            stop
        );
    }

    static async ValueTask Remove(
        Installation installation,
        ILogger log,
        ResourceType type,
        TimeSpan keep,
        Filter? only,
        HeldLease lease,
        CancellationToken stop
    )
    {
        var ids = new Filter.Ids(Id.Empty, Id.FirstAt(installation.Now - keep));
        Filter old = only is null ? ids : new Filter.And([only, ids]);
        WorkspaceKey? last = null;
        while (await installation.Store.NextWorkspace(type.Collection, last, stop) is { } workspace && await lease.Hold(Length, stop))
        {
            last = workspace;
            try
            {
                var rows = installation.Store.Open(workspace);
                while (await RemovePage(rows, type, old, stop) && await lease.Hold(Length, stop)) { }
            }
            catch (Exception error) when (error is not (StoreUnavailableException or OperationCanceledException))
            {
                // One workspace's trouble is not the others'.
                log.LogError(error, "What is old in workspace {Workspace} could not be removed; it is removed later.", workspace.Value);
            }
        }
    }

    /// <summary>Whether there may be more. Nothing is tried again when somebody else changed a record meanwhile: the next page is read anew
    /// anyway.</summary>
    static async ValueTask<bool> RemovePage(IWorkspaceStore rows, ResourceType type, Filter old, CancellationToken stop)
    {
        using var page = await rows.Query(new(type.Collection, old, [], false, null, 500), stop);
        if (page.Count == 0)
            return false;
        await rows.Commit(
            [
                .. Enumerable
                    .Range(0, page.Count)
                    .Select(page.VersionAt)
                    .Select(row => (Change)new Change.Delete(type.Collection, row.Id, row.Version)),
            ],
            stop
        );
        return true;
    }
}
