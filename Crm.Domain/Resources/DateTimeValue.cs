// Moments.

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A moment (RFC 3339, stored in UTC to the millisecond).</summary>
public sealed class DateTimeValue : FieldKind
{
    public static readonly DateTimeValue Instance = new();
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    public override string Name => "dateTime";
    public override bool IsPlain => true;
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
            // Most times that are read are our own; the general parser is ten times slower. Without an offset it would take the machine's
            // time zone.
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
