// One of a closed list of words.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>One of a closed list of words. Values are the words themselves (custom fields) or an enum (built-in fields).</summary>
public sealed class ChoiceValue(Type? enumeration) : FieldKind
{
    public static readonly ChoiceValue OfWords = new(null);
    readonly Dictionary<string, object>? values = enumeration
        ?.GetEnumValues()
        .Cast<object>()
        .ToDictionary(v => Names.Camel(v.ToString()!), StringComparer.Ordinal);
    readonly Dictionary<object, JsonEncodedText>? words = enumeration
        ?.GetEnumValues()
        .Cast<object>()
        .ToDictionary(v => v, v => JsonEncodedText.Encode(Names.Camel(v.ToString()!)));

    public override string Name => "choice";
    public override bool IsPlain => true;

    public IReadOnlyList<string> Words(Field field) => values is not null ? [.. values.Keys] : field.Choices;

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
            return TryParse(json.ToString(), field, context, out value, out error);
        error = WrongType("text");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        if (text.Length == 0)
            return true;
        if (values is not null ? values.TryGetValue(text, out value) : field.Choices.Contains(text))
        {
            value ??= text;
            return true;
        }
        error = ("not_a_choice", $"Must be one of: {string.Join(", ", Words(field))}.");
        return false;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        if (words is null)
            writer.WriteStringValue((string)value);
        else
            writer.WriteStringValue(words[value]);
    }

    public override Key ToKey(object value, Field field) => Key.Of(words is null ? (string)value : words[value].Value);

    public override JsonSchema Schema(Field field) => new("string", Enum: Words(field));
}
