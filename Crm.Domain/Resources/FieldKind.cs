// What a value can be: how each kind is read, checked, written, compared and described. Built-in and custom fields share these.

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Crm.Domain.People;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A kind of value. Kinds hold no state; limits come with the field.</summary>
public abstract class FieldKind
{
    /// <summary>As in a custom field's or a form field's <c>kind</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Reads a JSON value that is not null. On failure says why in <paramref name="error"/> (code and sentence).</summary>
    public abstract bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    );

    /// <summary>Reads a value that came as text: from a form, a query parameter or a file.</summary>
    public abstract bool TryParse(
        string text,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    );

    public abstract void Write(Utf8JsonWriter writer, object value, Field field);

    /// <summary>What the store compares.</summary>
    public virtual Key ToKey(object value, Field field) => throw new NotSupportedException($"A field of kind {Name} has no key.");

    /// <summary>The key for the right side of a filter; for <c>contains</c> and <c>startsWith</c> any text will do.</summary>
    public virtual bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message)
    {
        key = default;
        message = "";
        if (TryParse(text, field, context, out var value, out var error) && value is not null)
        {
            key = ToKey(value, field);
            return true;
        }
        message = error.Message ?? "A value is needed.";
        return false;
    }

    public virtual KeyKind KeyKind => KeyKind.Text;
    public virtual bool HasKey => true;
    public virtual bool IsText => false;

    /// <summary>The JSON Schema of a value.</summary>
    public abstract JsonSchema Schema(Field field);

    protected static (string, string) WrongType(string wanted) => ("wrong_type", $"Must be {wanted}.");
}

/// <summary>The part of JSON Schema that the kinds need; the API turns it into OpenAPI.</summary>
public sealed record JsonSchema(
    string Type,
    string? Format = null,
    long? MaxLength = null,
    decimal? Minimum = null,
    decimal? Maximum = null,
    IReadOnlyList<string>? Enum = null,
    string? Pattern = null,
    JsonSchema? Items = null,
    long? MaxItems = null,
    ObjectType? Object = null
);

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
    long MaxOf(Field field) => field.Max > 0 && !field.IsMany ? field.Max : DefaultMax(kind);

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
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

public sealed class IntegerValue : FieldKind
{
    public static readonly IntegerValue Instance = new();
    const long Largest = 9_007_199_254_740_991; // What every JSON reader can hold exactly.
    public override string Name => "integer";
    public override KeyKind KeyKind => KeyKind.Number;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number))
            return Check(number, field, out value, out error) || context.IsStored;
        error = WrongType("a whole number");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        text = text.Trim();
        error = default;
        if (text.Length == 0)
            return true;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Check(number, field, out value, out error);
        error = WrongType("a whole number");
        return false;
    }

    static bool Check(long number, Field field, out object? value, out (string, string) error)
    {
        var min = Math.Max(field.Min, -Largest);
        var max = field.Max != 0 ? field.Max : Largest;
        value = number;
        error = default;
        if (number >= min && number <= max)
            return true;
        error = ("out_of_range", $"Must be between {min} and {max}.");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteNumberValue((long)value);

    public override Key ToKey(object value, Field field) => Key.Of((double)(long)value);

    public override JsonSchema Schema(Field field) =>
        new("integer", "int64", Minimum: field.Min == long.MinValue ? null : field.Min, Maximum: field.Max == 0 ? null : field.Max);
}

public sealed class NumberValue : FieldKind
{
    public static readonly NumberValue Instance = new();
    public override string Name => "number";
    public override KeyKind KeyKind => KeyKind.Number;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number))
            return Check(number, field, out value, out error) || context.IsStored;
        error = WrongType("a number with at most 28 digits");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        text = text.Trim();
        error = default;
        if (text.Length == 0)
            return true;
        if (
            decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return Check(number, field, out value, out error);
        error = WrongType("a number such as 1250.5");
        return false;
    }

    static bool Check(decimal number, Field field, out object? value, out (string, string) error)
    {
        value = number;
        error = default;
        if ((field.Min == long.MinValue || number >= field.Min) && (field.Max == 0 || number <= field.Max))
            return true;
        error = (
            "out_of_range",
            $"Must be between {(field.Min == long.MinValue ? "any number" : field.Min)} and {(field.Max == 0 ? "any number" : field.Max)}."
        );
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteNumberValue((decimal)value);

    public override Key ToKey(object value, Field field) => Key.Of((double)(decimal)value);

    public override JsonSchema Schema(Field field) =>
        new("number", Minimum: field.Min == long.MinValue ? null : field.Min, Maximum: field.Max == 0 ? null : field.Max);
}

public sealed class BooleanValue : FieldKind
{
    public static readonly BooleanValue Instance = new();
    public override string Name => "boolean";
    public override KeyKind KeyKind => KeyKind.Number;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = json.ValueKind == JsonValueKind.True;
        error = default;
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return true;
        error = WrongType("true or false");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        error = default;
        value = text.Trim().ToLowerInvariant() switch
        {
            "true" or "1" or "on" or "yes" => true,
            "false" or "0" or "off" or "no" => false,
            _ => null,
        };
        if (value is not null || text.Trim().Length == 0)
            return true;
        error = WrongType("true or false");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteBooleanValue((bool)value);

    public override Key ToKey(object value, Field field) => Key.Of((bool)value ? 1 : 0);

    public override JsonSchema Schema(Field field) => new("boolean");
}

/// <summary>A moment (RFC 3339, stored in UTC to the millisecond).</summary>
public sealed class DateTimeValue : FieldKind
{
    public static readonly DateTimeValue Instance = new();
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    public override string Name => "dateTime";
    public override KeyKind KeyKind => KeyKind.Number;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind == JsonValueKind.String)
        {
            // Most times that are read are our own; the general parser is ten times slower. Without an offset it would take the machine's time zone.
            if (json.TryGetDateTimeOffset(out var time) && HasOffset(json))
            {
                value = TextRules.ToMillisecond(time);
                error = default;
                return true;
            }
            error = Wrong;
            return false;
        }
        error = Wrong;
        return false;
    }

    /// <summary>Whether a time ends with Z or +hh:mm.</summary>
    static bool HasOffset(JsonElement json)
    {
        var raw = JsonMarshal.GetRawUtf8Value(json)[..^1];
        if (raw[^1] is (byte)'Z' or (byte)'z')
            return true;
        var text = json.GetString()!; // Some writers escape the plus sign.
        return text.Length > 16 && text[^6] is '+' or '-';
    }

    static (string, string) Wrong => ("invalid_date_time", "Must be a date and time such as 2026-11-22T10:15:30Z.");

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        text = text.Trim();
        if (text.Length == 0)
            return true;
        if (
            text.Length >= 10
            && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
        {
            value = TextRules.ToMillisecond(time);
            return true;
        }
        error = Wrong;
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => WriteTime(writer, (DateTimeOffset)value);

    public static void WriteTime(Utf8JsonWriter writer, DateTimeOffset time)
    {
        // Digit by digit: a record has several times, and the general formatter takes ten times as long.
        Span<byte> text = stackalloc byte[24];
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        var utc = time.UtcDateTime;
        Digits(text[..4], utc.Year);
        Digits(text[5..7], utc.Month);
        Digits(text[8..10], utc.Day);
        Digits(text[11..13], utc.Hour);
        Digits(text[14..16], utc.Minute);
        Digits(text[17..19], utc.Second);
        Digits(text[20..23], utc.Millisecond);
        writer.WriteStringValue(text);
    }

    static void Digits(Span<byte> text, int number)
    {
        for (var i = text.Length - 1; i >= 0; i--, number /= 10)
            text[i] = (byte)('0' + number % 10);
    }

    public override Key ToKey(object value, Field field) => Key.Of(((DateTimeOffset)value).ToUnixTimeMilliseconds());

    public override JsonSchema Schema(Field field) => new("string", "date-time");
}

/// <summary>A calendar day.</summary>
public sealed class DateValue : FieldKind
{
    public static readonly DateValue Instance = new();
    public override string Name => "date";

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        error = ("invalid_date", "Must be a date such as 2026-11-22.");
        return json.ValueKind == JsonValueKind.String && TryParse(json.ToString(), field, context, out value, out error);
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        text = text.Trim();
        if (text.Length == 0)
            return true;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            value = date;
            return true;
        }
        error = ("invalid_date", "Must be a date such as 2026-11-22.");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) =>
        writer.WriteStringValue(((DateOnly)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public override Key ToKey(object value, Field field) => Key.Of(((DateOnly)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public override JsonSchema Schema(Field field) => new("string", "date");
}

/// <summary>One of a closed list of words. Values are the words themselves (custom fields) or an enum (built-in fields).</summary>
public sealed class ChoiceValue(Type? enumeration) : FieldKind
{
    public static readonly ChoiceValue OfWords = new(null);
    readonly Dictionary<string, object>? values = enumeration
        ?.GetEnumValues()
        .Cast<object>()
        .ToDictionary(v => Names.Camel(v.ToString()!), StringComparer.Ordinal);
    readonly Dictionary<object, JsonEncodedText>? words = enumeration
        ?.GetEnumValues()
        .Cast<object>()
        .ToDictionary(v => v, v => JsonEncodedText.Encode(Names.Camel(v.ToString()!)));

    public override string Name => "choice";

    public IReadOnlyList<string> Words(Field field) => values is not null ? [.. values.Keys] : field.Choices;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind == JsonValueKind.String)
            return TryParse(json.ToString(), field, context, out value, out error);
        error = WrongType("text");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        if (text.Length == 0)
            return true;
        if (values is not null ? values.TryGetValue(text, out value) : field.Choices.Contains(text))
        {
            value ??= text;
            return true;
        }
        error = ("not_a_choice", $"Must be one of: {string.Join(", ", Words(field))}.");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        if (words is null)
            writer.WriteStringValue((string)value);
        else
            writer.WriteStringValue(words[value]);
    }

    public override Key ToKey(object value, Field field) => Key.Of(words is null ? (string)value : words[value].Value);

    public override JsonSchema Schema(Field field) => new("string", Enum: Words(field));
}

/// <summary>The id of another record.</summary>
public sealed class ReferenceValue(string prefix) : FieldKind
{
    public override string Name => "reference";
    public string Prefix => prefix;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        error = Wrong;
        return json.ValueKind == JsonValueKind.String && TryParse(json.ToString(), field, context, out value, out error);
    }

    (string, string) Wrong => ("invalid_id", $"Must be an id that starts with {prefix}_.");

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        if (text.Length == 0)
            return true;
        if (Id.TryParse(text, prefix, out var id))
        {
            value = id;
            return true;
        }
        error = Wrong;
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        writer.WriteStringValue(((Id)value).ToString(prefix));
    }

    public override Key ToKey(object value, Field field) => Key.Of(((Id)value).ToString(prefix));

    public override JsonSchema Schema(Field field) => new("string", Pattern: $"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$");
}

/// <summary>Any JSON, kept as it is.</summary>
public sealed class JsonValue : FieldKind
{
    public static readonly JsonValue Instance = new();
    public override string Name => "json";
    public override bool HasKey => false;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = JsonData.From(json);
        error = default;
        return true;
    }

    public override bool TryParse(
        string text,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    ) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, object value, Field field) =>
        writer.WriteRawValue(((JsonData)value).Utf8.Span, skipInputValidation: true);

    public override JsonSchema Schema(Field field) => new("");
}

/// <summary>A list of values of another kind.</summary>
public sealed class ListValue(FieldKind item, ListShape shape) : FieldKind
{
    public override string Name => item is ChoiceValue ? "choices" : item.Name + "List";
    public FieldKind Item => item;
    public override bool HasKey => item.HasKey;
    public override KeyKind KeyKind => item.KeyKind;
    public const int DefaultMax = 100;

    /// <summary>The items as the property's own list type.</summary>
    public object Shaped(List<object> items) => shape.Make(items);

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Array)
        {
            error = WrongType("a list");
            return false;
        }
        var max = field.MaxItems;
        if (json.GetArrayLength() > max && !context.IsStored)
        {
            error = ("too_many", $"Must have at most {max} entries.");
            return false;
        }
        var items = new List<object>();
        foreach (var element in json.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Null)
                continue;
            if (!item.TryRead(element, field, context, out var one, out error))
                return false;
            if (one is not null)
                items.Add(one);
        }
        value = shape.Make(items);
        error = default;
        return true;
    }

    /// <summary>Text for a list is its values separated by semicolons, as form tools and spreadsheets write them.</summary>
    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        var items = new List<object>();
        value = null;
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!item.TryParse(part, field, context, out var one, out error))
                return false;
            if (one is not null)
                items.Add(one);
        }
        error = default;
        if (items.Count > field.MaxItems)
        {
            error = ("too_many", $"Must have at most {field.MaxItems} entries.");
            return false;
        }
        value = shape.Make(items);
        return true;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        writer.WriteStartArray();
        foreach (var one in (System.Collections.IEnumerable)value)
            item.Write(writer, one, field);
        writer.WriteEndArray();
    }

    public override Key ToKey(object value, Field field) => item.ToKey(value, field);

    public override bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message) =>
        item.TryParseKey(text, field, context, partOf, out key, out message);

    public override JsonSchema Schema(Field field) => new("array", Items: item.Schema(field), MaxItems: field.MaxItems);
}

/// <summary>Turns the values that were read into the property's own list type.</summary>
public abstract class ListShape
{
    public abstract object Make(List<object> items);

    public static ListShape For(Type item) => (ListShape)Activator.CreateInstance(typeof(Of<>).MakeGenericType(item))!;

    sealed class Of<T> : ListShape
    {
        public override object Make(List<object> items) => items.Select(item => (T)item).ToImmutableArray();
    }
}

/// <summary>An object inside a record, with fields of its own.</summary>
public sealed class ObjectValue(ObjectType type) : FieldKind
{
    public override string Name => "object";
    public ObjectType Type => type;
    public override bool HasKey => false;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            error = WrongType("an object");
            return false;
        }
        var errors = new FieldErrors();
        value = type.Read(json, type.New(), context, errors, "", ReadMode.Stored);
        error = errors.Any ? (errors.All[0].Code, $"{errors.All[0].Field}: {errors.All[0].Message}") : default;
        return !errors.Any;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = WrongType("an object");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => type.Write(writer, value);

    public override JsonSchema Schema(Field field) => new("object", Object: type);
}

/// <summary>A piece of JSON as UTF-8, valid and without surrounding space.</summary>
public sealed record JsonData(ReadOnlyMemory<byte> Utf8)
{
    public static readonly JsonData EmptyObject = new("{}"u8.ToArray());

    public static JsonData From(JsonElement json) => new(Encoding.UTF8.GetBytes(json.GetRawText()));

    public JsonDocument Parse() => JsonDocument.Parse(Utf8);

    public bool Equals(JsonData? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode() => Utf8.Length;
}
