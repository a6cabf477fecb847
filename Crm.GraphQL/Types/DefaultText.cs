// A default value as text: in the one form that the reference implementation gives it too, whatever way it was written.

using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

public static partial class DefaultText
{
    /// <summary>Null when there is no default.</summary>
    public static string? Of(ArgumentDefinition argument) =>
        argument.Default is null ? null : Printer.Print(Literal(argument.DefaultValue, argument.Type, false));

    /// <summary>The same with the fields of objects in order, for comparing two.</summary>
    public static string? Sorted(ArgumentDefinition argument) =>
        argument.Default is null ? null : Printer.Print(Literal(argument.DefaultValue, argument.Type, true));

    [GeneratedRegex("^-?(?:0|[1-9][0-9]*)$")]
    private static partial Regex WholeNumber { get; }

    static Value Literal(JsonElement value, GraphType type, bool sorted)
    {
        type = type.Nullable;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return new NullValue(default);
            case JsonValueKind.True or JsonValueKind.False:
                return new BooleanValue(value.GetBoolean(), default);
            case JsonValueKind.Number:
                var text = NumberText.Of(value.GetDouble());
                return WholeNumber.IsMatch(text) ? new IntValue(text, default) : new FloatValue(text, default);
            case JsonValueKind.Array:
                var item = type is ListType list ? list.Item : type;
                return new ListValue([.. value.EnumerateArray().Select(v => Literal(v, item, sorted))], default);
            case JsonValueKind.Object:
                var members = type is InputObjectType input
                    ? input
                        .Fields.Where(f => value.TryGetProperty(f.Name, out _))
                        .Select(f => new Argument(f.Name, Literal(value.GetProperty(f.Name), f.Type, sorted), default))
                    : value.EnumerateObject().Select(m => new Argument(m.Name, Literal(m.Value, type, sorted), default));
                return new ObjectValue([.. sorted ? members.OrderBy(m => m.Name, StringComparer.Ordinal) : members], default);
            default:
                var word = value.GetString()!;
                return type is EnumType ? new EnumValue(word, default)
                    : type == ScalarType.ID && WholeNumber.IsMatch(word) ? new IntValue(word, default)
                    : new StringValue(word, default);
        }
    }
}
