// The team hears of a form's posts: what was posted, by whom, and where to look.

using System.Globalization;
using System.Text;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Templates;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Mail;

/// <summary>How the world reaches the product, for what stands in mails (<see cref="Installation.Options{T}"/>).</summary>
public sealed class MailOptions
{
    /// <summary>Scheme, host and port; null: nobody said it, and mails have no links.</summary>
    public string? PublicUrl { get; init; }
}

public static class NotifyTeam
{
    /// <summary>Entries that one mail shows; characters of one value, and of a whole mail: providers cut longer ones.</summary>
    const int MostShown = 50,
        LongestValue = 4_000,
        LongestMail = 80_000;

    /// <summary>What the limit of an hour counts mails by: one for each round, however many read it.</summary>
    internal static string FormName(Form form) => "n/" + form.Id.Text<Form>();

    /// <param name="entries">The first of them, the oldest first.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="next">When the next mail comes, of the last one of an hour; null: it is not the last.</param>
    internal static async ValueTask<bool> Run(
        UnitOfWork work,
        Form form,
        IReadOnlyList<Submission> entries,
        int count,
        DateTimeOffset? next,
        CancellationToken cancel
    )
    {
        if (
            form.Notify is not { Active: true, Sender: { } id } notify
            || !work.Settings.Mail.Senders.TryGetValue(id, out var sender)
            || entries.Count == 0
        )
            return false;
        var readers = await Readers(work, notify, cancel);
        if (readers.Count == 0)
            return false;
        var planned = new PlannedForm(work.Settings, form);
        var content = Content(work, planned, notify, entries, count, next);
        var single = count == 1 ? entries[0] : null;
        var replyTo = single is null ? null : await PosterOf(work, planned, single, cancel);
        for (var i = 0; i < readers.Count; i++)
            WriteMail.Run(
                work,
                sender,
                new()
                {
                    Purpose = MessagePurpose.Notification,
                    Lead = single?.Lead,
                    Form = form.Id,
                    Address = readers[i].Address,
                    ToMember = readers[i].IsMember,
                    ReplyTo = replyTo,
                    FormKey = i == 0 ? Message.KeyOf(FormName(form), work.Now) : null,
                },
                content
            );
        return true;
    }

    static async ValueTask<List<(string Address, bool IsMember)>> Readers(
        UnitOfWork work,
        FormNotification notify,
        CancellationToken cancel
    )
    {
        var readers = new List<(string Address, bool IsMember)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in notify.Members)
            if (
                await work.Find<Member>(member, cancel) is { Active: true, Email: { } address }
                && known.Add(EmailAddress.Canonical(address))
            )
                readers.Add((address, true));
        foreach (var address in notify.Addresses)
            if (known.Add(EmailAddress.Canonical(address)))
                readers.Add((address, false));
        return readers;
    }

    /// <summary>Whoever reads the mail answers the person and not us.</summary>
    static async ValueTask<string?> PosterOf(UnitOfWork work, PlannedForm form, Submission entry, CancellationToken cancel)
    {
        var (post, _) = KeptPost.Again(entry, form);
        foreach (var field in form.Fields)
            if (field.ShortPath == "email" || field.Definition.Kind == FormFieldKind.Email)
                foreach (var value in form.Posted(post, field))
                    if (EmailAddress.TryNormalise(value, out var address, out _, out _))
                        return address;
        return entry.Lead is { } lead ? (await work.Find<Lead>(lead, cancel))?.Email : null;
    }

    static MailContent Content(
        UnitOfWork work,
        PlannedForm form,
        FormNotification notify,
        IReadOnlyList<Submission> entries,
        int count,
        DateTimeOffset? next
    )
    {
        var language = MailLanguage.Of(MailWords.Languages, notify.Language, form.Form.Language);
        var words = MailWords.For(language);
        var (text, html, shown) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var entry in entries.Take(MostShown))
        {
            if (text.Length > LongestMail)
                break;
            shown++;
            AddEntry(work, form, entry, words, text, html);
        }
        if (shown < count)
            AddLine(Sentence.Of(words.ShownOf, shown, count));
        if (next is { } at)
            AddLine(Sentence.Of(words.LastOfHour, work.Settings.LocalTime(at).ToString("HH:mm", CultureInfo.InvariantCulture)));
        var name = WriteMail.OneLine(form.Form.Name ?? "");
        return new(
            language,
            count == 1 ? Sentence.Of(words.NewEntry, name) : Sentence.Of(words.NewEntries, name, count),
            text.ToString(),
            html.ToString()
        );

        void AddLine(string line)
        {
            text.Append(line).Append('\n');
            html.Append("<p>").Append(RenderTemplate.Escaped(line)).Append("</p>\n");
        }
    }

    static void AddEntry(UnitOfWork work, PlannedForm form, Submission entry, MailWords words, StringBuilder text, StringBuilder html)
    {
        var at = work.Settings.LocalTime(entry.CreatedAt).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        text.Append(at).Append('\n');
        html.Append("<p>").Append(at).Append("</p>\n<table>\n");
        var (post, _) = KeptPost.Again(entry, form);
        var labels = form.Fields.ToDictionary(field => field.Definition.Name!, field => field.Label, StringComparer.Ordinal);
        foreach (var (name, values) in post.Fields)
        {
            if (KeptPost.IsControl(name) || name == form.Form.Honeypot)
                continue;
            var value = TextRules.Cut(string.Join(", ", values), LongestValue).Trim();
            if (value.Length == 0)
                continue;
            var label = WriteMail.OneLine(labels.GetValueOrDefault(name, TextRules.Cut(name, 100)));
            text.Append(label).Append(": ").Append(value).Append('\n');
            html.Append("<tr><th align=\"left\" valign=\"top\">")
                .Append(RenderTemplate.Escaped(label))
                .Append("</th><td>")
                .Append(RenderTemplate.Escaped(value).Replace("\n", "<br>\n", StringComparison.Ordinal))
                .Append("</td></tr>\n");
        }
        html.Append("</table>\n");
        if (work.Installation.Options<MailOptions>().PublicUrl is { } url && entry.Lead is { } lead)
        {
            var address = $"{url}/desk/leads/{lead.Text<Lead>()}";
            text.Append(words.Open).Append(": ").Append(address).Append('\n');
            html.Append("<p><a href=\"").Append(RenderTemplate.Escaped(address)).Append("\">");
            html.Append(RenderTemplate.Escaped(words.Open)).Append("</a></p>\n");
        }
        text.Append('\n');
    }
}
