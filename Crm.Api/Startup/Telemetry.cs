// Logs, traces and metrics: structured, without personal data or keys; sent by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set.

using Crm.Domain.Work;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Crm.Api.Startup;

public static class Telemetry
{
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        ConfigureLogs(builder.Logging, builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService("crm", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
        // The framework's own meters and activities are enough; route templates, not addresses, name the spans.
        builder.Services.AddSingleton(_ =>
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(CrmMetrics.Name, "Microsoft.AspNetCore")
                .AddOtlpExporter()
                .Build()
        );
        builder.Services.AddSingleton(_ =>
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(CrmMetrics.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddOtlpExporter()
                .Build()
        );
        builder.Services.AddHostedService<Exporting>();
    }

    public static void ConfigureLogs(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (configuration.GetSection("Logging:LogLevel").GetChildren().Any() is false)
        {
            logging.SetMinimumLevel(LogLevel.Information);
            // A line for each request would write people's searches and ids into the log.
            logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
            // A start that failed is told by Main in one sentence; a worker that failed is told at the level above as well.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        }
        // It would begin a trace at each request to write its id beside lines that are not written.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A person at a terminal reads lines; a collector reads JSON.
        if (Console.IsOutputRedirected)
            logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        else
            logging.AddSimpleConsole(line => line.SingleLine = true);
    }

    /// <summary>Makes the providers at start and flushes them at stop.</summary>
    sealed class Exporting(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel)
        {
            traces.ForceFlush(3000);
            metrics.ForceFlush(3000);
            return Task.CompletedTask;
        }
    }
}
