// What an operator's collector is told: spans by route, the product's own counters, and nothing of a person or a key.

using Crm.Domain.Work;
using Crm.Tests.Faults;
using Crm.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace Crm.Tests.Startup;

[Collection(nameof(CommandsCollection))]
public sealed class TelemetryTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-telemetry-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static Task<CrmProcess> StartTelling(OtlpCollector collector, string database, params string[] settings) =>
        CrmProcess.StartWith(
            database,
            [$"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", .. settings]
        );

    /// <summary>A post, the list of leads and a visit of a page, then a stop; what was not yet sent is sent at the stop.</summary>
    static async Task<string> UseAndStop(CrmProcess crm)
    {
        using var form = new FormUrlEncodedContent([new("name", "Otília Silva"), new("email", "otilia@silva.example.org")]);
        using var post = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl) { Content = form };
        post.Headers.Add("Accept", "application/json");
        post.Headers.Add("User-Agent", "Zebrabrowser/7.0");
        using var answer = await crm.Http.SendAsync(post);
        ((int)answer.StatusCode).Should().Be(201, crm.Output);
        var leads = await crm.Get("/v1/leads?q=otilia");
        var lead = leads.Data.Single()!["id"]!.GetValue<string>();
        (await crm.Get($"/v1/leads/{lead}")).Status.Should().Be(200);
        await crm.Stop();
        crm.ExitCode.Should().Be(0, crm.Output);
        return lead;
    }

    [Fact]
    public async Task a_collector_hears_of_requests_by_route_and_of_the_products_own_counters_and_of_nobody()
    {
        await using var collector = await OtlpCollector.Start();
        await using var crm = await StartTelling(collector, Path.Combine(folder, "crm.db"));
        var formKey = crm.SubmitUrl.Segments[^1];

        var lead = await UseAndStop(crm);

        var post = collector.Spans.Single(span => span.Name == "POST /f/{formKey}");
        post.Source.Should().Be("Microsoft.AspNetCore");
        post.Resource.Should().Contain("service.name", "crm").And.ContainKey("service.version").And.ContainKey("service.instance.id");
        post.Attributes.Should()
            .Contain("http.route", "/f/{formKey}")
            .And.Contain("http.request.method", "POST")
            .And.Contain("http.response.status_code", "201");
        collector.Spans.Should().ContainSingle(span => span.Name == "GET /v1/leads/{id}");
        collector.Spans.Should().NotContain(span => span.Name.Contains("/health"), "who asks whether the product lives is no traffic");

        collector
            .Spans.Where(span => span.Source == CrmTraces.Name)
            .Select(span => span.Name)
            .Should()
            .Contain(["body_is_readable", "lead_is_known", "touch_is_attached", "commit"]);

        var taken = collector.Points.Single(point => point.Name == "crm.submissions");
        taken.Meter.Should().Be(CrmMetrics.Name);
        taken.Resource.Should().Contain("service.name", "crm");
        taken.Attributes.Should().Contain("verdict", "accepted");
        taken.Value.Should().Be(1);
        var steps = collector.Points.Where(point => point.Name == "crm.submit_form.steps").ToList();
        steps.Should().Contain(point => point.Attributes["outcome"] == "go_on").And.OnlyContain(point => point.Value == 1);
        collector
            .Points.Where(point => point.Name == "crm.submit_form.step.duration")
            .Select(point => point.Attributes["step"])
            .Should()
            .BeEquivalentTo(steps.Select(point => point.Attributes["step"]));
        collector
            .Points.Should()
            .Contain(point =>
                point.Name == "http.server.request.duration" && point.Attributes.GetValueOrDefault("http.route") == "/f/{formKey}"
            )
            .And.Contain(point => point.Meter == "System.Runtime");

        foreach (var secret in new[] { "otilia", "Otília", "Zebrabrowser", formKey, CrmServer.AdminKey, lead })
            collector.Holds(secret).Should().BeFalse($"'{secret}' is nothing for a collector");
    }

    [NeedsPostgresFact]
    public async Task on_postgresql_it_hears_of_the_databases_work_without_values_and_passwords()
    {
        var cluster = await PostgresCluster.Shared();
        var database = await cluster.NewDatabase();
        try
        {
            await using var collector = await OtlpCollector.Start();
            await using var crm = await StartTelling(collector, database);
            await UseAndStop(crm);

            collector.Spans.Should().Contain(span => span.Source == "Npgsql" && span.Attributes["db.system.name"] == "postgresql");
            collector
                .Points.Where(point => point.Meter == "Npgsql" && point.Attributes.ContainsKey("db.client.connection.pool.name"))
                .Select(point => point.Attributes["db.client.connection.pool.name"])
                .Distinct()
                .Should()
                .BeEquivalentTo("reads", "writes");
            foreach (var secret in new[] { "otilia", "Otília", "Username=", "Password=" })
                collector.Holds(secret).Should().BeFalse($"'{secret}' is nothing for a collector");
        }
        finally
        {
            await cluster.Drop(database);
        }
    }

    [Fact]
    public async Task a_service_name_of_the_operators_own_has_the_last_word()
    {
        await using var collector = await OtlpCollector.Start();
        await using var crm = await StartTelling(collector, Path.Combine(folder, "crm.db"), "--OTEL_SERVICE_NAME=crm-paris");
        await UseAndStop(crm);
        collector.Spans.Select(span => span.Resource["service.name"]).Distinct().Should().Equal("crm-paris");
    }

    [Fact]
    public async Task prometheus_asks_at_the_door_for_health_only_and_the_log_has_a_line_for_each_request_if_asked()
    {
        var door = new Uri($"http://127.0.0.1:{PostgresCluster.FreePort()}");
        await using var crm = await CrmProcess.StartWith(
            Path.Combine(folder, "crm.db"),
            $"--Crm:HealthUrls={door.OriginalString}",
            "--Logging:LogLevel:Crm.Requests=Debug",
            "--Crm:Log:Format=text"
        );
        using var posted = await crm.Http.PostAsync(crm.SubmitUrl, new FormUrlEncodedContent([new("email", "otilia@silva.example.org")]));
        ((int)posted.StatusCode).Should().Be(303, crm.Output);
        var metrics = await crm.Http.GetStringAsync(new Uri(door, "/metrics"));
        metrics
            .Should()
            .MatchRegex("crm_submissions_total\\{[^}]*verdict=\"accepted\"[^}]*\\} 1\n")
            .And.Contain("http_server_request_duration");
        metrics.Should().NotContain("otilia").And.NotContain(crm.SubmitUrl.Segments[^1]);
        (await crm.Get("/metrics")).Status.Should().Be(404, "strangers reach this door");
        (await crm.Http.GetStringAsync(new Uri(door, "/health/live"))).Should().MatchRegex("^alive\nversion: \\d+\\.\\d+\\.\\d+$");
        crm.Output.Should()
            .MatchRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z dbug: Crm\.Requests\[0\] POST /f/\{formKey\} 303 \d+\.\d ms");
        var key = crm.SubmitUrl.Segments[^1];
        crm.Output.Split('\n').Where(line => line.Contains("Crm.Requests")).Should().NotContain(line => line.Contains(key));
    }

    [Fact]
    public async Task without_an_endpoint_nothing_is_started()
    {
        await using var server = new CrmServer(null);
        await server.InitializeAsync();
        server.Services.GetService<TracerProvider>().Should().BeNull();
        server.Services.GetService<MeterProvider>().Should().BeNull();
        CrmMetrics.StepDuration.Enabled.Should().BeFalse("nobody listens, so nothing is measured");
    }
}
