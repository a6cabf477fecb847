// Arguments and variables against their types: what comes out is JSON that resolvers can rely on.

using System.Globalization;
using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

public static class Coercion
{
    static readonly JsonElement Empty = JsonElement.Parse("{}");

    // ---- Literals

    /// <summary>Whether a literal is one of a scalar or an enum.</summary>
    public static bool Fits(Value value, NamedType leaf) =>
        leaf switch
        {
            EnumType words => value is EnumValue word && words.Has(word.Name),
            ScalarType scalar => scalar.Takes switch
            {
                ScalarTakes.Int => value is IntValue n
                    && int.TryParse(n.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                ScalarTakes.Long => value is IntValue n
                    && long.TryParse(n.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                ScalarTakes.Number => value is IntValue or FloatValue,
                ScalarTakes.Text => value is StringValue,
                ScalarTakes.Id => value is StringValue or IntValue,
                ScalarTakes.Boolean => value is BooleanValue,
                _ => true,
            },
            _ => false,
        };

    /// <summary>Whether a literal without variables is a value of the type.</summary>
    public static bool Fits(Value value, GraphType type) =>
        (value, type) switch
        {
            (NullValue, _) => type is not NonNullType,
            (_, NonNullType required) => Fits(value, required.Inner),
            (ListValue many, ListType list) => many.Items.All(item => Fits(item, list.Item)),
            (_, ListType list) => Fits(value, list.Item),
            (ObjectValue given, InputObjectType input) => given.Fields.All(member =>
                input.Field(member.Name) is { } field && Fits(member.Value, field.Type)
            )
                && input.Fields.All(field => !field.IsRequired || given.Fields.Any(member => member.Name == field.Name))
                && (!input.IsOneOf || given.Fields is [{ Value: not NullValue }]),
            _ => Fits(value, type.Named) && type.Named is not InputObjectType,
        };

    /// <summary>A literal as a value of the type, which it must be.</summary>
    public static JsonElement Literal(Value value, GraphType type, Dictionary<string, JsonElement> variables) =>
        Written(writer => Write(writer, value, type, variables));

    /// <summary>A field's arguments as one object; throws <see cref="CoercionException"/>.</summary>
    public static JsonElement Arguments(
        IReadOnlyList<ArgumentDefinition> takes,
        IReadOnlyList<Argument> given,
        Dictionary<string, JsonElement> variables
    ) => takes.Count == 0 ? Empty : Written(writer => Members(writer, takes, given, variables));

    static void Members(
        Utf8JsonWriter writer,
        IReadOnlyList<ArgumentDefinition> takes,
        IReadOnlyList<Argument> given,
        Dictionary<string, JsonElement> variables
    )
    {
        writer.WriteStartObject();
        foreach (var definition in takes)
        {
            var argument = given.FirstOrDefault(a => a.Name == definition.Name);
            if (argument is null || IsMissing(argument.Value, variables))
            {
                if (definition.Default is null)
                    continue;
                writer.WritePropertyName(definition.Name);
                definition.DefaultValue.WriteTo(writer);
                continue;
            }
            writer.WritePropertyName(definition.Name);
            Write(writer, argument.Value, definition.Type, variables);
        }
        writer.WriteEndObject();
    }

    static bool IsMissing(Value value, Dictionary<string, JsonElement> variables) =>
        value is VariableValue variable && !variables.ContainsKey(variable.Name);

    static void Write(Utf8JsonWriter writer, Value value, GraphType type, Dictionary<string, JsonElement> variables)
    {
        if (type is NonNullType required)
        {
            if (
                value is NullValue
                || value is VariableValue nothing
                    && (!variables.TryGetValue(nothing.Name, out var known) || known.ValueKind == JsonValueKind.Null)
            )
                throw new CoercionException("A value is needed.", value.At);
            type = required.Inner;
        }
        switch (value)
        {
            case VariableValue variable:
                if (variables.TryGetValue(variable.Name, out var given))
                    given.WriteTo(writer);
                else
                    writer.WriteNullValue();
                return;
            case NullValue:
                writer.WriteNullValue();
                return;
        }
        if (type is ListType list)
        {
            writer.WriteStartArray();
            foreach (var item in value is ListValue many ? many.Items : [value])
                Write(writer, item, list.Item, variables);
            writer.WriteEndArray();
        }
        else if (type is InputObjectType input && value is ObjectValue members)
        {
            if (
                input.IsOneOf
                && (
                    members.Fields.Where(m => !IsMissing(m.Value, variables)).ToList() is not [var only]
                    || only.Value is NullValue
                    || only.Value is VariableValue chosen && variables[chosen.Name].ValueKind == JsonValueKind.Null
                )
            )
                throw new CoercionException("Exactly one field is needed.", value.At);
            Members(writer, input.Fields, members.Fields, variables);
        }
        else
            Plain(writer, value, type is ScalarType { Takes: ScalarTakes.Id }, variables);
    }

    static void Plain(Utf8JsonWriter writer, Value value, bool id, Dictionary<string, JsonElement> variables)
    {
        switch (value)
        {
            case IntValue n when id:
                writer.WriteStringValue(n.Text);
                break;
            case IntValue n:
                writer.WriteRawValue(n.Text, true);
                break;
            case FloatValue n:
                writer.WriteRawValue(n.Text, true);
                break;
            case StringValue s:
                writer.WriteStringValue(s.Text);
                break;
            case BooleanValue b:
                writer.WriteBooleanValue(b.Is);
                break;
            case EnumValue e:
                writer.WriteStringValue(e.Name);
                break;
            case VariableValue v when variables.TryGetValue(v.Name, out var given):
                given.WriteTo(writer);
                break;
            case ListValue many:
                writer.WriteStartArray();
                foreach (var item in many.Items)
                    Plain(writer, item, false, variables);
                writer.WriteEndArray();
                break;
            case ObjectValue members:
                writer.WriteStartObject();
                foreach (var member in members.Fields)
                    if (!IsMissing(member.Value, variables))
                    {
                        writer.WritePropertyName(member.Name);
                        Plain(writer, member.Value, false, variables);
                    }
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // ---- Variables

    /// <summary>The operation's variables by name, checked; throws <see cref="CoercionException"/>.</summary>
    public static Dictionary<string, JsonElement> Variables(Operation operation, Schema schema, JsonElement given)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var variable in operation.Variables)
        {
            var type = schema.Type(variable.Type)!;
            if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty(variable.Name, out var value))
                values[variable.Name] = Written(writer =>
                {
                    if (Write(writer, value, type) is { } reason)
                        throw new CoercionException($"Variable ${variable.Name}: {reason}", variable.At);
                });
            else if (variable.Default is { } standard)
                values[variable.Name] = Literal(standard, type, values);
            else if (type is NonNullType)
                throw new CoercionException($"Variable ${variable.Name}: A value is needed.", variable.At);
        }
        return values;
    }

    /// <summary>Copies a variable's value if it is one of the type; else says why not.</summary>
    static string? Write(Utf8JsonWriter writer, JsonElement value, GraphType type)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            writer.WriteNullValue();
            return type is NonNullType ? "A value is needed." : null;
        }
        type = type.Nullable;
        switch (type)
        {
            case ListType list:
                writer.WriteStartArray();
                if (value.ValueKind != JsonValueKind.Array)
                {
                    if (Write(writer, value, list.Item) is { } wrong)
                        return wrong;
                }
                else
                    foreach (var item in value.EnumerateArray())
                        if (Write(writer, item, list.Item) is { } reason)
                            return reason;
                writer.WriteEndArray();
                return null;
            case InputObjectType input:
                return Write(writer, value, input);
            case EnumType words:
                if (value.ValueKind != JsonValueKind.String || !words.Has(value.GetString()!))
                    return "Not one of the allowed words.";
                break;
            case ScalarType scalar:
                return Write(writer, value, scalar.Takes);
        }
        value.WriteTo(writer);
        return null;
    }

    static string? Write(Utf8JsonWriter writer, JsonElement value, InputObjectType input)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return "An object is needed.";
        foreach (var member in value.EnumerateObject())
            if (input.Field(member.Name) is null)
                return $"There is no field {member.Name} here.";
        writer.WriteStartObject();
        var (count, isNull) = (0, false);
        foreach (var field in input.Fields)
            if (value.TryGetProperty(field.Name, out var member))
            {
                (count, isNull) = (count + 1, member.ValueKind == JsonValueKind.Null);
                writer.WritePropertyName(field.Name);
                if (Write(writer, member, field.Type) is { } reason)
                    return reason;
            }
            else if (field.Default is not null)
            {
                writer.WritePropertyName(field.Name);
                field.DefaultValue.WriteTo(writer);
            }
            else if (field.IsRequired)
                return "A required field is missing.";
        writer.WriteEndObject();
        return input.IsOneOf && (count != 1 || isNull) ? "Exactly one field is needed." : null;
    }

    static string? Write(Utf8JsonWriter writer, JsonElement value, ScalarTakes takes)
    {
        const string other = "The value does not fit its type.";
        var isNumber = value.ValueKind == JsonValueKind.Number;
        // 1.0 and 1e3 are whole numbers in JSON, however they are written.
        var whole =
            isNumber && value.GetDouble() is var number && double.IsFinite(number) && Math.Floor(number) == number ? number : double.NaN;
        switch (takes)
        {
            case ScalarTakes.Int when whole is >= int.MinValue and <= int.MaxValue:
                writer.WriteNumberValue((int)whole);
                return null;
            case ScalarTakes.Id when !double.IsNaN(whole):
                writer.WriteStringValue(value.TryGetInt64(out _) ? value.GetRawText() : NumberText.Of(whole));
                return null;
            case ScalarTakes.Long when isNumber && value.TryGetInt64(out _):
            case ScalarTakes.Number when isNumber && double.IsFinite(value.GetDouble()):
            case ScalarTakes.Text or ScalarTakes.Id when value.ValueKind == JsonValueKind.String:
            case ScalarTakes.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case ScalarTakes.Anything:
                value.WriteTo(writer);
                return null;
            default:
                return other;
        }
    }

    static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
            write(writer);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}

/// <summary>A value that does not fit its type.</summary>
public sealed class CoercionException(string message, Location at) : Exception(message)
{
    public Location At { get; } = at;
}
