// Adding a report costs its definition and one line in the catalog: this one exists only here, and every edge serves it.

using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Reports;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Reports;

public static class LanguagesReport
{
    static readonly Dimension Language = Dimension.Of('z');

    public static readonly ReportDefinition Definition = new("languages", "language", "What leads speak")
    {
        Description = "language of leads",
        By = Language,
        Columns = [new ReportColumn.Count("leads", "Leads", Measures.Leads)],
        Order = Measures.Leads,
        Drawn = [Measures.Leads],
        Counted = [Counting.Of<Lead>((lead, to) => to.Add(Language.Value(lead.Language ?? "-"), Measures.Leads))],
    };
}

public sealed class LanguagesServer : IAsyncLifetime
{
    public CrmServer Server { get; } = new(CrmCatalog.Standard.With(LanguagesReport.Definition));

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

public sealed class ThrowawayReportTests(LanguagesServer languages) : IClassFixture<LanguagesServer>
{
    [Fact]
    public async Task every_edge_serves_a_report_that_only_the_catalog_names()
    {
        var workspace = await languages.Server.NewWorkspace();
        foreach (var language in new[] { "pt-BR", "pt-BR", "de" })
            await workspace.Post("/v1/leads", new { lastName = "Silva", language });
        var report = await workspace.Get("/v1/reports/languages?interval=week");
        report
            .Data.Select(line => line!.ToJsonString())
            .Should()
            .Equal("""{"language":"pt-BR","leads":2}""", """{"language":"de","leads":1}""");
        report["series"]!.AsArray().Sum(part => part!["leads"]!.GetValue<int>()).Should().Be(3);
        (await workspace.Post("/graphql", new { query = """{ report(name: "languages", interval: "week") }""" }))["data"]!["report"]!
            .ToJsonString()
            .Should()
            .Be(report.Json!.ToJsonString());
        (await workspace.Get("/v1/reports/languages?format=csv")).Text.Should().StartWith("id,name,leads\r\n\"pt-BR\",\"\",2\r\n");
        (await workspace.Get("/v1/reports/languages?format=svg")).Text.Should().Contain("pt-BR: leads 2.").And.Contain("What leads speak");
        (await languages.Server.Http.GetStringAsync("/reports")).Should().Contain("What leads speak");
        JsonNode.Parse(await languages.Server.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!["/v1/reports/{name}"]!
            .ToJsonString()
            .Should()
            .Contain("\"languages\"");

        var (differences, product) = (new List<Difference>(), languages.Server.Services.GetRequiredService<Installation>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    [Fact]
    public void a_report_that_would_write_into_another_ones_counters_or_draw_what_it_does_not_have_is_refused()
    {
        var good = LanguagesReport.Definition;
        Refused(good with { Name = "links" });
        Refused(good with { By = Dimension.Of<Lead>('n') });
        Refused(good with { By = Dimension.Of('t') });
        Refused(good with { By = Dimension.Of('c') });
        Refused(good with { Drawn = [Measures.Clicks] });
        Refused(good with { Order = Measures.Clicks });

        static void Refused(ReportDefinition bad) =>
            FluentActions.Invoking(() => CrmCatalog.Standard.With(bad)).Should().Throw<ArgumentException>();
    }
}
