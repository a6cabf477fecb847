// Kinds of custom fields whose values are kept as text: days, moments, choices, addresses; with keys that need no definition to be
// computed.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.CustomFields;

/// <summary>Wraps a kind so that its value is the text in JSON and its key is that text folded: a stored record is read without knowing the
/// definition.</summary>
sealed class CustomText(FieldKind kind) : FieldKind
{
    static readonly CustomText Choice = new(ChoiceValue.OfWords);
    static readonly ListValue Choices = new(Choice, ListShape.For(typeof(string)));

    /// <summary>The kind as a custom field has it: where its value or its key would need the definition to be read, as text.</summary>
    public static FieldKind Kept(FieldKind kind) =>
        kind switch
        {
            ListValue => Choices,
            ChoiceValue => Choice,
            DateValue or DateTimeValue => new CustomText(kind),
            TextValue when ReferenceEquals(kind, TextValue.Email) => new CustomText(kind),
            _ => kind,
        };

    public override string Name => kind.Name;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        var read = kind.TryRead(json, field, context, out value, out error);
        value = value is null ? null : CustomValue.Plain(value);
        return read;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        var read = kind.TryParse(text, field, context, out value, out error);
        value = value is null ? null : CustomValue.Plain(value);
        return read;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteStringValue((string)value);

    public override Key ToKey(object value, Field field) => Key.Of(TextRules.Fold((string)value));

    public override bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message)
    {
        if (!partOf || !TextRules.TryTidy(text, true, out var tidy, out _) || tidy.Length == 0)
            return base.TryParseKey(text, field, context, partOf, out key, out message);
        key = Key.Of(TextRules.Fold(tidy));
        message = "";
        return true;
    }

    public override JsonSchema Schema(Field field) => kind.Schema(field);
}
