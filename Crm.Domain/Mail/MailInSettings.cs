// What every post and every mail needs of a workspace's mail, as a part of its settings: senders, templates, and the forms that lead to
// mails.

using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public sealed record KnownMail(
    IReadOnlyDictionary<Id, Sender> Senders,
    IReadOnlyDictionary<Id, MailTemplate> Templates,
    IReadOnlyDictionary<Id, Form> Forms
);

/// <summary>A sender with whose it is.</summary>
public sealed record KnownSender(WorkspaceSettings Settings, Sender Sender)
{
    /// <summary>By the key of its inbox.</summary>
    public static readonly RecordLookup<Sender, KnownSender> ByInboxKey = new("inboxKey", (settings, sender) => new(settings, sender));
}

public static class MailInSettings
{
    public static readonly SettingsPart<KnownMail> Part = new(
        async (_, reader, cancel) =>
        {
            var senders = await reader.All<Sender>(cancel);
            // Without a sender no form leads to a mail, and most workspaces have none.
            var forms = senders.Count == 0 ? [] : await reader.Those<Form>("mails", true, form => form.Mails, cancel);
            return new(
                senders.ToDictionary(sender => sender.Id),
                (await reader.All<MailTemplate>(cancel)).ToDictionary(template => template.Id),
                forms.ToDictionary(form => form.Id)
            );
        }
    );

    extension(WorkspaceSettings settings)
    {
        public KnownMail Mail => settings.Get(Part);
    }
}
