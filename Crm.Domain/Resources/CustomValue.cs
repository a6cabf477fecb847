// Values of a workspace's own fields: how they are kept, compared, written and found.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>Values of custom fields: one of text, whole number, decimal, boolean, or a list of texts. Days and moments are kept as their
/// text.</summary>
public static class CustomValue
{
    /// <summary>From what a kind read to what is kept.</summary>
    public static object Plain(object read) =>
        read switch
        {
            DateTimeOffset time => time.UtcDateTime.ToString(DateTimeValue.Format, System.Globalization.CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            // As it will be when it is read back.
            decimal number when decimal.IsInteger(number) && Math.Abs(number) <= long.MaxValue => (long)number,
            _ => read,
        };

    /// <summary>Whether two values are the same; lists by their entries.</summary>
    public static bool Same(object left, object right) =>
        Equals(left, right) || left is ImmutableArray<string> one && right is ImmutableArray<string> other && one.SequenceEqual(other);

    public static object? FromStored(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDecimal(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Array => ImmutableArray.CreateRange(json.EnumerateArray().Select(e => e.GetString() ?? "")),
            _ => null,
        };

    public static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case long whole:
                writer.WriteNumberValue(whole);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case bool yes:
                writer.WriteBooleanValue(yes);
                break;
            case ImmutableArray<string> list:
                writer.WriteStartArray();
                foreach (var one in list)
                    writer.WriteStringValue(one);
                writer.WriteEndArray();
                break;
        }
    }

    /// <summary>The key does not depend on the field's definition, so that a record can be read without it: texts are folded, numbers are
    /// numbers.</summary>
    public static void AddKeys(string name, object value, List<(string, Key)> found)
    {
        switch (value)
        {
            case string text:
                found.Add((name, Key.Of(TextRules.Fold(text))));
                break;
            case long whole:
                found.Add((name, Key.Of((double)whole)));
                break;
            case decimal number:
                found.Add((name, Key.Of((double)number)));
                break;
            case bool yes:
                found.Add((name, Key.Of(yes ? 1 : 0)));
                break;
            case ImmutableArray<string> list:
                foreach (var one in list.Distinct())
                    found.Add((name, Key.Of(TextRules.Fold(one))));
                break;
        }
    }
}
