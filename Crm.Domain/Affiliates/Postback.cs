// What an affiliate network's postback says, in whichever of the usual words.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Affiliates;

/// <summary>One postback, read. Sent as a query, a form or JSON; the first name of a row below that has a value counts.</summary>
/// <param name="Click">The signed click that the network got as a parameter of its link.</param>
/// <param name="Order">The network's or the shop's own number; null when there is none.</param>
/// <param name="Type">The conversion's type.</param>
/// <param name="TakesBack">Whether it takes a conversion back.</param>
public sealed record Postback(string? Click, string? Order, string Type, Money? Value, bool TakesBack)
{
    public static readonly IReadOnlyList<string> ClickNames =
        ["click_id", "clickid", "click-id", "cid", "crm_click", "tid", "transaction_id", "subid", "aff_click_id", "aff_sub", "s1", "sub1"],
        OrderNames = ["order_id", "orderid", "order", "txid", "adv_unique", "xid", "adv_sub", "transaction_id"],
        AmountNames = ["amount", "sale_amount", "revenue", "payout", "sum"],
        CurrencyNames = ["currency", "cur"],
        TypeNames = ["event", "event_name", "goal", "type", "et", "name", "event_id", "goal_id"],
        StatusNames = ["status"];

    static readonly HashSet<string> Backwards = new(StringComparer.OrdinalIgnoreCase)
    {
        "reversed",
        "rejected",
        "declined",
        "trash",
        "cancelled",
        "canceled",
        "refunded",
        "chargeback",
        "void",
    };

    /// <param name="values">By name, as they came; of a name that is repeated the first.</param>
    /// <param name="currency">What an amount without one is in.</param>
    public static Postback Read(IReadOnlyDictionary<string, string> values, string? currency, FieldErrors errors)
    {
        var (clickName, click) = First(values, ClickNames);
        // transaction_id is the click for some networks and the order for others: it is the order where another name brought the click.
        var (orderName, order) = First(values, clickName == "transaction_id" ? [.. OrderNames.Where(n => n != clickName)] : OrderNames);
        if (order?.Length > 120)
            errors.Add(orderName!, "too_long", "Must have at most 120 characters.");
        var (typeName, type) = First(values, TypeNames);
        if (type?.Length > 40)
            errors.Add(typeName!, "too_long", "Must have at most 40 characters.");
        if (click is null)
            errors.Add("click_id", "required", $"The click is needed, as one of: {string.Join(", ", ClickNames)}.");
        var (_, status) = First(values, StatusNames);
        return new(click, order, type ?? "sale", Amount(values, currency, errors), status is not null && Backwards.Contains(status));
    }

    static Money? Amount(IReadOnlyDictionary<string, string> values, string? currency, FieldErrors errors)
    {
        var (name, text) = First(values, AmountNames);
        if (text is null)
            return null;
        var (currencyName, said) = First(values, CurrencyNames);
        var code = (said ?? currency)?.ToUpperInvariant();
        if (code is null || !Currency.Exists(code))
        {
            errors.Add(
                currencyName ?? "currency",
                "invalid_currency",
                "Must be an ISO 4217 code such as EUR; the affiliate may have one for postbacks without."
            );
            return null;
        }
        var scale = 1m;
        for (var i = 0; i < Currency.Digits(code); i++)
            scale *= 10;
        if (
            text.Length > 24
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount > Money.Most / scale
        )
        {
            errors.Add(name!, "invalid_value", $"Must be a number such as 12.50, not negative, at most {Money.Most / scale}.");
            return null;
        }
        return new() { Amount = (long)decimal.Round(amount * scale, MidpointRounding.AwayFromZero), Currency = code };
    }

    static (string? Name, string? Value) First(IReadOnlyDictionary<string, string> values, IEnumerable<string> names)
    {
        foreach (var name in names)
            if (values.TryGetValue(name, out var value) && value.Length > 0)
                return (name, value);
        return default;
    }
}
