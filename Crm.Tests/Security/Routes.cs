// The routes of the running product, for tests that must miss none.

using Crm.Api.Rest;
using Crm.Api.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Tests.Security;

/// <summary>A route and method that needs an API key.</summary>
sealed record KeyRoute(HttpMethod Method, string Pattern, NeedsScope Needs, RestOperation? Operation)
{
    public string At(string id) => Pattern.Replace("{id}", id, StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";
}

static class Routes
{
    public static IReadOnlyList<RouteEndpoint> All(CrmServer server) =>
        [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static IReadOnlyList<KeyRoute> WithKey(CrmServer server) =>
        [
            .. from route in All(server)
            let needs = route.Metadata.GetMetadata<NeedsScope>()
            where needs is not null
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select new KeyRoute(new(method), route.RoutePattern.RawText!, needs, route.Metadata.GetMetadata<RestOperation>()),
        ];
}
