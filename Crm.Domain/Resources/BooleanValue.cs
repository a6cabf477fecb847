// Yes or no, in the words that forms and programs use.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

public sealed class BooleanValue : FieldKind
{
    public static readonly BooleanValue Instance = new();
    public override string Name => "boolean";
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
