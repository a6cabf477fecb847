// An object inside a record.

using System.Text.Json;

namespace Crm.Domain.Resources;

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
            error = WrongType("an object", type.Hint);
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

    public override JsonSchema Schema(Field field) => new("object", Object: type.Clr);
}
