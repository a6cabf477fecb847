// Logs, traces and metrics: structured, without personal data or keys; sent by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set,
// and metrics given to whoever asks at the door for health.

using System.Diagnostics;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Crm.Api.Startup;

public static class Telemetry
{
    /// <summary>What runs, as logs and traces name it.</summary>
    public static string Version { get; } = typeof(Telemetry).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>RFC 3339.</summary>
    const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        ConfigureLogs(builder.Logging, builder.Configuration);
        var isSent = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var isAsked = HealthDoor.IsWanted(builder.Configuration);
        if (!isSent && !isAsked)
            return;
        var telemetry = builder
            .Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .ConfigureResource(resource => resource.AddService("crm", serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(CrmMetrics.Name, "System.Runtime").AddAspNetCoreInstrumentation().AddNpgsqlInstrumentation();
                if (isSent)
                    metrics.AddOtlpExporter();
                if (isAsked)
                    metrics.AddPrometheusExporter();
            });
        if (isSent)
            telemetry.WithTracing(traces =>
                traces
                    // A load balancer asks every few seconds; nobody looks for that.
                    .AddAspNetCoreInstrumentation(requests => requests.Filter = http => !IsOperators(http.Request.Path))
                    .AddSource(CrmTraces.Name)
                    .AddNpgsql()
                    .AddProcessor(new WithoutAddresses())
                    .AddOtlpExporter()
            );
    }

    static bool IsOperators(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments(HealthDoor.Metrics);

    public static void ConfigureLogs(ILoggingBuilder logging, IConfiguration configuration)
    {
        // First, so that what the settings say of the same names has the last word.
        logging.SetMinimumLevel(LogLevel.Information);
        // A line for each request would write people's searches and ids into the log.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // A start that failed is told by Main in one sentence; a worker that failed is told at the level above as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        // It would begin a trace at each request to write its id beside lines that are not written.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A person at a terminal reads lines; a collector reads JSON.
        var isJson = configuration["Crm:Log:Format"]?.ToLowerInvariant() switch
        {
            null or "" => Console.IsOutputRedirected,
            "json" => true,
            "text" => false,
            _ => throw new StoreConfigurationException("Crm__Log__Format must be json or text."),
        };
        if (isJson)
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, Timestamp));
        else
            logging.AddSimpleConsole(line => (line.SingleLine, line.UseUtcTimestamp, line.TimestampFormat) = (true, true, Timestamp + " "));
    }

    /// <summary>Route templates say what was asked for. Addresses have keys of forms and affiliates, slugs and ids in them, and stay
    /// here.</summary>
    sealed class WithoutAddresses : BaseProcessor<Activity>
    {
        static readonly string[] Told = ["url.path", "url.query", "url.full", "user_agent.original", "client.address"];

        public override void OnEnd(Activity span)
        {
            foreach (var name in Told)
                span.SetTag(name, null);
        }
    }
}
