// The report of what part of the visitors became leads and customers.

using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class FunnelReport
{
    public static readonly ReportDefinition Definition = new("funnel", "funnel", "From visitor to customer")
    {
        Description = "everybody together: what part of each stage became the next",
        By = Dimension.OfSource(SubjectPart.None),
        Columns =
        [
            new ReportColumn.Count("visitors", "Visitors", Measures.Visitors),
            new ReportColumn.Count("leads", "Leads", Measures.Leads),
            new ReportColumn.Count("customers", "Customers", Measures.Customers),
            new ReportColumn.Rate("leadRate", "Visitors who became leads", Measures.Leads, Measures.Visitors),
            new ReportColumn.Rate("customerRate", "Leads who became customers", Measures.Customers, Measures.Leads),
        ],
        Order = Measures.Visitors,
        Drawn = [Measures.Visitors, Measures.Leads, Measures.Customers],
        Drawing = Drawing.Funnel,
    };
}
