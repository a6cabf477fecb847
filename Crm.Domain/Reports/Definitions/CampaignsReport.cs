// The report of campaigns.

using Crm.Domain.Campaigns;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class CampaignsReport
{
    public static readonly ReportDefinition Definition = new("campaigns", "campaign", "Campaigns")
    {
        Description = "campaign; its cost is its own entries and those of its links",
        By = Dimension.OfSource<Campaign>(SubjectPart.Campaign),
        Columns = [.. SourceColumns.All, .. SourceColumns.Costs, .. SourceColumns.Shown, .. SourceColumns.Opened],
        Drawn = [Measures.Clicks, Measures.Leads],
    };
}
