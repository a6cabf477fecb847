// What an affiliate network's postback says, in whichever of the usual words.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Affiliates;

/// <summary>One postback, read. Sent as a query, a form or JSON; the first name of a row below that has a value counts, without regard to
/// case. A macro that nobody filled in is no value.</summary>
/// <param name="Clicks">Clicks of ours that it names: whichever parameter carries a valid seal.</param>
/// <param name="Order">The network's or the shop's own number; null when there is none.</param>
/// <param name="Type">The conversion's type.</param>
/// <param name="Amount">Below zero for what was given back.</param>
/// <param name="Word">The status as it was said; null when none was.</param>
/// <param name="Mark">The same for a postback that says the same.</param>
public sealed record Postback(
    IReadOnlyList<string> Clicks,
    string? Order,
    string Type,
    Money? Amount,
    StatusMeaning Status,
    string? Word,
    string Mark
)
{
    /// <summary>Names under which networks carry a click. The seal alone says whether it is ours; who sends none of these names and no seal
    /// has forgotten the click.</summary>
    public static readonly IReadOnlyList<string> ClickNames =

        [
            "click_id",
            "clickid",
            "click-id",
            "cid",
            "crm_click",
            "tid",
            "transaction_id",
            "subid",
            "aff_click_id",
            "aff_sub",
            "s1",
            "sub1",
            "clickref",
            "subid1",
            "aff_sub1",
            "sub_id",
            "sub_id1",
            "sub_id_1",
        ],
        OrderNames = ["order_id", "orderid", "order", "txid", "adv_unique", "xid", "adv_sub", "transaction_id"],
        AmountNames = ["amount", "sale_amount", "revenue", "payout", "sum"],
        CurrencyNames = ["currency", "cur"],
        TypeNames = ["event", "event_name", "goal", "type", "et", "name", "event_id", "goal_id"],
        StatusNames =

        [
            "status",
            "conversion_status",
            "conv_status",
            "transaction_status",
            "order_status",
            "payment_status",
            "lead_status",
            "goal_status",
            "status_id",
            "afstatus",
        ];

    /// <param name="values">By name without regard to case, as they came; of a name that is repeated the first.</param>
    /// <param name="isOurs">Whether a click's token has our seal.</param>
    public static Postback Read(
        IReadOnlyDictionary<string, string> values,
        Affiliate affiliate,
        Func<string, bool> isOurs,
        FieldErrors errors
    )
    {
        var sealedIn = Sealed(values, isOurs);
        if (sealedIn.Count == 0 && !ClickNames.Any(name => values.TryGetValue(name, out var value) && value.Length > 0))
            errors.Add("click_id", "required", $"The click is needed, as one of: {string.Join(", ", ClickNames)}.");
        // transaction_id is the click for some networks and the order for others: it is the order where another name brought the click.
        var (orderName, order) = First(values, OrderNames.Where(name => !sealedIn.Exists(one => Same(one.Name, name))));
        if (order?.Length > 120)
            errors.Add(orderName!, "too_long", "Must have at most 120 characters.");
        var word = StatusNames.Select(name => values.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        var (typeName, type) = First(
            values,
            TypeNames.Where(name =>
            {
                // event=refund is no new kind of sale, but says what became of the one before.
                if (
                    !values.TryGetValue(name, out var said)
                    || StatusWords.MeaningOf(said, affiliate.StatusWords) is var meaning && !IsBack(meaning)
                )
                    return true;
                word ??= said;
                return false;
            })
        );
        if (type?.Length > 40)
            errors.Add(typeName!, "too_long", "Must have at most 40 characters.");
        return new(
            [.. sealedIn.Select(one => one.Token)],
            order,
            type ?? "sale",
            Said(values, affiliate.Currency, errors),
            word is null ? StatusMeaning.Unsaid : StatusWords.MeaningOf(word, affiliate.StatusWords),
            word,
            MarkOf(values)
        );

        static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a word takes something back.</summary>
    static bool IsBack(StatusMeaning meaning) =>
        meaning is StatusMeaning.Rejected or StatusMeaning.Refunded or StatusMeaning.PartlyRefunded;

    public bool TakesBack => IsBack(Status) || Amount is { Amount: < 0 };

    /// <summary>The usual names first. A token may have been escaped once too often, or written in capitals.</summary>
    static List<(string Name, string Token)> Sealed(IReadOnlyDictionary<string, string> values, Func<string, bool> isOurs)
    {
        var found = new List<(string, string)>();
        foreach (var name in ClickNames.Concat(values.Keys).Distinct(StringComparer.OrdinalIgnoreCase))
            if (values.TryGetValue(name, out var value) && value.Length < 200)
                foreach (var token in new[] { value, Uri.UnescapeDataString(value), value.ToLowerInvariant() })
                    if (isOurs(token))
                    {
                        found.Add((name, token));
                        break;
                    }
        return found;
    }

    static Money? Said(IReadOnlyDictionary<string, string> values, string? currency, FieldErrors errors)
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
        if (
            text.Length > 24
            || !decimal.TryParse(
                text,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var amount
            )
            || MoneyText.Of(Math.Abs(amount), code) is not { } value
        )
        {
            var most = Currency.Units(Money.Most, code);
            errors.Add(name!, "invalid_value", $"Must be a number such as 12.50, or -12.50 for a refund, at most {most}.");
            return null;
        }
        return amount < 0 ? value with { Amount = -value.Amount } : value;
    }

    /// <summary>The first that was filled in. An amount of 0 is one, and one that is no number (NaN) is refused rather than left out; as an
    /// order's number both are placeholders.</summary>
    static (string? Name, string? Value) First(IReadOnlyDictionary<string, string> values, IEnumerable<string> names)
    {
        foreach (var name in names)
            if (
                values.TryGetValue(name, out var value)
                && value.Length > 0
                && (
                    !OrderNumber.IsPlaceholder(value)
                    || AmountNames.Contains(name) && double.TryParse(value, CultureInfo.InvariantCulture, out _)
                )
            )
                return (name, value);
        return default;
    }

    static string MarkOf(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
            text.Append(name.ToLowerInvariant()).Append('=').Append(value).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
