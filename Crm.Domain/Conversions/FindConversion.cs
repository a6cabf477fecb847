// Which stored conversion is the same as a new one: by the number of whoever reports it, or by the same order of one click or one lead.

using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Conversions;

public static class FindConversion
{
    /// <summary>
    /// Shops and networks number their orders each for themselves, and small numbers meet by chance: one of the shop's and one of a
    /// network's are the same order only where the click or the lead is the same too. What a page told is the shop's own, and anybody may
    /// have said it: it meets a network's by the number alone, whichever of them comes first.
    /// </summary>
    /// <param name="conversion">Its click is a token or the click's id.</param>
    public static async ValueTask<Conversion?> Of(UnitOfWork work, Conversion conversion, CancellationToken cancel)
    {
        if (conversion.OrderId is not { } order)
            return null;
        if (await work.FindBy<Conversion>("orderKey", conversion.OrderKey!, cancel) is { } same)
            return same;
        var click = ClickOf(work, conversion);
        if (
            click is { } id
            && await work.FindBy<Conversion>("clickKey", Conversion.ClickKeyOf(conversion.Type, order, id), cancel) is { } ofClick
        )
            return ofClick;
        var lead = conversion.Lead ?? (click is { } clicked ? (await work.Find<Click>(clicked, cancel))?.Lead : null);
        if (lead is { } person && await OfLead(work, conversion, person, cancel) is { } ofLead)
            return ofLead;
        if (conversion.ByPage)
            return await OfNumber(work, conversion, new Filter.Exists("reportedBy"), cancel);
        return
            conversion.ReportedBy is not null
            && await work.FindBy<Conversion>("orderKey", (conversion with { ReportedBy = null }).OrderKey!, cancel)
                is { ByPage: true } paged
            ? paged
            : null;
    }

    static ValueTask<Conversion?> OfLead(UnitOfWork work, Conversion conversion, Id lead, CancellationToken cancel) =>
        OfNumber(work, conversion, new Filter.Compare("lead", Comparison.Eq, Key.Of(lead.Text<Lead>())), cancel);

    /// <summary>Another one's of the same number.</summary>
    static async ValueTask<Conversion?> OfNumber(UnitOfWork work, Conversion conversion, Filter among, CancellationToken cancel)
    {
        var type = ResourceType.Of<Conversion>();
        var same = new Filter.And([
            among,
            new Filter.Compare("orderId", Comparison.Eq, Key.Of(TextRules.Fold(conversion.OrderId!))),
            new Filter.Compare("type", Comparison.Eq, Key.Of(TextRules.Fold(conversion.Type))),
            new Filter.Not(new Filter.Exists("replacedBy")),
        ]);
        using var page = await work.Store.Query(new(type.Collection, same, [], false, null, 10), cancel);
        for (var i = 0; i < page.Count; i++)
            if (
                type.FromRow<Conversion>(page[i]) is var found
                && (found.ReportedBy is null) != (conversion.ReportedBy is null)
                && found.OrderId == conversion.OrderId
            )
                return found;
        return null;
    }

    static Id? ClickOf(UnitOfWork work, Conversion conversion) =>
        conversion.ClickId ?? ClickToken.Read(work.Installation, work.Settings.Key, conversion.Click)?.Id;
}
