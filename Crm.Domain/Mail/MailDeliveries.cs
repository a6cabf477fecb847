// Deliveries that are mails: which of them are still sent, and what becomes of an address that takes none.

using Crm.Domain.Deliveries;
using Crm.Domain.Erasures;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public sealed class MailDeliveries : IDeliveryKind
{
    /// <summary>Why a mail is not tried again: there is no such mailbox, the server refuses it for good, or its reader was
    /// erased.</summary>
    public const string MailboxUnknown = "mailbox_unknown",
        Refused = "refused",
        Erased = "erased";

    public DeliveryKind Kind => DeliveryKind.Mail;

    public string? Obsolete(WorkspaceSettings settings, Delivery delivery) => settings.Mail.Senders.Count == 0 ? "endpoint_inactive" : null;

    public async ValueTask CheckRetry(UnitOfWork work, Delivery delivery, CancellationToken cancel)
    {
        if (
            await MessageOf(work, delivery, cancel) is not { Address: not null, Sender: { } sender }
            || await work.Find<Sender>(sender, cancel) is not { Active: true }
        )
            throw new ProblemException(ProblemCodes.WrongState, "Its sender is not active, or its reader was erased.");
    }

    internal static async ValueTask<Message?> MessageOf(UnitOfWork work, Delivery delivery, CancellationToken cancel) =>
        Id.TryParse<Message>(delivery.Subject, out var id) ? await work.Find<Message>(id, cancel) : null;

    public async ValueTask Settled(UnitOfWork work, Delivery settled, CancellationToken cancel)
    {
        if (
            settled.Status is not (DeliveryStatus.Delivered or DeliveryStatus.Dead)
            || await MessageOf(work, settled, cancel) is not { } message
        )
            return;
        if (settled.Status == DeliveryStatus.Delivered)
        {
            // A report of a bounce may have been quicker than the answer of the server that it came from.
            if (message.Status is MessageStatus.Waiting or MessageStatus.Failed)
                message.Record(work, MessageStatus.Sent, null);
            return;
        }
        if (message.Status != MessageStatus.Waiting)
            return;
        if (settled.Reason != MailboxUnknown)
        {
            message.Record(work, MessageStatus.Failed, settled.Reason);
            return;
        }
        message.Record(work, MessageStatus.Bounced, settled.Reason);
        if (message.Address is { } address)
            await SuppressAddress.Add(work, address, SuppressionReason.Bounced, message.Id.Text<Message>(), cancel);
    }
}
