// An order's number as a shop or a network says it, apart from what stands there when nobody filled it in.

using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Crm.Domain.Values;

/// <summary>Two sales whose macro was not filled in are two sales: what such a template leaves behind is no number.</summary>
public static partial class OrderNumber
{
    static readonly FrozenSet<string> Nothing = new[]
    {
        "null",
        "nil",
        "none",
        "undefined",
        "unknown",
        "empty",
        "nan",
        "n/a",
        "na",
        "not set",
        "not_set",
        "(not set)",
        "(none)",
        "(null)",
        "[object object]",
        "order_id",
        "orderid",
        "order id",
        "ordernumber",
        "order_number",
        "order-id",
        "transaction_id",
        "transactionid",
        "transaction-id",
        "txid",
        "tx_id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number without the space around it; null when it is a placeholder.</summary>
    public static string? Read(string? text) => text?.Trim() is { Length: > 0 } said && !IsPlaceholder(said) ? said : null;

    /// <summary>Whether a text stands for a value that was not there: empty, a word for nothing, zeros, or the template's own
    /// words.</summary>
    public static bool IsPlaceholder(string text)
    {
        var said = text.Trim();
        // Escaped once more on its way: %7Btxid%7D.
        if (said.Contains("%7B", StringComparison.OrdinalIgnoreCase) || said.Contains("%5B", StringComparison.OrdinalIgnoreCase))
            said = Uri.UnescapeDataString(said);
        return Nothing.Contains(said)
            || !said.Any(c => char.IsLetterOrDigit(c) && c != '0')
            || Template().IsMatch(said)
            || said is ['{', .., '}'] && !Guid.TryParse(said, out _) && !ManyDigits().IsMatch(said);
    }

    /// <summary>The words of template languages anywhere, and of one name between marks: {txid}, [[order]], %%ORDER%%, ${order.id},
    /// __ORDER__, #order#, *|ORDER|*.</summary>
    [GeneratedRegex(
        """
            \{\{ | \{% | \$\{ | \#\{ | <[%?] | \{[A-Za-z_][A-Za-z_.:|\ ]*\d?\}
            | ^\[+ \s* [A-Za-z_][A-Za-z_.\ ]*\d? \s* \]+$
            | ^<+ \s* [A-Za-z_][A-Za-z_.\ ]*\d? \s* >+$
            | %%[A-Za-z_][A-Za-z_.]*\d?%% | \[\[ .* \]\] | \*\|.*\|\*
            | ^%[A-Za-z_][A-Za-z_.]*\d?%$ | ^\#[A-Za-z_][A-Za-z_.]*\d?\#$ | ^\$[A-Za-z_][A-Za-z_.]*\d?\$?$ | ^@[A-Za-z_][A-Za-z_.]*\d?@$
            | ^__[A-Za-z_.]*\d?__$ | ^:[A-Za-z_][A-Za-z_]*\d?$ | ^![A-Za-z_][A-Za-z_]*\d?!$ | ^~[A-Za-z_][A-Za-z_]*\d?~$
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Template();

    /// <summary>A name has no such number in it.</summary>
    [GeneratedRegex(@"\d\d")]
    private static partial Regex ManyDigits();
}
