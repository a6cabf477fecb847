// An image that was loaded: an e-mail opened, a page without script seen, an advertisement shown, or an order thanked for.

using Crm.Domain.Campaigns;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Touches;

/// <summary>What the pixel of a thank-you page says of an order. Texts are tidy.</summary>
/// <param name="Amount">In whole units with decimals.</param>
/// <param name="Clicks">What may be the sealed click: of the address, of the browser's cookie, of the page. The first that is ours
/// counts.</param>
/// <param name="Page">The page that shows the pixel.</param>
public sealed record PixelConversion(
    string? Type,
    string? Order,
    string? Amount,
    string? Currency,
    IReadOnlyList<string> Clicks,
    string? Page
);

public sealed class IngestPixel(Installation installation, CountUnstored unstored)
{
    /// <summary>An e-mail was opened, or a page without script seen.</summary>
    /// <param name="lead">The sealed lead of the e-mail.</param>
    public async ValueTask Seen(
        KnownSite known,
        bool open,
        string? page,
        string? lead,
        string? campaign,
        EventSource source,
        CancellationToken cancel
    )
    {
        var countOnly = unstored.IsInstead(source.Over) || unstored.IsAway;
        try
        {
            await Seen(known, open, page, countOnly ? null : lead, unstored.IsAway ? null : campaign, source, countOnly, cancel);
        }
        catch (StoreUnavailableException) when (unstored.MayWait)
        {
            await Seen(known, open, page, null, null, source, true, cancel);
        }
    }

    async ValueTask Seen(
        KnownSite known,
        bool open,
        string? page,
        string? lead,
        string? campaign,
        EventSource source,
        bool countOnly,
        CancellationToken cancel
    )
    {
        var work = new UnitOfWork(installation, known.Settings, known.Site.Id.Text<Site>());
        var arrival = IngestEvents.Arrived(known, page, null, source);
        var touch = Of(known.Settings, open ? TouchKind.Open : TouchKind.View, source, work) with
        {
            Site = known.Site.Id,
            Page = open ? null : page,
            Channel = open ? "email" : arrival.Channel,
            Utm = arrival.Utm,
            ClickIds = arrival.ClickIds,
            Campaign = Id.TryParse<Campaign>(campaign, out var id) && await work.Find<Campaign>(id, cancel) is not null ? id : null,
            Lead = source.DoNotTrack || lead is null ? null : await LeadToken.Find(work, known.Site.Id, lead, cancel),
        };
        if (countOnly)
        {
            await IngestEvents.CountOnly(unstored, known.Settings, touch, work.By);
            return;
        }
        PrepareTouch.RecordEvent(work, work.Insert(touch, null));
        await work.Commit(cancel);
    }

    /// <summary>An advertisement or a banner of the link was shown; nothing when the link leads nowhere any more.</summary>
    public async ValueTask Shown(KnownLink known, EventSource source, CancellationToken cancel)
    {
        var (link, work) = (known.Link, new UnitOfWork(installation, known.Settings, known.By));
        if (!link.Active || link.ExpiresAt <= work.Now || known.Route is not { } route)
            return;
        var touch = Of(known.Settings, TouchKind.Impression, source, work) with
        {
            Credit = new(link.Id, link.Campaign, link.Affiliate, link.Channel ?? route.Arrive([], null).Channel),
        };
        if (!unstored.IsInstead(source.Over) && !unstored.IsAway)
            try
            {
                work.Insert(touch, null);
                await work.Commit(cancel);
                return;
            }
            catch (StoreUnavailableException) when (unstored.MayWait)
            {
                // Counted later.
            }
        await IngestEvents.CountOnly(unstored, known.Settings, touch, known.By);
    }

    /// <summary>
    /// The conversion of the visitor's click, once for each type and order; without an order, once for each click. It is a page's word: the
    /// shop's or a network's of the same order takes its place. Without a click, and when something of it cannot be read, the touch alone
    /// is kept.
    /// </summary>
    public ValueTask<bool> Converted(KnownSite known, PixelConversion said, EventSource source, CancellationToken cancel) =>
        CommitLoop.Run<bool>(
            async _ =>
            {
                var work = new UnitOfWork(installation, known.Settings, known.Site.Id.Text<Site>());
                var token = said.Clicks.FirstOrDefault(one => ClickToken.Read(installation, known.Settings.Key, one) is not null);
                var click = await ClickToken.Find(work, token, cancel);
                var (value, unreadable) = Worth(known.Site, said);
                var touch = Of(known.Settings, TouchKind.Conversion, source, work);
                var signals = touch.Signals;
                if (said.Page is not null && IngestEvents.IsForeign(known, TextRules.OriginOf(new Uri(said.Page))))
                    signals = signals.Add("foreign_origin");
                if (unreadable)
                    signals = signals.Add("unreadable");
                touch = touch with
                {
                    Site = known.Site.Id,
                    Page = said.Page,
                    Note = said.Order,
                    Click = click?.Id,
                    Credit = (click?.Credit ?? default) with { Channel = null },
                    Human = signals.Length == 0,
                    Signals = signals,
                };
                if ((click is null || !touch.Human) && unstored.IsInstead(source.Over))
                {
                    await IngestEvents.CountOnly(unstored, known.Settings, touch, work.By);
                    return (null, false);
                }
                touch = work.Insert(touch, null);
                if (click is null || !touch.Human)
                    return (work, false);
                var conversion = new Conversion
                {
                    Type = said.Type ?? Conversion.Sale,
                    OrderId = OrderNumber.Read(said.Order) ?? click.Id.Text<Click>(),
                    Value = value,
                    Click = token,
                    ByPage = true,
                };
                var errors = new FieldErrors();
                if (await FindConversion.Of(work, conversion, cancel) is not null)
                    return (work, false); // another page's word, the shop's or a network's: the first one stands
                conversion = await PrepareConversion.New(work, conversion, null, errors, cancel);
                if (!errors.Any)
                    work.Insert(conversion);
                return (work, !errors.Any);
            },
            cancel
        );

    static Touch Of(WorkspaceSettings settings, TouchKind kind, EventSource source, UnitOfWork work)
    {
        var signals = settings.Traffic.SignalsOf(source.UserAgent, source.Ip, Navigation.Unknown);
        return new()
        {
            Kind = kind,
            At = work.Now,
            Human = signals.Length == 0,
            Signals = signals,
            UserAgent = source.UserAgent,
            Ip = source.Ip,
        };
    }

    /// <summary>An amount that cannot be read is no other amount: nothing is earned by it until somebody has looked.</summary>
    static (Money? Value, bool Unreadable) Worth(Site site, PixelConversion said)
    {
        if (said.Amount is null)
            return (null, false);
        var currency = (said.Currency ?? site.Currency)?.ToUpperInvariant();
        var value = currency is not null && Currency.Exists(currency) ? MoneyText.Read(said.Amount, currency) : null;
        return (value, value is null);
    }
}
