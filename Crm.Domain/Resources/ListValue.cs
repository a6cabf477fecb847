// A list of values of another kind.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A list of values of another kind.</summary>
public sealed class ListValue(FieldKind item, ListShape shape) : FieldKind
{
    public override string Name => item is ChoiceValue ? "choices" : item.Name + "List";
    public FieldKind Item => item;
    public override bool HasKey => item.HasKey;
    public override KeyKind KeyKind => item.KeyKind;
    public override bool IsMany => true;

    /// <summary>The items as the property's own list type.</summary>
    public object Shaped(List<object> items) => shape.Make(items);

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = null;
        if (json.ValueKind == JsonValueKind.String && item is TextValue { IsText: true } && !context.IsStored)
            try
            {
                return TryParse(json.GetString()!, field, context, out value, out error);
            }
            catch (InvalidOperationException)
            {
                error = ("encoding_invalid", "Must be valid Unicode: half of a surrogate pair stands alone.");
                return false;
            }
        if (json.ValueKind != JsonValueKind.Array)
        {
            error = WrongType("a list");
            return false;
        }
        var max = field.MaxItems;
        if (json.GetArrayLength() > max && !context.IsStored)
        {
            error = ("too_many", $"Must have at most {max} entries.");
            return false;
        }
        var items = new List<object>();
        foreach (var element in json.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Null)
                continue;
            if (!item.TryRead(element, field, context, out var one, out error))
                return false;
            if (one is not null)
                items.Add(one);
        }
        value = shape.Make(items);
        error = default;
        return true;
    }

    /// <summary>Text for a list is its values separated by semicolons, as form tools and spreadsheets write them.</summary>
    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        var items = new List<object>();
        value = null;
        // Words of the caller's own may be separated by commas too; choices are given, and may have commas in them.
        var separator = item is TextValue { IsText: true } && !text.Contains(';') ? ',' : ';';
        foreach (var part in text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!item.TryParse(part, field, context, out var one, out error))
                return false;
            if (one is not null)
                items.Add(one);
        }
        error = default;
        if (items.Count > field.MaxItems)
        {
            error = ("too_many", $"Must have at most {field.MaxItems} entries.");
            return false;
        }
        value = shape.Make(items);
        return true;
    }

    public override void Write(Utf8JsonWriter writer, object value, Field field)
    {
        writer.WriteStartArray();
        foreach (var one in (System.Collections.IEnumerable)value)
            item.Write(writer, one, field);
        writer.WriteEndArray();
    }

    public override Key ToKey(object value, Field field) => item.ToKey(value, field);

    public override bool TryParseKey(string text, Field field, ReadContext context, bool partOf, out Key key, out string message) =>
        item.TryParseKey(text, field, context, partOf, out key, out message);

    public override JsonSchema Schema(Field field) => new("array", Items: item.Schema(field), MaxItems: field.MaxItems);
}

/// <summary>Turns the values that were read into the property's own list type.</summary>
public abstract class ListShape
{
    public abstract object Make(List<object> items);

    public static ListShape For(Type item) => (ListShape)Activator.CreateInstance(typeof(Of<>).MakeGenericType(item))!;

    sealed class Of<T> : ListShape
    {
        public override object Make(List<object> items) => items.Select(item => (T)item).ToImmutableArray();
    }
}
