// What an affiliate earns by a fact: chosen and computed in the commit that stores the fact, approved, paid and taken back later.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public static class EarnCommission
{
    /// <summary>Conversions of one person that are counted.</summary>
    const int MostOfPerson = 10_000;

    /// <summary>For a new lead; nothing when no affiliate brought it or its rules say nothing of leads.</summary>
    public static async ValueTask ForLead(UnitOfWork work, Lead lead, CancellationToken cancel)
    {
        if (lead.Source is { Affiliate: { } affiliate } source)
            await For(
                work,
                affiliate,
                new()
                {
                    On = CommissionRule.Lead,
                    Lead = lead.Id,
                    Click = lead.FirstTouch?.Click,
                    Since = lead.FirstTouch?.Click?.Time ?? lead.FirstTouch?.At,
                    Credit = source.Credit,
                },
                cancel
            );
    }

    /// <summary>For a new conversion, which has its id.</summary>
    /// <param name="instead">The one whose place it takes in the same commit; it is not one of the person's earlier ones.</param>
    /// <param name="since">The click, or the lead's first contact.</param>
    /// <returns>The conversion, with what it earns once it is worth something if it is worth nothing yet.</returns>
    public static async ValueTask<Conversion> ForConversion(
        UnitOfWork work,
        Conversion conversion,
        Conversion? instead,
        DateTimeOffset? since,
        CancellationToken cancel
    )
    {
        // Whoever brought the customer earns by recurring rules also when something else led to this purchase.
        if ((conversion.Affiliate ?? await BroughtBy(work, conversion, cancel)) is not { } affiliate)
            return conversion;
        return conversion with
        {
            Unearned = await For(
                work,
                affiliate,
                new()
                {
                    On = conversion.Type,
                    Conversion = conversion.Id,
                    Lead = conversion.Lead,
                    Value = conversion.NetValue,
                    Since = since,
                    ByCustomer = conversion.Affiliate is null,
                    Click = conversion.ClickId,
                    Credit = conversion.Credit,
                },
                cancel,
                instead
            ),
        };
    }

    static async ValueTask<Id?> BroughtBy(UnitOfWork work, Conversion conversion, CancellationToken cancel) =>
        conversion.Lead is { } id ? (await work.Find<Lead>(id, cancel))?.Source?.Affiliate : null;

    /// <returns>The fact with its rule, when that gives nothing for its value.</returns>
    static async ValueTask<JsonData?> For(UnitOfWork work, Id id, Commission fact, CancellationToken cancel, Conversion? instead = null)
    {
        if (
            await work.Find<Affiliate>(id, cancel) is not { CommissionRules.Length: > 0 } affiliate
            || !affiliate.CommissionRules.Any(r => r.On == fact.On && (!fact.ByCustomer || r.Repeat == CommissionRepeat.Recurring))
        )
            return null;
        // The time in its id is the time of the fact: a later computation goes by the same.
        var earning = work.NextId();
        var at = earning.Time;
        var key = string.Create(CultureInfo.InvariantCulture, $"{id.Text<Affiliate>()}/{at.UtcDateTime:yyyyMM}/{fact.On}");
        var month = await work.FindBy<AffiliateMonth>("key", key, cancel);
        var position = (month?.Count ?? 0) + 1;
        if (month is null)
            work.Insert(new AffiliateMonth { Key = key, Count = 1 }, null);
        else
            work.Replace(month, month with { Count = position }, null);
        var (nth, firstAt) = fact.Conversion is null ? (1, at) : await PlaceOf(work, fact, id, at, instead, cancel);
        fact = fact with { Id = earning, Affiliate = id, Position = position, First = nth == 1, Nth = nth, FirstAt = firstAt };
        var earned = Computed(fact, affiliate, at);
        if (earned.Amount is not null)
            work.Insert(earned, "created", null, id.Text<Affiliate>());
        else if (ChooseRule.Run(affiliate.CommissionRules, fact, at) is { } rule)
            return new(ResourceType.Of<Commission>().ToJson(fact with { Rule = rule }));
        return null;
    }

    /// <summary>The how manieth of its kind it is of the person, among what is owed to the affiliate: all of whom it brought, else what it
    /// led to.</summary>
    static async ValueTask<(long Nth, DateTimeOffset First)> PlaceOf(
        UnitOfWork work,
        Commission fact,
        Id affiliate,
        DateTimeOffset at,
        Conversion? instead,
        CancellationToken cancel
    )
    {
        if (fact.Lead is not { } lead)
            return (1, at);
        var collection = ResourceType.Of<Conversion>().Collection;
        List<Filter> same =
        [
            new Filter.Compare("lead", Comparison.Eq, Key.Of(lead.Text<Lead>())),
            new Filter.Compare("type", Comparison.Eq, Key.Of(TextRules.Fold(fact.On))),
        ];
        if ((await work.Find<Lead>(lead, cancel))?.Source?.Affiliate != affiliate)
            same.Add(new Filter.Compare("affiliate", Comparison.Eq, Key.Of(affiliate.Text<Affiliate>())));
        same.Add(new Filter.Not(new Filter.Exists("replacedBy")));
        if (instead is not null)
            same.Add(new Filter.Not(new Filter.Ids(instead.Id, new(instead.Id.Value + 1))));
        var earlier = await work.Store.Count(collection, new Filter.And(same), MostOfPerson, cancel);
        if (earlier == 0)
            return (1, at);
        using var page = await work.Store.Query(new(collection, new Filter.And(same), [], false, null, 1), cancel);
        return (earlier + 1, page.Count > 0 ? page[0].Id.Time : at);
    }

    /// <summary>The same facts and the same rules are the same amount, whenever it is computed.</summary>
    /// <param name="at">When the fact was.</param>
    static Commission Computed(Commission fact, Affiliate affiliate, DateTimeOffset at)
    {
        var rule = ChooseRule.Run(affiliate.CommissionRules, fact, at);
        var amount = rule?.For(fact.Value);
        return fact with
        {
            Rule = amount is null ? null : rule,
            Amount = amount,
            Why = amount is null ? null : ChooseRule.Why(rule!, fact, at),
        };
    }

    // ---- What the team does with them

    public static readonly ResourceAction Approve = ResourceAction.On<Commission>(
        "approve",
        "Says that the commission is to be paid.",
        (work, commission, _) => new(Moved(work, commission, "approve", CommissionStatus.Approved, "approved")),
        Effect.Pays
    );

    public static readonly ResourceAction Reverse = ResourceAction.On<Commission>(
        "reverse",
        "Takes the commission back. One that was paid stays, and an approved one of the opposite amount is set against it.",
        async (work, commission, cancel) => new(await TakeBack(work, commission, cancel)),
        Effect.Pays
    );

    static ActionResult Moved(UnitOfWork work, Commission commission, string verb, CommissionStatus to, string past)
    {
        if (commission.Status == to)
            return new(commission);
        Commission.States.Require(verb, commission);
        return new(work.Replace(commission, commission with { Status = to }, past));
    }

    static async ValueTask<Commission> TakeBack(UnitOfWork work, Commission commission, CancellationToken cancel)
    {
        if (commission.Status == CommissionStatus.Reversed || commission.Reverses is not null)
            return commission;
        // What was set off against it stays beside it, also when its payment was undone.
        List<Commission> all = commission.Conversion is { } conversion ? await FindCommissions.Of(work, conversion, cancel) : [commission];
        var isSetOff = commission.Conversion is null
            ? await IsTakenBack(work, commission, cancel)
            : all.Exists(one => one.Reverses == commission.Id);
        if (commission.Status != CommissionStatus.Paid && !isSetOff)
            return work.Replace(
                commission,
                commission with
                {
                    Status = CommissionStatus.Reversed,
                    Reversal = CommissionReversal.Team,
                },
                "reversed"
            );
        // What a lead earned is set off once; what a conversion earned may have been set off in part.
        if (commission.Conversion is null && isSetOff)
            return commission;
        return FollowConversion.SetOff(work, commission, all, null, CommissionReversal.Team) ?? commission;
    }

    static async ValueTask<bool> IsTakenBack(UnitOfWork work, Commission commission, CancellationToken cancel) =>
        await work.Store.FindByKey(ResourceType.Of<Commission>().Collection, "fact", commission.Id.Text<Commission>(), cancel) is not null;

    public static readonly ResourceAction Recompute = ResourceAction
        .On<Affiliate>(
            "recompute",
            "Computes every pending commission of the affiliate anew by its rules of today, up to 1,000 at once, and says what they come to.",
            async (work, affiliate, cancel) =>
            {
                var now = new List<Commission>();
                var pending = FindCommissions.With(affiliate, CommissionStatus.Pending);
                var found = await FindCommissions.Of(work, pending, cancel);
                foreach (var commission in found)
                {
                    // What is set off against a paid one follows its conversion, not the rules of today.
                    if (commission.Reverses is not null)
                        continue;
                    var anew = Computed(commission, affiliate, commission.CreatedAt);
                    now.Add(
                        anew.Amount == commission.Amount && anew.Rule == commission.Rule && anew.Why == commission.Why
                            ? commission
                            : work.Replace(commission, anew, "recomputed")
                    );
                }
                return CommissionSums.Of(now, await FindCommissions.AreMore(work, pending, found, cancel));
            },
            Effect.Pays
        )
        .Answering<CommissionSums>();
}
