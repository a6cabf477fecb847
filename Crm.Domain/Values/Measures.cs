// The measures that records count in reports, one name each.

namespace Crm.Domain.Values;

/// <summary>Names of counters' last part. Those that end in a dot stand before a currency's code, and count minor units.</summary>
public static class Measures
{
    public const string Clicks = "clicks",
        Robots = "robots",
        Visitors = "visitors",
        Leads = "leads",
        Customers = "customers",
        Conversions = "conversions",
        Sales = "sales",
        Revenue = "revenue.",
        Commission = "commission.",
        Cost = "cost.",
        Submissions = "submissions",
        Accepted = "accepted",
        Views = "views",
        Starts = "starts",
        Impressions = "impressions",
        Opens = "opens",
        RobotOpens = "robotOpens";
}
