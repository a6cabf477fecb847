// Gives new receipts of consent their places in their workspace's chain.

using Crm.Api.Http;
using Crm.Domain.Consents;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class ChainingConsents(Installation installation, StoreOutage outage, ILogger<ChainingConsents> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    protected override string Name => "chaining-consents";
    protected override string Counters => KeepConsent.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        var settings = await Installation.Settings.Workspace(workspace, stop);
        while (await ChainConsents.Step(Installation, settings, stop))
            if (!await lease!.Hold(Length, stop))
                return AskAgain;
        return null;
    }
}
