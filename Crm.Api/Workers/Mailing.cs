// Makes the mails that forms' posts asked for: one node for each workspace, the oldest first.

using Crm.Api.Http;
using Crm.Domain.Mail;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class Mailing(Installation installation, StoreOutage outage, ILogger<Mailing> log)
    : WorkspaceWorker(installation, outage, log)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    protected override string Name => "mailing";
    protected override string Counters => MailJob.Counters;
    protected override TimeSpan? WorkspaceLease => Length;

    protected override async ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop)
    {
        while (true)
        {
            if (!await lease!.Hold(Length, stop))
                return AskAgain;
            var next = await MakeMails.Step(Installation, await Installation.Settings.Workspace(workspace, stop), stop);
            if (next is not { } due)
                return null;
            if (due > Installation.Now)
                return due - Installation.Now;
        }
    }
}
