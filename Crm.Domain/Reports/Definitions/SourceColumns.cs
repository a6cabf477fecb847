// The columns of reports about what brought people, which several of them share.

using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

static class SourceColumns
{
    public static readonly IReadOnlyList<ReportColumn> All =
    [
        new ReportColumn.Count("clicks", "Clicks", Measures.Clicks),
        new ReportColumn.Count("robots", "Robots", Measures.Robots) { Minor = true },
        new ReportColumn.Count("uniqueVisitors", "Unique visitors", Measures.Visitors) { Minor = true },
        new ReportColumn.Count("leads", "Leads", Measures.Leads),
        new ReportColumn.Rate("leadRate", "Lead rate", Measures.Leads, Measures.Clicks),
        new ReportColumn.Count("customers", "Customers", Measures.Customers),
        new ReportColumn.Count("conversions", "Conversions", Measures.Conversions),
        new ReportColumn.Rate("conversionRate", "Conversion rate", Measures.Conversions, Measures.Clicks),
        new ReportColumn.Count("sales", "Sales", Measures.Sales),
        new ReportColumn.Money("revenue", "Revenue", Measures.Revenue),
    ];

    public static readonly IReadOnlyList<ReportColumn> Costs =
    [
        new ReportColumn.Money("cost", "Cost", Measures.Cost),
        new ReportColumn.Money("costPerLead", "Cost per lead", Measures.Cost, Measures.Leads),
        new ReportColumn.Return("return", "Return"),
    ];
}
