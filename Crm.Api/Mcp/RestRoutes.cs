// A tool does what a REST address does, by being one of its requests inside the process: the same checks of the key, the same reading and
// writing, the same problems. Nothing of that is decided a second time here.

using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Work;

namespace Crm.Api.Mcp;

/// <summary>What is asked of a route.</summary>
/// <param name="Query">Names and values as behind the question mark.</param>
/// <param name="Body">JSON; null: none.</param>
public sealed record RestCall(
    RouteEndpoint Route,
    string Method,
    IReadOnlyDictionary<string, string>? Values = null,
    IReadOnlyList<KeyValuePair<string, string?>>? Query = null,
    ReadOnlyMemory<byte>? Body = null
)
{
    public string? IfMatch { get; init; }
    public string? IdempotencyKey { get; init; }
    public AsksForPlans? Plans { get; init; }
}

public sealed record RestReply(int Status, ReadOnlyMemory<byte> Body, string? ETag, string? RetryAfter)
{
    public bool IsProblem => Status >= StatusCodes.Status400BadRequest;
}

public sealed class RestRoutes
{
    readonly RequestDelegate run;
    readonly Lazy<IReadOnlyList<RouteEndpoint>> all;

    public RestRoutes(WebApplication app)
    {
        run = ((IApplicationBuilder)app)
            .New()
            .UseMiddleware<Problems>()
            .UseMiddleware<Access>()
            .Use(_ => http => http.GetEndpoint()!.RequestDelegate!(http))
            .Build();
        // Known when all routes are mapped, which is after this one is.
        all = new(() =>
            [
                .. app
                    .Services.GetRequiredService<EndpointDataSource>()
                    .Endpoints.OfType<RouteEndpoint>()
                    .Where(route => route.Metadata.GetMetadata<RestOperation>() is not null),
            ]
        );
    }

    static RestOperation Operation(RouteEndpoint route) => route.Metadata.GetMetadata<RestOperation>()!;

    static bool Takes(RouteEndpoint route, string method) => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method);

    static bool IsOfRecord(RouteEndpoint route) => route.RoutePattern.GetParameter("id") is not null;

    /// <summary>The route of an operation; null when the resource has none.</summary>
    public RouteEndpoint? Find(CatalogEntry entry, string name) => all.Value.FirstOrDefault(route => Is(route, entry, name));

    /// <summary>An operation that stands by itself and is no resource's own address, such as the reports'.</summary>
    public RouteEndpoint? Find(string name) => all.Value.FirstOrDefault(route => Operation(route).Name == name);

    /// <summary>A verb; of two with the same name the one on a record or the one on the list.</summary>
    public RouteEndpoint? FindVerb(CatalogEntry entry, string name, bool ofRecord) =>
        all.Value.FirstOrDefault(route => Is(route, entry, name) && Operation(route).Action is not null && IsOfRecord(route) == ofRecord);

    static bool Is(RouteEndpoint route, CatalogEntry entry, string name) =>
        Operation(route) is var operation && operation.Entry.Type == entry.Type && operation.Name == name;

    /// <summary>What can be read of one record besides itself, as JSON.</summary>
    public IEnumerable<(string Name, RouteEndpoint Route)> Parts(CatalogEntry entry) =>
        from route in all.Value
        let operation = Operation(route)
        where
            operation.Entry.Type == entry.Type
            && operation.Action is null
            && operation.Name is not "get"
            && IsOfRecord(route)
            && Takes(route, "GET")
            && route.Metadata.GetMetadata<Acceptable>()?.Types[0] == "application/json"
        select (operation.Name, route);

    /// <summary>Runs it as a request of the same key, from the same address.</summary>
    public async Task<RestReply> Run(HttpContext outer, RestCall call, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = outer.RequestServices, RequestAborted = cancel };
        http.Connection.RemoteIpAddress = outer.Connection.RemoteIpAddress;
        http.Connection.RemotePort = outer.Connection.RemotePort;
        var (request, asked) = (http.Request, outer.Request);
        (request.Method, request.Scheme, request.Host, request.Protocol) = (call.Method, asked.Scheme, asked.Host, asked.Protocol);
        request.RouteValues = new(
            (call.Values ?? new Dictionary<string, string>()).Select(v => KeyValuePair.Create(v.Key, (object?)v.Value))
        );
        request.Path = "/" + PathOf(call);
        request.QueryString = QueryString.Create(call.Query ?? []);
        request.Headers.Authorization = asked.Headers.Authorization;
        request.Headers.Accept = "application/json";
        if (call.IfMatch is not null)
            request.Headers.IfMatch = call.IfMatch;
        if (call.IdempotencyKey is not null)
            request.Headers["Idempotency-Key"] = call.IdempotencyKey;
        if (call.Body is { } sent)
        {
            request.Body = new MemoryStream(sent.ToArray(), writable: false);
            (request.ContentType, request.ContentLength) = ("application/json", sent.Length);
        }
        http.Response.Body = body;
        if (call.Plans is not null)
            http.Features.Set(call.Plans);
        http.SetEndpoint(call.Route);
        await run(http);
        await http.Response.CompleteAsync();
        var headers = http.Response.Headers;
        return new(http.Response.StatusCode, body.ToArray(), Text(headers.ETag), Text(headers.RetryAfter));
    }

    static string? Text(Microsoft.Extensions.Primitives.StringValues value) => value.Count == 0 ? null : value.ToString();

    static string PathOf(RestCall call)
    {
        var path = call.Route.RoutePattern.RawText!.TrimStart('/');
        foreach (var (name, value) in call.Values ?? new Dictionary<string, string>())
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return path;
    }
}
