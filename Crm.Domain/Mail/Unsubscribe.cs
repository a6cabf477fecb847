// Somebody wants no more mails: from now on their address gets none of this workspace's.

using Crm.Domain.Erasures;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class Unsubscribe
{
    /// <summary>Whether the mail was ours. Again and again: nothing more happens.</summary>
    public static async ValueTask<bool> Run(Installation installation, MailToken token, CancellationToken cancel)
    {
        var settings = await installation.Settings.Workspace(token.Workspace, cancel);
        return await CommitLoop.Run(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "visitor");
                if (await work.Find<Message>(token.Message, cancel) is not { } message)
                    return (null, false);
                // Of a message whose reader was erased the address is not known any more, and it gets no mail anyway.
                if (message.Address is { } address)
                {
                    // A reader of the team's is not the lead.
                    if (message.Purpose != MessagePurpose.Notification && await SuppressAddress.Find(work, address, cancel) is null)
                        message.RecordOfLead(work, "Unsubscribed", null);
                    await SuppressAddress.Add(work, address, SuppressionReason.Unsubscribed, message.Id.Text<Message>(), cancel);
                }
                return (work, true);
            },
            cancel
        );
    }
}
