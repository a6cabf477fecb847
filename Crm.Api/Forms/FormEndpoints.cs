// The public form endpoints: a post comes in, three body types become one FormPost, SubmitForm judges it, and the visitor gets his answer.

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Links;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Forms;

public static class FormEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapPost("/f/{formKey}", Submit).WithMetadata(new PublicForm());
        app.MapMethods("/f/{formKey}", ["OPTIONS"], Preflight).WithMetadata(new PublicForm());
        app.MapMethods("/forms/{formKey}", ["GET", "HEAD"], ShowForm).WithMetadata(new PublicForm());
        app.MapMethods("/forms/{formKey}/thanks", ["GET", "HEAD"], ShowThanks).WithMetadata(new PublicForm());
    }

    static async Task Submit(HttpContext http)
    {
        if (http.Features.Get<PlannedForm>() is not { } form)
        {
            AllowPage(http);
            if (WantsPage(http.Request))
            {
                await Page(http, FormPage.Gone(), StatusCodes.Status404NotFound, null);
                return;
            }
            await Problems.Write(
                http,
                ProblemCodes.FormNotFound,
                "There is no form with this key.",
                [new("", "form_not_found", "There is no form with this key.")]
            );
            return;
        }
        // Said first, so that the page can read whatever the answer turns out to be, also "try again in a moment".
        if (form.Allows(OriginOf(http)))
            AllowPage(http);
        // The visitor may close the page at any time: what came is read to its end and stored all the same.
        var post = await FormBody.Read(http.Request, CancellationToken.None);
        var from = From(http, form, post);
        var receipt = await http.RequestServices.GetRequiredService<SubmitForm>().Run(form, post, from, CancellationToken.None);
        if (receipt.Repeated)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        if (receipt.Problem is { } problem)
            await Refuse(http, form, post, receipt.Submission, problem);
        else
            await Thank(http, form, post, receipt.Submission);
    }

    /// <summary>
    /// A preflight only asks whether a post may be sent. It may: a post of a page that is not allowed is kept as rejected, and lost
    /// otherwise.
    /// That goes for whatever headers tracing and login libraries add to a page's requests, and for credentials: a beacon of JSON is always
    /// sent with them, and there are none for us to look at.
    /// </summary>
    static Task Preflight(HttpContext http)
    {
        AllowPage(http);
        var headers = http.Response.Headers;
        var asked = http.Request.Headers.AccessControlRequestHeaders.ToString();
        headers.AccessControlAllowMethods = "POST, OPTIONS";
        headers.AccessControlAllowHeaders =
            asked.Length is > 0 and <= 1024 && asked.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ',' or ' ')
                ? asked
                : "content-type, accept, idempotency-key, x-requested-with, formspree-client, formspree-session-data";
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Lets the page read the answer. Never with credentials: a form key is all that is needed. An origin that no header can hold is not
    /// written back (browsers send punycode): it would cost the answer of a post that is stored.
    /// </summary>
    static void AllowPage(HttpContext http)
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 and <= 255 } origin] || origin.Any(c => c is < '!' or > '~'))
            return;
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlExposeHeaders = "RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed";
        http.Response.Headers.Append("Vary", "Origin");
    }

    // ---- What the request says about the visitor

    static PostOrigin From(HttpContext http, PlannedForm form, FormPost post)
    {
        var headers = http.Request.Headers;
        var address = http.Connection.RemoteIpAddress;
        return new(
            Page: Web(post.First("_page")) ?? Web(headers.Referer.ToString()),
            Referrer: Web(post.First("_referrer")),
            Origin: OriginOf(http),
            Ip: form.Form.KeepFullIp ? ClientAddress.Whole(address) : ClientAddress.Network(address),
            UserAgent: Cut(headers.UserAgent.ToString(), 512),
            AcceptLanguage: Cut(headers.AcceptLanguage.ToString(), 200),
            IdempotencyKey: PostKey(headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : post.First("_key")),
            Click: http.Request.Cookies[FollowLinkEndpoint.Cookie]
        );
    }

    /// <summary>The page's origin; null for our own hosted page and for servers, which send none. Without the header an old browser's
    /// Referer tells.</summary>
    static string? OriginOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        var text =
            headers.Origin.Count > 0 ? headers.Origin.ToString()
            : Uri.TryCreate(headers.Referer.ToString(), UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
                ? TextRules.OriginOf(page)
            : null;
        if (
            text is null
            || Uri.TryCreate(text, UriKind.Absolute, out var origin)
                && origin.Authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
        )
            return null;
        return Cut(text, 255);
    }

    /// <summary>A key of any length is a key: one that is too long or odd counts by its hash, for a visitor's post is never refused over
    /// it.</summary>
    static string? PostKey(string? key)
    {
        key = key?.Trim();
        if (string.IsNullOrEmpty(key))
            return null;
        return key.Length <= 255 && key.All(c => c is >= ' ' and <= '~')
            ? key
            : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    static string? Web(string? url) =>
        url is { Length: > 0 and <= 2048 } && TextRules.TryTidy(url, false, out var tidy, out _) && TextRules.IsWebAddress(tidy)
            ? tidy
            : null;

    static string? Cut(string text, int length)
    {
        if (!TextRules.TryTidy(TextRules.Cut(text, length), false, out var tidy, out _))
            return null;
        return tidy.Length == 0 ? null : tidy;
    }

    // ---- Answers

    /// <summary>JSON for scripts; a page or a redirect for a browser that posted the form itself.</summary>
    static bool WantsJson(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
        || request.Headers.XRequestedWith.Count > 0
        || !WantsPage(request)
            && (
                request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true
                // A script's fetch that says nothing of what it wants: a redirect would lead it to a page that it cannot read.
                || request.Headers["Sec-Fetch-Mode"] == "cors"
            );

    /// <summary>Every browser names HTML when it opens a page, and no script does by itself.</summary>
    static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    static async Task Thank(HttpContext http, PlannedForm form, FormPost post, Submission submission)
    {
        var wanted = post.First("_next");
        var next =
            wanted is not null && form.AllowsRedirect(wanted)
                ? wanted
                : form.Form.ThankYou.Redirect ?? Own(http, $"/forms/{form.Form.Key}/thanks");
        if (!WantsJson(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = new Uri(next).AbsoluteUri;
            return;
        }
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("id", submission.Id.Text<Submission>());
            // What we think of a visitor, and whether we knew him, is not told to him.
            if (http.Features.Get<Caller>() is not null)
            {
                writer.WriteString("verdict", Names.Camel(submission.Verdict.ToString()));
                if (submission.Reason is not null)
                    writer.WriteString("reason", submission.Reason);
                if (submission.Lead is { } lead)
                    writer.WriteString("lead", lead.Text<Lead>());
            }
            writer.WriteString("next", next);
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status201Created, body.WrittenMemory).Write(http);
    }

    static string Own(HttpContext http, string path) => $"{http.Request.Scheme}://{http.Request.Host}{path}";

    static async Task Refuse(HttpContext http, PlannedForm form, FormPost post, Submission submission, StepResult.Stop stop)
    {
        var code = ProblemCodes.All.GetValueOrDefault(stop.Reason, ProblemCodes.ValidationFailed);
        if (WantsJson(http.Request) || !WantsPage(http.Request))
        {
            await Problems.Write(http, code, stop.Message, [.. submission.Errors.Select(e => new FieldError(e.Field, e.Code, e.Message))]);
            return;
        }
        // A browser that posted without script: the page names the fields and keeps what was typed.
        await Page(http, FormPage.AfterRefusal(form, post, submission, stop), code.Status, form);
    }

    static async Task ShowForm(HttpContext http)
    {
        if (http.Features.Get<PlannedForm>() is { Form.Status: FormStatus.Published } form)
            await Page(
                http,
                FormPage.Fresh(
                    form,
                    FillTime.Of(http.RequestServices.GetRequiredService<Installation>()).Token(form.Form.Key),
                    Prefilled(http.Request, form),
                    OwnPage(http),
                    CameFrom(http)
                ),
                StatusCodes.Status200OK,
                form
            );
        else
            await Page(http, FormPage.Gone(), StatusCodes.Status404NotFound, null);
    }

    /// <summary>
    /// A link to the page may bring values along: <c>/forms/KEY?company=Silva&amp;product=roof</c>. Boxes are for the visitor to tick,
    /// and a link that ticks them is no consent.
    /// </summary>
    static List<PostedField> Prefilled(HttpRequest request, PlannedForm form) =>
        [
            .. form
                .Fields.Where(f =>
                    f.Definition.Kind is not (FormFieldKind.Consent or FormFieldKind.Boolean)
                    && request.Query.ContainsKey(f.Definition.Name!)
                )
                .Select(f => new PostedField(f.Definition.Name!, [.. request.Query[f.Definition.Name!].Select(v => Tidy(v ?? ""))])),
        ];

    static string Tidy(string text) => TextRules.TryTidy(text, true, out var tidy, out _) ? tidy : "";

    /// <summary>The address with its campaign parameters: the post says it again, for the page of a mended post is another one.</summary>
    static string? OwnPage(HttpContext http) => Web(Own(http, http.Request.Path.Value + http.Request.QueryString.Value));

    /// <summary>The page whose link led here; null when it is one of ours.</summary>
    static string? CameFrom(HttpContext http) =>
        Web(http.Request.Headers.Referer) is { } url
        && !new Uri(url).Authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? url
            : null;

    static async Task ShowThanks(HttpContext http)
    {
        // A script that asked for a page and was redirected here may read it.
        AllowPage(http);
        if (http.Features.Get<PlannedForm>() is { } form)
            await Page(http, FormPage.Thanks(form), StatusCodes.Status200OK, form);
        else
            await Page(http, FormPage.Gone(), StatusCodes.Status404NotFound, null);
    }

    static async Task Page(HttpContext http, string html, int status, PlannedForm? form)
    {
        var framers = form is null || form.AllowedOrigins.Count == 0 ? "'self'" : "'self' " + string.Join(' ', form.AllowedOrigins);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src '{FormPage.StyleHash}'; img-src data:; form-action 'self'{RedirectHosts(form)}; base-uri 'none'; frame-ancestors {framers}";
        var bytes = Encoding.UTF8.GetBytes(html);
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Browsers hold form-action against the redirect after a post too.</summary>
    static string RedirectHosts(PlannedForm? form)
    {
        if (form is null)
            return "";
        var hosts = form.AllowedOrigins.Concat(
            form.Form.AllowedRedirectHosts.Where(h => h.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':'))
        );
        if (form.Form.ThankYou.Redirect is { } redirect)
            hosts = hosts.Append(TextRules.OriginOf(new(redirect)));
        return string.Concat(hosts.Distinct().Select(h => " " + h));
    }
}
