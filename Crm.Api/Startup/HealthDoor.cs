// A door of its own for whoever runs the process: addresses where only /health and /metrics answer, with connections of their own.

using System.Net;
using Crm.Domain.Stores;

namespace Crm.Api.Startup;

/// <summary>Kestrel counts the connections of each address that it listens at by itself, so strangers at the product's door take none of
/// these. Meant for an address that strangers do not reach.</summary>
/// <param name="ports">None: there is no such door, and /health answers where everything else does.</param>
public sealed class HealthDoor(IReadOnlyCollection<int> ports)
{
    public const string Variable = "Crm__HealthUrls";

    /// <summary>Where Prometheus asks.</summary>
    public static readonly PathString Metrics = "/metrics";

    public static bool IsWanted(IConfiguration settings) => !string.IsNullOrWhiteSpace(settings["Crm:HealthUrls"]);

    public bool Is(IPEndPoint? endpoint) => endpoint is not null && ports.Contains(endpoint.Port);

    public bool Exists => ports.Count > 0;

    public bool Is(ConnectionInfo connection) => ports.Contains(connection.LocalPort);

    /// <summary>Has Kestrel listen at <c>Crm__HealthUrls</c> too.</summary>
    public static HealthDoor Open(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var urls = (settings["Crm:HealthUrls"] ?? "").Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
        var ports = new List<int>();
        foreach (var url in urls)
        {
            // A plus and a star are all addresses of the machine, which no Uri can be.
            var text = url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != "http" || address.Port is 0)
                throw new StoreConfigurationException(
                    $"Crm__HealthUrls has the entry '{url}'; it must be an address such as http://127.0.0.1:5081."
                );
            ports.Add(address.Port);
        }
        if (ports.Count == 0)
            return new([]);
        if (settings.GetSection("Kestrel:Endpoints").Exists())
            for (var i = 0; i < urls.Length; i++)
                settings[$"Kestrel:Endpoints:Health{i}:Url"] = urls[i];
        else
        {
            var others = settings["urls"] is { Length: > 0 } said ? said : Server.DefaultUrl;
            if (others.Split(';').Any(one => Uri.TryCreate(one, UriKind.Absolute, out var taken) && ports.Contains(taken.Port)))
                throw new StoreConfigurationException("Crm__HealthUrls must be another port than the one that the product listens at.");
            builder.WebHost.UseUrls([.. others.Split(';'), .. urls]);
        }
        return new(ports);
    }
}

public static class HealthDoorRequests
{
    /// <summary>Nothing but /health and /metrics is served there, and /metrics nowhere else.</summary>
    public static void UseHealthDoor(this IApplicationBuilder app)
    {
        var door = app.ApplicationServices.GetRequiredService<HealthDoor>();
        if (!door.Exists)
            return;
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http =>
            door.Is(http.Connection) && http.Request.Path.Equals(HealthDoor.Metrics, StringComparison.OrdinalIgnoreCase)
        );
        app.Use(next =>
            http =>
            {
                if (!door.Is(http.Connection) || http.Request.Path.StartsWithSegments("/health"))
                    return next(http);
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );
    }
}
