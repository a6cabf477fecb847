// Whole numbers.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

public sealed class IntegerValue : FieldKind
{
    public static readonly IntegerValue Instance = new();
    const long Largest = 9_007_199_254_740_991; // What every JSON reader can hold exactly.
    public override string Name => "integer";
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
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var number))
            return Check(number, field, out value, out error) || context.IsStored;
        error = WrongType("a whole number", field.Hint);
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
            NumberText.TryRead(text, out var plain)
            && decimal.TryParse(
                plain,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var read
            )
            && decimal.IsInteger(read)
            // 5.000 is five to one half of the world and five thousand to the other.
            && !(plain.Contains('.') && plain.IndexOf('.') == plain.Length - 4)
            && Math.Abs(read) <= long.MaxValue
        )
            return Check((long)read, field, out value, out error);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Check(number, field, out value, out error);
        error = WrongType("a whole number", field.Hint);
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
        error = ("out_of_range", Hinted($"Must be between {min} and {max}.", field.Hint));
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteNumberValue((long)value);

    public override Key ToKey(object value, Field field) => Key.Of((double)(long)value);

    public override JsonSchema Schema(Field field) =>
        new("integer", "int64", Minimum: field.Min == long.MinValue ? null : field.Min, Maximum: field.Max == 0 ? null : field.Max);
}
