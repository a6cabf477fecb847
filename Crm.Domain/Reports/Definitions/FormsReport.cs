// The report of forms.

using Crm.Domain.Forms;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class FormsReport
{
    public static readonly ReportDefinition Definition = new("forms", "form", "Forms")
    {
        Description = "form",
        By = Dimension.Of<Form>(Subject.Form),
        Columns =
        [
            new ReportColumn.Count("views", "Views", Measures.Views),
            new ReportColumn.Count("starts", "Starts", Measures.Starts),
            new ReportColumn.Count("submissions", "Submissions", Measures.Submissions),
            new ReportColumn.Count("accepted", "Accepted", Measures.Accepted),
            new ReportColumn.Rate("completion", "Completion", Measures.Submissions, Measures.Starts),
        ],
        Order = Measures.Submissions,
        Drawn = [Measures.Views, Measures.Starts, Measures.Submissions],
    };
}
