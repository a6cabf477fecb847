// The report of what came of everything together: the figures that somebody looks at first.

using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class OverviewReport
{
    public static readonly ReportDefinition Definition = new("overview", "overview", "Overview")
    {
        Description = "everybody together: people, what they became, and what came in and was spent",
        By = Dimension.OfSource(SubjectPart.None),
        Columns =
        [
            new ReportColumn.Count("visitors", "Visitors", Measures.Visitors),
            new ReportColumn.Count("leads", "Leads", Measures.Leads),
            new ReportColumn.Count("customers", "Customers", Measures.Customers),
            new ReportColumn.Money("revenue", "Revenue", Measures.Revenue),
            .. SourceColumns.Costs,
        ],
        Order = Measures.Visitors,
        Drawn = [Measures.Visitors, Measures.Leads, Measures.Customers],
        Drawing = Drawing.Funnel,
    };
}
