// A secret as a kind of value: callers write it as text, and read it nowhere.

using System.Text.Json;

namespace Crm.Domain.Resources;

public sealed class SealedValue : FieldKind
{
    public static readonly SealedValue Instance = new();

    /// <summary>Room for a private key in PEM.</summary>
    const int DefaultMax = 8192;

    public override string Name => "secret";
    public override bool HasKey => false;

    static long MaxOf(Field field) => field.Max > 0 ? field.Max : DefaultMax;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        error = default;
        if (json.ValueKind != JsonValueKind.String)
        {
            error = WrongType("text");
            return false;
        }
        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            error = ("encoding_invalid", "Must be valid Unicode: half of a surrogate pair stands alone.");
            return false;
        }
        if (!context.IsStored)
            return TryParse(text, field, context, out value, out error);
        value = SealedText.OfStored(text);
        return true;
    }

    /// <summary>As it is, with its spaces: they may be part of a password.</summary>
    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        value = null;
        error = default;
        if (text.Contains('\0'))
            error = ("nul_character", "Must not contain the NUL character.");
        else if (text.Length > MaxOf(field))
            error = ("too_long", $"Must have at most {MaxOf(field)} characters; it has {text.Length}.");
        else if (text.Length > 0)
            value = SealedText.Of(text);
        return error.Code is null;
    }

    /// <summary>What is not sealed yet is written nowhere.</summary>
    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        if (((SealedText)value).Stored is { } ciphertext)
            writer.WriteStringValue(ciphertext);
        else
            writer.WriteNullValue();
    }

    public override JsonSchema Schema(Field field) => new("string", "password", MaxOf(field));
}
