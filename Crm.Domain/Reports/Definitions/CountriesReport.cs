// The report of the countries that leads are in.

using Crm.Domain.Leads;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Reports.Definitions;

public static class CountriesReport
{
    const string Unknown = "-";

    static readonly Dimension Country = Dimension.Of('n');

    public static readonly ReportDefinition Definition = new("countries", "country", "Countries")
    {
        Description = "country of leads: that of the address, else of the primary phone's country code, else `-`",
        By = Country,
        Columns =
        [
            new ReportColumn.Count("leads", "Leads", Measures.Leads),
            new ReportColumn.Count("customers", "Customers", Measures.Customers),
            new ReportColumn.Rate("conversionRate", "Conversion rate", Measures.Customers, Measures.Leads),
        ],
        Order = Measures.Leads,
        Drawn = [Measures.Leads, Measures.Customers],
        Wording = code => code == Unknown ? "Not known" : CountryName.Of(code),
        Counted =
        [
            Counting.Of<Lead>(
                (lead, to) =>
                {
                    var country = Country.Value(lead.Address?.Country ?? PhoneNumber.CountryOf(lead.Phone) ?? Unknown);
                    to.Add(country, Measures.Leads);
                    if (lead.Status == LeadStatus.Converted)
                        to.Add(country, Measures.Customers);
                }
            ),
        ],
    };
}
