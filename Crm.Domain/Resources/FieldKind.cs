// What a value can be: how each kind is read, checked, written, compared and described. Built-in and custom fields share these.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A kind of value. Kinds hold no state; limits come with the field.</summary>
public abstract class FieldKind
{
    /// <summary>As in a custom field's or a form field's <c>kind</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Reads a JSON value that is not null. On failure says why in <paramref name="error"/> (code and sentence).</summary>
    public abstract bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    );

    /// <summary>Reads a value that came as text: from a form, a query parameter or a file.</summary>
    public abstract bool TryParse(
        string text,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    );

    public abstract void Write(Utf8JsonWriter writer, object value, Field field);

    /// <summary>What the store compares.</summary>
    public virtual Key ToKey(object value, Field field) => throw new NotSupportedException($"A field of kind {Name} has no key.");

    /// <summary>The key for the right side of a filter; for <c>contains</c> and <c>startsWith</c> any text will do.</summary>
    public virtual bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message)
    {
        key = default;
        message = "";
        if (TryParse(text, field, context, out var value, out var error) && value is not null)
        {
            key = ToKey(value, field);
            return true;
        }
        message = error.Message ?? "A value is needed.";
        return false;
    }

    public virtual KeyKind KeyKind => KeyKind.Text;
    public virtual bool HasKey => true;
    public virtual bool IsText => false;

    /// <summary>Whether a value is one of its kind's own and never free text: a number, a time, a choice, another record.</summary>
    public virtual bool IsPlain => false;

    /// <summary>Whether a value is a list of values.</summary>
    public virtual bool IsMany => false;

    /// <summary>Whether a value is nobody's own though the field is unique: it is found, and never claimed.</summary>
    public virtual bool IsNobodys(object value) => false;

    /// <summary>The JSON Schema of a value.</summary>
    public abstract JsonSchema Schema(Field field);

    protected static (string, string) WrongType(string wanted, string? hint = null) => ("wrong_type", Hinted($"Must be {wanted}.", hint));

    public static string Hinted(string message, string? hint) => hint is null ? message : $"{message} {hint}";
}
