// Whole domains of tracked links: https://go.example.org/spring is the link "spring" of the workspace whose site has that linkDomain.

using Crm.Api.Security;
using Crm.Domain.Links;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Api.Links;

/// <summary>The request came to a domain of links: only those of its workspace are followed.</summary>
public sealed record LinkDomain(WorkspaceSettings Settings);

/// <summary>
/// Takes only what no route of ours has taken: a workspace that enters the product's own host as its domain reaches nothing of others with
/// it.
/// </summary>
public sealed class LinkDomains(RequestDelegate next, Installation installation, EndpointDataSource endpoints)
{
    Endpoint? follow;

    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint() is null
        && http.Request.Path.Value is { Length: > 1 and <= FindLink.Most } whole
        && whole.TrimEnd('/') is { Length: > 1 } path
        && path.IndexOf('/', 1) < 0
        && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            ? FollowIfKnown(http, path[1..])
            : next(http);

    async Task FollowIfKnown(HttpContext http, string slug)
    {
        if (
            await installation.Settings.FindOrLastSeen(
                KnownSite.ByLinkDomain,
                http.Request.Host.Host.ToLowerInvariant(),
                http.RequestAborted
            )
            is not { } settings
        )
        {
            await next(http);
            return;
        }
        http.SetEndpoint(follow ??= endpoints.Endpoints.First(endpoint => endpoint.Metadata.GetMetadata<PublicLink>() is not null));
        http.Request.RouteValues["slug"] = slug;
        http.Features.Set(new LinkDomain(settings));
        await next(http);
    }
}
