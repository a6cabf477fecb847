// Text in its several sorts: a line, a long text, an address, a number to call, a code.

using System.Text.Json;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Resources;

/// <summary>Text in its several sorts.</summary>
public sealed class TextValue(TextKind kind) : FieldKind
{
    public static readonly TextValue Line = new(TextKind.Line);
    public static readonly TextValue Long = new(TextKind.Long);
    public static readonly TextValue Email = new(TextKind.Email);
    public static readonly TextValue Phone = new(TextKind.Phone);
    public static readonly TextValue Url = new(TextKind.Url);

    public override string Name =>
        kind switch
        {
            TextKind.Line => "text",
            TextKind.Long => "longText",
            _ => Names.Camel(kind.ToString()),
        };
    public override bool IsText => kind is TextKind.Line or TextKind.Long;

    /// <summary>Whether somebody is reached by it.</summary>
    public bool IsAddress => kind is TextKind.Email or TextKind.Phone;

    public bool IsPhone => kind == TextKind.Phone;

    public override bool IsNobodys(object value) => kind == TextKind.Phone && PhoneNumber.IsDummy((string)value);

    public static int DefaultMax(TextKind kind) =>
        kind switch
        {
            TextKind.Long => 32 * 1024,
            TextKind.Url => 2048,
            TextKind.Origin => 255,
            TextKind.Email => 254,
            TextKind.Phone => 32,
            TextKind.Country => 2,
            TextKind.Currency => 3,
            TextKind.Language => 35,
            TextKind.TimeZone => 64,
            TextKind.Name => 64,
            _ => 255,
        };

    /// <summary>A list's own limit counts its entries, so its texts have the kind's limit.</summary>
    public long MaxOf(Field field) => field.Max > 0 && !field.IsMany ? field.Max : DefaultMax(kind);

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        // Scripts send a number of a phone as a number.
        if (kind == TextKind.Phone && json.ValueKind == JsonValueKind.Number && !context.IsStored)
            return TryParse(json.GetRawText(), field, context, out value, out error);
        if (json.ValueKind != JsonValueKind.String)
        {
            error = WrongType("text");
            return false;
        }
        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            error = ("encoding_invalid", "Must be valid Unicode: half of a surrogate pair stands alone.");
            return false;
        }
        if (context.IsStored)
        {
            value = text;
            error = default;
            return true;
        }
        return TryParse(text, field, context, out value, out error);
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        if (!TextRules.TryTidy(text, kind == TextKind.Long, out var tidy, out error))
            return false;
        if (tidy.Length == 0)
            return true;
        if (kind == TextKind.Country && tidy.Length > 2 && Text.CountryName.TryFind(tidy, out var code))
            tidy = code;
        var max = MaxOf(field);
        if (tidy.Length > max)
        {
            error = ("too_long", $"Must have at most {max} characters; it has {tidy.Length}.");
            return false;
        }
        string? reason = null;
        switch (kind)
        {
            case TextKind.Email:
                if (EmailAddress.TryNormalise(tidy, out var address, out _, out var why))
                    tidy = address;
                else
                    reason = why;
                break;
            case TextKind.Phone:
                if (PhoneNumber.TryNormalise(tidy, context.DefaultCountry, out var e164, out var whyNot))
                    tidy = e164;
                else
                    reason = whyNot;
                break;
            case TextKind.Url:
                // What people type into an address bar.
                if (!tidy.Contains("://", StringComparison.Ordinal) && IsHost(tidy))
                    tidy = "https://" + tidy;
                if (!TextRules.IsWebAddress(tidy))
                    reason = "Must be an absolute http or https address without a user name.";
                break;
            case TextKind.Origin:
                if (TextRules.TryOrigin(tidy, out var origin))
                    tidy = origin;
                else
                    reason = "Must be an origin such as https://www.example.org: scheme and host, no path.";
                break;
            case TextKind.Country:
                tidy = tidy.ToUpperInvariant();
                if (tidy.Length != 2 || !tidy.All(char.IsAsciiLetterUpper))
                    reason = "Must be a two-letter ISO 3166 country code such as BR.";
                break;
            case TextKind.Currency:
                tidy = tidy.ToUpperInvariant();
                if (!Text.Currency.Exists(tidy))
                    reason = "Must be an ISO 4217 currency code in use such as EUR.";
                break;
            case TextKind.Language:
                if (!TextRules.IsLanguageTag(tidy))
                    reason = "Must be a BCP 47 language tag such as pt-BR.";
                break;
            case TextKind.TimeZone:
                if (!TimeZoneInfo.TryFindSystemTimeZoneById(tidy, out _))
                    reason = "Must be an IANA time zone such as America/Sao_Paulo.";
                break;
            case TextKind.Name:
                if (!TextRules.IsName(tidy))
                    reason = "Must start with a letter and hold only letters, digits and underscores.";
                break;
        }
        if (reason is not null)
        {
            error = ("invalid_" + Names.Snake(Name), reason);
            return false;
        }
        value = tidy;
        return true;
    }

    /// <summary>A name with a dot and letters behind it, and perhaps a path.</summary>
    static bool IsHost(string text)
    {
        var host = text.AsSpan(0, text.AsSpan().IndexOfAny("/?#") is >= 0 and var end ? end : text.Length);
        return !host.ContainsAny("@: ") && Text.DomainName.TryToAscii(host.ToString(), out _, out _);
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteStringValue((string)value);

    public override Key ToKey(object value, Field field) =>
        Key.Of(
            kind switch
            {
                TextKind.Email => EmailAddress.TryNormalise((string)value, out _, out var canonical, out _) ? canonical : (string)value,
                TextKind.Phone or TextKind.Country or TextKind.Currency or TextKind.Name => (string)value,
                _ when field.IsUnique => (string)value, // A unique text is told apart by its bytes; only texts for people are folded.
                _ => TextRules.Fold((string)value),
            }
        );

    public override bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message)
    {
        if (partOf && TextRules.TryTidy(text, true, out var tidy, out _) && tidy.Length > 0)
        {
            // In the letters that ToKey leaves.
            key = Key.Of(
                kind switch
                {
                    TextKind.Country or TextKind.Currency => tidy.ToUpperInvariant(),
                    TextKind.Phone or TextKind.Name => tidy,
                    _ when field.IsUnique && kind != TextKind.Email => tidy,
                    _ => TextRules.Fold(tidy),
                }
            );
            message = "";
            return true;
        }
        return base.TryParseKey(text, field, context, partOf, out key, out message);
    }

    public override JsonSchema Schema(Field field) =>
        new(
            "string",
            kind switch
            {
                TextKind.Email => "email",
                TextKind.Url or TextKind.Origin => "uri",
                _ => null,
            },
            MaxOf(field)
        );
}
