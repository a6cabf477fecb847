// Any JSON, kept as it is.

using System.Text.Json;

namespace Crm.Domain.Resources;

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
