// Document to text, in the one layout that the reference implementation prints too: two blanks a level, arguments in lines of their own
// when they are long.

using System.Text;

namespace Crm.GraphQL.Language;

/// <summary>A document that was parsed is nested no deeper than the parser allowed, and that bounds the recursion here.</summary>
public static class Printer
{
    const int LongestLine = 80,
        LongestBlockInOneLine = 70;

    public static string Print(Document document) => string.Join("\n\n", document.Definitions.Select(Print));

    static string Print(Definition definition) =>
        definition switch
        {
            Operation { Kind: OperationKind.Query, Name: null, Variables: [], Directives: [], Description: null } o => Block(
                o.Selections.Select(Print)
            ),
            Operation o => Described(
                o.Description,
                Spaced(
                    o.Kind.ToString().ToLowerInvariant(),
                    o.Name + Variables(o.Variables),
                    Print(o.Directives),
                    Block(o.Selections.Select(Print))
                )
            ),
            Fragment f => Described(
                f.Description,
                Spaced("fragment", f.Name, "on", f.On.Name, Print(f.Directives), Block(f.Selections.Select(Print)))
            ),
            SchemaNode s => Described(
                s.Description,
                Spaced(
                    s.Extends ? "extend schema" : "schema",
                    Print(s.Directives),
                    Block(s.Roots.Select(r => $"{r.Kind.ToString().ToLowerInvariant()}: {r.Type.Name}"))
                )
            ),
            TypeDefinitionNode t => Described(
                t.Description,
                Spaced(
                    t.Extends ? "extend" : "",
                    t.Keyword.ToString().ToLowerInvariant(),
                    t.Name,
                    t.Interfaces.Count == 0 ? "" : "implements " + string.Join(" & ", t.Interfaces.Select(i => i.Name)),
                    Print(t.Directives),
                    t.Members.Count == 0 ? "" : "= " + string.Join(" | ", t.Members.Select(m => m.Name)),
                    Block(
                        t.Fields.Select(Print)
                            .Concat(t.Inputs.Select(Print))
                            .Concat(t.Values.Select(v => Described(v.Description, Spaced(v.Name, Print(v.Directives)))))
                    )
                )
            ),
            DirectiveDefinitionNode d => Described(
                d.Description,
                $"directive @{d.Name}{Arguments(d.Arguments)}{(d.IsRepeatable ? " repeatable" : "")} on {string.Join(" | ", d.Locations)}"
            ),
            _ => throw new InvalidOperationException($"{definition.GetType().Name} has no layout."),
        };

    static string Described(StringValue? description, string what) => description is null ? what : Print(description) + "\n" + what;

    static string Spaced(params IEnumerable<string?> parts) => string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p)));

    static string Indented(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    /// <summary>Nothing, when there are no lines.</summary>
    static string Lines(string open, IEnumerable<string> lines, string close) =>
        string.Join('\n', lines) is { Length: > 0 } all ? $"{open}\n{Indented(all)}\n{close}" : "";

    static string Block(IEnumerable<string> lines) => Lines("{", lines, "}");

    static string Variables(IReadOnlyList<Variable> variables)
    {
        if (variables.Count == 0)
            return "";
        var each = variables
            .Select(v => Described(v.Description, Spaced($"${v.Name}: {Print(v.Type)}{Default(v.Default)}", Print(v.Directives))))
            .ToList();
        return each.Any(v => v.Contains('\n')) ? $"(\n{string.Join('\n', each)}\n)" : $"({string.Join(", ", each)})";
    }

    static string Default(Value? value) => value is null ? "" : " = " + Print(value);

    static string Print(Selection selection) =>
        selection switch
        {
            FieldNode f => Spaced(
                Arguments((f.Alias is null ? "" : f.Alias + ": ") + f.Name, f.Arguments),
                Print(f.Directives),
                Block(f.Selections.Select(Print))
            ),
            FragmentSpread s => Spaced("..." + s.Name, Print(s.Directives)),
            InlineFragment i => Spaced(
                "...",
                i.On is null ? "" : "on " + i.On.Name,
                Print(i.Directives),
                Block(i.Selections.Select(Print))
            ),
            _ => throw new InvalidOperationException($"{selection.GetType().Name} has no layout."),
        };

    static string Arguments(string before, IReadOnlyList<Argument> arguments)
    {
        if (arguments.Count == 0)
            return before;
        var line = $"{before}({string.Join(", ", arguments.Select(Print))})";
        return line.Length > LongestLine ? before + Lines("(", arguments.Select(Print), ")") : line;
    }

    static string Print(Argument argument) => $"{argument.Name}: {Print(argument.Value)}";

    static string Print(IReadOnlyList<Directive> directives) =>
        string.Join(
            ' ',
            directives.Select(d => $"@{d.Name}{(d.Arguments.Count == 0 ? "" : $"({string.Join(", ", d.Arguments.Select(Print))})")}")
        );

    static string Print(FieldDefinitionNode field) =>
        Described(field.Description, Spaced($"{field.Name}{Arguments(field.Arguments)}: {Print(field.Type)}", Print(field.Directives)));

    static string Arguments(IReadOnlyList<InputDefinitionNode> inputs)
    {
        var each = inputs.Select(Print).ToList();
        return each.Count == 0 ? ""
            : each.Any(i => i.Contains('\n')) ? Lines("(", each, ")")
            : $"({string.Join(", ", each)})";
    }

    static string Print(InputDefinitionNode input) =>
        Described(input.Description, Spaced($"{input.Name}: {Print(input.Type)}{Default(input.Default)}", Print(input.Directives)));

    static string Print(TypeNode type) =>
        type switch
        {
            NamedTypeNode n => n.Name,
            ListTypeNode l => $"[{Print(l.Item)}]",
            NonNullTypeNode n => Print(n.Inner) + "!",
            _ => throw new InvalidOperationException($"{type.GetType().Name} has no layout."),
        };

    public static string Print(Value value) =>
        value switch
        {
            VariableValue v => "$" + v.Name,
            IntValue n => n.Text,
            FloatValue n => n.Text,
            StringValue { Block: true } s => BlockText(s.Text),
            StringValue s => Quoted(s.Text),
            BooleanValue b => b.Is ? "true" : "false",
            NullValue => "null",
            EnumValue e => e.Name,
            ListValue l => $"[{string.Join(", ", l.Items.Select(Print))}]",
            ObjectValue o => $"{{{string.Join(", ", o.Fields.Select(Print))}}}",
            _ => throw new InvalidOperationException($"{value.GetType().Name} has no layout."),
        };

    static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var one in text)
            _ = one switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(one) => quoted.Append($"\\u{(int)one:X4}"),
                _ => quoted.Append(one),
            };
        return quoted.Append('"').ToString();
    }

    /// <summary>A block whose text reads back the same: a quote or backslash at the end needs a line's end behind it, and lines that are
    /// all indented need one before them.</summary>
    static string BlockText(string text)
    {
        static bool IsBlank(char one) => one is ' ' or '\t';
        var escaped = text.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal);
        var lines = escaped.Split('\n');
        var allIndented = lines.Length > 1 && lines.Skip(1).All(l => l.Length == 0 || IsBlank(l[0]));
        var endsWithTriple = escaped.EndsWith("\\\"\"\"", StringComparison.Ordinal);
        var endsOpen = text.EndsWith('"') && !endsWithTriple || text.EndsWith('\\');
        var spread = lines.Length > 1 || text.Length > LongestBlockInOneLine || endsOpen || endsWithTriple;
        var startsBlank = lines.Length == 1 && text.Length > 0 && IsBlank(text[0]);
        return $"\"\"\"{(spread && !startsBlank || allIndented ? "\n" : "")}{escaped}{(spread ? "\n" : "")}\"\"\"";
    }
}
