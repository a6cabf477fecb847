// Counts facts in the commit that stores them, by day and by what brought them: what reports read instead of the facts.

using System.Globalization;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>
/// A counter is named <c>by/{what brought it}/{day}/{measure}</c>: <c>links/link_.../20261123/clicks</c>. Days are UTC. Each fact counts once for its link, its
/// campaign, its affiliate and its channel.
/// </summary>
public static class Tally
{
    public const string Clicks = "clicks", Robots = "robots", NewLeads = "leads", Sales = "conversions", Revenue = "revenue.";

    public static void Clicked(UnitOfWork work, Click click) => Count(work, click.Id, Of(click.Link, click.Campaign, click.Affiliate, click.Channel), click.Human ? Clicks : Robots, 1);

    public static void Won(UnitOfWork work, Lead lead)
    {
        if (lead.Source is { } source)
            Count(work, lead.Id, Of(source.Link, source.Campaign, source.Affiliate, source.Channel), NewLeads, 1);
    }

    public static void Converted(UnitOfWork work, Conversion conversion)
    {
        var keys = Of(conversion.Link, conversion.Campaign, conversion.Affiliate, conversion.Channel);
        Count(work, conversion.Id, keys, Sales, 1);
        if (conversion.Value is { } value)
            Count(work, conversion.Id, keys, Revenue + value.Currency, value.Amount);
    }

    static IEnumerable<string> Of(Id? link, Id? campaign, Id? affiliate, string? channel) => Of(link?.ToString("link"), campaign?.ToString("camp"), affiliate?.ToString("aff"), channel);

    static IEnumerable<string> Of(string? link, string? campaign, string? affiliate, string? channel)
    {
        if (link is not null) yield return "links/" + link;
        if (campaign is not null) yield return "campaigns/" + campaign;
        if (affiliate is not null) yield return "affiliates/" + affiliate;
        yield return "channels/" + (channel ?? "unassigned");
    }

    static void Count(UnitOfWork work, Id fact, IEnumerable<string> keys, string measure, long amount)
    {
        var day = fact.Time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        foreach (var key in keys)
            work.Increment($"{key}/{day}/{measure}", amount);
    }
}
