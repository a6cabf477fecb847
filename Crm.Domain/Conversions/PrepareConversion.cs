// What storing a conversion does: finds what it is owed to, makes the lead a customer, and earns the commission.

using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Conversions;

public static class PrepareConversion
{
    public static async ValueTask<Conversion> Run(
        UnitOfWork work,
        Conversion? before,
        Conversion after,
        FieldErrors errors,
        CancellationToken cancel
    ) => await New(work, after, await Of(work, after, cancel), errors, cancel);

    /// <summary>Finds what the conversion is owed to: its click, or else what brought its lead.</summary>
    /// <param name="known">The one that is stored of its type and order, as <see cref="Of"/> found it.</param>
    public static async ValueTask<Conversion> New(
        UnitOfWork work,
        Conversion conversion,
        Conversion? known,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        conversion = conversion with { Id = work.NextId() };
        DateTimeOffset? since = null;
        if (conversion.Value is { Amount: < 0 })
            errors.Add("value.amount", "out_of_range", "Must not be negative.");
        var pages = known?.GivesWayTo(conversion) == true ? known : null;
        if (conversion.Click is { } token)
        {
            if (
                !ClickToken.Of(work.Installation).TryRead(work.Settings.Key, token, out var id)
                || await work.Find<Click>(id, cancel) is not { } click
            )
                errors.Add("click", "invalid", "Must be a crm_click of this workspace, as the destination got it.");
            else
                (since, conversion) = (
                    id.Time,
                    conversion with
                    {
                        Lead = conversion.Lead ?? await Known(work, click.Lead, cancel),
                        Click = id.Text<Click>(),
                        Credit = click.Credit,
                    }
                );
        }
        else if (conversion.Lead is { } leadId && await work.Find<Lead>(leadId, cancel) is { Source: { } source } lead)
            (since, conversion) = (lead.FirstTouch?.Click?.Time ?? lead.FirstTouch?.At, conversion with { Credit = source.Credit });
        else if (conversion.Lead is null && pages is not null)
            // The shop knows what it sold, and the page who came to buy it.
            (since, conversion) = (
                (pages.ClickId ?? pages.Id).Time,
                conversion with
                {
                    Lead = pages.Lead,
                    Click = pages.Click,
                    Credit = pages.Credit,
                }
            );
        if (errors.Any)
            return conversion;
        return await Settled(work, conversion, pages, since, cancel);
    }

    /// <summary>What follows from a new conversion: the commission, the customer and the purchase; and that it stands in the place of what
    /// a page had told.</summary>
    /// <param name="since">When its person came: the click, or the lead's first contact.</param>
    public static async ValueTask<Conversion> Settled(
        UnitOfWork work,
        Conversion conversion,
        Conversion? instead,
        DateTimeOffset? since,
        CancellationToken cancel
    )
    {
        if (instead is not null)
        {
            await EarnCommission.TakeBack(work, instead, cancel);
            work.Replace(instead, instead with { ReversedAt = work.Now, ReplacedBy = conversion.Id }, "replaced");
        }
        await EarnCommission.ForConversion(work, conversion, instead, since, cancel);
        return conversion.Type == Conversion.Sale && conversion.Lead is not null
            ? await ConvertLead.Sold(work, conversion, instead, cancel)
            : conversion;
    }

    /// <summary>The conversion that has this one's type and order.</summary>
    public static async ValueTask<Conversion?> Of(UnitOfWork work, Conversion conversion, CancellationToken cancel) =>
        conversion.OrderKey is { } key
        && await work.Store.FindByKey(ResourceType.Of<Conversion>().Collection, "orderKey", key, cancel) is { } id
            ? await work.Find<Conversion>(id, cancel)
            : null;

    /// <summary>The lead of a click, unless it has gone since.</summary>
    static async ValueTask<Id?> Known(UnitOfWork work, Id? lead, CancellationToken cancel) =>
        lead is { } id && await work.Find<Lead>(id, cancel) is not null ? id : null;

    public static readonly ResourceAction Reverse = ResourceAction.On<Conversion>(
        "reverse",
        "Takes the conversion back, as after a refund: it counts no more, and neither does what an affiliate earned by it.",
        async (work, conversion, cancel) => new(await Reversed(work, conversion, cancel))
    );

    public static async ValueTask<Conversion> Reversed(UnitOfWork work, Conversion conversion, CancellationToken cancel)
    {
        if (conversion.ReversedAt is not null)
            return conversion;
        await EarnCommission.TakeBack(work, conversion, cancel);
        return work.Replace(conversion, conversion with { ReversedAt = work.Now }, "reversed");
    }
}
