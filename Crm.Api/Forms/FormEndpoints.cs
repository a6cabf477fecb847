// The product's own door for forms and its hosted pages: JSON for scripts, a page or a redirect for a browser that posted by itself.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Pages;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Forms;

public static class FormEndpoints
{
    static readonly FormDoor Door = new(Answer, NoForm) { NotKept = NotKept };

    public static void Map(WebApplication app)
    {
        // Bytes that could not be read are kept, and read again by members with what the reader has learned since.
        KeptPost.Reader = (raw, type, form) => FormBody.Parse(raw.Span, type, BodyHints.Of(form));
        app.MapFormDoor("/f/{formKey}", Door);
        foreach (var path in new[] { "/f/{formKey}", "/forms/{formKey}" })
            app.MapMethods(path, ["GET", "HEAD"], ShowForm)
                .WithMetadata(new PublicForm(), new ForVisitors())
                .RequireRateLimiting(Doors.Page);
        // POST too: curl -L keeps the method when it follows a redirect.
        app.MapMethods("/forms/{formKey}/thanks", ["GET", "HEAD", "POST"], ShowThanks).WithMetadata(new PublicForm(), new ForVisitors());
        app.MapMethods("/logos/{siteKey}", ["GET", "HEAD"], ShowLogo).RequireRateLimiting(Doors.Page).ExcludeFromDescription();
    }

    static Task Answer(FormRequest request, FormPost post, Receipt receipt) =>
        receipt.Problem is { } problem
            ? Refuse(request.Http, request.Form, post, receipt.Submission, problem)
            : Thank(request.Http, request.Form, post, receipt);

    static async Task NoForm(HttpContext http)
    {
        if (!WantsPage(http.Request))
        {
            await Problems.Write(
                http,
                ProblemCodes.FormNotFound,
                "There is no form with this key.",
                [new("", "form_not_found", "There is no form with this key.")]
            );
            return;
        }
        // Nothing of it is kept: the visitor gets it back.
        var post = await FormBody.Read(http.Request, BodyHints.None, http.RequestAborted);
        await VisitorPages.NotFound(http, more: (page, words) => FormPage.AddTyped(page, words, post));
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

    static bool WantsPage(HttpRequest request) => ForVisitors.WantsPage(request);

    static async Task Thank(HttpContext http, PlannedForm form, FormPost post, Receipt receipt)
    {
        var submission = receipt.Submission;
        var wanted = post.First("_next");
        var elsewhere = wanted is not null && form.AllowsRedirect(wanted) ? wanted : form.Form.ThankYou.Redirect;
        var next = elsewhere ?? PublicUrl.Of(http, $"/forms/{form.Form.Key}/thanks");
        if (!WantsJson(http.Request))
        {
            if (elsewhere is null && !receipt.IsSpooled)
            {
                var options = SentOptions(http, form);
                options.MaxAge = ReceiptToken.Holds;
                http.Response.Cookies.Append(SentCookie, SentToken(http, form, submission), options);
            }
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
            if (http.Features.Get<Caller>() is not null && !receipt.IsSpooled)
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
        // Stored, and not judged yet: that comes when the database is back.
        await new Answer(receipt.IsSpooled ? StatusCodes.Status202Accepted : StatusCodes.Status201Created, body.WrittenMemory).Write(http);
    }

    static async Task Refuse(HttpContext http, PlannedForm form, FormPost post, Submission submission, StepResult.Stop stop)
    {
        var code = ProblemCodes.All.GetValueOrDefault(stop.Reason, ProblemCodes.ValidationFailed);
        if (WantsJson(http.Request) || !WantsPage(http.Request))
        {
            await Problems.Write(http, code, stop.Message, [.. submission.Errors.Select(e => new FieldError(e.Field, e.Code, e.Message))]);
            return;
        }
        // A browser that posted without script: the page names the fields and keeps what was typed.
        if (code == ProblemCodes.FormClosed)
            await FormPage.ClosedMeanwhile(form, post).Write(http, StatusCodes.Status410Gone);
        else
            await FormPage.AfterRefusal(form, post, submission, stop).Write(http, code.Status);
    }

    /// <summary>Nothing was kept: a browser gets what was typed once more, with the button and when to press it.</summary>
    static Task NotKept(FormRequest request, FormPost post, ProblemCode code, int seconds)
    {
        var http = request.Http;
        if (WantsJson(http.Request) || !WantsPage(http.Request))
            return FormDoor.SayNotKept(request, post, code, seconds);
        var entry = new Submission
        {
            Page = FormRequest.Web(post.First("_page")) ?? FormRequest.Web(http.Request.Headers.Referer),
            Referrer = FormRequest.Web(post.First("_referrer")),
        };
        return FormPage.NotKept(request.Form, post, entry, code == ProblemCodes.RateLimited, seconds).Write(http, code.Status);
    }

    /// <summary>The hosted page. At the address for posts it is what a form without <c>method="post"</c> leads to: nothing is sent by
    /// asking for a page, so it shows what was typed, says so, and has the button.</summary>
    static async Task ShowForm(HttpContext http)
    {
        if (Passage.IsOver(http))
        {
            var limits = http.RequestServices.GetRequiredService<RateLimits>();
            var seconds = limits.Refused(http, limits.After(http));
            if (WantsPage(http.Request))
                await VisitorPages.Limited(http, seconds);
            else
                await Problems.Write(
                    http,
                    ProblemCodes.RateLimited,
                    $"Try again in {seconds} seconds.",
                    [new("", "rate_limited", $"Too many requests; try again in {seconds} seconds.")]
                );
            return;
        }
        switch (http.Features.Get<PlannedForm>())
        {
            case { Form.Status: FormStatus.Published } form:
                await FormPage
                    .Fresh(
                        form,
                        SignedTime(http, form),
                        Prefilled(http.Request, form),
                        OwnPage(http),
                        CameFrom(http),
                        isUnsent: http.Request.Path.StartsWithSegments("/f") && http.Request.Query.Count > 0
                    )
                    .Write(http, StatusCodes.Status200OK);
                break;
            case { Form.Status: FormStatus.Closed } form:
                await VisitorPages.Closed(http, FormPage.SiteOf(form), form.Form.Language);
                break;
            default:
                await VisitorPages.NotFound(http);
                break;
        }
    }

    /// <summary>The time of showing; null where the key that signs it could not be read yet: a page without it says nothing about
    /// that.</summary>
    static string? SignedTime(HttpContext http, PlannedForm form)
    {
        try
        {
            return FillTime.Of(http.RequestServices.GetRequiredService<Installation>()).Token(form.Form.Key);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
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
    static string? OwnPage(HttpContext http) =>
        FormRequest.Web(PublicUrl.Of(http, http.Request.Path.Value + http.Request.QueryString.Value));

    /// <summary>The page whose link led here; null when it is one of ours.</summary>
    static string? CameFrom(HttpContext http) =>
        FormRequest.Web(http.Request.Headers.Referer) is { } url && !PublicUrl.IsOwn(http, new Uri(url).Authority) ? url : null;

    static async Task ShowThanks(HttpContext http)
    {
        // A script that asked for a page and was redirected here may read it.
        FormRequest.AllowPage(http);
        if (http.Features.Get<PlannedForm>() is { } form)
            await FormPage.Thanks(form, await Sent(http, form)).Write(http, StatusCodes.Status200OK);
        else
            await VisitorPages.NotFound(http);
    }

    // ---- What was sent, shown once

    const string SentCookie = "crm_sent";

    static string SentToken(HttpContext http, PlannedForm form, Submission entry) =>
        ReceiptToken.Of(http.RequestServices.GetRequiredService<Installation>(), form.Form.Key, entry.Id);

    static CookieOptions SentOptions(HttpContext http, PlannedForm form) =>
        new()
        {
            Path = $"/forms/{form.Form.Key}/thanks",
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
        };

    /// <summary>What the browser that is asking has sent just now. Shown once: the next person at this screen does not see it.</summary>
    static async ValueTask<FormPost?> Sent(HttpContext http, PlannedForm form)
    {
        if (http.Request.Cookies[SentCookie] is not { } token)
            return null;
        if (!HttpMethods.IsHead(http.Request.Method))
            http.Response.Cookies.Delete(SentCookie, SentOptions(http, form));
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (ReceiptToken.Read(http.RequestServices.GetRequiredService<Installation>(), form.Form.Key, token) is not { } id)
                return null;
            var type = ResourceType.Of<Submission>();
            var row = await form.Settings.Store.Get(type.Collection, id, http.RequestAborted);
            return row is { } there && type.FromRow<Submission>(there) is var entry && entry.Form == form.Form.Id
                ? KeptPost.Again(entry, form).Post
                : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The picture in a site's record. Its address changes with the record.</summary>
    static async Task ShowLogo(HttpContext http)
    {
        if (Passage.IsOver(http))
        {
            var limits = http.RequestServices.GetRequiredService<RateLimits>();
            limits.Refused(http, limits.After(http));
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        var settings = http.RequestServices.GetRequiredService<Installation>().Settings;
        var known = await settings.Find(KnownSite.ByKey, (string)http.Request.RouteValues["siteKey"]!, http.RequestAborted);
        if (known is null || SiteLogo.Read(known.Site) is not { } logo)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var response = http.Response;
        response.ContentType = logo.MediaType;
        response.ContentLength = logo.Bytes.Length;
        response.Headers.CacheControl = "public, max-age=86400";
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(logo.Bytes);
    }
}
