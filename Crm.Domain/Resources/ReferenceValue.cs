// The id of another record.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>The id of another record.</summary>
public sealed class ReferenceValue(string prefix) : FieldKind
{
    public override string Name => "reference";
    public override bool IsPlain => true;
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
