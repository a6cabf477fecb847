// Schemas out of the schema language beside graphql-js, the reference implementation: what is wrong with them, how they print, what they
// say of themselves, and what a change breaks.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;
using Crm.GraphQL.Validation;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

public sealed class SchemaDifferentialTests(ITestOutputHelper output)
{
    static readonly Limits Wide = ValidationDifferentialTests.Wide;

    sealed record Start(string Query);

    sealed record Case(
        string? Text,
        string? Base,
        string[] Errors,
        string[]? Wrong,
        bool Fit,
        string? Thrown,
        string? Printed,
        JsonNode? Introspection,
        string? Old,
        string? New,
        string[]? Changes
    );

    /// <summary>
    /// Left out, with the reason: graphql-js 16 takes a default that is no value of its type for none, here it is an error; it cannot print
    /// a default of a scalar of the schema's own that is an object or a list; it overlooks @specifiedBy and @oneOf of what extends a type
    /// in its own document; a union of what is no object, or an interface that is none, is an error here before the types are put together,
    /// so that further errors are not told then.
    /// </summary>
    [NeedsNodeFact]
    public async Task schemas_are_checked_printed_and_described_as_by_graphql_js_and_changes_break_the_same()
    {
        const int count = 1200;
        var seed = Seed.Of(output);
        var lines = (
            await Npm.Run(
                "graphql-schema.mjs",
                await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi/schema.graphql")),
                $"{count}",
                $"{seed}"
            )
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var query = JsonSerializer.Deserialize<Start>(lines[0], JsonSerializerOptions.Web)!.Query;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var rules = new HashSet<string>(StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (var line in lines.Skip(1))
        {
            var one = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)!;
            kinds.UnionWith((one.Changes ?? []).Select(c => c.Split(' ')[1]));
            rules.UnionWith((one.Errors ?? []).Select(c => c.Split(' ')[0]));
            var (kind, difference) = one.Changes is not null ? ("change", Changes(one)) : await Schema(one, query);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            if (difference is not null)
                differences.Add(
                    $"{kind}: {(difference.Length > 1500 ? difference[..1500] : difference)}\n{one.Base}\n{one.Text ?? one.Old + "\n----\n" + one.New}"
                );
        }
        output.WriteLine(
            $"{lines.Length - 1} cases: {string.Join(", ", counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key}"))}; changes of {kinds.Count} kinds; {rules.Count} rules broken"
        );
        differences
            .OrderBy(d => d.Length)
            .Take(5)
            .Should()
            .BeEmpty(
                $"{differences.Count} of {lines.Length - 1} differ ({string.Join(", ", differences.GroupBy(d => d.Split(':')[0]).Select(g => $"{g.Count()} {g.Key}"))}), seed {seed}"
            );
        counts.Should().ContainKeys("valid", "wrong by a rule", "wrong as types", "change");
        kinds.Should().HaveCount(22, "every kind of change must have been made");
        rules.Should().HaveCount(ValidationRule.OfSchemas.Count, "every rule must have been broken");
    }

    static string Places(GraphError error) => string.Join(' ', error.At!.Select(l => $"{l.Line}:{l.Column}"));

    static string? Changes(Case one)
    {
        var ours = SchemaChanges
            .Between(Crm.GraphQL.Types.Schema.FromText(one.Old!), Crm.GraphQL.Types.Schema.FromText(one.New!))
            .Select(c => $"{(c.IsBreaking ? "breaks" : "dangerous")} {c.Kind} {c.Path}")
            .Order(StringComparer.Ordinal)
            .ToList();
        var theirs = one.Changes!.Order(StringComparer.Ordinal).ToList();
        return ours.SequenceEqual(theirs)
            ? null
            : $"only graphql-js: {string.Join(", ", theirs.Except(ours))}; only here: {string.Join(", ", ours.Except(theirs))}";
    }

    static async Task<(string Kind, string? Difference)> Schema(Case one, string query)
    {
        var document = Parser.Parse(one.Text!, Wide);
        var extended = one.Base is null ? null : Crm.GraphQL.Types.Schema.FromText(one.Base);
        var errors = ValidationRule
            .OfSchemas.SelectMany(rule => Validator.ValidateSchema(document, extended, Wide, rule))
            .Select(e => $"{e.Rule} {Places(e)}")
            .Order(StringComparer.Ordinal)
            .ToList();
        var theirs = one.Errors.Order(StringComparer.Ordinal).ToList();
        if (!errors.SequenceEqual(theirs))
            return (
                "wrong by a rule",
                $"only graphql-js: {string.Join(", ", theirs.Except(errors))}; only here: {string.Join(", ", errors.Except(theirs))}"
            );
        if (errors.Count > 0)
            return ("wrong by a rule", null);
        Crm.GraphQL.Types.Schema schema;
        try
        {
            schema = extended?.Extend(document) ?? Crm.GraphQL.Types.Schema.FromDocument(document);
        }
        catch (SchemaException error)
        {
            if (!one.Fit || one.Thrown is not null)
                return ("with a default that does not fit", null);
            if (one.Wrong is not { Length: > 0 })
                return ("valid", $"refused here: {error.Message}");
            var places = error.Errors.Select(Places).Order(StringComparer.Ordinal).ToList();
            var early = error.Errors is [var only] && (only.Message.Contains("could implement") || only.Message.Contains("could have"));
            return (
                "wrong as types",
                early || places.SequenceEqual(one.Wrong.Order(StringComparer.Ordinal))
                    ? null
                    : $"graphql-js: {string.Join(", ", one.Wrong)}; here: {string.Join(", ", error.Errors.Select(e => $"{Places(e)} {e.Message}"))}"
            );
        }
        if (one.Thrown is not null || one.Wrong is { Length: > 0 })
            return ("wrong as types", $"only refused by graphql-js: {one.Thrown}{string.Join(", ", one.Wrong ?? [])}");
        if (one.Printed is null)
            return ("with a default that does not fit", null);
        var printed = SchemaText.Of(schema);
        // The schema's own part is first; graphql-js 16 forgets its description when it is extended, and then need not say where operations
        // start.
        if ((extended is null ? printed : printed[(printed.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]) != one.Printed)
            return (
                "valid",
                "graphql-js prints, and here is printed: "
                    + one.Printed.Split('\n').Zip(printed.Split('\n')).FirstOrDefault(p => p.First != p.Second)
            );
        if (SchemaText.Of(Crm.GraphQL.Types.Schema.FromText(printed)) != printed)
            return ("valid", "printed and read, it prints otherwise");
        if (
            one.Introspection is not null
            && await Introspect(schema, query) is var said
            && !JsonNode.DeepEquals(Comparable(said), Comparable(one.Introspection))
        )
            return ("valid", "introspection: " + FirstDifference(Comparable(one.Introspection), Comparable(said), ""));
        return ("valid", null);
    }

    /// <summary>Where they differ, with what graphql-js has and what is here.</summary>
    static string? FirstDifference(JsonNode? one, JsonNode? other, string path) =>
        (one, other) switch
        {
            (JsonObject a, JsonObject b) when a.Select(m => m.Key).Order().SequenceEqual(b.Select(m => m.Key).Order()) => a.Select(m =>
                    FirstDifference(m.Value, b[m.Key], $"{path}.{m.Key}")
                )
                .FirstOrDefault(d => d is not null),
            (JsonArray a, JsonArray b) when a.Count == b.Count => a.Zip(b)
                .Index()
                .Select(p => FirstDifference(p.Item.First, p.Item.Second, $"{path}[{p.Index}]"))
                .FirstOrDefault(d => d is not null),
            _ => JsonNode.DeepEquals(one, other) ? null : $"{path}: {one?.ToJsonString()} | {other?.ToJsonString()}",
        };

    static async Task<JsonNode> Introspect(Schema schema, string query)
    {
        var limits = Wide with { Depth = 100, IntrospectionDepth = 100, Fields = 10_000, Aliases = 1000 };
        var read = new Documents(schema, limits).Read(query);
        read.Errors.Should().BeEmpty();
        using var buffer = new JsonBuffer();
        var executor = Executor.Prepare(read.Plan(read.Document!.Operations[0], schema, limits, []), schema, [], null, default);
        await executor.Run(buffer);
        executor.Errors.Should().BeEmpty();
        return JsonNode.Parse(buffer.Written.Span)!;
    }

    /// <summary>
    /// Sorted by name, because the order of types says nothing. Left out are the descriptions of what every schema has (the words are our
    /// own), and what graphql-js 16.15 has for deprecated directives, which are no part of the specification yet.
    /// </summary>
    static JsonNode Comparable(JsonNode said)
    {
        var schema = said["__schema"]!.DeepClone();
        var types = schema["types"]!
            .AsArray()
            .OrderBy(t => t!["name"]!.ToString(), StringComparer.Ordinal)
            .Select(t => t!.DeepClone())
            .ToList();
        var directives = schema["directives"]!
            .AsArray()
            .OrderBy(t => t!["name"]!.ToString(), StringComparer.Ordinal)
            .Select(t => t!.DeepClone())
            .ToList();
        foreach (
            var type in types.Where(t =>
                t["name"]!.ToString() is "Int" or "Float" or "String" or "Boolean" or "ID"
                || t["name"]!.ToString().StartsWith("__", StringComparison.Ordinal)
            )
        )
            Undescribed(type);
        foreach (var directive in directives)
        {
            directive.AsObject().Remove("isDeprecated");
            directive.AsObject().Remove("deprecationReason");
        }
        foreach (var directive in directives.Where(d => DirectiveDefinition.Specified.Any(s => s.Name == d["name"]!.ToString())))
        {
            Undescribed(directive);
            Without(directive["locations"]!.AsArray(), l => l.ToString() == "DIRECTIVE_DEFINITION");
        }
        Without(Named("__Schema")["fields"]!.AsArray().First(f => f!["name"]!.ToString() == "directives")!["args"]!.AsArray(), _ => true);
        Without(Named("__Directive")["fields"]!.AsArray(), f => f["name"]!.ToString() is "isDeprecated" or "deprecationReason");
        Without(Named("__DirectiveLocation")["enumValues"]!.AsArray(), v => v["name"]!.ToString() == "DIRECTIVE_DEFINITION");
        schema["types"] = new JsonArray([.. types]);
        schema["directives"] = new JsonArray([.. directives]);
        return schema;

        JsonNode Named(string name) => types.First(t => t["name"]!.ToString() == name);

        static void Without(JsonArray list, Func<JsonNode, bool> what)
        {
            foreach (var one in list.Where(l => what(l!)).ToList())
                list.Remove(one);
        }

        static void Undescribed(JsonNode? node)
        {
            if (node is JsonArray list)
                foreach (var item in list)
                    Undescribed(item);
            else if (node is JsonObject members)
            {
                members.Remove("description");
                foreach (var (_, value) in members)
                    Undescribed(value);
            }
        }
    }
}
