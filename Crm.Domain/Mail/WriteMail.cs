// Puts a mail into the outbox: the message as it is read, and the delivery that carries it.

using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

/// <summary>What a mail says, filled in.</summary>
public sealed record MailContent(string Language, string Subject, string Text, string? Html);

public static class WriteMail
{
    /// <summary>Characters of a subject: more is shown by no mail program.</summary>
    const int LongestSubject = 200;

    /// <param name="message">With everything but its content and its status.</param>
    public static Message Run(UnitOfWork work, Sender sender, Message message, MailContent content)
    {
        var delivery = work.NextId();
        var stored = work.Insert(
            message with
            {
                Direction = MessageDirection.Out,
                Status = MessageStatus.Waiting,
                Sender = sender.Id,
                Language = content.Language,
                Subject = TextRules.Cut(OneLine(content.Subject), LongestSubject),
                Text = content.Text,
                Html = content.Html,
                MessageId = $"{delivery.Text<Delivery>()}@{sender.Domain}",
            },
            null
        );
        Outbox.Add(
            work,
            new()
            {
                Id = delivery,
                Kind = DeliveryKind.Mail,
                Event = "mail." + Names.Camel(message.Purpose.ToString()),
                Subject = stored.Id.Text<Message>(),
                Host = Sender.DomainOf(message.Address!),
                DueAt = work.Now,
            }
        );
        return stored;
    }

    /// <summary>A header has one line, and no characters that steer a terminal or a mail program.</summary>
    public static string OneLine(string text) =>
        string.Join(
            ' ',
            new string([.. text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]).Split(
                ' ',
                StringSplitOptions.RemoveEmptyEntries
            )
        );
}
