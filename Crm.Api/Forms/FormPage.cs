// The hosted page of a form: plain, accessible HTML that works without script; also the page that shows what was wrong with a post.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Sites;

namespace Crm.Api.Forms;

public static class FormPage
{
    // No image, no font, no script: the page is one request and asks nobody else. Colours have a contrast of 4.5 and more in both schemes,
    // borders of 3.
    const string Style = """
        :root{color-scheme:light dark;--paper:#eef1f6;--card:#fff;--edge:#d8dee8;--ink:#18202c;--soft:#4b5566;--line:#727d8e;--accent:#1a56b8;--press:#12408b;--on-accent:#fff;--bad:#b3261e;--bad-paper:#fdf3f2;--good:#1b6e3c}
        @media (prefers-color-scheme:dark){:root{--paper:#0e131a;--card:#171e28;--edge:#2c3644;--ink:#e9edf3;--soft:#b1bbc9;--line:#8491a3;--accent:#8ab8ff;--press:#b3d1ff;--on-accent:#0b1626;--bad:#ff9d94;--bad-paper:#2a191b;--good:#7fd6a0}}
        *{box-sizing:border-box}
        body{margin:0;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;background:var(--paper);color:var(--ink)}
        main{max-width:38rem;margin:0 auto;padding:3rem 1.25rem 4rem}
        .card{position:relative;background:var(--card);border:1px solid var(--edge);border-radius:.875rem;padding:2rem;box-shadow:0 1px 2px rgb(16 24 40/.06),0 8px 24px rgb(16 24 40/.06);overflow-wrap:anywhere}
        h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.01em;margin:0}
        h2{font-size:1.125rem;line-height:1.3;margin:0}
        p{margin:0}
        .lead{color:var(--soft);margin-top:.5rem}
        .text{margin-top:.75rem;white-space:pre-line}
        .field{margin-top:1.5rem}
        label,legend{display:block;font-weight:600;padding:0}
        fieldset{border:0;margin:0;padding:0;min-inline-size:0}
        .optional{font-weight:400;color:var(--soft)}
        .help{color:var(--soft);font-size:.9375rem;white-space:pre-line}
        .error{color:var(--bad);font-size:.9375rem;font-weight:600}
        .bad{border-inline-start:4px solid var(--bad);padding-inline-start:1rem}
        input,select,textarea{display:block;width:100%;min-height:2.875rem;margin-top:.375rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.625rem .8125rem}
        textarea{min-height:8.5rem;resize:vertical}
        select{appearance:none;padding-inline-end:2.5rem;background-image:linear-gradient(45deg,transparent 50%,var(--soft) 50%),linear-gradient(135deg,var(--soft) 50%,transparent 50%);background-size:.375rem .375rem;background-repeat:no-repeat;background-position:right 1.25rem center,right .875rem center}
        [dir=rtl] select{background-position:left .875rem center,left 1.25rem center}
        .choice{display:flex;gap:.75rem;align-items:flex-start;font-weight:400;padding:.3125rem 0;cursor:pointer}
        .choice:first-of-type{margin-top:.25rem}
        .choice input{flex:none;width:1.375rem;height:1.375rem;min-height:0;margin:.0625rem 0 0;accent-color:var(--accent);cursor:pointer}
        .choice span{white-space:pre-line}
        .choice+.help{padding-inline-start:2.125rem}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        [aria-invalid=true]{border:2px solid var(--bad);padding:calc(.625rem - 1px) calc(.8125rem - 1px)}
        .summary{border:2px solid var(--bad);background:var(--bad-paper);border-radius:.625rem;padding:1rem 1.25rem;margin-bottom:1.75rem}
        .summary:focus-visible{outline:0}
        .summary ul{margin:.5rem 0 0;padding-inline-start:1.25rem}
        .summary li{margin-top:.25rem}
        .summary a{color:var(--bad);font-weight:600}
        .summary p{margin-top:.25rem}
        button{display:block;min-width:12rem;min-height:3rem;margin-top:2rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:1px solid transparent;border-radius:.5rem;padding:.6875rem 2rem;cursor:pointer}
        button:hover,button:active{background:var(--press)}
        .tick{display:block;width:3.5rem;height:3.5rem;margin-bottom:1.25rem;fill:none;stroke:var(--good);stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
        .hidden,.trap{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        @media (max-width:30rem){main{padding:0}.card{border:0;border-radius:0;box-shadow:none;min-height:100vh;padding:1.5rem 1.125rem 2.5rem}h1{font-size:1.5rem}button{width:100%}}
        @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#000;--bad:#000;--bad-paper:#fff;--good:#000}main{max-width:none;padding:0}.card{border:0;box-shadow:none;padding:0;min-height:0}button{display:none}.field,.summary{break-inside:avoid}}
        """;

    /// <summary>For the page's Content-Security-Policy: this style and no other.</summary>
    public static readonly string StyleHash = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    static readonly HtmlEncoder Html = HtmlEncoder.Default;

    /// <summary>What the browser may fill in where the form does not say, by the lead's field that the value leads to.</summary>
    static readonly Dictionary<string, string> Autocomplete = new(StringComparer.Ordinal)
    {
        ["email"] = "email",
        ["phone"] = "tel",
        ["name"] = "name",
        ["salutation"] = "honorific-prefix",
        ["firstName"] = "given-name",
        ["middleName"] = "additional-name",
        ["lastName"] = "family-name",
        ["company"] = "organization",
        ["jobTitle"] = "organization-title",
        ["language"] = "language",
        ["address.line1"] = "address-line1",
        ["address.line2"] = "address-line2",
        ["address.city"] = "address-level2",
        ["address.region"] = "address-level1",
        ["address.postalCode"] = "postal-code",
        ["address.country"] = "country",
    };

    /// <param name="token">The signed time of showing; null: it is not said.</param>
    /// <param name="filled">Values that the link brought along.</param>
    /// <param name="page">The page's own address, for the entry.</param>
    /// <param name="referrer">The page that led here, for the entry.</param>
    /// <param name="isUnsent">Whether the visitor has pressed a button already, on a page whose form does not post.</param>
    public static string Fresh(
        PlannedForm form,
        string? token,
        IReadOnlyList<PostedField> filled,
        string? page,
        string? referrer,
        bool isUnsent = false
    )
    {
        var words = FormWords.For(form.Form.Language);
        var html = Start(form.Form.Language, form.Form.Name!);
        if (isUnsent)
            html.Append($"<div class=\"summary\" role=\"alert\" tabindex=\"-1\" autofocus><h2>{E(words.NotSentYet)}</h2></div>");
        html.Append($"<h1>{E(form.Form.Name)}</h1>");
        Fields(html, form, words, filled, [], [(FillTime.FieldName, token), ("_page", page), ("_referrer", referrer)]);
        return End(html);
    }

    /// <summary>The form with what was typed and what is wrong with it.</summary>
    public static string AfterRefusal(PlannedForm form, FormPost post, Submission entry, StepResult.Stop stop)
    {
        var words = FormWords.For(form.Form.Language);
        var html = Start(form.Form.Language, $"{words.Error}: {form.Form.Name}");
        var wrong = entry.Errors.Where(e => form.Field(e.Field) is { Definition.Kind: not FormFieldKind.Hidden }).ToList();
        // Focus starts where the problem is said, also without script; a screen reader says an alert of a new page only then.
        html.Append(
            $"<div class=\"summary\" role=\"alert\" aria-labelledby=\"problem\" tabindex=\"-1\" autofocus><h2 id=\"problem\">{E(words.ThereIsAProblem)}</h2>"
        );
        if (wrong.Count > 0)
            html.Append("<ul>")
                .AppendJoin(
                    "",
                    wrong.Select(e =>
                        $"<li><a href=\"#{IdOf(form, e.Field)}\">{E(form.Field(e.Field)!.Label)}</a>: {E(Message(e, form.Field(e.Field)!, words))}</li>"
                    )
                )
                .Append("</ul>");
        else
            html.Append($"<p>{E(words.Of(stop.Reason, stop.Message))}</p>");
        // What is wrong with a hidden field is not the visitor's to mend, but he should be able to tell whom he asks.
        foreach (var error in entry.Errors.Where(e => e.Field.Length > 0 && !wrong.Contains(e)))
            html.Append($"<p>{E(error.Field)}: {E(error.Message)}</p>");
        html.Append("</div>");
        BackLink(html, form, words, entry);
        html.Append($"<h1>{E(form.Form.Name)}</h1>");
        if (form.Form.Status == FormStatus.Published)
            // The time of the first showing stays: whoever mends one letter is quick, and no robot for it.
            Fields(
                html,
                form,
                words,
                post.Fields,
                entry.Errors,
                [
                    (FillTime.FieldName, post.First(FillTime.FieldName)),
                    ("_next", post.First("_next")),
                    ("_page", entry.Page),
                    ("_referrer", entry.Referrer),
                    // What the form does not know is the page's own business, and is sent along as it was.
                    .. Unknown(form, post),
                ],
                post
            );
        return End(html);
    }

    static IEnumerable<(string Name, string? Value)> Unknown(PlannedForm form, FormPost post)
    {
        var names = form.Unknown(post).ToHashSet(StringComparer.Ordinal);
        return post.Fields.Where(f => names.Contains(f.Name)).SelectMany(f => f.Values.Select(v => (f.Name, (string?)v)));
    }

    /// <summary>The visitor has left a site for a page that looks like nothing he knows: it says whose form this is, and leads
    /// back.</summary>
    static void BackLink(StringBuilder html, PlannedForm form, FormWords words, Submission entry)
    {
        if (entry.Page is not { } page || !Uri.TryCreate(page, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return;
        var site = form.Settings.Sites.FirstOrDefault(s => s.Id == form.Form.Site)?.Name;
        html.Append($"<p class=\"help\"><a href=\"{E(page)}\">{E(words.BackTo)} {E(string.IsNullOrEmpty(site) ? uri.Host : site)}</a></p>");
    }

    static void Fields(
        StringBuilder html,
        PlannedForm form,
        FormWords words,
        IReadOnlyList<PostedField> values,
        IReadOnlyList<SubmissionError> errors,
        (string Name, string? Value)[] kept,
        FormPost? posted = null
    )
    {
        if (form.Fields.Any(f => f.Required) && form.Fields.Any(f => !f.Required && f.Definition.Kind != FormFieldKind.Hidden))
            html.Append($"<p class=\"lead\">{E(words.NeededUnlessOptional)}</p>");
        // The server says what is wrong, for all fields at once and in words that stay; the browser's bubbles would come before it.
        html.Append($"<form method=\"post\" action=\"/f/{E(form.Form.Key)}\" accept-charset=\"utf-8\" novalidate>");
        for (var i = 0; i < form.Fields.Count; i++)
            Input(
                html,
                form.Fields[i],
                "f" + i,
                words,
                posted is null
                    ? values.FirstOrDefault(f => f.Name == form.Fields[i].Definition.Name).Values ?? []
                    : form.Posted(posted, form.Fields[i]),
                errors.FirstOrDefault(e => e.Field == form.Fields[i].Definition.Name)
            );
        // People do not see it and do not reach it; robots fill it.
        html.Append(
            $"<div class=\"trap\" aria-hidden=\"true\"><label for=\"trap\">{E(words.LeaveEmpty)}</label><input id=\"trap\" name=\"{E(form.Form.Honeypot)}\" tabindex=\"-1\" autocomplete=\"off\"></div>"
        );
        // One page shown is one post, however often the button is pressed.
        html.Append($"<input type=\"hidden\" name=\"_key\" value=\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}\">");
        foreach (var (name, value) in kept)
            if (value is not null)
                html.Append($"<input type=\"hidden\" name=\"{E(name)}\" value=\"{E(value)}\">");
        html.Append($"<button type=\"submit\">{E(words.Send)}</button></form>");
    }

    static void Input(
        StringBuilder html,
        PlannedField field,
        string id,
        FormWords words,
        IReadOnlyList<string> values,
        SubmissionError? error
    )
    {
        var said = field.Definition;
        var value = values.Count > 0 ? values[0] : "";
        if (said.Kind == FormFieldKind.Hidden)
        {
            html.Append($"<input type=\"hidden\" name=\"{E(said.Name)}\" value=\"{E(value)}\">");
            return;
        }
        // The text that is agreed to is the box's name, to the letter; of every other field the help stands beside the name.
        var isConsentText = said.Kind == FormFieldKind.Consent && !string.IsNullOrEmpty(said.Help);
        var help = string.IsNullOrEmpty(said.Help) || isConsentText ? "" : $"<p class=\"help\" id=\"{id}-help\">{E(said.Help)}</p>";
        var wrong = error is null
            ? ""
            : $"<p class=\"error\" id=\"{id}-error\"><span class=\"hidden\">{E(words.Error)}: </span>{E(Message(error, field, words))}</p>";
        var described = (help.Length, wrong.Length) switch
        {
            (0, 0) => "",
            (_, 0) => $" aria-describedby=\"{id}-help\"",
            (0, _) => $" aria-describedby=\"{id}-error\"",
            _ => $" aria-describedby=\"{id}-help {id}-error\"",
        };
        var invalid = error is null ? "" : " aria-invalid=\"true\"";
        var optional = field.Required ? "" : $" <span class=\"optional\">({E(words.Optional)})</span>";
        var autocomplete = !string.IsNullOrEmpty(said.Autocomplete) ? said.Autocomplete : Autocomplete.GetValueOrDefault(said.MapsTo ?? "");
        var attributes =
            $" id=\"{id}\" name=\"{E(said.Name)}\"{(field.Required ? " required aria-required=\"true\"" : "")}{invalid}{described}"
            + (autocomplete is null ? "" : $" autocomplete=\"{E(autocomplete)}\"");
        html.Append(error is null ? "<div class=\"field\">" : "<div class=\"field bad\">");
        switch (said.Kind)
        {
            case FormFieldKind.Consent or FormFieldKind.Boolean:
                var text = isConsentText ? said.Help : field.Label;
                var isTitled = isConsentText && !string.IsNullOrEmpty(said.Label) && said.Label != said.Help;
                html.Append(isTitled ? $"<fieldset><legend>{E(said.Label)}{optional}</legend>" : "")
                    .Append(wrong)
                    .Append(
                        $"<label class=\"choice\"><input type=\"checkbox\" value=\"true\"{attributes}{(values.Any(v => !BooleanValue.IsRefusal(v)) ? " checked" : "")}><span>{E(text)}{(isTitled ? "" : optional)}</span></label>"
                    )
                    .Append(help)
                    .Append(isTitled ? "</fieldset>" : "");
                break;
            case FormFieldKind.Choices:
                html.Append($"<fieldset{described}><legend>{E(field.Label)}{optional}</legend>{help}{wrong}");
                for (var i = 0; i < said.Choices.Length; i++)
                    html.Append(
                        $"<label class=\"choice\"><input type=\"checkbox\" id=\"{id}{(i == 0 ? "" : "-" + i)}\" name=\"{E(said.Name)}\" value=\"{E(said.Choices[i])}\"{invalid}{(values.Contains(said.Choices[i]) ? " checked" : "")}><span>{E(said.Choices[i])}</span></label>"
                    );
                html.Append("</fieldset>");
                break;
            case FormFieldKind.Choice:
                Label().Append($"<select{attributes}><option value=\"\"></option>");
                foreach (var choice in said.Choices)
                    html.Append($"<option value=\"{E(choice)}\"{(choice == value ? " selected" : "")}>{E(choice)}</option>");
                html.Append("</select>");
                break;
            case FormFieldKind.LongText:
                // A line break right after the tag would be swallowed. No maxlength here and below: it would cut what is pasted without a
                // word.
                Label().Append($"<textarea{attributes}>\n{E(value)}</textarea>");
                break;
            default:
                // A number is typed as text: what a number input cannot read it sends as nothing, and nobody could say what was wrong.
                var type = said.Kind switch
                {
                    FormFieldKind.Email => "email",
                    FormFieldKind.Phone => "tel",
                    FormFieldKind.Url => "url",
                    FormFieldKind.Date => "date",
                    FormFieldKind.Integer => "text\" inputmode=\"numeric",
                    FormFieldKind.Number => "text\" inputmode=\"decimal",
                    _ => "text",
                };
                Label().Append($"<input type=\"{type}\"{attributes} value=\"{E(value)}\">");
                break;
        }
        html.Append("</div>");

        StringBuilder Label() => html.Append($"<label for=\"{id}\">{E(field.Label)}{optional}</label>{help}{wrong}");
    }

    public static string Thanks(PlannedForm form)
    {
        var words = FormWords.For(form.Form.Language);
        return End(
            Start(form.Form.Language, words.ThankYou)
                .Append(
                    "<svg class=\"tick\" viewBox=\"0 0 56 56\" aria-hidden=\"true\"><circle cx=\"28\" cy=\"28\" r=\"26\"/><path d=\"M17 29l8 8 15-17\"/></svg>"
                )
                .Append($"<div role=\"status\"><h1>{E(words.ThankYou)}</h1><p class=\"text\">{E(form.Form.ThankYou.Message)}</p></div>")
        );
    }

    /// <summary>Above the form that could not be kept.</summary>
    public static string TryAgain(PlannedForm form, int seconds) =>
        string.Format(CultureInfo.InvariantCulture, FormWords.For(form.Form.Language).TryAgain, seconds);

    /// <summary>Instead of a form, for who asks for too many of them.</summary>
    public static string TooMany(int seconds) =>
        End(
            Start("en", "Too many requests")
                .Append($"<h1>Too many requests</h1><p class=\"text\">Please try again in {seconds} seconds.</p>")
        );

    public static string Gone() =>
        End(Start("en", "Form not found").Append("<h1>Form not found</h1><p class=\"text\">There is no open form at this address.</p>"));

    /// <summary>By place and not by name: a name may have characters that an id must not have.</summary>
    static string IdOf(PlannedForm form, string name) => "f" + form.Fields.TakeWhile(f => f.Definition.Name != name).Count();

    /// <summary>"E-mail: a value is needed." beside the label E-mail needs the label only once.</summary>
    static string Message(SubmissionError error, PlannedField field, FormWords words)
    {
        var message = words.Of(error, field.Definition);
        return message.Length > field.Label.Length + 2 && message.StartsWith(field.Label + ": ", StringComparison.Ordinal)
            ? message[(field.Label.Length + 2)..]
            : message;
    }

    static StringBuilder Start(string language, string title) =>
        new StringBuilder(8192)
            .Append(
                $"<!doctype html><html lang=\"{E(language)}\"{(FormLanguages.IsRightToLeft(language) ? " dir=\"rtl\"" : "")}><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
            )
            // Without an icon of its own a page makes the browser ask for one that is not there.
            .Append(
                $"<link rel=\"icon\" href=\"data:,\"><title>{E(title)}</title><style>{Style}</style></head><body><main><div class=\"card\">"
            );

    static string End(StringBuilder html) => html.Append("</div></main></body></html>").ToString();

    static string E(string? text) => Html.Encode(text ?? "");
}
