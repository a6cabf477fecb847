// Calendar days.

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A calendar day.</summary>
public sealed partial class DateValue : FieldKind
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
        if (TryPlain(text, out date))
        {
            value = date;
            return true;
        }
        error = ("invalid_date", "Must be a date such as 2026-11-22.");
        return false;
    }

    /// <summary>Other ways of writing a day that can mean only one: the year first, a dot (the day stands first), a day above 12.
    /// 05/06/2026
    /// is two days, and so none.</summary>
    static bool TryPlain(string text, out DateOnly date)
    {
        date = default;
        var match = Parts().Match(text);
        if (!match.Success)
            return false;
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        if (match.Groups[1].Success)
            return TryMake(Number(1), Number(2), Number(3), out date);
        var (one, other, year) = (Number(4), Number(6), Number(7));
        var dayFirst = match.Groups[5].ValueSpan is "." || one > 12 || one == other;
        if (!dayFirst && other <= 12)
            return false;
        return dayFirst ? TryMake(year, other, one, out date) : TryMake(year, one, other, out date);
    }

    static bool TryMake(int year, int month, int day, out DateOnly date)
    {
        date = default;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new(year, month, day);
        return true;
    }

    [GeneratedRegex(
        @"^(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})([./-])(\d{1,2})[./-](\d{4}))\.?(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?$"
    )]
    private static partial Regex Parts();

    public override void Write(Utf8JsonWriter writer, object value, Field field) =>
        writer.WriteStringValue(((DateOnly)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public override Key ToKey(object value, Field field) => Key.Of(((DateOnly)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public override JsonSchema Schema(Field field) => new("string", "date");
}
