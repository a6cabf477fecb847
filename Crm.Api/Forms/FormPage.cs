// The hosted page of a form: plain, accessible HTML that works without script; also the page that shows what was wrong with a post.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Api.Pages;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Values;

namespace Crm.Api.Forms;

public static class FormPage
{
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
    public static VisitorPage Fresh(
        PlannedForm form,
        string? token,
        IReadOnlyList<PostedField> filled,
        string? page,
        string? referrer,
        bool isUnsent = false
    )
    {
        var words = FormWords.For(form.Form.Language);
        var html = new StringBuilder(8192);
        if (isUnsent)
            html.Append($"<div class=\"sum quiet\" role=\"alert\" tabindex=\"-1\" autofocus><h2>{E(words.NotSentYet)}</h2></div>");
        html.Append($"<h1>{E(form.Form.Name)}</h1>");
        if (SiteOf(form)?.Intro is { Length: > 0 } intro)
            html.Append($"<p class=\"intro\">{E(intro)}</p>");
        Fields(html, form, words, filled, [], [(FillTime.FieldName, token), ("_page", page), ("_referrer", referrer)]);
        return Page(form, form.Form.Name!, html);
    }

    /// <summary>The form with what was typed and what is wrong with it.</summary>
    public static VisitorPage AfterRefusal(PlannedForm form, FormPost post, Submission entry, StepResult.Stop stop)
    {
        var words = FormWords.For(form.Form.Language);
        var wrong = entry.Errors.Where(e => form.Field(e.Field) is { Definition.Kind: not FormFieldKind.Hidden }).ToList();
        var html = new StringBuilder(8192);
        StartSummary(html, words.ThereIsAProblem, quiet: false);
        if (wrong.Count > 0)
            html.Append("<ul>")
                .AppendJoin(
                    "",
                    wrong.Select(e =>
                        $"<li><a href=\"#{IdOf(form, e.Field)}\">{E(form.Field(e.Field)!.Label)}</a>: <bdi>{E(Message(e, form, words))}</bdi></li>"
                    )
                )
                .Append("</ul>");
        var hidden = entry.Errors.Where(e => e.Field.Length > 0 && !wrong.Contains(e)).ToList();
        if (wrong.Count + hidden.Count == 0)
            html.Append($"<p>{E(words.Of(stop.Reason))}</p>");
        // What is wrong with a hidden field is the page's fault, and nobody can mend it here.
        if (hidden.Count > 0)
            html.Append($"<p>{E(words.OwnFault)}</p>");
        html.Append("</div>");
        AddForm(html, form, words, post, entry);
        return Page(form, $"{words.Error}: {form.Form.Name}", html);
    }

    /// <summary>The form with what was typed: nothing of it could be kept just now.</summary>
    /// <param name="entry">Only its pages are known.</param>
    public static VisitorPage NotKept(PlannedForm form, FormPost post, Submission entry, bool limited, int seconds)
    {
        var (own, words) = (FormWords.For(form.Form.Language), VisitorWords.For(form.Form.Language));
        var title = limited ? words.Limited : words.Unavailable;
        var html = new StringBuilder(8192);
        StartSummary(html, title, quiet: true);
        foreach (var sentence in words.About(limited, afterPost: true, seconds))
            html.Append($"<p>{E(sentence)}</p>");
        html.Append("</div>");
        AddForm(html, form, own, post, entry);
        return Page(form, $"{own.Error}: {title}", html);
    }

    /// <summary>What a form that takes nothing any more says to who has written already: it is theirs, to be copied.</summary>
    public static VisitorPage ClosedMeanwhile(PlannedForm form, FormPost post)
    {
        var words = VisitorWords.For(form.Form.Language);
        var html = new StringBuilder(2048).Append(
            $"<div role=\"alert\" tabindex=\"-1\" autofocus><h1>{E(words.Closed)}</h1><p class=\"text\">{E(words.NotSent)}</p></div>"
        );
        AddTyped(
            html,
            words,
            form.Fields.Where(f => f.Definition.Kind != FormFieldKind.Hidden).Select(f => (f.Label, form.Posted(post, f)))
        );
        return Page(form, words.Closed, html).AddWayBack();
    }

    /// <summary>What was typed for a form that is not there.</summary>
    public static void AddTyped(VisitorPage page, VisitorWords words, FormPost post)
    {
        var html = new StringBuilder(2048);
        html.Append($"<p class=\"text\">{E(words.NotSent)}</p>");
        AddTyped(
            html,
            words,
            post.Fields.Where(f => !KeptPost.IsControl(f.Name)).Take(64).Select(f => (f.Name, (IReadOnlyList<string>)f.Values))
        );
        page.Add(html.ToString());
    }

    static void AddTyped(StringBuilder html, VisitorWords words, IEnumerable<(string Label, IReadOnlyList<string> Values)> typed)
    {
        var said = typed.Where(one => one.Values.Any(value => value.Length > 0)).ToList();
        if (said.Count == 0)
            return;
        html.Append($"<section class=\"field\"><h2>{E(words.Typed)}</h2><dl class=\"kept\">");
        foreach (var (label, values) in said)
            html.Append($"<dt><bdi>{E(label)}</bdi></dt><dd><bdi>{E(string.Join(", ", values))}</bdi></dd>");
        html.Append("</dl></section>");
    }

    /// <summary>Focus starts where the problem is said, also without script: a screen reader says an alert of a new page only
    /// then.</summary>
    static void StartSummary(StringBuilder html, string title, bool quiet) =>
        html.Append(
            $"<div class=\"{(quiet ? "sum quiet" : "sum")}\" role=\"alert\" aria-labelledby=\"problem\" tabindex=\"-1\" autofocus><h2 id=\"problem\">{E(title)}</h2>"
        );

    static void AddForm(StringBuilder html, PlannedForm form, FormWords words, FormPost post, Submission entry)
    {
        BackLink(html, form, entry);
        html.Append($"<h1>{E(form.Form.Name)}</h1>");
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
    }

    static IEnumerable<(string Name, string? Value)> Unknown(PlannedForm form, FormPost post)
    {
        var names = form.Unknown(post).ToHashSet(StringComparer.Ordinal);
        return post.Fields.Where(f => names.Contains(f.Name)).SelectMany(f => f.Values.Select(v => (f.Name, (string?)v)));
    }

    /// <summary>The visitor has left a site for a page that looks like nothing he knows: it says whose form this is, and leads
    /// back.</summary>
    static void BackLink(StringBuilder html, PlannedForm form, Submission entry)
    {
        if (
            entry.Page is not { } page
            || !Uri.TryCreate(page, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            // From our own page of the form there is no way back to it.
            || uri.AbsolutePath == $"/forms/{form.Form.Key}"
        )
            return;
        var site = SiteOf(form)?.Name;
        var words = VisitorWords.For(form.Form.Language);
        html.Append(
            $"<p class=\"help way\"><a href=\"{E(page)}\"><bdi>{E(words.BackTo)} <bdi>{E(string.IsNullOrEmpty(site) ? uri.Host : site)}</bdi></bdi></a></p>"
        );
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
        // The rarer of the two is marked; a form that needs nothing, or all, marks nothing.
        var shown = form.Fields.Where(f => f.Definition.Kind != FormFieldKind.Hidden).ToList();
        var needed = shown.Count(f => f.Required);
        var marks = new Marks(
            shown.Count - needed < needed ? "" : words.Needed,
            shown.Count - needed < needed ? words.Optional : "",
            FormLanguages.IsRightToLeft(form.Form.Language)
        );
        // The server says what is wrong, for all fields at once and in words that stay; the browser's bubbles would come before it.
        html.Append($"<form method=\"post\" action=\"/f/{E(form.Form.Key)}\" accept-charset=\"utf-8\" novalidate>");
        for (var i = 0; i < form.Fields.Count; i++)
            Input(
                html,
                form.Fields[i],
                form,
                "f" + i,
                words,
                marks,
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
        html.Append($"<button class=\"b go\" type=\"submit\">{E(words.Send)}</button></form>");
    }

    /// <param name="Needed">Beside fields that must be filled in; empty: nothing.</param>
    /// <param name="Optional">Beside the others.</param>
    readonly record struct Marks(string Needed, string Optional, bool RightToLeft);

    static void Input(
        StringBuilder html,
        PlannedField field,
        PlannedForm form,
        string id,
        FormWords words,
        Marks marks,
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
            : $"<p class=\"error\" id=\"{id}-error\"><span class=\"sr\">{E(words.Error)}: </span><bdi>{E(Message(error, form, words))}</bdi></p>";
        var described = (help.Length, wrong.Length) switch
        {
            (0, 0) => "",
            (_, 0) => $" aria-describedby=\"{id}-help\"",
            (0, _) => $" aria-describedby=\"{id}-error\"",
            _ => $" aria-describedby=\"{id}-help {id}-error\"",
        };
        var invalid = error is null ? "" : " aria-invalid=\"true\"";
        var mark = field.Required ? marks.Needed : marks.Optional;
        var optional = mark.Length == 0 ? "" : $" <span class=\"soft\">({E(mark)})</span>";
        // Addresses and numbers are written from left to right everywhere.
        var direction =
            marks.RightToLeft && said.Kind is FormFieldKind.Email or FormFieldKind.Phone or FormFieldKind.Url ? " dir=\"ltr\"" : "";
        var autocomplete = !string.IsNullOrEmpty(said.Autocomplete) ? said.Autocomplete : Autocomplete.GetValueOrDefault(said.MapsTo ?? "");
        var attributes =
            $" id=\"{id}\" name=\"{E(said.Name)}\"{(field.Required ? " required aria-required=\"true\"" : "")}{invalid}{described}"
            + direction
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

    /// <param name="sent">What they sent, while their browser may see it; null: only that it arrived.</param>
    public static VisitorPage Thanks(PlannedForm form, FormPost? sent = null)
    {
        var words = FormWords.For(form.Form.Language);
        var said = form.Form.ThankYou.Message;
        var html = new StringBuilder(1024)
            .Append(
                "<svg class=\"tick\" viewBox=\"0 0 56 56\" aria-hidden=\"true\"><circle cx=\"28\" cy=\"28\" r=\"26\"/><path d=\"M17 29l8 8 15-17\"/></svg>"
            )
            .Append($"<div role=\"status\"><h1>{E(words.ThankYou)}</h1>")
            .Append($"<p class=\"text\">{E(said == ThankYou.Usual ? words.Arrived : said)}</p></div>");
        if (sent is not null)
            AddSent(html, form, sent);
        return Page(form, words.ThankYou, html).AddWayBack();
    }

    /// <summary>Where the answer goes, and what was sent: who mistyped their address sees it here.</summary>
    static void AddSent(StringBuilder html, PlannedForm form, FormPost sent)
    {
        var words = VisitorWords.For(form.Form.Language);
        var shown = form.Fields.Where(f => f.Definition.Kind != FormFieldKind.Hidden).ToList();
        var address = shown
            .Where(f => (f.ShortPath ?? f.Target?.Text) == "email")
            .SelectMany(f => form.Posted(sent, f))
            .FirstOrDefault(text => EmailAddress.TryNormalise(text, out _, out _, out _));
        if (address is not null)
            html.Append(
                $"<p class=\"text\">{string.Format(CultureInfo.InvariantCulture, E(words.WeReply), $"<bdi dir=\"ltr\">{E(address.Trim())}</bdi>")}</p>"
            );
        var rows = new StringBuilder(1024);
        foreach (var field in shown)
        {
            var isBox = field.Definition.Kind is FormFieldKind.Consent or FormFieldKind.Boolean;
            var values = form.Posted(sent, field)
                .Where(text => text.Trim().Length > 0 && !(isBox && BooleanValue.IsRefusal(text)))
                .ToList();
            if (values.Count > 0)
                rows.Append($"<dt><bdi>{E(field.Label)}</bdi></dt><dd><bdi>{(isBox ? "✓" : E(string.Join(", ", values)))}</bdi></dd>");
        }
        if (rows.Length > 0)
            html.Append($"<details class=\"sent\"><summary>{E(words.Sent)}</summary><dl class=\"kept\">{rows}</dl></details>");
    }

    /// <summary>Whose page it is.</summary>
    public static Site? SiteOf(PlannedForm form) => VisitorPages.SiteOf(form.Settings, site => site.Id == form.Form.Site);

    static VisitorPage Page(PlannedForm form, string title, StringBuilder html) =>
        new VisitorPage(title, form.Form.Language, SiteOf(form))
        {
            FormsLeadTo = RedirectHosts(form),
            Framers = [.. form.AllowedOrigins],
        }.Add(html.ToString());

    /// <summary>Browsers hold form-action against the redirect after a post too.</summary>
    static string RedirectHosts(PlannedForm form)
    {
        var hosts = form.AllowedOrigins.Concat(
            form.Form.AllowedRedirectHosts.Where(h => h.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':'))
        );
        if (form.Form.ThankYou.Redirect is { } redirect)
            hosts = hosts.Append(TextRules.OriginOf(new(redirect)));
        return string.Concat(hosts.Distinct().Select(h => " " + h));
    }

    /// <summary>By place and not by name: a name may have characters that an id must not have.</summary>
    static string IdOf(PlannedForm form, string name) => "f" + form.Fields.TakeWhile(f => f.Definition.Name != name).Count();

    static string Message(SubmissionError error, PlannedForm form, FormWords words) =>
        words.Of(error, form.Field(error.Field)!.Definition, () =>
            PhoneNumber.Example(form.Settings.For(ResourceType.Of<Lead>()).DefaultCountry, form.Form.Language)
        );

    static string E(string? text) => VisitorPage.Text(text);
}
