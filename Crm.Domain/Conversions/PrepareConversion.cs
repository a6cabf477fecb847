// What storing a conversion does: finds what it is owed to, makes the lead a customer, and earns the commission.

using Crm.Domain.Commissions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
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
    )
    {
        var known = await FindConversion.Of(work, after, cancel);
        // One of the same number is met by the commit; one that only click or lead make the same is not.
        if (known is not null && known.ReportedBy is not null && !known.GivesWayTo(after))
            throw new ProblemException(
                ProblemCodes.AlreadyExists,
                $"orderId: A network reported this order: {known.Id.Text<Conversion>()}.",
                [new("orderId", "taken", $"Belongs to {known.Id.Text<Conversion>()}.")]
            );
        return await New(work, after, known, errors, cancel);
    }

    /// <summary>Finds what the conversion is owed to: its click, or else what brought its lead.</summary>
    /// <param name="known">The one that is stored of its type and order, as <see cref="FindConversion.Of"/> found it.</param>
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
            if (await ClickToken.Find(work, token, cancel) is not { } click)
                errors.Add("click", "invalid", "Must be a crm_click of this workspace, as the destination got it.");
            else
                (since, conversion) = (
                    click.Id.Time,
                    conversion with
                    {
                        Lead = conversion.Lead ?? await Known(work, click.Lead, cancel),
                        Click = click.Id.Text<Click>(),
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
            await AdjustConversion.Replaced(work, instead, conversion.Id, cancel);
        conversion = await EarnCommission.ForConversion(work, conversion, instead, since, cancel);
        return conversion.Type == Conversion.Sale && conversion.Lead is not null
            ? await ConvertLead.Sold(work, conversion, instead, cancel)
            : conversion;
    }

    /// <summary>The lead of a click, unless it has gone since.</summary>
    static async ValueTask<Id?> Known(UnitOfWork work, Id? lead, CancellationToken cancel) =>
        lead is { } id && await work.Find<Lead>(id, cancel) is not null ? id : null;
}
