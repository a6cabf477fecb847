// The stored commissions of an affiliate or of a conversion.

using Crm.Domain.Affiliates;
using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public static class FindCommissions
{
    /// <summary>Commissions that one request changes.</summary>
    public const int Most = 1_000;

    public static Filter With(Affiliate affiliate, CommissionStatus status) =>
        new Filter.And([OfAffiliate(affiliate), new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(status.ToString())))]);

    /// <summary>Those of a payment of the affiliate; of one that was undone by <c>undonePayments</c>.</summary>
    public static Filter InPayment(Affiliate affiliate, string reference, string field = "payment") =>
        new Filter.And([OfAffiliate(affiliate), new Filter.Compare(field, Comparison.Eq, Key.Of(TextRules.Fold(reference)))]);

    static Filter OfAffiliate(Affiliate affiliate) =>
        new Filter.Compare("affiliate", Comparison.Eq, Key.Of(affiliate.Id.Text<Affiliate>()));

    /// <summary>Whether there are more than these.</summary>
    public static async ValueTask<bool> AreMore(
        UnitOfWork work,
        Filter filter,
        IReadOnlyList<Commission> found,
        CancellationToken cancel
    ) =>
        found.Count >= Most
        && await work.Store.Count(ResourceType.Of<Commission>().Collection, filter, found.Count + 1, cancel) > found.Count;

    /// <summary>What a conversion earned, and what was set against it later, the oldest first.</summary>
    public static ValueTask<List<Commission>> Of(UnitOfWork work, Id conversion, CancellationToken cancel) =>
        Of(work, new Filter.Compare("conversion", Comparison.Eq, Key.Of(conversion.Text<Conversion>())), cancel);

    public static async ValueTask<List<Commission>> Of(UnitOfWork work, Filter filter, CancellationToken cancel)
    {
        var type = ResourceType.Of<Commission>();
        var found = new List<Commission>();
        await foreach (var page in work.Store.Pages(new(type.Collection, filter, [], false, null, 500), cancel))
        {
            for (var i = 0; i < page.Count; i++)
                found.Add(type.FromRow<Commission>(page[i]));
            if (found.Count >= Most)
                break;
        }
        return found;
    }
}
