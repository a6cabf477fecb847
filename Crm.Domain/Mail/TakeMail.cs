// What a mail that came in means: one of ours did not arrive, somebody complained, a person answered, or nothing.

using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Deliveries;
using Crm.Domain.Erasures;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Templates;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

/// <summary>A mail as it was read: text only.</summary>
/// <param name="To">Whom it was addressed to, in its headers and by its envelope.</param>
/// <param name="References">Message-IDs of the mails that it answers, the nearest first.</param>
/// <param name="IsAutomatic">A machine wrote it: a vacation's notice, a receipt, a list.</param>
public sealed record IncomingMail(
    string? MessageId,
    string? From,
    IReadOnlyList<string> To,
    IReadOnlyList<string> References,
    string Subject,
    string Text,
    bool IsAutomatic,
    MailReport? Report
);

/// <summary>A report of another mail server about one of our mails.</summary>
/// <param name="IsComplaint">Its reader called it spam; otherwise it did not arrive.</param>
/// <param name="Status">As RFC 3463 has it: 5.1.1.</param>
/// <param name="HasFailed">It is given up, not only late.</param>
/// <param name="OriginalIds">Message-IDs that the report quotes.</param>
/// <param name="OriginalAddresses">Addresses that it quotes: where the mail came from and went back to.</param>
/// <param name="OriginalTokens">What stood behind /u/ in the mail's own link to unsubscribe.</param>
public sealed record MailReport(
    bool IsComplaint,
    string? Status,
    bool HasFailed,
    IReadOnlyList<string> OriginalIds,
    IReadOnlyList<string> OriginalAddresses,
    IReadOnlyList<string> OriginalTokens
);

public enum MailOutcome
{
    Bounced,
    Complained,
    Answered,
    Kept,
    Ignored,
    Repeated,
}

public static class TakeMail
{
    /// <summary>So many mails to an address that did not arrive for a passing reason in so long a time are as good as a lasting
    /// one.</summary>
    const int MostSoft = 5;

    static readonly TimeSpan SoftTime = TimeSpan.FromDays(30);

    public const string Soft = "mailbox_unavailable";

    public static ValueTask<MailOutcome> Run(Installation installation, KnownSender known, IncomingMail mail, CancellationToken cancel) =>
        CommitLoop.Run(
            async _ =>
            {
                var work = new UnitOfWork(installation, known.Settings, "system");
                var outcome = mail.Report is { } report
                    ? await TakeReport(work, known.Sender, mail, report, cancel)
                    : await TakeAnswer(work, known.Sender, mail, cancel);
                return (work, outcome);
            },
            cancel
        );

    // ---- Reports

    static async ValueTask<MailOutcome> TakeReport(
        UnitOfWork work,
        Sender sender,
        IncomingMail mail,
        MailReport report,
        CancellationToken cancel
    )
    {
        if (await Reported(work, mail, report, cancel) is not { Direction: MessageDirection.Out } message)
            // Somebody has to look at what we do not understand.
            return await Keep(work, sender, mail, null, null, cancel);
        if (report.IsComplaint)
        {
            if (message.Status == MessageStatus.Complained)
                return MailOutcome.Repeated;
            message.Record(work, MessageStatus.Complained, null);
            await Suppress(work, message, SuppressionReason.Complaint, cancel);
            return MailOutcome.Complained;
        }
        if (!report.HasFailed)
            return MailOutcome.Ignored;
        if (message.Status is MessageStatus.Bounced or MessageStatus.Complained)
            return MailOutcome.Repeated;
        var kind = KindOf(report.Status);
        message.Record(work, MessageStatus.Bounced, kind);
        if (kind == MailDeliveries.MailboxUnknown || kind == Soft && await IsOneTooMany(work, message, cancel))
            await Suppress(work, message, SuppressionReason.Bounced, cancel);
        return MailOutcome.Bounced;
    }

    static async ValueTask Suppress(UnitOfWork work, Message message, SuppressionReason reason, CancellationToken cancel)
    {
        if (message.Address is { } address)
            await SuppressAddress.Add(work, address, reason, message.Id.Text<Message>(), cancel);
    }

    /// <summary>
    /// What a status says about the address. 5.1.x, 5.2.1 and 5.4.4: it is not there. 5.7.x is about us, and never its reader's fault.
    /// </summary>
    public static string KindOf(string? status) =>
        status is null ? Soft
        : status.StartsWith("5.1.", StringComparison.Ordinal) && status is not "5.1.7" and not "5.1.8" || status is "5.2.1" or "5.4.4"
            ? MailDeliveries.MailboxUnknown
        : status.StartsWith("5.7.", StringComparison.Ordinal) ? MailDeliveries.Refused
        : Soft;

    static async ValueTask<bool> IsOneTooMany(UnitOfWork work, Message message, CancellationToken cancel)
    {
        if (message.Address is not { } address)
            return false;
        var type = ResourceType.Of<Message>();
        var earlier = new Filter.And([
            new Filter.Compare("address", Comparison.Eq, Key.Of(EmailAddress.Canonical(address))),
            new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(nameof(MessageStatus.Bounced)))),
            new Filter.Ids(Id.FirstAt(work.Now - SoftTime), Id.FirstAt(work.Now.AddDays(1))),
        ]);
        return await work.Store.Count(type.Collection, earlier, MostSoft, cancel) >= MostSoft - 1;
    }

    /// <summary>By the sealed return address or token first: Message-IDs can be made up.</summary>
    static async ValueTask<Message?> Reported(UnitOfWork work, IncomingMail mail, MailReport report, CancellationToken cancel)
    {
        foreach (var address in mail.To.Concat(report.OriginalAddresses))
            if (
                ReturnAddress.Read(work.Installation, work.Settings.Key, address) is { } id
                && await work.Find<Message>(id, cancel) is { } message
            )
                return message;
        foreach (var token in report.OriginalTokens)
            if (
                MailToken.Read(work.Installation, token) is { } read
                && read.Workspace == work.Settings.Key
                && await work.Find<Message>(read.Message, cancel) is { } message
            )
                return message;
        foreach (var id in report.OriginalIds)
            if (await OfMessageId(work, id, cancel) is { } message)
                return message;
        return null;
    }

    /// <summary>Ours have the delivery's id before the @.</summary>
    static async ValueTask<Message?> OfMessageId(UnitOfWork work, string messageId, CancellationToken cancel) =>
        Id.TryParse<Delivery>(messageId.Trim('<', '>', ' ').Split('@')[0], out var id)
        && await work.Find<Delivery>(id, cancel) is { Kind: DeliveryKind.Mail } delivery
            ? await MailDeliveries.MessageOf(work, delivery, cancel)
            : null;

    // ---- Answers of people

    static async ValueTask<MailOutcome> TakeAnswer(UnitOfWork work, Sender sender, IncomingMail mail, CancellationToken cancel)
    {
        // Never answered, never counted: two machines that answer each other do not end.
        if (mail.IsAutomatic || !EmailAddress.TryNormalise(mail.From, out _, out var canonical, out _))
            return MailOutcome.Ignored;
        Message? answered = null;
        foreach (var id in mail.References)
            if ((answered = await OfMessageId(work, id, cancel)) is not null)
                break;
        var lead = await work.FindBy<Lead>("email", canonical, cancel);
        // A member answers in the thread of a notification: it is still about the lead.
        return await Keep(work, sender, mail, lead?.Id ?? answered?.Lead, answered?.Id, cancel);
    }

    static async ValueTask<MailOutcome> Keep(
        UnitOfWork work,
        Sender sender,
        IncomingMail mail,
        Id? lead,
        Id? answered,
        CancellationToken cancel
    )
    {
        var key = mail.MessageId is { } id
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sender.Id.Text<Sender>()}|{id}")).AsSpan(0, 16))
            : null;
        if (key is not null && await work.FindBy<Message>("cameInKey", key, cancel) is not null)
            return MailOutcome.Repeated;
        EmailAddress.TryNormalise(mail.From, out var address, out _, out _);
        var stored = work.Insert(
            new Message
            {
                Direction = MessageDirection.In,
                Purpose = mail.Report is null ? MessagePurpose.Reply : MessagePurpose.Report,
                Status = MessageStatus.Received,
                Lead = lead,
                Sender = sender.Id,
                InReplyTo = answered,
                Address = address.Length > 0 ? address : null,
                Subject = TextRules.Cut(WriteMail.OneLine(mail.Subject), 1000),
                Text = TextRules.CutBytes(mail.Text, RenderTemplate.MostBytes),
                At = work.Now,
                MessageId = mail.MessageId is null ? null : TextRules.Cut(mail.MessageId, 300),
                CameInKey = key,
            },
            "received"
        );
        stored.RecordOfLead(work, nameof(MessageStatus.Received), null);
        return mail.Report is null ? MailOutcome.Answered : MailOutcome.Kept;
    }
}
