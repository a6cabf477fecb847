// A mail template filled in, in the reader's language.

using Crm.Domain.Templates;

namespace Crm.Domain.Mail;

public static class FillTemplate
{
    /// <param name="wanted">The reader's languages in the order of preference.</param>
    public static MailContent Run(MailTemplate template, IReadOnlyDictionary<string, object?> data, params IEnumerable<string?> wanted)
    {
        var language = MailLanguage.Of([.. template.Texts.Select(text => text.Language)], wanted);
        var said = template.Texts.First(text => text.Language == language);
        return new(
            language,
            Filled(TemplateKind.Text, said.Subject!),
            Filled(TemplateKind.Text, said.Text!),
            said.Html is { Length: > 0 } html ? Filled(TemplateKind.Html, html) : null
        );

        string Filled(TemplateKind kind, string text) => RenderTemplate.Run(Template.Parse(kind, text), data, language).Text;
    }
}
