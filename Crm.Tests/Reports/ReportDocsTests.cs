// The table of reports in the docs is what the definitions say.

using Crm.Domain;
using Crm.Domain.Values;
using Xunit;

namespace Crm.Tests.Reports;

public sealed class ReportDocsTests
{
    const string Head = "| name | a line for each | columns |\n| --- | --- | --- |\n";

    [Fact]
    public async Task the_table_in_the_docs_names_every_report_with_its_columns()
    {
        var file = Path.Combine(Repository.Root, "docs", "reports.md");
        var text = await File.ReadAllTextAsync(file);
        var start = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        var end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        var table = string.Concat(CrmCatalog.Standard.Reports.All.Select(Row));
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            await File.WriteAllTextAsync(file, text[..start] + table + text[end..]);
        text = await File.ReadAllTextAsync(file);
        text.Should().Contain(Head + table + "\n", "run this test once with CRM_APPROVE=1 after a change of a report");
    }

    static string Row(ReportDefinition report) =>
        $"| `{report.Name}` | {report.Description} | {string.Join(", ", report.Columns.Select(c => char.ToLowerInvariant(c.Label[0]) + c.Label[1..]))} |\n";
}
