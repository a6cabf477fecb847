// Which postbacks a stored fact calls, and what they say: one delivery for each, in the commit of the fact.

using System.Globalization;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Deliveries;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Postbacks;

public static class SendPostbacks
{
    /// <summary>What happened, with everything a postback can say of it.</summary>
    sealed record Fact(string Event, string Subject)
    {
        public Id? Lead { get; init; }
        public Id? Conversion { get; init; }
        public string? OrderId { get; init; }
        public Money? Value { get; init; }
        public Commission? Commission { get; init; }
        public Id? Click { get; init; }
        public Credit Credit { get; init; }
        public bool TakesBack { get; init; }
    }

    public static readonly FollowUp FollowUp = new("postbacks")
    {
        Wants = (settings, change) => settings.Postbacks.Count > 0 && IsFact(change),
        Run = Run,
    };

    /// <summary>Whether a change can call a postback.</summary>
    static bool IsFact(in RecordChange change) =>
        (change.Before, change.After) switch
        {
            (null, Lead { Version: 1 } or Conversion or Commission) => true,
            (Conversion { ReversedAt: null }, Conversion { ReversedAt: not null }) => true,
            (Commission old, Commission now) => old.Status != now.Status,
            _ => false,
        };

    static async ValueTask Run(FollowUpCall call, CancellationToken cancel)
    {
        var (work, (_, before, after)) = (call.Work, call.Change);
        var fact = after switch
        {
            Lead lead => await Of(lead, call, cancel),
            Conversion conversion => await Of(conversion, before is not null, call, cancel),
            Commission commission => await Of(work, commission, before is not null, cancel),
            _ => null,
        };
        if (fact is null)
            return;
        Click? click = null;
        var looked = false;
        foreach (var postback in work.Settings.Postbacks)
            if (
                postback.On.Contains(fact.Event, StringComparer.Ordinal)
                && IsFor(postback.Affiliate, fact.Credit.Affiliate)
                && IsFor(postback.Campaign, fact.Credit.Campaign)
                && IsFor(postback.Link, fact.Credit.Link)
            )
            {
                if (!looked && fact.Click is { } id)
                    click = await work.Find<Click>(id, cancel);
                looked = true;
                Outbox.Add(work, Made(work, postback, fact, click));
            }
    }

    static bool IsFor(Id? only, Id? of) => only is null || only == of;

    /// <summary>What was earned by it: in the same commit, or stored with it when this is a later one.</summary>
    static async ValueTask<Commission?> Earned(FollowUpCall call, Func<Commission, bool> by, string fact, CancellationToken cancel) =>
        call.Together.Select(c => c.After).OfType<Commission>().FirstOrDefault(by)
        ?? (
            call.Later && await call.Work.FindBy<Commission>("fact", fact, cancel) is { } stored
                ? stored with
                {
                    // As the fact made it: what the team decided since is a fact of its own.
                    Status = CommissionStatus.Pending,
                }
                : null
        );

    static async ValueTask<Fact> Of(Lead lead, FollowUpCall call, CancellationToken cancel) =>
        new("lead", lead.Id.Text<Lead>())
        {
            Lead = lead.Id,
            Click = lead.FirstTouch?.Click ?? lead.LastTouch?.Click,
            Credit = lead.Source?.Credit ?? default,
            Commission = await Earned(call, c => c.Conversion is null && c.Lead == lead.Id, lead.Id.Text<Lead>(), cancel),
        };

    static async ValueTask<Fact> Of(Conversion conversion, bool reversed, FollowUpCall call, CancellationToken cancel) =>
        new(reversed ? "conversion.reversed" : conversion.Type, conversion.Id.Text<Conversion>())
        {
            Lead = conversion.Lead,
            Conversion = conversion.Id,
            OrderId = conversion.OrderId,
            Value = conversion.Value,
            Click = conversion.ClickId,
            Credit = conversion.Credit,
            TakesBack = reversed,
            Commission = await Earned(call, c => c.Conversion == conversion.Id, conversion.Id.Text<Conversion>(), cancel),
        };

    static async ValueTask<Fact?> Of(UnitOfWork work, Commission commission, bool changed, CancellationToken cancel)
    {
        var verb = (changed, commission) switch
        {
            // A part that is set off is no rejection of the whole.
            (false, { Reverses: not null, Reversal: not CommissionReversal.Part }) => "reversed",
            (true, { Status: CommissionStatus.Approved }) => "approved",
            (true, { Status: CommissionStatus.Paid }) => "paid",
            (true, { Status: CommissionStatus.Reversed }) => "reversed",
            _ => null,
        };
        if (verb is null || !work.Settings.Postbacks.Any(postback => postback.On.Contains("commission." + verb, StringComparer.Ordinal)))
            return null;
        return new("commission." + verb, commission.Id.Text<Commission>())
        {
            Lead = commission.Lead,
            Conversion = commission.Conversion,
            OrderId = commission.Conversion is { } id ? (await work.Find<Conversion>(id, cancel))?.OrderId : null,
            Value = commission.Value,
            Click = commission.Click,
            Credit = commission.Credit,
            Commission = commission,
            TakesBack = verb == "reversed",
        };
    }

    static Delivery Made(UnitOfWork work, OutgoingPostback postback, Fact fact, Click? click)
    {
        var id = work.NextId();
        var url = Macros.Fill(postback.Url!, name => ValueOf(name, fact, click, id, work.Now));
        var delivery = new Delivery
        {
            Id = id,
            Postback = postback.Id,
            Event = fact.Event,
            Subject = fact.Subject,
        };
        // What is filled in cannot change the host: it stands behind it, and is escaped.
        return url.Length > Delivery.LongestAddress || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? delivery with
            {
                Url = TextRules.Cut(url, Delivery.LongestAddress),
                Status = DeliveryStatus.Dead,
                Reason = "address_too_long",
            }
            : delivery with
            {
                Url = url,
                Host = Delivery.HostOf(uri),
                DueAt = work.Now,
            };
    }

    static string? ValueOf(string name, Fact fact, Click? click, Id delivery, DateTimeOffset now)
    {
        var kept = click?.Network ?? [];
        return name switch
        {
            // The network's own name of the click; ours when it said none.
            "click_id" or "clickid" or "cid" or "tid" or "transaction_id" or "subid" => NetworkParameters.Click(kept)
                ?? click?.Id.Text<Click>(),
            "sub1" or "sub2" or "sub3" or "sub4" or "sub5" => NetworkParameters.Sub(kept, name[3] - '0'),
            "aff_id" => NetworkParameters.First(kept, "aff_id") ?? fact.Credit.Affiliate?.Text<Affiliate>(),
            "offer_id" => NetworkParameters.First(kept, "offer_id") ?? fact.Credit.Campaign?.Text<Campaign>(),
            "source" => NetworkParameters.First(kept, "source"),
            "payout" => Decimals(fact.Commission?.Amount),
            "payout_currency" => fact.Commission?.Amount?.Currency,
            "amount" or "revenue" or "sale_amount" => Decimals(fact.Value),
            "currency" => fact.Value?.Currency ?? fact.Commission?.Amount?.Currency,
            "order_id" or "orderid" or "txid" => fact.OrderId,
            "event" or "event_name" or "goal" => fact.Event,
            "status" => fact.TakesBack ? "rejected"
            : fact.Commission?.Status == CommissionStatus.Pending ? "pending"
            : "approved",
            "lead_id" => fact.Lead?.Text<Lead>(),
            "conversion_id" => fact.Conversion?.Text<Conversion>(),
            "commission_id" => fact.Commission?.Id.Text<Commission>(),
            "affiliate_id" => fact.Credit.Affiliate?.Text<Affiliate>(),
            "campaign_id" => fact.Credit.Campaign?.Text<Campaign>(),
            "link_id" => fact.Credit.Link?.Text<Link>(),
            "delivery_id" => delivery.Text<Delivery>(),
            "timestamp" => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            // Made of the id, so that each try says the same.
            "random" => delivery.ToString("")[^10..],
            _ => null,
        };
    }

    /// <summary>Minor units as networks read them: 12.50. What is taken back is told without a sign.</summary>
    static string? Decimals(Money? money)
    {
        if (money is null)
            return null;
        var digits = Currency.Digits(money.Currency);
        return Currency
            .Units(Math.Abs(money.Amount), money.Currency)
            .ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
