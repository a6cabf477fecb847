// The report of marketing channels.

using Crm.Domain.Touches;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class ChannelsReport
{
    public static readonly ReportDefinition Definition = new("channels", "channel", "Channels")
    {
        Description = "marketing channel",
        By = Dimension.OfSource(SubjectPart.Channel),
        Columns = [.. SourceColumns.All, .. SourceColumns.Opened],
        // Most people come without one of our links.
        Order = Measures.Visitors,
        Drawn = [Measures.Visitors, Measures.Leads],
        Wording = ChannelNames.Of,
    };
}
