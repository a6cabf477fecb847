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

    /// <summary>How often advertisements were shown, and what part of that was followed.</summary>
    public static readonly IReadOnlyList<ReportColumn> Shown =
    [
        new ReportColumn.Count("impressions", "Impressions", Measures.Impressions) { Minor = true },
        new ReportColumn.Rate("clickThroughRate", "Click-through rate", Measures.Clicks, Measures.Impressions),
    ];

    /// <summary>E-mails opened, by people and by programs that load every image.</summary>
    public static readonly IReadOnlyList<ReportColumn> Opened =
    [
        new ReportColumn.Count("opens", "Opens", Measures.Opens) { Minor = true },
        new ReportColumn.Count("robotOpens", "Opens by robots", Measures.RobotOpens) { Minor = true },
    ];

    public static readonly IReadOnlyList<ReportColumn> Costs =
    [
        new ReportColumn.Money("cost", "Cost", Measures.Cost),
        new ReportColumn.Money("costPerLead", "Cost per lead", Measures.Cost, Measures.Leads),
        new ReportColumn.Return("return", "Return"),
    ];
}
