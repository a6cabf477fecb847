// A purchase follows the conversion that told of it: what was given back of the one was given back of the other.

using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Customers;

public static class RefundPurchase
{
    /// <param name="conversion">As it will be stored.</param>
    public static async ValueTask Run(UnitOfWork work, Conversion conversion, CancellationToken cancel)
    {
        if (conversion.Customer is not { } customer || await PurchaseOf(work, conversion, customer, cancel) is not { } purchase)
            return;
        var adjustment = AdjustmentOf(conversion, purchase);
        if (adjustment != purchase.Adjustment)
            work.Replace(
                purchase,
                purchase with
                {
                    Adjustment = adjustment,
                },
                (adjustment?.Amount ?? 0) < (purchase.Adjustment?.Amount ?? 0) ? "refunded" : "adjusted",
                null,
                customer.Text<Customer>(),
                conversion.Id.Text<Conversion>()
            );
    }

    /// <summary>
    /// What refunds and corrections of the conversion come to for the purchase. A sale that was taken back comes to nothing, whatever the
    /// team says was paid; without a total of its own a purchase is what its conversion is worth. A total that the team entered may be
    /// another than the first that the conversion said (postage): then the difference to that counts, and no more is given back than was
    /// paid.
    /// </summary>
    static Money? AdjustmentOf(Conversion conversion, Purchase purchase)
    {
        var (net, total) = (conversion.NetValue, purchase.Total);
        if (net is not null && total is not null && net.Currency != total.Currency)
            return purchase.Adjustment;
        if (conversion.ReversedAt is not null)
            return total is not null ? total with { Amount = -total.Amount } : net;
        if (conversion.Adjustments.IsEmpty || net is null || total is null)
            return conversion.Adjustments.IsEmpty ? null : net;
        // The first that was said is no correction, even if it was said later.
        var first = conversion.Value ?? conversion.Adjustments.First(one => one.Amount is not null).Amount!;
        return net with { Amount = Math.Max(net.Amount - first.Amount, -total.Amount) };
    }

    /// <summary>A purchase whose total was changed by hand: what was given back of its conversion is so all the same.</summary>
    public static async ValueTask<Purchase> Anew(UnitOfWork work, Purchase purchase, CancellationToken cancel) =>
        await ConversionOf(work, purchase, cancel) is { } conversion
            ? purchase with
            {
                Adjustment = AdjustmentOf(conversion, purchase),
            }
            : purchase;

    /// <summary>The one that made the purchase, or that is the same order of the same customer.</summary>
    static async ValueTask<Conversion?> ConversionOf(UnitOfWork work, Purchase purchase, CancellationToken cancel)
    {
        if (purchase.Conversion is { } own)
            return await work.Find<Conversion>(own, cancel);
        if (purchase.OrderId is not { } order || purchase.Customer is not { } customer)
            return null;
        var type = ResourceType.Of<Conversion>();
        var same = new Filter.And([
            new Filter.Compare("customer", Comparison.Eq, Key.Of(customer.Text<Customer>())),
            new Filter.Compare("orderId", Comparison.Eq, Key.Of(TextRules.Fold(order))),
            new Filter.Not(new Filter.Exists("replacedBy")),
        ]);
        using var page = await work.Store.Query(new(type.Collection, same, [], false, null, 1), cancel);
        return page.Count > 0 ? type.FromRow<Conversion>(page[0]) : null;
    }

    /// <summary>The one that the conversion made, or the same order that was entered by hand before.</summary>
    static async ValueTask<Purchase?> PurchaseOf(UnitOfWork work, Conversion conversion, Id customer, CancellationToken cancel)
    {
        var type = ResourceType.Of<Purchase>();
        var told = new Filter.Compare("conversion", Comparison.Eq, Key.Of(conversion.Id.Text<Conversion>()));
        using (var page = await work.Store.Query(new(type.Collection, told, [], false, null, 1), cancel))
            if (page.Count > 0)
                return type.FromRow<Purchase>(page[0]);
        return
            conversion.OrderId is { } order
            && await work.FindBy<Purchase>("orderId", order, cancel) is { Conversion: null } byHand
            && byHand.Customer == customer
            ? byHand
            : null;
    }
}
