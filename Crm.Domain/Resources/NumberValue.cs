// Decimal numbers.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

public sealed class NumberValue : FieldKind
{
    public static readonly NumberValue Instance = new();
    public override string Name => "number";
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
            NumberText.TryRead(text, out var plain)
            && decimal.TryParse(
                plain,
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
