// What saving a purchase checks and adds.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Customers;

public static class PreparePurchase
{
    /// <summary>One currency, a total that is the lines' unless said otherwise, and a note of it on the customer's timeline.</summary>
    public static async ValueTask<Purchase> Run(
        UnitOfWork work,
        Purchase? before,
        Purchase purchase,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (purchase.Customer is null)
            errors.Add("customer", "required", "A value is needed.");
        if (purchase.Total is { Amount: < 0 })
            errors.Add("total.amount", "out_of_range", "Must not be negative.");
        var currency = purchase.Total?.Currency ?? purchase.Lines.Select(l => l.Price?.Currency).FirstOrDefault(c => c is not null);
        Int128 sum = 0;
        for (var i = 0; i < purchase.Lines.Length; i++)
        {
            if (purchase.Lines[i] is not { Price: { } price } line)
                continue;
            if (price.Amount < 0)
                errors.Add($"lines.{i}.price.amount", "out_of_range", "Must not be negative.");
            if (price.Currency != currency)
                errors.Add($"lines.{i}.price.currency", "not_a_choice", $"A purchase has one currency: {currency}.");
            sum += (Int128)price.Amount * line.Quantity;
        }
        if (sum > Money.Most)
            errors.Add("lines", "out_of_range", $"The lines together must be at most {Money.Most}.");
        if (errors.Any)
            return purchase;
        // A total that was the old lines' sum follows the new ones.
        var followed =
            before is Purchase { Total: { } old } was
            && old == purchase.Total
            && old == SumOf(was)
            && !was.Lines.SequenceEqual(purchase.Lines);
        if (currency is not null && (purchase.Total is null || followed))
            purchase = purchase with
            {
                Total = new() { Amount = (long)sum, Currency = currency },
            };
        purchase = purchase with { PurchasedAt = purchase.PurchasedAt ?? work.Now };
        if (before is null)
            purchase = RecordEvent(work, purchase);
        else if (before.Total != purchase.Total)
            purchase = await RefundPurchase.Anew(work, purchase, cancel);
        return purchase;
    }

    static Money? SumOf(Purchase purchase) =>
        purchase.Lines.FirstOrDefault(l => l.Price is not null) is { Price: { } price }
            ? price with
            {
                Amount = purchase.Lines.Sum(l => (l.Price?.Amount ?? 0) * l.Quantity),
            }
            : null;

    /// <summary>Gives a new purchase its id and tells the customer's timeline of it.</summary>
    public static Purchase RecordEvent(UnitOfWork work, Purchase purchase)
    {
        purchase = purchase with { Id = work.NextId() };
        work.RecordEvent(
            "customer.purchased",
            purchase.Customer!.Value.Text<Customer>(),
            writer =>
            {
                writer.WriteString("purchase", purchase.Id.Text<Purchase>());
                if (purchase.OrderId is not null)
                    writer.WriteString("orderId", purchase.OrderId);
                if (purchase.Total is { } total)
                {
                    writer.WriteNumber("amount", total.Amount);
                    writer.WriteString("currency", total.Currency);
                }
            },
            purchase.Id.Text<Purchase>()
        );
        return purchase;
    }
}
