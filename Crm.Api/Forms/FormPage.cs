// The hosted page of a form: plain, accessible HTML that works without script; also the page that shows what was wrong with a post.

using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

public static class FormPage
{
    const string Style = """
        :root{color-scheme:light dark}
        *{box-sizing:border-box}
        body{margin:0;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;background:#f4f5f7;color:#1c2330}
        main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem 3rem}
        .card{background:#fff;border:1px solid #d9dde3;border-radius:.75rem;padding:1.5rem}
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
        label,legend{display:block;font-weight:600;margin:1rem 0 .25rem;padding:0}
        fieldset{border:0;margin:0;padding:0}
        .choice{display:flex;gap:.5rem;align-items:flex-start;font-weight:400;margin:.35rem 0}
        .choice input{width:1.15rem;height:1.15rem;margin:.2rem 0 0;flex:none}
        input,select,textarea{width:100%;font:inherit;color:inherit;background:#fff;border:1px solid #7a8494;border-radius:.4rem;padding:.55rem .7rem}
        textarea{min-height:7rem;resize:vertical}
        input:focus-visible,select:focus-visible,textarea:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #1f6feb;outline-offset:2px}
        [aria-invalid=true]{border-color:#b3261e;border-width:2px}
        .help{color:#4a5363;font-size:.925rem;margin:.25rem 0 0}
        .error{color:#b3261e;font-size:.925rem;margin:.25rem 0 0}
        .summary{border:2px solid #b3261e;border-radius:.4rem;padding:.75rem 1rem;margin:0 0 1rem}
        .summary p{margin:0 0 .25rem;font-weight:600}
        .summary ul{margin:0;padding-left:1.25rem}
        .summary a{color:#b3261e}
        button{margin-top:1.5rem;font:inherit;font-weight:600;color:#fff;background:#1f5fbf;border:0;border-radius:.4rem;padding:.7rem 1.5rem;cursor:pointer;width:100%}
        button:hover{background:#184c9a}
        .optional{font-weight:400;color:#4a5363}
        .trap{position:absolute;left:-10000px;top:auto;width:1px;height:1px;overflow:hidden}
        @media (prefers-color-scheme:dark){body{background:#12161d;color:#e8ebf0}.card{background:#1b212b;border-color:#394250}input,select,textarea{background:#12161d;border-color:#8b95a5}
        .help,.optional{color:#b4bcc8}.error,.summary a{color:#ff8f86}.summary,[aria-invalid=true]{border-color:#ff8f86}button{background:#2f74d8}}
        """;

    /// <summary>For the page's Content-Security-Policy: this style and no other.</summary>
    public static readonly string StyleHash = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    static readonly HtmlEncoder Html = HtmlEncoder.Default;

    /// <param name="post">What was typed before, when the page shows what was wrong with it.</param>
    /// <param name="problem">The sentence that sums it up; null for a fresh page.</param>
    public static string Render(PlannedForm form, FillTime fillTime, FormPost? post, IReadOnlyList<SubmissionError> errors, string? problem)
    {
        var page = Start(form.Form.Language, problem is null ? form.Form.Name! : "Error: " + form.Form.Name);
        page.Append($"<h1>{E(form.Form.Name)}</h1>");
        if (problem is not null)
        {
            page.Append($"<div class=\"summary\" role=\"alert\" id=\"problems\" tabindex=\"-1\"><p>{E(problem)}</p>");
            var shown = errors.Where(e => e.Message.Length > 0 && e.Message != problem).ToList();
            if (shown.Count > 0)
                page.Append("<ul>").AppendJoin("", shown.Select(e => form.Field(e.Field) is { } field
                    ? $"<li><a href=\"#f-{E(e.Field)}\">{E(field.Label)}</a>: {E(Without(e.Message, field.Label))}</li>"
                    : $"<li>{E(e.Message)}</li>")).Append("</ul>");
            page.Append("</div>");
        }
        if (form.Form.Status == FormStatus.Published)
            Fields(page, form, fillTime, post, errors);
        return End(page);
    }

    static void Fields(StringBuilder page, PlannedForm form, FillTime fillTime, FormPost? post, IReadOnlyList<SubmissionError> errors)
    {
        page.Append($"<form method=\"post\" action=\"/f/{E(form.Form.Key)}\" accept-charset=\"utf-8\" novalidate>");
        foreach (var field in form.Fields)
            Input(page, field, post?.Fields.FirstOrDefault(f => f.Name == field.Said.Name).Values ?? [], errors.FirstOrDefault(e => e.Field == field.Said.Name));
        // People do not see it and do not reach it; robots fill it.
        page.Append($"<div class=\"trap\" aria-hidden=\"true\"><label for=\"trap\">Leave this empty</label><input id=\"trap\" name=\"{E(form.Form.Honeypot)}\" tabindex=\"-1\" autocomplete=\"off\"></div>");
        // The time counts from the first page: who mends one field and sends again at once is no robot.
        page.Append($"<input type=\"hidden\" name=\"{FillTime.FieldName}\" value=\"{E(post?.First(FillTime.FieldName) ?? fillTime.Token(form.Form.Key))}\">");
        // One page shown is one post, however often the button is pressed.
        page.Append($"<input type=\"hidden\" name=\"_key\" value=\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}\">");
        foreach (var name in (string[])["_next", "_page", "_referrer"])
            if (post?.First(name) is { } kept)
                page.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{E(kept)}\">");
        page.Append("<button type=\"submit\">Send</button></form>");
    }

    static void Input(StringBuilder page, PlannedField field, IReadOnlyList<string> values, SubmissionError? error)
    {
        var said = field.Said;
        var id = "f-" + said.Name;
        var value = values.Count > 0 ? values[0] : "";
        if (said.Kind == FormFieldKind.Hidden)
        {
            page.Append($"<input type=\"hidden\" name=\"{E(said.Name)}\" value=\"{E(value)}\">");
            return;
        }
        var described = (error is null ? "" : id + "-error") + (said.Help is null || said.Kind == FormFieldKind.Consent ? "" : (error is null ? "" : " ") + id + "-help");
        var attributes = $" id=\"{E(id)}\" name=\"{E(said.Name)}\""
            + (field.Required ? " required aria-required=\"true\"" : "") + (error is null ? "" : " aria-invalid=\"true\"") + (described.Length == 0 ? "" : $" aria-describedby=\"{E(described)}\"")
            + (string.IsNullOrEmpty(said.Autocomplete) ? "" : $" autocomplete=\"{E(said.Autocomplete)}\"");
        var optional = field.Required ? "" : " <span class=\"optional\">(optional)</span>";
        switch (said.Kind)
        {
            case FormFieldKind.Consent or FormFieldKind.Boolean:
                page.Append($"<label class=\"choice\"><input type=\"checkbox\" value=\"true\"{attributes}{(value is "true" or "on" or "1" or "yes" ? " checked" : "")}><span>{E(said.Help ?? field.Label)}</span></label>");
                break;
            case FormFieldKind.Choices:
                page.Append($"<fieldset id=\"{E(id)}\"{(described.Length == 0 ? "" : $" aria-describedby=\"{E(described)}\"")}><legend>{E(field.Label)}{optional}</legend>");
                foreach (var choice in said.Choices)
                    page.Append($"<label class=\"choice\"><input type=\"checkbox\" name=\"{E(said.Name)}\" value=\"{E(choice)}\"{(values.Contains(choice) ? " checked" : "")}><span>{E(choice)}</span></label>");
                page.Append("</fieldset>");
                break;
            case FormFieldKind.Choice:
                page.Append($"<label for=\"{E(id)}\">{E(field.Label)}{optional}</label><select{attributes}><option value=\"\"></option>");
                foreach (var choice in said.Choices)
                    page.Append($"<option{(choice == value ? " selected" : "")}>{E(choice)}</option>");
                page.Append("</select>");
                break;
            case FormFieldKind.LongText:
                // A line break right after the tag would be swallowed.
                page.Append($"<label for=\"{E(id)}\">{E(field.Label)}{optional}</label><textarea{attributes}{(said.MaxLength is { } most ? $" maxlength=\"{most}\"" : "")}>\n{E(value)}</textarea>");
                break;
            default:
                var type = said.Kind switch { FormFieldKind.Email => "email", FormFieldKind.Phone => "tel", FormFieldKind.Url => "url", FormFieldKind.Date => "date", FormFieldKind.Integer or FormFieldKind.Number => "number", _ => "text" };
                page.Append($"<label for=\"{E(id)}\">{E(field.Label)}{optional}</label><input type=\"{type}\"{attributes} value=\"{E(value)}\"{(said.MaxLength is { } max ? $" maxlength=\"{max}\"" : "")}{(said.Kind == FormFieldKind.Number ? " step=\"any\"" : "")}>");
                break;
        }
        if (said.Help is not null && said.Kind != FormFieldKind.Consent)
            page.Append($"<p class=\"help\" id=\"{E(id)}-help\">{E(said.Help)}</p>");
        if (error is not null)
            page.Append($"<p class=\"error\" id=\"{E(id)}-error\">{E(Without(error.Message, field.Label))}</p>");
    }

    public static string Thanks(PlannedForm form)
    {
        var page = Start(form.Form.Language, "Thank you");
        page.Append($"<div role=\"status\"><h1>Thank you</h1><p>{E(form.Form.ThankYou.Message)}</p></div>");
        return End(page);
    }

    public static string Gone()
    {
        var page = Start("en", "Form not found");
        page.Append("<h1>Form not found</h1><p>There is no open form at this address.</p>");
        return End(page);
    }

    /// <summary>"E-mail: a value is needed." below the label E-mail needs the label only once.</summary>
    static string Without(string message, string label) =>
        message.StartsWith(label + ": ", StringComparison.Ordinal) ? char.ToUpperInvariant(message[label.Length + 2]) + message[(label.Length + 3)..] : message;

    static StringBuilder Start(string language, string title) => new StringBuilder(4096)
        .Append($"<!doctype html><html lang=\"{E(language)}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">")
        .Append($"<title>{E(title)}</title><style>{Style}</style></head><body><main><div class=\"card\">");

    static string End(StringBuilder page) => page.Append("</div></main></body></html>").ToString();

    static string E(string? text) => Html.Encode(text ?? "");
}
