// Takes over what waits in this node's spool, as soon as the database is back.

using Crm.Api.Http;
using Crm.Api.Spooling;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Workers;

/// <summary>Without a lease: the folder is this process's own.</summary>
public sealed class Draining(Installation installation, StoreOutage outage, Spool spool, SubmitForm submit, ILogger<Draining> log)
    : Worker(installation, outage, log)
{
    /// <summary>The second: how often what was set aside is looked through for people who were erased since.</summary>
    static readonly TimeSpan WhenCalled = TimeSpan.FromMinutes(1),
        LookAside = TimeSpan.FromHours(1);

    DateTimeOffset looked = DateTimeOffset.MinValue;

    protected override string Name => "spool";
    protected override TimeSpan LongestPause => TimeSpan.FromSeconds(1);

    protected override bool Begin()
    {
        if (spool.File is null)
            return false;
        spool.Kept += Call;
        return true;
    }

    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        // Posts go straight to the database again when it takes what waits.
        var drain = new DrainSpool(Installation, submit, spool.File!, Log);
        var (taken, aside) = await drain.Run(spool.End, Tell, stop);
        if (aside > 0 || Installation.Clock.GetUtcNow() - looked >= LookAside)
        {
            var gone = await drain.ForgetErased(stop);
            if (gone > 0)
                Log.LogInformation("{Count} posts that were set aside in the spool are gone: the people were erased.", gone);
            looked = Installation.Clock.GetUtcNow();
        }
        if (taken + aside == 0)
            return WhenCalled;
        spool.End();
        Log.LogInformation("{Count} posts were taken over from the spool.", taken);
        return TimeSpan.Zero;
    }

    void Tell(SpoolRow row, string problem) =>
        Log.LogError("A post in the spool cannot be taken over and stays there: {Receipt}. {Problem}", row.Id.Text<Submission>(), problem);
}
