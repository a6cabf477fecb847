// A schema in the schema language, types by name: what is committed and compared.

using System.Text;

namespace Crm.GraphQL.Types;

public static class SchemaText
{
    public static string Of(Schema schema)
    {
        var text = new StringBuilder();
        foreach (var type in schema.Types)
        {
            if (type.Name.StartsWith("__", StringComparison.Ordinal) || type is ScalarType { IsBuiltIn: true })
                continue;
            if (text.Length > 0)
                text.Append('\n');
            Describe(text, type.Description, "");
            switch (type)
            {
                case ScalarType scalar:
                    text.Append($"scalar {type.Name}{(scalar.SpecifiedBy is null ? "" : $" @specifiedBy(url: {Quoted(scalar.SpecifiedBy)})")}\n");
                    break;
                case EnumType e:
                    text.Append($"enum {type.Name} {{\n{string.Concat(e.Values.Select(v => $"  {v}\n"))}}}\n");
                    break;
                case UnionType union:
                    text.Append($"union {type.Name} = {string.Join(" | ", union.Types)}\n");
                    break;
                case FieldsType with:
                    var shared = with is ObjectType { Interfaces.Count: > 0 } o ? " implements " + string.Join(" & ", o.Interfaces) : "";
                    text.Append($"{(with is ObjectType ? "type" : "interface")} {type.Name}{shared} {{\n");
                    foreach (var field in with.Fields)
                    {
                        Describe(text, field.Description, "  ");
                        text.Append("  ").Append(field.Name);
                        Arguments(text, field.Takes);
                        text.Append($": {field.Type}\n");
                    }
                    text.Append("}\n");
                    break;
                case InputObjectType input:
                    text.Append($"input {type.Name} {{\n");
                    foreach (var field in input.Fields)
                    {
                        Describe(text, field.Description, "  ");
                        text.Append($"  {Input(field)}\n");
                    }
                    text.Append("}\n");
                    break;
            }
        }
        return text.ToString();
    }

    static void Arguments(StringBuilder text, IReadOnlyList<ArgumentDefinition> arguments)
    {
        if (arguments.Any(a => a.Description is not null))
        {
            text.Append("(\n");
            foreach (var argument in arguments)
            {
                Describe(text, argument.Description, "    ");
                text.Append($"    {Input(argument)}\n");
            }
            text.Append("  )");
        }
        else if (arguments.Count > 0)
            text.Append($"({string.Join(", ", arguments.Select(Input))})");
    }

    static string Input(ArgumentDefinition input) => $"{input.Name}: {input.Type}{(input.Default is null ? "" : " = " + input.Default)}";

    static void Describe(StringBuilder text, string? description, string indent)
    {
        if (description is not null)
            text.Append(indent).Append(Quoted(description)).Append('\n');
    }

    static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
