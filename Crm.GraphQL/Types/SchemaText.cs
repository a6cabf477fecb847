// A schema in the schema language, in the layout that the reference implementation prints: what is committed and compared.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

public static class SchemaText
{
    /// <summary>Its own directives and types, in the schema's order; without what every schema has.</summary>
    public static string Of(Schema schema)
    {
        var parts = new List<string>();
        if (Roots(schema) is { } roots)
            parts.Add(roots);
        foreach (var directive in schema.Directives)
            if (!directive.IsSpecified)
                parts.Add(
                    $"{Described(directive.Description, "", true)}directive @{directive.Name}{Takes(directive.Arguments, "")}{(directive.IsRepeatable ? " repeatable" : "")} on {string.Join(" | ", directive.Locations)}"
                );
        foreach (var type in schema.Types)
            if (!type.IsIntrospection && !ScalarType.BuiltIn.Contains(type))
                parts.Add(Of(type));
        return string.Join("\n\n", parts);
    }

    /// <summary>Null when operations start where they do without being told.</summary>
    static string? Roots(Schema schema)
    {
        string[] kinds = ["query", "mutation", "subscription"],
            usual = ["Query", "Mutation", "Subscription"];
        if (schema.Description is null && kinds.Index().All(k => schema.RootTypes[k.Index] is not { } root || root.Name == usual[k.Index]))
            return null;
        return $"{Described(schema.Description, "", true)}schema {{\n{string.Join('\n', kinds.Index().Where(k => schema.RootTypes[k.Index] is not null).Select(k => $"  {k.Item}: {schema.RootTypes[k.Index]}"))}\n}}";
    }

    static string Of(NamedType type) =>
        Described(type.Description, "", true)
        + type switch
        {
            ScalarType scalar =>
                $"scalar {type.Name}{(scalar.SpecifiedBy is null ? "" : $" @specifiedBy(url: {Quoted(scalar.SpecifiedBy)})")}",
            UnionType union => $"union {type.Name}{(union.Types.Count == 0 ? "" : " = " + string.Join(" | ", union.Types))}",
            EnumType words => $"enum {type.Name}"
                + Block(words.Values, (v, first) => $"{Described(v.Description, "  ", first)}  {v.Name}{Deprecated(v.Deprecated)}"),
            InputObjectType input => $"input {type.Name}{(input.IsOneOf ? " @oneOf" : "")}"
                + Block(input.Fields, (f, first) => $"{Described(f.Description, "  ", first)}  {Input(f)}"),
            FieldsType with =>
                $"{(with is ObjectType ? "type" : "interface")} {type.Name}{(with.Interfaces.Count == 0 ? "" : " implements " + string.Join(" & ", with.Interfaces))}"
                    + Block(with.Fields, (f, first) =>
                        $"{Described(f.Description, "  ", first)}  {f.Name}{Takes(f.Takes, "  ")}: {f.Type}{Deprecated(f.Deprecated)}"
                    ),
            _ => throw new InvalidOperationException($"{type.GetType().Name} has no layout."),
        };

    static string Block<T>(IReadOnlyList<T> all, Func<T, bool, string> line) =>
        all.Count == 0 ? "" : $" {{\n{string.Join('\n', all.Index().Select(one => line(one.Item, one.Index == 0)))}\n}}";

    static string Takes(IReadOnlyList<ArgumentDefinition> arguments, string indent) =>
        arguments.Count == 0 ? ""
        : arguments.All(a => string.IsNullOrEmpty(a.Description)) ? $"({string.Join(", ", arguments.Select(Input))})"
        : $"(\n{string.Join('\n', arguments.Index().Select(a => $"{Described(a.Item.Description, "  " + indent, a.Index == 0)}  {indent}{Input(a.Item)}"))}\n{indent})";

    static string Input(ArgumentDefinition input) =>
        $"{input.Name}: {input.Type}{(DefaultText.Of(input) is { } text ? " = " + text : "")}{Deprecated(input.Deprecated)}";

    static string Deprecated(string? reason) =>
        reason switch
        {
            null => "",
            DirectiveDefinition.StandardReason => " @deprecated",
            _ => $" @deprecated(reason: {Quoted(reason)})",
        };

    static string Quoted(string text) => Printer.Print(new StringValue(text, default));

    static string Described(string? description, string indent, bool first)
    {
        if (description is null)
            return "";
        var text = Printer.Print(new StringValue(description, default, IsBlock(description)));
        return $"{(indent.Length > 0 && !first ? "\n" : "")}{indent}{text.Replace("\n", "\n" + indent, StringComparison.Ordinal)}\n";
    }

    /// <summary>Whether a block would read back as the same text: no characters that need an escape, no blanks that a block
    /// loses.</summary>
    static bool IsBlock(string text)
    {
        if (text.Length == 0)
            return true;
        var (lineIsEmpty, indented, commonIndent, seenText) = (true, false, true, false);
        foreach (var one in text)
            switch (one)
            {
                case <= '\u000f' and not ('\t' or '\n'):
                    return false;
                case '\n':
                    if (lineIsEmpty && !seenText)
                        return false; // blank lines at the start are lost
                    seenText = true;
                    (lineIsEmpty, indented) = (true, false);
                    break;
                case ' ' or '\t':
                    indented |= lineIsEmpty;
                    break;
                default:
                    commonIndent &= indented;
                    lineIsEmpty = false;
                    break;
            }
        return !lineIsEmpty && !(commonIndent && seenText);
    }
}
