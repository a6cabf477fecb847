// Whoever posted a form is answered: in their language, with nothing of what was posted but a name, and so seldom that nobody can be
// harmed by others who post with their address.

using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Templates;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Mail;

public static class AnswerSender
{
    /// <summary>Characters of a name: an advertisement needs more.</summary>
    const int LongestName = 40;

    /// <param name="made">Answers of this unit, which the store does not know yet.</param>
    /// <returns>False: no answer, by a limit or because there is nobody to answer.</returns>
    internal static async ValueTask<Message?> Run(
        UnitOfWork work,
        Form form,
        Submission entry,
        IReadOnlyList<Message> made,
        CancellationToken cancel
    )
    {
        if (
            form.AutoAnswer is not { Active: true, Sender: { } id } answer
            || !work.Settings.Mail.Senders.TryGetValue(id, out var sender)
            || entry.Verdict is not (Verdict.Accepted or Verdict.Merged)
            || entry.Lead is null
            || AddressOf(work.Settings, form, entry) is not var (address, canonical)
            || IsOurs(work.Settings, canonical)
            || !await IsWithin(work, form, answer, canonical, made, cancel)
            || await SuppressAddress.Of(work, address, cancel) is not null
        )
            return null;
        var lead = await work.Find<Lead>(entry.Lead.Value, cancel);
        var content = Content(work.Settings, form, answer, entry, lead);
        return WriteMail.Run(
            work,
            sender,
            new()
            {
                Purpose = MessagePurpose.Answer,
                Lead = entry.Lead,
                Form = form.Id,
                Address = address,
                ReplyTo = sender.ReplyTo,
                AnsweredKey = Message.KeyOf(MailLimits.Folded(canonical), work.Now),
                FormKey = Message.KeyOf(FormName(form), work.Now),
            },
            content
        );
    }

    /// <summary>The address that was posted: the lead may have another one that it was known by.</summary>
    static (string Address, string Canonical)? AddressOf(WorkspaceSettings settings, Form form, Submission entry)
    {
        var planned = new PlannedForm(settings, form);
        var (post, _) = KeptPost.Again(entry, planned);
        foreach (var field in planned.Fields)
            if (field.ShortPath == "email" || field.Definition.Kind == FormFieldKind.Email)
                foreach (var value in planned.Posted(post, field))
                    if (EmailAddress.TryNormalise(value, out var address, out var canonical, out _))
                        return (address, canonical);
        return null;
    }

    /// <summary>Our own mailboxes are not written to by ourselves: two of them would never end.</summary>
    static bool IsOurs(WorkspaceSettings settings, string canonical) =>
        settings.Mail.Senders.Values.Any(sender =>
            new[] { sender.From, sender.ReplyTo, sender.ReturnPath }.Any(one => one is not null && EmailAddress.Canonical(one) == canonical)
        );

    static async ValueTask<bool> IsWithin(
        UnitOfWork work,
        Form form,
        FormAnswer answer,
        string canonical,
        IReadOnlyList<Message> made,
        CancellationToken cancel
    )
    {
        var (folded, name) = (MailLimits.Folded(canonical), FormName(form));
        var toAddress = made.Where(one => one.AnsweredKey!.StartsWith(folded + "|", StringComparison.Ordinal))
            .Select(one => one.Form)
            .ToList();
        var type = ResourceType.Of<Message>();
        var earlier = Message.Since("answeredKey", folded, work.Now - MailLimits.Day);
        using (var page = await work.Store.Query(new(type.Collection, earlier, [], false, null, MailLimits.ToAddress), cancel))
            for (var i = 0; i < page.Count; i++)
                toAddress.Add(type.FromRow<Message>(page[i]).Form);
        if (toAddress.Count >= MailLimits.ToAddress || toAddress.Count(one => one == form.Id) >= MailLimits.OfFormToAddress)
            return false;
        var ofForm =
            made.Count(one => one.Form == form.Id)
            + await work.Store.Count(type.Collection, Message.Since("formKey", name, work.Now - MailLimits.Hour), answer.PerHour, cancel);
        return ofForm < answer.PerHour;
    }

    static string FormName(Form form) => "a/" + form.Id.Text<Form>();

    static MailContent Content(WorkspaceSettings settings, Form form, FormAnswer answer, Submission entry, Lead? lead)
    {
        string?[] wanted = [lead?.Language, .. MailLanguage.Accepted(entry.AcceptLanguage), form.Language];
        var (name, firstName) = (NameOf(lead, whole: true), NameOf(lead, whole: false));
        var data = new Dictionary<string, object?>
        {
            ["name"] = name,
            ["firstName"] = firstName,
            ["form"] = form.Name,
            ["workspace"] = settings.Workspace.Name,
            ["site"] = settings.Sites.FirstOrDefault(site => site.Id == form.Site)?.Name ?? settings.Workspace.Name,
        };
        if (answer.Template is { } id && settings.Mail.Templates.GetValueOrDefault(id) is { Texts.Length: > 0 } template)
            return FillTemplate.Run(template, data, wanted);
        var language = MailLanguage.Of(MailWords.Languages, wanted);
        var words = MailWords.For(language);
        var lines = new List<string> { words.Arrived, (string?)data["site"] ?? "", words.NotYou };
        if (name.Length > 0)
            lines.Insert(0, Sentence.Of(words.Dear, name));
        lines.RemoveAll(line => line.Length == 0);
        return new(
            language,
            words.Thanks,
            string.Join("\n\n", lines) + "\n",
            string.Concat(lines.Select(line => $"<p>{RenderTemplate.Escaped(line)}</p>\n"))
        );
    }

    /// <summary>A name as people have one. Addresses of pages, numbers and signs have no place in it: whoever posts them in somebody
    /// else's name wants us to mail them.</summary>
    static string NameOf(Lead? lead, bool whole)
    {
        if (lead is null)
            return "";
        // Judged as a whole: half of an advertisement is one, too.
        var name = WriteMail.OneLine($"{lead.FirstName} {lead.LastName}");
        return name.Length is 0 or > LongestName
            || name.Any(c => !char.IsLetter(c) && !char.IsSurrogate(c) && c is not (' ' or '-' or '\'' or '\u2019' or '.') && !IsMark(c))
            || name.Contains('.', StringComparison.Ordinal) && name.Split(' ').Any(word => word.Contains('.') && word.Length > 4)
            || name.Contains("www", StringComparison.OrdinalIgnoreCase)
                ? ""
            : whole ? name
            : WriteMail.OneLine(lead.FirstName ?? "");
    }

    static bool IsMark(char c) =>
        char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
