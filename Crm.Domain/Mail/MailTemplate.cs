// A mail template: what a mail says, in each language that it is written in.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Templates;

namespace Crm.Domain.Mail;

[Resource("mailTemplate", "mail-templates", "tmpl", "What a mail says, in each language that it is written in.")]
public sealed record MailTemplate : Resource
{
    [Field("What people call it.", Max = 100, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Thank you")]
    public string? Name { get; init; }

    [Field("Its texts, one for each language; the first counts where none is in the reader's language.", Max = 20, Is = Is.Required)]
    public ImmutableArray<MailText> Texts { get; init; } = [];

    public override void Check(FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Texts.Length; i++)
        {
            var text = Texts[i];
            if (!seen.Add(text.Language))
                errors.Add($"texts.{i}.language", "duplicate", "Another text is in this language.");
            Look($"texts.{i}.subject", TemplateKind.Text, text.Subject);
            Look($"texts.{i}.text", TemplateKind.Text, text.Text);
            Look($"texts.{i}.html", TemplateKind.Html, text.Html);
        }

        void Look(string field, TemplateKind kind, string? text)
        {
            try
            {
                if (text is not null)
                    Template.Parse(kind, text);
            }
            catch (TemplateException error)
            {
                errors.Add(field, "template_invalid", error.Message);
            }
        }
    }
}

public sealed record MailText
{
    [Field("Its language (BCP 47).", Kind = TextKind.Language, Is = Is.Required, Example = "pt")]
    public string Language { get; init; } = "";

    [Field(
        "The subject, with places such as {{ name }}.",
        Max = 500,
        Is = Is.Required,
        Example = "Thank you, {{ firstName | default: \"friend\" }}"
    )]
    public string? Subject { get; init; }

    [Field("The mail as text, with places to fill in.", Kind = TextKind.Long, Max = Template.Longest, Is = Is.Required)]
    public string? Text { get; init; }

    [Field("The mail as HTML, with places to fill in: what they say is escaped.", Kind = TextKind.Long, Max = Template.Longest)]
    public string? Html { get; init; }
}
