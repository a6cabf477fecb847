// The report of links and advertisements.

using Crm.Domain.Links;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class LinksReport
{
    public static readonly ReportDefinition Definition = new("links", "link", "Links and ads")
    {
        Description = "link or advertisement",
        By = Dimension.OfSource<Link>(SubjectPart.Link),
        Columns = [.. SourceColumns.All, .. SourceColumns.Costs, .. SourceColumns.Shown],
        Drawn = [Measures.Clicks, Measures.Leads],
    };
}
