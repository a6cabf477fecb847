// What became of a mail, with the event by which the lead's timeline shows it.

using System.Text.Json;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class RecordMessage
{
    extension(Message message)
    {
        /// <summary>Stores the status and says so to whoever listens.</summary>
        public Message Record(UnitOfWork work, MessageStatus status, string? reason)
        {
            message.RecordOfLead(work, status.ToString(), reason);
            return work.Replace(
                message,
                message with
                {
                    Status = status,
                    Reason = reason,
                    At = status == MessageStatus.Sent ? work.Now : message.At,
                },
                Names.Camel(status.ToString()),
                writer => Say(writer, message, reason)
            );
        }

        /// <summary>The same as something that happened to the lead: its timeline is of those.</summary>
        /// <param name="what">In past tense, with a capital.</param>
        public void RecordOfLead(UnitOfWork work, string what, string? reason)
        {
            if (message.Lead is { } lead)
                work.RecordEvent($"lead.mail{what}", lead.Text<Lead>(), writer => Say(writer, message, reason), message.Id.Text<Message>());
        }
    }

    static void Say(Utf8JsonWriter writer, Message message, string? reason)
    {
        writer.WriteString("purpose", Names.Camel(message.Purpose.ToString()));
        if (reason is not null)
            writer.WriteString("reason", reason);
    }

    /// <summary>Events of leads that speak of a message.</summary>
    public static readonly IReadOnlyList<string> OfLeads =
    [
        "lead.mailSent",
        "lead.mailBounced",
        "lead.mailComplained",
        "lead.mailFailed",
        "lead.mailReceived",
        "lead.mailUnsubscribed",
    ];
}
