// Whole domains of tracked links: https://go.example.org/spring is the link "spring" of the workspace whose site has that linkDomain.

using Crm.Domain.Work;

namespace Crm.Api.Links;

/// <summary>Whose links the request's host leads to; only they are followed there.</summary>
public sealed record LinkDomain(WorkspaceSettings Settings);

/// <summary>
/// Takes only what no route of ours has taken: a workspace that enters the product's own host as its domain reaches nothing of others with it.
/// </summary>
public sealed class LinkDomains(RequestDelegate next, Installation installation, EndpointDataSource endpoints)
{
    Endpoint? follow;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is null && http.Request.Path.Value is { Length: > 1 and <= 61 } path && path.IndexOf('/', 1) < 0 && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            && await installation.Settings.LinkDomain(http.Request.Host.Host.ToLowerInvariant(), http.RequestAborted) is { } settings)
        {
            http.Features.Set(new LinkDomain(settings));
            http.Request.RouteValues["slug"] = path[1..];
            http.SetEndpoint(follow ??= endpoints.Endpoints.First(endpoint => endpoint.Metadata.GetMetadata<PublicLink>() is not null));
        }
        await next(http);
    }
}
