// Looks a few times a second whether another node changed settings, so that a revoked key or a changed form is seen everywhere within a
// second.

using Crm.Api.Http;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

/// <summary>Without a look nothing that is kept counts: requests then read from the store, or say that it is away.</summary>
public sealed class SettingsWatch(Installation installation, StoreOutage outage, ILogger<SettingsWatch> log)
    : Worker(installation, outage, log)
{
    protected override string Name => "settings-watch";
    protected override TimeSpan LongestPause => TimeSpan.FromSeconds(1);

    protected override bool Begin() => Installation.Store.IsShared;

    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        await Installation.Settings.Look(stop);
        return SettingsCache.LookEvery;
    }
}
