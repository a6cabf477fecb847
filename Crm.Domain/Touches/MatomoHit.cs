// One request of a Matomo tracker, read: what it tells, in the words of our own events.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Touches;

/// <param name="WriteEvent">Writes the event; null when nothing is to be stored: a heartbeat, or a request that does not ask to be
/// recorded.</param>
/// <param name="Alias">The visitor it names (<see cref="Visitor.AliasOf"/>).</param>
/// <param name="UserAgent">The browser it speaks of, when it says so.</param>
/// <param name="Ip">The address it speaks of, whole.</param>
/// <param name="Consents">Whether it says that the visitor agreed to be recognised.</param>
public sealed record MatomoHit(Action<Utf8JsonWriter>? WriteEvent, string? Alias, string? UserAgent, string? Ip, bool Consents)
{
    /// <summary>What a browser may tell later than it happened without a key.</summary>
    static readonly TimeSpan Recent = TimeSpan.FromHours(24);

    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="values">The request's parameters, decoded.</param>
    /// <param name="currency">What its amounts are in.</param>
    /// <param name="server">Whether it brought a key that may write touches.</param>
    public static MatomoHit Read(
        IReadOnlyDictionary<string, string> values,
        string? currency,
        bool server,
        DateTimeOffset now,
        FieldErrors errors
    )
    {
        string? Parameter(string name) =>
            values.TryGetValue(name, out var value)
            && TextRules.TryTidy(TextRules.Cut(value, 2048), false, out var tidy, out _)
            && tidy.Length > 0
                ? tidy
                : null;
        if (Parameter("cip") is not null && !server)
            errors.Add("cip", "not_allowed", "Needs token_auth: an API key of this workspace with the scope touches:write.");
        var alias = server && Parameter("uid") is { } user ? Visitor.AliasOf("user", user) : Named(Parameter, errors);
        var at = When(Parameter, server, now, errors);
        var writeEvent = Parameter("rec") == "1" && Parameter("ping") != "1" ? EventOf(Parameter, currency) : null;
        return new(
            writeEvent is null
                ? null
                : writer =>
                {
                    writeEvent(writer);
                    if (Parameter("url") is { } page)
                        writer.WriteString("page", page);
                    if (Parameter("urlref") is { } referrer)
                        writer.WriteString("referrer", referrer);
                    if (at is { } time)
                        writer.WriteNumber("at", time.ToUnixTimeMilliseconds());
                },
            alias,
            Parameter("ua") is { } agent ? TextRules.Cut(agent, 512) : null,
            Parameter("cip"),
            server || Parameter("consent") == "1"
        );
    }

    /// <summary>The visitor that a form names by Matomo's id of him (<c>getVisitorId()</c>); null for anything else.</summary>
    public static string? VisitorAlias(string? id) =>
        id is { Length: 16 } && id.All(char.IsAsciiHexDigit) ? Visitor.AliasOf("browser", id.ToLowerInvariant()) : null;

    /// <summary>
    /// The browser's own id of 16 hexadecimal digits, which nobody else knows. Whoever sends a name (uid) without a key could be anybody:
    /// it names nobody then.
    /// </summary>
    static string? Named(Func<string, string?> said, FieldErrors errors)
    {
        if (said("cid") is { } given)
        {
            if (VisitorAlias(given) is { } exact)
                return exact;
            errors.Add("cid", "invalid", "Must have 16 hexadecimal digits.");
            return null;
        }
        // Programs send UUIDs here.
        return said("_id")?.Replace("-", "", StringComparison.Ordinal) is { Length: >= 16 } id ? VisitorAlias(id[..16]) : null;
    }

    static DateTimeOffset? When(Func<string, string?> said, bool server, DateTimeOffset now, FieldErrors errors)
    {
        DateTimeOffset at;
        if (said("cdt") is { } text)
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 10_000_000_000)
                at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            else if (
                !DateTimeOffset.TryParse(
                    text,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out at
                )
            )
            {
                errors.Add("cdt", "invalid", "Must be a time in UTC: 2026-11-22 10:15:30, or Unix seconds.");
                return null;
            }
        }
        else
            at = now;
        if (said("cdo") is { } offset)
        {
            if (
                !long.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ago)
                || Math.Abs((decimal)ago) > 1_000_000_000
            )
            {
                errors.Add("cdo", "invalid", "Must be a whole number of seconds.");
                return null;
            }
            at = at.Year > 1970 ? at.AddSeconds(-Math.Abs(ago)) : at;
        }
        else if (said("cdt") is null)
            return null;
        if (at < Earliest)
            errors.Add("cdt", "out_of_range", "Must not be before the year 2000.");
        else if (!server && at < now - Recent)
            errors.Add(
                "cdt",
                "not_allowed",
                "A time more than 24 hours ago needs token_auth: an API key of this workspace with the scope touches:write."
            );
        return at;
    }

    static Action<Utf8JsonWriter>? EventOf(Func<string, string?> said, string? currency)
    {
        if (said("idgoal") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var goal))
        {
            if (goal == 0 && said("ec_id") is null)
                return Event("cart");
            return writer =>
            {
                writer.WriteString("kind", "conversion");
                writer.WriteString("type", goal == 0 ? Conversion.Sale : string.Create(CultureInfo.InvariantCulture, $"goal-{goal}"));
                if (goal == 0)
                    writer.WriteString("orderId", said("ec_id"));
                Worth(writer, said("revenue"), (said("currency") ?? currency)?.ToUpperInvariant());
            };
        }
        if (said("download") is { } file)
            return Led("download", file);
        if (said("link") is { } link)
            return Led("outbound", link);
        if (said("e_c") is { } category && said("e_a") is { } action)
            return Event(string.Join(" / ", new[] { category, action, said("e_n"), said("e_v") }.OfType<string>()));
        if (said("c_n") is { } content)
            return Event(string.Join(" / ", new[] { content, said("c_p"), said("c_i") }.OfType<string>()));
        if (said("ca") == "1")
            return Event(said("action_name") ?? "custom");
        var title = said("search") is { } words ? $"search: {words}" : said("action_name");
        return writer =>
        {
            writer.WriteString("kind", "pageView");
            if (title is not null)
                writer.WriteString("name", title);
        };
    }

    static Action<Utf8JsonWriter> Event(string name) =>
        writer =>
        {
            writer.WriteString("kind", "event");
            writer.WriteString("name", name);
        };

    static Action<Utf8JsonWriter> Led(string kind, string target) =>
        writer =>
        {
            writer.WriteString("kind", kind);
            writer.WriteString("target", target);
        };

    /// <summary>An amount such as 12.5; what is no amount is left out, as by Matomo.</summary>
    static void Worth(Utf8JsonWriter writer, string? text, string? currency)
    {
        if (
            text is not { Length: <= 24 }
            || currency is null
            || !Currency.Exists(currency)
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || MoneyText.Of(amount, currency) is not { } value
        )
            return;
        writer.WriteStartObject("value");
        writer.WriteNumber("amount", value.Amount);
        writer.WriteString("currency", currency);
        writer.WriteEndObject();
    }
}
