// A purchase follows the conversion that told of it: what was given back of the one was given back of the other.

using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Customers;

public static class RefundPurchase
{
    /// <param name="conversion">As it will be stored.</param>
    public static async ValueTask Run(UnitOfWork work, Conversion conversion, CancellationToken cancel)
    {
        if (
            conversion.Customer is not { } customer
            || conversion.NetValue is not { } net
            || await PurchaseOf(work, conversion, customer, cancel) is not { } purchase
            || purchase.Total is { } total && total.Currency != net.Currency
        )
            return;
        var difference = net.Amount - (conversion.Value?.Amount ?? 0);
        var adjustment = conversion.Adjustments.IsEmpty ? null : net with { Amount = difference };
        if (adjustment != purchase.Adjustment)
            work.Replace(
                purchase,
                purchase with
                {
                    Adjustment = adjustment,
                },
                difference < (purchase.Adjustment?.Amount ?? 0) ? "refunded" : "adjusted",
                null,
                customer.Text<Customer>(),
                conversion.Id.Text<Conversion>()
            );
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
