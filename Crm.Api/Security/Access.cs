// Whose workspace a request is about: an API key names it for the API, a form key for public endpoints. Nothing else ever does.

using Crm.Api.Http;
using Crm.Api.Spooling;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Security;

public sealed class Access(RequestDelegate next, Installation installation, RateLimits limits, Spool spool)
{
    static readonly ResourceType Submissions = ResourceType.Of<Submission>();

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata is not { } said)
            return next(http);
        var (needs, asks) = (said.GetMetadata<NeedsScope>(), said.GetMetadata<NeedsKey>());
        return needs is not null
            || asks is not null
            || said.GetMetadata<PublicForm>() is not null
            || said.GetMetadata<PublicTracker>() is { Tells: true }
                ? Look(http, said, needs, asks)
            : said.GetMetadata<PublicLink>() is not null ? LookForLink(http)
            : next(http);
    }

    /// <summary>Links are public: whoever knows one may follow it.</summary>
    async Task LookForLink(HttpContext http)
    {
        var (link, pasted) = await FindLink.Run(installation, http.Request.RouteValues["slug"] as string, CancellationToken.None);
        http.Features.Set(new FoundLink(link, pasted));
        await next(http);
    }

    async Task Look(HttpContext http, EndpointMetadataCollection said, NeedsScope? needs, NeedsKey? asks)
    {
        if (
            (needs is not null || asks is not null) && !(http.Request.Headers.Authorization.Count == 0 && asks?.Later?.Invoke(http) == true)
        )
        {
            var caller = await Identify(http);
            if (caller is null)
            {
                using var attempt = limits.FailedKey(http.Connection.RemoteIpAddress);
                if (!attempt.IsAcquired)
                {
                    await limits.Refuse(http, attempt);
                    return;
                }
                http.Response.Headers.WWWAuthenticate =
                    http.Request.Headers.Authorization.Count == 0
                        ? "Bearer realm=\"crm\""
                        : "Bearer realm=\"crm\", error=\"invalid_token\"";
                await Problems.Write(
                    http,
                    ProblemCodes.Unauthorized,
                    "Send an API key of this installation: Authorization: Bearer crm_sk_..."
                );
                return;
            }
            // A refusal is the caller's too: pages of the workspace's sites may read it.
            http.Features.Set(caller);
            if (needs is not null && !needs.IsMet(caller.Rights(needs.Type)))
            {
                http.Response.Headers.WWWAuthenticate =
                    $"Bearer realm=\"crm\", error=\"insufficient_scope\", scope=\"{needs.Plural}:{needs.Access}\"";
                await Problems.Write(http, ProblemCodes.InsufficientScope, $"The key needs the scope {needs.Plural}:{needs.Access}.");
                return;
            }
            if (
                http.Request.Headers.Accept is { Count: > 0 } accept
                && HttpMethods.IsGet(http.Request.Method)
                && said.GetMetadata<Acceptable>() is { } types
                && !types.By(accept)
            )
            {
                await Problems.Write(
                    http,
                    ProblemCodes.NotAcceptable,
                    $"Here is answered: {string.Join(", ", types.Types)}. Accept one of these, or */*."
                );
                return;
            }
        }
        else if (said.GetMetadata<PublicForm>() is not null)
        {
            if (http.Request.RouteValues["formKey"] is string { Length: <= 40 } key && await FindForm(http, key) is { } form)
                http.Features.Set(form);
            // A server that posts for its visitors may say who it is; it then hears more in the receipt.
            if (
                http.Request.Headers.Authorization.Count > 0
                && http.Features.Get<PlannedForm>() is { } known
                && !spool.IsInUse
                && await IdentifyUnlessAway(http) is { } caller
                && caller.Settings.Key == known.Settings.Key
                && caller.Rights(Submissions).MayRead
            )
                http.Features.Set(caller);
        }
        else if (said.GetMetadata<PublicTracker>() is { Tells: true } tracker)
        {
            var found =
                tracker.Named is not null ? await tracker.Named(installation, http)
                : http.Request.Query["site"] is [{ Length: > 0 and <= 40 } site]
                    ? await installation.Settings.FindOrLastSeen(KnownSite.ByKey, site, http.RequestAborted)
                : null;
            if (found is not null)
                http.Features.Set(found);
        }
        await next(http);
    }

    /// <summary>Who posts a form is a visitor while nobody can say more: the post is worth more than a longer receipt.</summary>
    async ValueTask<Caller?> IdentifyUnlessAway(HttpContext http)
    {
        try
        {
            return await Identify(http);
        }
        catch (StoreUnavailableException) when (spool.File is not null)
        {
            return null;
        }
    }

    /// <summary>While the database is away a post finds its form as it was last seen.</summary>
    async ValueTask<PlannedForm?> FindForm(HttpContext http, string key)
    {
        if (spool.IsInUse && await spool.Form(key) is { } kept)
            return kept;
        try
        {
            var form = await installation.Settings.Find(PlannedForm.ByKey, key, http.RequestAborted);
            if (form is null)
                spool.SawNone(key);
            else
                spool.Saw(key, form);
            return form;
        }
        catch (StoreUnavailableException)
        {
            if (await spool.Form(key) is { } seen)
                return seen;
            throw;
        }
    }

    /// <summary>The caller of a usable key; null for none, an unknown, a revoked or an expired one. Only the Authorization header
    /// counts.</summary>
    ValueTask<Caller?> Identify(HttpContext http) =>
        http.Request.Headers.Authorization is [var header] ? Identify(http, installation, header, http.RequestAborted) : default;

    /// <param name="value">As in the header: Bearer and the key.</param>
    public static async ValueTask<Caller?> Identify(HttpContext http, Installation installation, string? value, CancellationToken cancel)
    {
        if (value is not { Length: > 14 and < 300 } || !value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return null;
        var key = value.AsSpan(7).Trim();
        if (!key.StartsWith("crm_sk_"))
            return null;
        // Looked up by its hash: no comparison takes longer because a guess is nearly right.
        return
            await installation.Settings.Find(KnownKey.ByHash, ApiKey.HashOf(key.ToString()), cancel) is { } found
            && found.Key.IsUsable(installation.Clock.GetUtcNow())
            ? new(installation, found.Settings, found.Key, PublicUrl.Origin(http))
            : null;
    }
}
