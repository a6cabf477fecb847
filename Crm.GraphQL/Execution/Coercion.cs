// Arguments and variables against their types: what comes out is JSON that resolvers can rely on.

using System.Globalization;
using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

public static class Coercion
{
    /// <summary>Whether a literal without variables inside is a value of the type; null when it is, else the reason.</summary>
    public static (string Reason, Location At)? Check(Value value, GraphType type)
    {
        if (value is VariableValue)
            return null; // Checked by its own type.
        if (type is NonNullType required)
            return value is NullValue ? ("A value is needed.", value.At) : Check(value, required.Inner);
        if (value is NullValue)
            return null;
        if (type is ListType list)
            return value is ListValue many ? many.Items.Select(item => Check(item, list.Item)).FirstOrDefault(bad => bad is not null) : Check(value, list.Item);
        switch (type)
        {
            case InputObjectType input:
                if (value is not ObjectValue given)
                    return ("An object is needed.", value.At);
                for (var i = 0; i < given.Fields.Count; i++)
                {
                    var member = given.Fields[i];
                    if (input.Field(member.Name) is not { } field)
                        return ($"There is no field {member.Name} here.", member.At);
                    if (given.Fields.Take(i).Any(f => f.Name == member.Name))
                        return ($"{member.Name} is given twice.", member.At);
                    if (Check(member.Value, field.Type) is { } bad)
                        return bad;
                }
                return input.Fields.Any(f => f.IsRequired && given.Fields.All(g => g.Name != f.Name)) ? ("A required field is missing.", value.At) : null;
            case EnumType e:
                return value is EnumValue word && e.Values.Contains(word.Name) ? null : ("Not one of the allowed words.", value.At);
            case ScalarType scalar:
                var fits = scalar.Takes switch
                {
                    ScalarTakes.Int => value is IntValue n && int.TryParse(n.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                    ScalarTakes.Long => value is IntValue n && long.TryParse(n.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                    ScalarTakes.Number => value is IntValue or FloatValue,
                    ScalarTakes.Text => value is StringValue,
                    ScalarTakes.Id => value is StringValue or IntValue,
                    ScalarTakes.Boolean => value is BooleanValue,
                    _ => true,
                };
                return fits ? null : ("The value does not fit its type.", value.At);
        }
        return null;
    }

    /// <summary>The operation's variables by name, checked; throws <see cref="CoercionException"/>.</summary>
    public static Dictionary<string, JsonElement> Variables(Operation operation, Schema schema, JsonElement given)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var variable in operation.Variables)
        {
            var type = TypeOf(variable.Type, schema)!;
            if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty(variable.Name, out var value))
                values[variable.Name] = Written(writer =>
                {
                    if (Write(writer, value, type) is { } reason)
                        throw new CoercionException($"Variable ${variable.Name}: {reason}", variable.At);
                });
            else if (variable.Default is { } standard)
                values[variable.Name] = Written(writer => Write(writer, standard, type, values));
            else if (type is NonNullType)
                throw new CoercionException($"Variable ${variable.Name}: A value is needed.", variable.At);
        }
        return values;
    }

    /// <summary>A field's arguments as one object; throws <see cref="CoercionException"/>.</summary>
    public static JsonElement Arguments(IReadOnlyList<ArgumentDefinition> takes, IReadOnlyList<Argument> given, Dictionary<string, JsonElement> variables) => Written(writer => Members(writer, takes, given, variables));

    static void Members(Utf8JsonWriter writer, IReadOnlyList<ArgumentDefinition> takes, IReadOnlyList<Argument> given, Dictionary<string, JsonElement> variables)
    {
        writer.WriteStartObject();
        foreach (var definition in takes)
        {
            var argument = given.FirstOrDefault(a => a.Name == definition.Name);
            var missing = argument is null || argument.Value is VariableValue variable && !variables.ContainsKey(variable.Name);
            if (missing && definition.Default is null)
                continue;
            writer.WritePropertyName(definition.Name);
            if (missing)
                Write(writer, Parser.Parse($"{{a(b:{definition.Default})}}", new()).Operations[0].Selections.OfType<FieldNode>().First().Arguments[0].Value, definition.Type, variables);
            else
                Write(writer, argument!.Value, definition.Type, variables);
        }
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Value value, GraphType type, Dictionary<string, JsonElement> variables)
    {
        if (type is NonNullType required)
        {
            if (value is NullValue || value is VariableValue nothing && (!variables.TryGetValue(nothing.Name, out var known) || known.ValueKind == JsonValueKind.Null))
                throw new CoercionException("A value is needed.", value.At);
            type = required.Inner;
        }
        switch (value)
        {
            case VariableValue variable:
                if (variables.TryGetValue(variable.Name, out var given)) given.WriteTo(writer); else writer.WriteNullValue();
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
            Members(writer, input.Fields, members.Fields, variables);
        else
            Plain(writer, value, type is ScalarType { Takes: ScalarTakes.Id }, variables);
    }

    static void Plain(Utf8JsonWriter writer, Value value, bool id, Dictionary<string, JsonElement> variables)
    {
        switch (value)
        {
            case IntValue n when id: writer.WriteStringValue(n.Text); break;
            case IntValue n: writer.WriteRawValue(n.Text, true); break;
            case FloatValue n: writer.WriteRawValue(n.Text, true); break;
            case StringValue s: writer.WriteStringValue(s.Text); break;
            case BooleanValue b: writer.WriteBooleanValue(b.Is); break;
            case EnumValue e: writer.WriteStringValue(e.Name); break;
            case VariableValue v when variables.TryGetValue(v.Name, out var given): given.WriteTo(writer); break;
            case ListValue many:
                writer.WriteStartArray();
                foreach (var item in many.Items)
                    Plain(writer, item, false, variables);
                writer.WriteEndArray();
                break;
            case ObjectValue members:
                writer.WriteStartObject();
                foreach (var member in members.Fields)
                {
                    writer.WritePropertyName(member.Name);
                    Plain(writer, member.Value, false, variables);
                }
                writer.WriteEndObject();
                break;
            default: writer.WriteNullValue(); break;
        }
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
                foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
                    if (Write(writer, item, list.Item) is { } reason)
                        return reason;
                writer.WriteEndArray();
                return null;
            case InputObjectType input:
                if (value.ValueKind != JsonValueKind.Object)
                    return "An object is needed.";
                foreach (var member in value.EnumerateObject())
                    if (input.Field(member.Name) is null)
                        return $"There is no field {member.Name} here.";
                writer.WriteStartObject();
                foreach (var field in input.Fields)
                    if (value.TryGetProperty(field.Name, out var member))
                    {
                        writer.WritePropertyName(field.Name);
                        if (Write(writer, member, field.Type) is { } reason)
                            return reason;
                    }
                    else if (field.IsRequired)
                        return "A required field is missing.";
                writer.WriteEndObject();
                return null;
            case EnumType e:
                if (value.ValueKind != JsonValueKind.String || !e.Values.Contains(value.GetString()!))
                    return "Not one of the allowed words.";
                break;
            case ScalarType scalar:
                var fits = scalar.Takes switch
                {
                    ScalarTakes.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
                    ScalarTakes.Long => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                    ScalarTakes.Number => value.ValueKind == JsonValueKind.Number,
                    ScalarTakes.Text => value.ValueKind == JsonValueKind.String,
                    ScalarTakes.Id => value.ValueKind == JsonValueKind.String || value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                    ScalarTakes.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                    _ => true,
                };
                if (!fits)
                    return "The value does not fit its type.";
                if (scalar.Takes == ScalarTakes.Id && value.ValueKind == JsonValueKind.Number)
                {
                    writer.WriteStringValue(value.GetRawText());
                    return null;
                }
                break;
        }
        value.WriteTo(writer);
        return null;
    }

    public static GraphType? TypeOf(TypeNode node, Schema schema) => node switch
    {
        NonNullTypeNode n => TypeOf(n.Inner, schema)?.NonNull,
        ListTypeNode l => TypeOf(l.Item, schema)?.List,
        NamedTypeNode named => schema.Type(named.Name),
        _ => null,
    };

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
