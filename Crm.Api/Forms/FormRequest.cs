// A post at the door of a form, whichever tool's door it is: who may read the answer, where the visitor is, and the way to the entry.

using System.Security.Cryptography;
using System.Text;
using Crm.Api.Http;
using Crm.Api.Links;
using Crm.Api.Security;
using Crm.Api.Spooling;
using Crm.Domain.Budgets;
using Crm.Domain.Forms;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Forms;

/// <summary>What every door does the same, so that none of them can lose a post: the body is read to its end, or kept as far as it
/// came.</summary>
public sealed class FormRequest(HttpContext http, PlannedForm form)
{
    /// <summary>What is asked for most often when a page's request is not a simple one.</summary>
    const string UsualHeaders = "content-type, accept, idempotency-key, x-requested-with, formspree-client, formspree-session-data";

    public HttpContext Http => http;
    public PlannedForm Form => form;

    /// <summary>The page's origin; null for our own hosted page and for servers, which send none.</summary>
    public string? Origin { get; } = OriginOf(http);

    /// <summary>The visitor may close the page at any time: what came is read to its end, and stored all the same.</summary>
    public ValueTask<FormPost> Read() => FormBody.Read(http.Request, BodyHints.Of(form), CancellationToken.None);

    /// <summary>Has the post judged and stored, and marks the answer of one that was sent before.</summary>
    public async ValueTask<Receipt> Submit(FormPost post)
    {
        var (services, from) = (http.RequestServices, From(post));
        var (spool, id) = (services.GetRequiredService<Spool>(), services.GetRequiredService<Installation>().Ids.Next());
        Receipt receipt;
        if (spool.IsInUse)
            receipt = await spool.Keep(form, post, from, id);
        else
            try
            {
                receipt = await services.GetRequiredService<SubmitForm>().Run(form, post, from, CancellationToken.None, id);
            }
            catch (StoreUnavailableException away) when (spool.File is not null)
            {
                StoreOutage.Met(http, away);
                receipt = await spool.Keep(form, post, from, id);
            }
        if (receipt.Repeated)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        return receipt;
    }

    /// <summary>
    /// Whether a post over a limit is still kept: where what its workspace keeps of such entries is used up, it is counted. While the
    /// database is away nobody can say, and the spool takes it.
    /// </summary>
    public async ValueTask<bool> HasRoom()
    {
        var services = http.RequestServices;
        if (!Passage.IsOver(http) || services.GetRequiredService<Spool>().IsInUse)
            return true;
        try
        {
            if (await StorageUse.HasRoomForLimited(services.GetRequiredService<Installation>(), form.Settings, CancellationToken.None))
                return true;
            await services
                .GetRequiredService<CountUnstored>()
                .Run(
                    form.Settings,
                    new Submission { Form = form.Form.Id, Verdict = Verdict.Quarantined },
                    "submission",
                    human: true,
                    form.Text
                );
            return false;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    /// <summary>What the request says about the visitor.</summary>
    PostOrigin From(FormPost post)
    {
        var headers = http.Request.Headers;
        var address = http.Connection.RemoteIpAddress;
        return new(
            Page: Web(post.First("_page")) ?? Web(headers.Referer.ToString()),
            Referrer: Web(post.First("_referrer")),
            Origin: Origin,
            Ip: form.Form.KeepFullIp ? ClientAddress.Whole(address) : ClientAddress.Network(address),
            UserAgent: Cut(headers.UserAgent.ToString(), 512),
            AcceptLanguage: Cut(headers.AcceptLanguage.ToString(), 200),
            IdempotencyKey: PostKey(headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : post.First("_key")),
            Click: http.Request.Cookies[FollowLinkEndpoint.Cookie],
            Limited: Passage.IsOver(http)
        );
    }

    /// <summary>Without the header, or where it says nothing (<c>null</c>), the Referer may tell.</summary>
    static string? OriginOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        var text =
            headers.Origin.Count > 0 && headers.Origin != "null" ? headers.Origin.ToString()
            : Uri.TryCreate(headers.Referer.ToString(), UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
                ? TextRules.OriginOf(page)
            : null;
        text ??= headers.Origin.Count > 0 ? headers.Origin.ToString() : null;
        if (text is null || Uri.TryCreate(text, UriKind.Absolute, out var origin) && PublicUrl.IsOwn(http, origin.Authority))
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

    /// <summary>The address as it can be kept; null for what is none.</summary>
    public static string? Web(string? url) =>
        url is { Length: > 0 and <= 2048 } && TextRules.TryTidy(url, false, out var tidy, out _) && TextRules.IsWebAddress(tidy)
            ? tidy
            : null;

    static string? Cut(string text, int length)
    {
        if (!TextRules.TryTidy(TextRules.Cut(text, length), false, out var tidy, out _))
            return null;
        return tidy.Length == 0 ? null : tidy;
    }

    // ---- Pages of other origins

    /// <summary>
    /// Lets the page read the answer, also one that sends its requests with credentials, as many libraries do: there are none for us to
    /// look at, and without this line the page takes a stored post for a failed one and sends it again. An origin that no header can hold
    /// is not written back (browsers send punycode): it would cost the answer of a post that is stored.
    /// </summary>
    public static void AllowPage(HttpContext http)
    {
        if (http.Request.Headers.Origin is not [{ Length: > 0 and <= 255 } origin] || origin.Any(c => c is < '!' or > '~'))
            return;
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlAllowCredentials = "true";
        http.Response.Headers.AccessControlExposeHeaders = "RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed";
        http.Response.Headers.Append("Vary", "Origin");
    }

    /// <summary>
    /// A preflight only asks whether a post may be sent. It may: a post of a page that is not allowed is kept as rejected, and lost
    /// otherwise. That goes for whatever headers tracing and login libraries add to a page's requests, and for credentials: a beacon of
    /// JSON is always sent with them, and there are none for us to look at.
    /// </summary>
    public static Task Preflight(HttpContext http)
    {
        AllowPage(http);
        var headers = http.Response.Headers;
        var asked = http.Request.Headers.AccessControlRequestHeaders.ToString();
        headers.AccessControlAllowMethods = "POST, OPTIONS";
        headers.AccessControlAllowHeaders =
            asked.Length is > 0 and <= 1024 && asked.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ',' or ' ')
                ? asked
                : UsualHeaders;
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
