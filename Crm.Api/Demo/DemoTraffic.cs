// Believable traffic for the demo: campaigns with costs, affiliates, tracked links, and the clicks of a year that lead to the demo's
// people.

using System.Collections.Concurrent;
using System.Globalization;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Api.Demo;

public sealed class DemoTraffic
{
    const string Person = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Robot = "Mozilla/5.0 (compatible; examplebot/2.1; +https://bot.example.org/)";

    static readonly (string Name, string Goal, int Monthly)[] CampaignsOf =
    [
        ("Spring fair", "Meet 200 people", 90_000),
        ("Solar summer", "Quotes for roofs", 40_000),
        ("Newsletter", "Stay in mind", 15_000),
        ("Brand search", "Be found by name", 12_000),
        ("Autumn maintenance", "Contracts renewed", 45_000),
    ];
    static readonly (string Name, string Url)[] AffiliatesOf =
    [
        ("Garden blog", "https://garden.example.org/"),
        ("Casa & Jardim magazine", "https://casa.example.org/"),
        ("Energy comparison portal", "https://compare.example.org/"),
        ("Neighbourhood forum", "https://forum.example.org/"),
    ];

    // What people call it, its campaign and affiliate (-1: none), channel, how often it is clicked, how many of a hundred visitors write,
    // and what it costs a month in cents.
    static readonly (string Name, int Campaign, int Affiliate, string Channel, int Weight, int Leads, int Monthly)[] LinksOf =
    [
        ("Search ad: solar roof", 1, -1, "paid-search", 22, 6, 62_000),
        ("Search ad: our name", 3, -1, "paid-search", 16, 9, 48_000),
        ("Newsletter, top", 2, -1, "email", 14, 8, 0),
        ("Newsletter, footer", 2, -1, "email", 5, 3, 0),
        ("Fair flyer, QR code", 0, -1, "offline", 4, 14, 9_000),
        ("Instagram story", 1, -1, "paid-social", 18, 2, 35_000),
        ("Facebook post", 0, -1, "organic-social", 9, 2, 0),
        ("Garden blog: review of the year", -1, 0, "affiliates", 8, 7, 0),
        ("Magazine: ten roofs, ten stories", -1, 1, "affiliates", 5, 5, 0),
        ("Portal listing", 4, 2, "affiliates", 12, 11, 20_000),
        ("Forum signature", -1, 3, "referral", 2, 4, 0),
        ("Maintenance reminder by e-mail", 4, -1, "email", 6, 12, 0),
        ("Video: a day on the roof", 1, -1, "paid-video", 7, 1, 28_000),
        ("Partner webinar invitation", 0, 1, "email", 3, 10, 0),
    ];

    // What those come by who follow no link of ours.
    static readonly string[] OwnWays =
    [
        "organic-search",
        "organic-search",
        "organic-search",
        "direct",
        "direct",
        "referral",
        "organic-social",
    ];

    static readonly CommissionRule Rule = new() { On = Conversion.Sale, Share = 800 };

    readonly ConcurrentDictionary<string, long> positions = new(StringComparer.Ordinal);
    readonly Installation installation;
    readonly WorkspaceSettings settings;
    readonly Form form;
    readonly Link[] links;
    readonly int[] byClicks,
        byLeads;

    DemoTraffic(Installation installation, WorkspaceSettings settings, Form form, Link[] links)
    {
        (this.installation, this.settings, this.form, this.links) = (installation, settings, form, links);
        byClicks = [.. LinksOf.SelectMany((link, i) => Enumerable.Repeat(i, link.Weight))];
        byLeads = [.. LinksOf.SelectMany((link, i) => Enumerable.Repeat(i, link.Weight * link.Leads))];
    }

    /// <summary>Stores the campaigns, affiliates and links, as they might have been made a year ago.</summary>
    public static async Task<DemoTraffic> Make(Installation installation, WorkspaceSettings settings, Form form, long run)
    {
        var now = installation.Now;
        var work = new UnitOfWork(installation, settings, "system", now.AddDays(-366));
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var random = new Random(7);
        var campaigns = CampaignsOf
            .Select(c =>
                work.Insert(
                    new Campaign
                    {
                        Name = c.Name,
                        Goal = c.Goal,
                        Budget = new() { Amount = c.Monthly * 15L, Currency = "EUR" },
                        Costs = Costs(c.Monthly),
                    }
                )
            )
            .ToArray();
        var affiliates = AffiliatesOf
            .Select(a =>
                work.Insert(
                    new Affiliate
                    {
                        Name = a.Name,
                        Url = a.Url,
                        PostbackKey = PublicKey.New(),
                        Currency = "EUR",
                        CommissionRules = [Rule],
                    }
                )
            )
            .ToArray();
        var links = LinksOf
            .Select(
                (l, i) =>
                    work.Insert(
                        new Link
                        {
                            Slug = $"demo-{run % 10_000_000}-{i}",
                            Destination = "https://www.silva.example.org/offer",
                            Name = l.Name,
                            Channel = l.Channel,
                            Costs = Costs(l.Monthly),
                            Campaign = l.Campaign < 0 ? null : campaigns[l.Campaign].Id,
                            Affiliate = l.Affiliate < 0 ? null : affiliates[l.Affiliate].Id,
                        }
                    )
            )
            .ToArray();
        var result = await work.Commit(default);
        System.Collections.Immutable.ImmutableArray<CostEntry> Costs(int monthly) =>
            monthly == 0
                ? []
                :
                [
                    .. Enumerable
                        .Range(0, 12)
                        .Select(month => new CostEntry
                        {
                            On = today.AddMonths(-month).AddDays(-3),
                            Amount = new() { Amount = monthly * (70 + random.Next(60)) / 100, Currency = "EUR" },
                            Note = "Invoice",
                        }),
                ];
        return result.Committed
            ? new(installation, settings, form, links)
            : throw new InvalidOperationException(
                $"The demo's links could not be stored: {result.Conflicts[0].Kind} {result.Conflicts[0].Field}."
            );
    }

    /// <summary>More on workdays, by day, and every year a little more in spring; the rest of the dice fall as they like.</summary>
    public static DateTimeOffset Believable(DateTimeOffset at, Random random, DateTimeOffset latest)
    {
        for (var tries = 0; tries < 8; tries++)
        {
            var moved = at.AddHours(random.NextDouble() * 96 - 48);
            var hour = moved.UtcDateTime.Hour;
            var weight =
                (moved.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.45 : 1.0)
                * (
                    hour is >= 11 and <= 22 ? 1.0
                    : hour is >= 1 and <= 8 ? 0.1
                    : 0.5
                )
                * (0.7 + 0.3 * Math.Sin((moved.DayOfYear - 30) * Math.PI / 182.5));
            if (random.NextDouble() < weight && moved < latest)
                return moved;
        }
        return at;
    }

    /// <summary>The clicks that come with one person: those of others who only looked, and now and then his own.</summary>
    /// <returns>His own, when he came by a link.</returns>
    public Click? Clicks(List<Change> changes, Random random, DateTimeOffset at, int number)
    {
        var latest = installation.Now;
        foreach (var _ in Enumerable.Range(0, 8 + random.Next(24)))
            One(changes, random, byClicks[random.Next(byClicks.Length)], Believable(at, random, latest), random.Next(9) == 0);
        for (var others = random.Next(9); others > 0; others--)
        {
            var work = new UnitOfWork(installation, settings, "system", TextRules.ToMillisecond(Believable(at, random, latest)));
            work.Insert(
                new Visitor
                {
                    Channel = OwnWays[random.Next(OwnWays.Length)],
                    LandingPage = "https://www.silva.example.org/",
                    Human = true,
                },
                null
            );
            changes.AddRange(work.Changes);
        }
        return random.Next(10) < 7
            ? One(changes, random, byLeads[random.Next(byLeads.Length)], at.AddMinutes(-1 - number % 7), false)
            : null;
    }

    /// <summary>What an affiliate earned by a sale; those of the months before are paid.</summary>
    public Commission? Commission(Conversion sale, Lead lead)
    {
        if (sale.Affiliate is not { } affiliate)
            return null;
        var (at, month) = (sale.CreatedAt, sale.CreatedAt.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture));
        var paid = at < installation.Now.AddDays(-45);
        return new()
        {
            Credit = sale.Credit,
            Status = paid ? CommissionStatus.Paid : CommissionStatus.Pending,
            PaidAt = paid ? at.AddDays(30) : null,
            Payment = paid ? month : null,
            Amount = Rule.For(sale.Value),
            Conversion = sale.Id,
            Lead = lead.Id,
            Click = lead.FirstTouch?.Click,
            On = sale.Type,
            Value = sale.Value,
            Since = lead.FirstTouch?.At,
            Position = positions.AddOrUpdate($"{sale.Affiliate}/{month}", 1, (_, before) => before + 1),
            First = true,
            Rule = Rule,
        };
    }

    Click One(List<Change> changes, Random random, int which, DateTimeOffset at, bool robot)
    {
        var link = links[which];
        var work = new UnitOfWork(installation, settings, link.Id.Text<Link>(), TextRules.ToMillisecond(at));
        var click = work.Insert(
            new Click
            {
                Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel),
                Human = !robot,
                First = random.Next(4) > 0,
                Signals = robot ? ["robot"] : [],
                UserAgent = robot ? Robot : Person,
                Ip = "203.0.113.0",
            },
            null
        );
        if (!robot)
        {
            if (random.Next(10) < 6)
                work.Insert(
                    new Touch
                    {
                        Kind = TouchKind.FormView,
                        Form = form.Id,
                        At = work.Now,
                        Human = true,
                        UserAgent = Person,
                        Ip = "203.0.113.0",
                    },
                    null
                );
            if (random.Next(10) == 0)
                work.Insert(
                    new Touch
                    {
                        Kind = TouchKind.FormStart,
                        Form = form.Id,
                        At = work.Now,
                        Human = true,
                        UserAgent = Person,
                        Ip = "203.0.113.0",
                    },
                    null
                );
        }
        changes.AddRange(work.Changes);
        return click;
    }
}
