// How Kestrel listens: the address, and the limits that hold before any of our code runs.

using Crm.Api.Limiting;

namespace Crm.Api.Startup;

public static class Server
{
    /// <summary>Where it listens unless --urls, ASPNETCORE_URLS or Kestrel's own configuration says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public const int MostConnections = 10_000;

    public static void Configure(WebApplicationBuilder builder, CrmOptions options)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultUrl);
        var health = HealthDoor.Open(builder);
        builder.Services.AddSingleton(health).AddSingleton<UntrustedProxy>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections; // of each door
            if (options.RateLimits)
            {
                var open = new OpenConnections(options.Limits.Connections, options.TrustedProxies);
                kestrel.ConfigureEndpointDefaults(endpoint =>
                {
                    if (!health.Is(endpoint.IPEndPoint))
                        endpoint.Use(open.Limit);
                });
            }
            // Wider than RequestRules' limits, which answer with a problem that says so; these only end the connection.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 200;
            // Far above what any route takes: Kestrel then reads on behind our answer, and the caller hears it; past this it cuts the
            // connection.
            kestrel.Limits.MaxRequestBodySize = 32 * 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        });
        // Handing an answer to a queue of its own before it is sent costs more than sending it, and nothing here blocks the thread that
        // reads.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        // What was accepted is finished; a client that does not read may not hold up a stop for ever.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }
}
