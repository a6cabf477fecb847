// Calendar days.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A calendar day.</summary>
public sealed class DateValue : FieldKind
{
    public static readonly DateValue Instance = new();
    public override string Name => "date";
    public override bool IsPlain => true;

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
