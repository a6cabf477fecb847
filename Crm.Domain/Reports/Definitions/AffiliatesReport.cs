// The report of affiliates.

using Crm.Domain.Affiliates;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class AffiliatesReport
{
    public static readonly ReportDefinition Definition = new("affiliates", "affiliate", "Affiliates")
    {
        Description = "affiliate",
        By = Dimension.OfSource<Affiliate>(SubjectPart.Affiliate),
        Columns = [.. SourceColumns.All, new ReportColumn.Money("commission", "Commission", Measures.Commission), .. SourceColumns.Shown],
        Drawn = [Measures.Clicks, Measures.Leads],
    };
}
